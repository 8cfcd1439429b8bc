"""POST /whatif: one record in, out the changes to it that lower its churn probability most."""

from collections.abc import Callable

from inference.advice.changes import find_changes
from inference.endpoints.predict import list_problems
from inference.errors import BodyError, MediaTypeError, NothingScoredError
from inference.http_api.json_body import parse_json
from inference.http_api.options import read_count, read_options, read_threshold
from inference.http_api.request import JSON, Request, body_media_type, body_text
from inference.http_api.response import Response, json_response
from inference.scoring.artifact import Artifact
from inference.scoring.batch import Batch, score_records
from inference.scoring.records import encode_record
from inference.spelling import find_nearest

DEFAULT_LIMIT = 10
MAX_LIMIT = 100


def respond(request: Request, get_model: Callable[[], Artifact]) -> Response:
    """Return the response with a record's prediction, and the changes that would lower it.

    Raises:
        ApiError: the body or the record can't be read, a field may not change, or no model.
    """
    record, options = _read_members(request)
    return json_response(200, _answer(get_model(), record, **options))


def _answer(
    artifact: Artifact,
    record: dict,
    *,
    fields: list[str] | None = None,
    limit: int = DEFAULT_LIMIT,
    threshold: float | None = None,
) -> dict:
    may_change = _choose_fields(artifact, fields)
    cut = artifact.threshold if threshold is None else threshold
    batch = score_records(artifact, [record], cut)
    if batch.errors:
        raise NothingScoredError(_summarize(batch), list_problems("errors", batch.errors))
    numbers, categories, _ = encode_record(record, artifact.features)
    found, tried, possible = find_changes(artifact, (numbers, categories), may_change, limit)
    answer: dict = {"prediction": batch.predictions[0], "label": batch.labels[0]}
    answer["changes"] = [
        {"changes": changes}
        | ({"follows": follows} if follows else {})
        | {"prediction": outcome, "label": int(outcome >= cut)}
        for outcome, changes, follows in found
    ]
    answer |= {"tried": tried, "possible": possible}
    if batch.warnings:
        answer |= list_problems("warnings", batch.warnings)
    return answer


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
    near = find_nearest(name, allowed)
    return f'; did you mean "{near}"?' if near else ""


def _summarize(batch: Batch) -> str:
    _, field, message = batch.errors[0]
    return f"record.{field}: {message}"


def _read_fields(value: object) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise BodyError("fields: expected a list of field names")
    return value


_READERS = {  # option -> its check; `_answer` takes each by its name
    "threshold": read_threshold,
    "fields": _read_fields,
    "limit": lambda value: read_count("limit", value, MAX_LIMIT),
}
