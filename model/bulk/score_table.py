"""A table on this machine becomes its answer: read in pieces, scored on all processors, written."""

import time
from pathlib import Path
from typing import Any

from inference.bulk.answer import write_header
from inference.bulk.cutting import cut_records
from inference.bulk.errors import RequestError
from inference.bulk.job import Job, describe_model, make_job, read_options
from inference.bulk.summary import summarize
from inference.bulk.table import HEADER_BYTES
from inference.bulk.tally import Tally, merge
from inference.errors import ArtifactError
from inference.scoring.artifact import load_artifact
from model.bulk.processes import score_pieces
from model.bulk.progress import show_customers
from model.bulk.table_file import PIPE, OpenTable, open_answer, open_table
from model.errors import ModelError


def score_table(
    model: bytes, table: Path, answer: Path, request: dict[str, Any], processes: int
) -> dict[str, Any]:
    """Write the answer to a table, and return what it came to (`summarize`, and `seconds`).

    Memory doesn't grow with the table; an answer that isn't finished leaves no file.

    Args:
        model: a model file.
        table: CSV, gzipped or not, or PIPE.
        answer: likewise; gzipped where the name ends in .gz.
        request: what the answer is to hold; see `read_options`.
        processes: at work at once.

    Raises:
        ModelError: the table, the model or the request can't be used, or a file not be written.
    """
    started_s = time.monotonic()
    tally = Tally()
    with open_table(table) as source:
        job = _make_job(model, source, request)
        if source.size_bytes < HEADER_BYTES and table != PIPE:
            processes = 1  # to start others would take longer
        pieces = cut_records(source.blocks, source.delimiter)
        with open_answer(answer) as write, show_customers(source.size_bytes) as move:
            write(write_header(job))
            for rows, counts in score_pieces(model, job, pieces, processes):
                write(rows)
                merge(tally, counts)
                move(source.tell(), tally.customers)
    seconds = round(time.monotonic() - started_s, 3)
    return describe_model(job) | summarize(job.options, tally) | {"seconds": seconds}


def _make_job(model: bytes, source: OpenTable, request: dict[str, Any]) -> Job:
    try:
        artifact = load_artifact(model)
        return make_job(artifact, source.header, source.delimiter, read_options(request))
    except ArtifactError as error:
        raise ModelError(f"the model file can't be used: {error}") from error
    except RequestError as error:
        raise ModelError(str(error)) from error
