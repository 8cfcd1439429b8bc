"""Asks a live API about random customers, and compares each answer with the local model's."""

import time
from collections.abc import Callable
from typing import Any

import requests

from inference.endpoints.predict import build_answer
from inference.scoring.artifact import Artifact
from inference.scoring.batch import score_records
from model.errors import VerifyError
from model.verify.api_client import ApiClient
from model.verify.customers import Record, blank_a_number, has_blank

TOLERANCE = 1e-12  # of a probability: the same code on another Python, a few roundings apart
LOOK_EVERY_S = 2.0  # for the version to come
OK = 200
MAX_QUOTED = 200  # characters of an answer in a message


def verify(client: ApiClient, artifact: Artifact, customers: list[Record]) -> dict[str, Any]:
    """Return what the API answered about the customers without a blank.

    Those with a blank are asked about as well, in a request of their own.

    Args:
        client: the API.
        artifact: the model that it should serve.
        customers: at least one.

    Raises:
        VerifyError: no answer, another version, or an answer other than the local model's.
    """
    blank = [customer for customer in customers if has_blank(customer)]
    complete = [customer for customer in customers if not has_blank(customer)]
    if not blank:
        blank = [blank_a_number(artifact, customers[0])]
    answers = [_ask(client, artifact, group) for group in (complete, blank) if group]
    return answers[0]


def await_version(
    client: ApiClient,
    artifact: Artifact,
    customers: list[Record],
    wait_s: float,
    on_wait: Callable[[str], None],
) -> None:
    """Return when the API serves the model's version.

    A warm function looks for a newer model only every MODEL_REFRESH_SECONDS.

    Raises:
        VerifyError: it still serves another one when the time is over.
    """
    deadline = time.monotonic() + wait_s
    served = _served_version(client.post(customers[:1]))
    while served != artifact.version:
        if time.monotonic() + LOOK_EVERY_S > deadline:
            raise VerifyError(
                f"{client.predict_url}: serves {served}, not {artifact.version}; publish that, "
                "or wait longer (--wait-for-version)"
            )
        on_wait(served)
        time.sleep(LOOK_EVERY_S)
        served = _served_version(client.post(customers[:1]))


def _ask(client: ApiClient, artifact: Artifact, customers: list[Record]) -> dict[str, Any]:
    response = client.post(customers)
    served = _served_version(response)
    if served != artifact.version:
        raise VerifyError(f"{client.predict_url}: serves {served}, not {artifact.version}")
    answer = _read_json(response)
    expected = build_answer(artifact, customers, score_records(artifact, customers))
    _compare(client.predict_url, answer, expected)
    return answer


def _served_version(response: requests.Response) -> str:
    if response.status_code != OK:
        raise VerifyError(f"{response.url}: answered {response.status_code}: {_error_of(response)}")
    version = response.headers.get("x-model-version")
    if not version:
        raise VerifyError(f"{response.url}: answered without x-model-version; is this the API?")
    return version


def _error_of(response: requests.Response) -> str:
    """Return the API's own sentence, or the gateway's, or the start of what came."""
    try:
        answer = response.json()
        said = answer.get("error") or answer.get("message")
    except (ValueError, AttributeError):
        said = None
    return str(said or response.text)[:MAX_QUOTED]


def _read_json(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError as error:
        raise VerifyError(f"{response.url}: the answer isn't JSON") from error
    if not isinstance(answer, dict):
        raise VerifyError(f"{response.url}: the answer isn't a JSON object")
    return answer


def _compare(url: str, answer: dict[str, Any], expected: dict[str, Any]) -> None:
    if sorted(answer) != sorted(expected):
        got, wanted = ", ".join(sorted(answer)), ", ".join(sorted(expected))
        raise VerifyError(f"{url}: the answer has {got}; expected {wanted}")
    if not _is_list_of(answer["predictions"], len(expected["predictions"])):
        raise VerifyError(f"{url}: predictions: expected {len(expected['predictions'])} numbers")
    pairs = zip(answer["predictions"], expected["predictions"], strict=True)
    for index, (got, wanted) in enumerate(pairs):
        difference = abs(got - wanted)
        if not difference <= TOLERANCE:
            raise VerifyError(
                f"{url}: predictions[{index}]: off the local model's by {difference:.1e}, "
                f"more than {TOLERANCE:.0e}"
            )
    for name, value in expected.items():
        if name != "predictions" and answer[name] != value:
            raise VerifyError(f"{url}: {name}: not what the local model says")


def _is_list_of(value: object, count: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == count
        and all(isinstance(item, float | int) and not isinstance(item, bool) for item in value)
    )
