"""Posts records to the API: waits out a cold start, signs for AWS where the API wants it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from model.aws_session import REGION_HELP, open_session
from model.errors import VerifyError

TIMEOUT_S = (5, 30)  # to connect, to answer; an HTTP API gives up after 30 s
ATTEMPTS = 10  # for an API that starts, throttles or can't be reached yet: half a minute of pauses
PAUSE_S = 0.5  # before the third attempt twice that; doubled each time
MAX_PAUSE_S = 4.0
PASSING = (429, 502, 503, 504)  # statuses that can pass
FORBIDDEN = 403

_REGION = re.compile(
    r"https://[^/]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.(?:com|com\.cn|eu)(?:[:/].*)?"
)


@dataclass
class ApiClient:
    """An API's address and how to be let in.

    Attributes:
        url: with or without /predict at its end.
        is_signed: sign with the AWS credentials; found out by the first 403 if not said.
        token: sent as a bearer token, for an API that wants a JWT.
        attempts: how often to ask for what can pass; a time-out to answer is waited for twice.
        pause_s: what the pauses between them start from.
    """

    url: str
    is_signed: bool = False
    token: str | None = None
    attempts: int = ATTEMPTS
    pause_s: float = PAUSE_S

    @property
    def predict_url(self) -> str:
        """Where records are posted to."""
        base = self.url.rstrip("/")
        return base if base.endswith("/predict") else f"{base}/predict"

    def post(self, records: list[dict[str, Any]]) -> requests.Response:
        """Return the API's answer to these records.

        Raises:
            VerifyError: no answer within the time, or no credentials to sign with.
        """
        body = json.dumps({"records": records}, allow_nan=False).encode()
        try:
            response = self._send(body)
            if response.status_code == FORBIDDEN and self._may_sign():
                self.is_signed = True
                response = self._send(body)
        except (requests.ConnectionError, requests.Timeout) as error:
            kind = type(error).__name__
            raise VerifyError(f"{self.predict_url}: can't be reached ({kind})") from error
        except requests.RequestException as error:
            raise VerifyError(f"{self.predict_url}: {type(error).__name__}") from error
        return response

    def _send(self, body: bytes) -> requests.Response:
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        elif self.is_signed:
            headers |= _sign(self.predict_url, body, headers)
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=self._retries()))
            return session.post(
                self.predict_url,
                data=body,
                headers=headers,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )

    def _retries(self) -> Retry:
        return Retry(
            total=self.attempts - 1,
            read=1,
            allowed_methods=None,  # any: a question that is posted twice changes nothing
            status_forcelist=PASSING,
            backoff_factor=self.pause_s,
            backoff_max=MAX_PAUSE_S,
            raise_on_status=False,  # the last answer says why
            respect_retry_after_header=False,  # no server's word makes this wait for hours
        )

    def _may_sign(self) -> bool:
        if self.token or self.is_signed:
            return False
        return bool(_REGION.fullmatch(self.url)) and _credentials() is not None


def _sign(url: str, body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    credentials = _credentials()
    if credentials is None:
        raise VerifyError(f"{url}: wants a signed request, but no AWS credentials were found")
    request = AWSRequest(method="POST", url=url, data=body, headers=dict(headers))
    SigV4Auth(credentials, "execute-api", _find_region(url)).add_auth(request)
    return dict(request.headers.items())


def _find_region(url: str) -> str:
    found = _REGION.fullmatch(url)
    if found:
        return found[1]
    region = open_session().region_name
    if not region:
        raise VerifyError(f"{url}: in which AWS region? {REGION_HELP}")
    return str(region)


def _credentials() -> Any:
    found = open_session().get_credentials()
    return found.get_frozen_credentials() if found else None
