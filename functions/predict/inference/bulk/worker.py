"""A run's middle step, many at once: the bytes of one part are scored, and the answer written."""

import zlib
from collections.abc import Iterator
from time import monotonic

from inference.bulk.answer import score_piece, write_header
from inference.bulk.cutting import cut_records
from inference.bulk.errors import TableError
from inference.bulk.job import Job
from inference.bulk.run import make_key, name_part, open_job
from inference.bulk.storage import Bucket, read_gzip, read_range, write_json
from inference.bulk.table import split_header
from inference.bulk.tally import Tally, merge, to_json
from inference.bulk.upload import write_pieces
from inference.monitoring.counts import Counts


def score_part(bucket: Bucket, models: Bucket, item: dict) -> int:
    """Write the answer to a part of a run's input, and what it came to; return the part's number.

    Done again, it writes the same.

    Args:
        bucket: of bulk runs.
        models: the bucket with the run's model.
        item: `run`, `part` and `pieces`, as `plan` wrote them.

    Raises:
        ChangedError: the input or the model isn't the one that was planned with.
        TableError: a gzip file is damaged, or a record never ends.
    """
    started_s = monotonic()
    run, part = item["run"], item["part"]
    job, tally = open_job(bucket, models, run), Tally()
    counts = Counts(job.artifact) if job.artifact.reference else None
    key = make_key(run, name_part(part, ".csv"))
    written = write_pieces(bucket, key, _score_all(bucket, job, item, tally, counts))
    word = {
        "answer": vars(written),
        "tally": to_json(tally),
        "counts": counts.to_json() if counts and counts.has_enough() else None,
        "seconds": monotonic() - started_s,
    }
    write_json(bucket, make_key(run, name_part(part, ".json")), word)
    return part


def _score_all(
    bucket: Bucket, job: Job, item: dict, tally: Tally, counts: Counts | None
) -> Iterator[bytes]:
    if item["part"] == 0:
        yield write_header(job)
    for piece in item["pieces"]:
        try:
            for records in cut_records(_read(bucket, job, piece), job.delimiter):
                answer, came_to = score_piece(job, records, counts)
                merge(tally, came_to)
                yield answer
        except (EOFError, zlib.error) as error:
            raise TableError(f"{piece['key']}: the gzip file is cut off or damaged") from error
        except TableError as error:
            raise TableError(f"{piece['key']}: {error}") from error


def _read(bucket: Bucket, job: Job, piece: dict) -> Iterator[bytes]:
    """Yield a piece's rows, in blocks cut anywhere."""
    if piece["start"] is not None:
        yield from read_range(bucket, piece["key"], piece["etag"], piece["start"], piece["end"])
        return
    blocks = read_gzip(bucket, piece["key"], piece["etag"])
    first = next(blocks)
    yield first[split_header(first, job.delimiter)[1] :]
    yield from blocks
