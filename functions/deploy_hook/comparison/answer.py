"""What a version of the function answered, and how to ask one."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any

OK = 200
FAULT = 500  # the first status that is the function's fault, not the caller's
NO_ANSWER = 599  # stands for the status of a version that crashed or ran out of time
# Said beside the event, where no caller of the API can: made-up customers count for nothing.
PURPOSE = {"custom": {"purpose": "deploy_check"}}


@dataclass(frozen=True)
class Answer:
    """An answer in the form of HTTP API 2.0.

    `crash` is the type of error with which the version ended instead.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    crash: str | None = None

    @property
    def media_type(self) -> str:
        """What the body is, without parameters; empty where the answer doesn't say."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def model(self) -> str | None:
        """The version of the model that answered."""
        return self.headers.get("x-model-version")


def ask_version(client: Any, name: str, event: dict) -> Answer | None:
    """Return what a version of the function answers to an event, None where there is no such one.

    Args:
        client: boto3's, of Lambda.
        name: an ARN with version or alias, or `function:alias`.
        event: of an HTTP API, or what else the function takes.

    Raises:
        botocore.exceptions.ClientError, BotoCoreError: Lambda can't be asked.
    """
    said = b64encode(json.dumps(PURPOSE).encode()).decode()
    try:
        found = client.invoke(FunctionName=name, Payload=json.dumps(event), ClientContext=said)
    except client.exceptions.ResourceNotFoundException:
        return None
    payload = json.loads(found["Payload"].read() or b"null")
    if not isinstance(payload, dict):
        payload = {}
    if "FunctionError" in found or "statusCode" not in payload:
        return Answer(NO_ANSWER, crash=payload.get("errorType", "no HTTP answer"))
    return read_answer(payload)


def read_answer(payload: dict) -> Answer:
    """Return the answer in what the handler returned; a body in base64 as the text that it is."""
    headers = {name.lower(): str(value) for name, value in payload["headers"].items()}
    body = payload["body"]
    if payload.get("isBase64Encoded"):
        body = b64decode(body).decode()
    return Answer(payload["statusCode"], headers, body)
