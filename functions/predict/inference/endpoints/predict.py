"""POST /predict: records in, churn probabilities and labels out, as JSON or CSV."""

from collections.abc import Callable

from inference.errors import BodyError, NothingScoredError
from inference.http_api.json_body import parse_json
from inference.http_api.options import Read, read_options, read_records, read_threshold
from inference.http_api.request import CSV, JSON, Request, body_media_type, body_text
from inference.http_api.response import Response, json_response
from inference.scoring.artifact import Artifact
from inference.scoring.batch import MAX_LISTED, Batch, score_records

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.http_api.csv_body import Table

_PLAIN = {"records", "threshold"}  # members of a request that asks for no addition


def respond(request: Request, get_model: Callable[[], Artifact]) -> Response:
    """Return the response with each record's churn probability and label.

    Raises:
        ApiError: the body can't be read, no record can be scored, or there is no model.
    """
    table, document = _read_body(request)
    if not isinstance(document, dict):
        raise BodyError('body: expected an object, {"records": [...]}')
    options = _read_options(document, request.query)
    records = read_records(document)
    artifact = get_model()
    batch = _score(artifact, table, records, options.pop("threshold", None))
    if batch.predictions.count(None) == len(records):
        problems = list_problems("errors", batch.errors)
        raise NothingScoredError(_summarize(batch), problems, len(records))
    is_csv = _is_csv_wanted(request, is_csv=table is not None)
    if table and (options or not is_csv):
        records = table.to_records()
    members, columns = _give_additions(artifact, records, batch, options)
    if is_csv:
        from inference.endpoints.answer_table import table_response, to_table

        response = table_response(table or to_table(records), batch, columns)
    else:
        response = json_response(200, build_answer(artifact, records, batch) | members)
    _count(response, batch)
    response.scored = (
        artifact,
        table.header if table else None,
        table.rows if table else records,
        batch.predictions,
    )
    return response


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


def _read_body(request: Request) -> tuple["Table | None", object]:
    """Return the body's table if it is CSV, and its content in the form of a JSON body.

    The table's rows stand for records there; few answers need them as such.
    """
    if request.document is not None:
        return None, request.document
    if body_media_type(request) == JSON:
        return None, parse_json(body_text(request))
    from inference.http_api.csv_body import read_csv  # JSON doesn't pay for it

    table = read_csv(body_text(request, is_table=True))
    return table, {"records": table.rows}


def _read_options(document: dict, query: dict[str, str]) -> dict:
    readers: dict[str, Read] = {"threshold": read_threshold}
    if query or not document.keys() <= _PLAIN:
        from inference.endpoints.additions import ADDITIONS  # who asks for none doesn't pay

        readers |= {name: addition.read for name, addition in ADDITIONS.items()}
    return read_options(document, query, "records", readers)


def _score(
    artifact: Artifact, table: "Table | None", records: list, threshold: float | None
) -> Batch:
    if table is None:
        return score_records(artifact, records, threshold)
    from inference.columns.rows import score_rows

    return score_rows(artifact, table.header, table.rows, threshold)


def _give_additions(
    artifact: Artifact, records: list, batch: Batch, options: dict
) -> tuple[dict, dict[str, list]]:
    """Return what the options add to the answer, as members and as columns of a CSV."""
    members: dict = {}
    columns: dict[str, list] = {}
    if options:
        from inference.endpoints.additions import ADDITIONS

        for name in sorted(options, key=[*ADDITIONS].index):
            given = ADDITIONS[name].give(artifact, records, batch, options[name])
            members |= given
            columns |= ADDITIONS[name].list_columns(given)
    return members, columns


def _is_csv_wanted(request: Request, *, is_csv: bool) -> bool:
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


def _count(response: Response, batch: Batch) -> None:
    response.bad_records = batch.predictions.count(None)
    response.records = len(batch.predictions) - response.bad_records
    response.churners = batch.labels.count(1)
