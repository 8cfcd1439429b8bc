"""A piece of a table becomes the piece of the answer: a row for each row, in their order."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import compress

from inference.advice.economics import expected_gain
from inference.advice.reasons import explain_rows
from inference.bulk.cutting import cut_records
from inference.bulk.job import ALL, Job, count_reasons, list_added, list_own
from inference.bulk.table import AS_BYTES, Columns, Rows, read_blocks, read_columns
from inference.bulk.tally import Tally, count_batch
from inference.columns.rows import BLOCK, encode_rows, score_columns, score_rows
from inference.monitoring.counts import Counts
from inference.scoring.batch import Batch

BLOCK_BYTES = 64 << 10  # cells that stay in the processor's cache; see bench_bulk.py
PLAIN = {"columns", "threshold", "calls"}  # options that add no column of their own


def write_header(job: Job) -> bytes:
    """Return the answer's first line."""
    return _to_csv(job, [[*list_own(job), *list_added(job)]])


def score_piece(job: Job, piece: bytes, counts: Counts | None = None) -> tuple[bytes, Tally]:
    """Return the answer's rows for some whole records of a table, and what they came to.

    A row that can't be scored has no probability, and says why in the column `error`.
    `counts` takes in the others, for the monitor.
    """
    tally = Tally()
    starts = range(0, len(piece), BLOCK_BYTES)
    blocks = (piece[start : start + BLOCK_BYTES] for start in starts)
    answer: list[bytes] = []
    for block in cut_records(blocks, job.delimiter):
        columns = read_columns(block, job.delimiter, len(job.header))
        if columns is None:
            answer += _score_with_care(job, block, tally, counts)
        else:
            answer.append(_score_plain(job, columns, tally, counts))
    return b"".join(answer), tally


def _score_plain(job: Job, columns: Columns, tally: Tally, counts: Counts | None) -> bytes:
    threshold = job.options.get("threshold")
    batch = score_columns(job.artifact, job.header, columns, threshold)
    count_batch(tally, batch)
    if counts:
        _count(job, columns, batch, counts)
    if _is_short(job) and not batch.errors:
        return _write_short(job, columns[job.header.index(job.artifact.id_column)], batch)
    rows = [*map(list, zip(*columns, strict=True))]
    return _to_csv(job, _list_rows(job, rows, batch))


def _score_with_care(
    job: Job, block: bytes, tally: Tally, counts: Counts | None
) -> Iterator[bytes]:
    for rows, unreadable in read_blocks(block, job.delimiter, BLOCK):
        batch = _score(job, rows, unreadable)
        count_batch(tally, batch)
        if counts:
            width = len(job.header)
            fitting = (row if len(row) == width else [""] * width for row in rows)
            _count(job, [*zip(*fitting, strict=True)], batch, counts)
        yield _to_csv(job, _list_rows(job, rows, batch))


def _count(job: Job, columns: Sequence[Sequence[str]], batch: Batch, counts: Counts) -> None:
    """Have the rows counted that were scored."""
    is_scored = [score is not None for score in batch.predictions]
    chosen = (columns[job.header.index(spec["name"])] for spec in job.artifact.features)
    scored = [[*compress(column, is_scored)] for column in chosen]
    scores = [score for score in batch.predictions if score is not None]
    if scores:
        counts.add_columns(scored, scores)


def _score(job: Job, rows: Rows, unreadable: dict[int, str]) -> Batch:
    threshold = job.options.get("threshold")
    if not unreadable:
        return score_rows(job.artifact, job.header, rows, threshold)
    readable = [[] if index in unreadable else row for index, row in enumerate(rows)]
    batch = score_rows(job.artifact, job.header, readable, threshold)
    batch.errors = [
        (index, field, unreadable.get(index, message)) for index, field, message in batch.errors
    ]
    return batch


def _is_short(job: Job) -> bool:
    return job.options.keys() <= PLAIN and list_own(job) == [job.artifact.id_column]


def _write_short(job: Job, ids: list[str], batch: Batch) -> bytes:
    """Return what `_to_csv` makes of plain ids and their scores, in half the time."""
    mark = job.delimiter
    scores = zip(ids, batch.predictions, batch.labels, strict=True)
    lines = [f"{name}{mark}{score!r}{mark}{label}{mark}\r\n" for name, score, label in scores]
    return "".join(lines).encode(*AS_BYTES)


def _list_rows(job: Job, rows: Rows, batch: Batch) -> Iterable[Iterable]:
    added = (
        batch.predictions,
        batch.labels,
        *_list_reasons(job, rows, batch),
        *_list_gains(job, batch),
        _list_errors(batch),
    )
    if job.options.get("columns") == ALL:
        width = len(job.header)
        own = (row if len(row) == width else (row + [""] * width)[:width] for row in rows)
        return map(_join, own, zip(*added, strict=True))
    if not list_own(job):
        return zip(*added, strict=True)
    place = job.header.index(job.artifact.id_column or "")
    ids = [row[place] if place < len(row) else "" for row in rows]
    return zip(ids, *added, strict=True)


def _join(own: list[str], added: tuple) -> list:
    return [*own, *added]


def _list_reasons(job: Job, rows: Rows, batch: Batch) -> Iterator[list]:
    count = count_reasons(job)
    if not count:
        return
    is_scored = [score is not None for score in batch.predictions]
    scored = encode_rows(job.artifact, job.header, [*compress(rows, is_scored)])
    explained = iter(explain_rows(job.artifact, [*scored], count))
    listed = [next(explained) if has_score else None for has_score in is_scored]
    for place in range(count):
        for member in ("feature", "effect"):
            yield [reasons[place][member] if reasons else None for reasons in listed]


def _list_gains(job: Job, batch: Batch) -> Iterator[list]:
    if "economics" in job.options:
        figures = [job.options["economics"][name] for name in ("value", "cost", "success")]
        yield [None if p is None else expected_gain(p, *figures) for p in batch.predictions]


def _list_errors(batch: Batch) -> list[str]:
    errors = [""] * len(batch.predictions)
    for row, field, message in batch.errors:
        text = f"{field}: {message}" if field else message
        errors[row] = f"{errors[row]}; {text}" if errors[row] else text
    return errors


def _to_csv(job: Job, rows: Iterable[Iterable]) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=job.delimiter).writerows(rows)
    return text.getvalue().encode(*AS_BYTES)
