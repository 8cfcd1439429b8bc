"""POST /predict: records in, churn probabilities and labels out, as JSON or CSV."""

from collections.abc import Callable

from inference.errors import NothingScoredError
from inference.http_api.json_body import parse_json
from inference.http_api.messages import (
    CSV,
    JSON,
    Request,
    Response,
    body_media_type,
    body_text,
    json_response,
)
from inference.http_api.options import read_members
from inference.scoring.artifact import Artifact
from inference.scoring.batch import MAX_LISTED, Batch, score_records


def predict(request: Request, get_model: Callable[[], Artifact]) -> Response:
    """Return the response with each record's churn probability and label.

    Raises:
        ApiError: the body can't be read, no record can be scored, or there is no model.
    """
    is_csv, document = _read_body(request)
    records, options = read_members(document, request.query)
    artifact = get_model()
    batch = score_records(artifact, records, options.get("threshold"))
    if is_csv:
        from inference.http_api.csv_body import explain_ragged_rows

        explain_ragged_rows(records, batch)
    if batch.predictions.count(None) == len(records):
        raise NothingScoredError(
            _summarize(batch), list_problems("errors", batch.errors), len(records)
        )
    advice: dict = {}
    if "reasons" in options or "economics" in options:
        from inference.advice.additions import give_advice

        advice = give_advice(artifact, records, batch, options)
    if _is_csv_wanted(request, is_csv):
        from inference.http_api.csv_body import write_csv

        response = write_csv(records, batch, advice)
    else:
        response = json_response(200, build_answer(artifact, records, batch) | advice)
    return _count(response, batch)


def build_answer(artifact: Artifact, records: list, batch: Batch) -> dict:
    """Return the answer's members: predictions, labels, and what else there is to say."""
    answer: dict = {"predictions": batch.predictions, "labels": batch.labels}
    ids = _read_ids(records, artifact.id_column)
    if ids:
        answer["ids"] = ids
    if batch.errors:
        answer["error"] = _summarize(batch)
        answer |= list_problems("errors", batch.errors)
    if batch.warnings:
        answer |= list_problems("warnings", batch.warnings)
    return answer


def list_problems(name: str, problems: list[tuple[int, str | None, str]]) -> dict:
    """Return the first problems under a name, and under another how many more there are."""
    listed = [
        {"record": index, "field": field, "message": message}
        for index, field, message in problems[:MAX_LISTED]
    ]
    omitted = len(problems) - len(listed)
    return {name: listed, f"{name}_omitted": omitted} if omitted else {name: listed}


def _read_body(request: Request) -> tuple[bool, object]:
    """Return whether the body is CSV, and its content in the form of a JSON body."""
    if request.document is not None:
        return False, request.document
    if body_media_type(request) == JSON:
        return False, parse_json(body_text(request))
    from inference.http_api.csv_body import read_csv  # JSON doesn't pay for it

    return True, {"records": read_csv(body_text(request))}


def _is_csv_wanted(request: Request, is_csv: bool) -> bool:
    accept = request.headers.get("accept", "*/*")
    if accept in ("*/*", JSON):
        return is_csv and accept != JSON
    from inference.http_api.accept import choose_media_type

    return choose_media_type(accept, (CSV, JSON) if is_csv else (JSON, CSV)) == CSV


def _read_ids(records: list, id_column: str | None) -> list | None:
    """Return the records' ids, or None where no record has one; only plain values are echoed."""
    if id_column is None:
        return None
    ids = [record.get(id_column) if isinstance(record, dict) else None for record in records]
    if ids.count(None) == len(ids):
        return None
    return [value if type(value) in (str, int) else None for value in ids]


def _summarize(batch: Batch) -> str:
    index, field, message = batch.errors[0]
    bad, total = batch.predictions.count(None), len(batch.predictions)
    place = f"records[{index}].{field}" if field else f"records[{index}]"
    return f"{bad} of {total} records can't be scored; first {place}: {message}"


def _count(response: Response, batch: Batch) -> Response:
    response.bad_records = batch.predictions.count(None)
    response.records = len(batch.predictions) - response.bad_records
    response.churners = batch.labels.count(1)
    return response
