"""POST /whatif: one record in, out the changes to it that lower its churn probability most."""

from collections.abc import Callable
from difflib import get_close_matches

from inference.advice.changes import find_changes
from inference.endpoints.predict import list_problems
from inference.errors import BodyError, MediaTypeError, NothingScoredError
from inference.http_api.json_body import parse_json
from inference.http_api.messages import (
    JSON,
    Request,
    Response,
    body_media_type,
    body_text,
    json_response,
)
from inference.http_api.options import read_count, read_options, read_threshold
from inference.scoring.artifact import Artifact
from inference.scoring.batch import Batch, score_records
from inference.scoring.records import encode_record

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
MAX_NAME_LENGTH = 100  # longer ones are no misspelt field


def what_if(request: Request, get_model: Callable[[], Artifact]) -> Response:
    """Return the response with a record's prediction, and the changes that would lower it.

    Raises:
        ApiError: the body or the record can't be read, a field may not change, or no model.
    """
    record, options = _read_members(request)
    artifact = get_model()
    fields = _choose_fields(artifact, options.get("fields"))
    cut = options.get("threshold", artifact.threshold)
    batch = score_records(artifact, [record], cut)
    if batch.errors:
        raise NothingScoredError(_summarize(batch), list_problems("errors", batch.errors))
    numbers, categories, _ = encode_record(record, artifact.features)
    limit = options.get("limit", DEFAULT_LIMIT)
    found, tried, possible = find_changes(artifact, (numbers, categories), fields, limit)
    answer: dict = {"prediction": batch.predictions[0], "label": batch.labels[0]}
    answer["changes"] = [
        {"changes": changes, "prediction": outcome, "label": int(outcome >= cut)}
        for outcome, changes in found
    ]
    answer |= {"tried": tried, "possible": possible}
    if batch.warnings:
        answer |= list_problems("warnings", batch.warnings)
    return json_response(200, answer)


def _read_members(request: Request) -> tuple[dict, dict]:
    """Return the record, as it was sent, and the options, checked."""
    document = _read_body(request)
    if not isinstance(document, dict):
        raise BodyError('body: expected an object, {"record": {...}}')
    options = read_options(document, request.query, "record", _READERS)
    record = document.get("record")
    if not isinstance(record, dict):
        raise BodyError("record: expected an object")
    return record, options


def _read_body(request: Request) -> object:
    if request.document is not None:
        return request.document
    if body_media_type(request) != JSON:
        raise MediaTypeError(f"content-type: expected {JSON}")
    return parse_json(body_text(request))


def _choose_fields(artifact: Artifact, asked: list[str] | None) -> set[str]:
    """Return the fields that may change: those asked for, or all that the model file allows."""
    allowed = [spec["name"] for spec in artifact.features if spec.get("changeable")]
    if not allowed:
        raise BodyError("fields: this model's file allows no field to change")
    names = [spec["name"] for spec in artifact.features]
    for place, name in enumerate(asked or ()):
        if name not in names:
            raise BodyError(f"fields[{place}]: the model has no such field{_hint(name, allowed)}")
        if name not in allowed:
            listed = ", ".join(allowed)
            raise BodyError(f'fields[{place}]: "{name}" may not change; these may: {listed}')
    return set(asked or allowed)


def _hint(name: str, allowed: list[str]) -> str:
    if len(name) > MAX_NAME_LENGTH:
        return ""
    plain = {text.casefold(): text for text in allowed}
    close = get_close_matches(name.casefold(), plain, n=1, cutoff=0.8)
    return f'; did you mean "{plain[close[0]]}"?' if close else ""


def _summarize(batch: Batch) -> str:
    _, field, message = batch.errors[0]
    return f"record.{field}: {message}"


def _read_fields(value: object) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise BodyError("fields: expected a list of field names")
    return value


_READERS = {  # option -> its check
    "threshold": read_threshold,
    "fields": _read_fields,
    "limit": lambda value: read_count("limit", value, MAX_LIMIT),
}
