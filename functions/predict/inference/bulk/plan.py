"""A run's first step: what there is to score, whether the model can, and who scores which bytes."""

import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import time

from inference.bulk.cutting import cut_records
from inference.bulk.errors import RequestError, TableError
from inference.bulk.job import describe_model, make_job, read_options
from inference.bulk.run import ITEMS, JOB, load_model, make_key
from inference.bulk.storage import (
    INPUT,
    Bucket,
    find_object,
    list_objects,
    read_range,
    write_json,
)
from inference.bulk.table import HEADER_BYTES, find_delimiter, split_header

RANGE_BYTES = 24 << 20  # a part; short answers of it are above S3's least size of a part
MAX_OBJECTS_PER_PART = 250  # an item of the map may have 256 KiB
MAX_PARTS = 4_000  # all their results are the state of the run, 256 KiB at most
MAX_OBJECT_BYTES = 40 << 30  # read through once, within a function's 15 minutes
READERS = 32  # objects looked at at once
GZIP = b"\x1f\x8b"  # how such a file begins


@dataclass(frozen=True)
class Source:
    """An object that holds a table; `start` is where its rows begin, None inside gzip."""

    key: str
    etag: str
    size_bytes: int
    header: list[str]
    delimiter: str
    start: int | None


def plan_run(bucket: Bucket, models: Bucket, event: dict, *, model_key: str, workers: int) -> dict:
    """Write a run's job and the map's items, and return what the state machine has to know.

    Args:
        bucket: of bulk runs.
        models: the bucket with the model that serves.
        event: `run`, the execution's name, and `request`: its member `input` is a key or prefix in
            the bucket (s3://bucket/… or in/…), the others are the options of `job.read_options`.
        model_key: the model's key.
        workers: at work at once, at most.

    Raises:
        BulkError: the request or the table can't be scored; nothing has been begun.
    """
    run, request = event["run"], event["request"]
    if not isinstance(request, dict):
        raise RequestError('expected an object, such as {"input": "in/may.csv"}')
    options = read_options({name: value for name, value in request.items() if name != "input"})
    model, artifact = load_model(models, model_key)
    sources = _open_sources(bucket, _read_location(bucket, request))
    first = sources[0]
    try:
        job = make_job(artifact, first.header, first.delimiter, options)
    except TableError as error:
        raise TableError(f"{first.key}: {error}") from error
    parts = [*_group(piece for source in sources for piece in _cut(bucket, source))]
    if len(parts) > MAX_PARTS:
        raise RequestError(f"the input needs {len(parts):,} parts, above {MAX_PARTS:,}: split it")
    word = {
        "model": vars(model),
        "about": describe_model(job),
        "header": job.header,
        "delimiter": job.delimiter,
        "options": job.options,
        "started_s": time(),
        "workers": min(workers, len(parts)),
    }
    items = [{"run": run, "part": number, "pieces": pieces} for number, pieces in enumerate(parts)]
    write_json(bucket, make_key(run, JOB), word)
    write_json(bucket, make_key(run, ITEMS), items)
    return {
        "parts": len(parts),
        "workers": word["workers"],
        "items": {"bucket": bucket.name, "key": make_key(run, ITEMS)},
    }


def _read_location(bucket: Bucket, request: dict) -> str:
    location = request.get("input")
    if not isinstance(location, str):
        raise RequestError("input: expected a key or prefix in the bulk bucket, as in/may.csv")
    key = location.removeprefix(f"s3://{bucket.name}/")
    if not key.startswith(INPUT):
        raise RequestError(f"input: expected it below {INPUT} in the bulk bucket {bucket.name}")
    return key


def _open_sources(bucket: Bucket, key: str) -> list[Source]:
    found = list_objects(bucket, key) if key.endswith("/") else [_describe(bucket, key)]
    entries = [entry for entry in found if entry["Size"]]
    if not entries:
        raise RequestError(f"{key}: there is no table in it")
    with ThreadPoolExecutor(READERS) as pool:
        sources = list(pool.map(lambda entry: _open_source(bucket, entry), entries))
    first = sources[0]
    for source in sources[1:]:
        if (source.header, source.delimiter) != (first.header, first.delimiter):
            raise TableError(f"{source.key}: has another header than {first.key}")
    return sources


def _describe(bucket: Bucket, key: str) -> dict:
    found = find_object(bucket, key)
    if found is None:
        raise RequestError(f"{key}: there is no such object")
    return {"Key": key, "ETag": found["ETag"], "Size": found["ContentLength"]}


def _open_source(bucket: Bucket, entry: dict) -> Source:
    key, etag, size_bytes = entry["Key"], entry["ETag"], entry["Size"]
    if size_bytes > MAX_OBJECT_BYTES:
        raise RequestError(f"{key}: is larger than {MAX_OBJECT_BYTES >> 30} GiB; split it")
    start = b"".join(read_range(bucket, key, etag, 0, min(size_bytes, HEADER_BYTES)))
    is_packed = start.startswith(GZIP)
    try:
        text = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start) if is_packed else start
        delimiter = find_delimiter(text)
        header, end = split_header(text, delimiter)
    except zlib.error as error:
        raise TableError(f"{key}: the gzip file is damaged") from error
    except TableError as error:
        raise TableError(f"{key}: {error}") from error
    return Source(key, etag, size_bytes, header, delimiter, None if is_packed else end)


def _cut(bucket: Bucket, source: Source) -> Iterator[dict]:
    """Yield what workers get of an object: ranges that end where records do; a gzip whole."""
    piece = {"key": source.key, "etag": source.etag, "start": source.start}
    if source.start is None or source.size_bytes <= RANGE_BYTES:
        yield piece | {"end": source.size_bytes}
        return
    start = end = source.start
    blocks = read_range(bucket, source.key, source.etag, start, source.size_bytes)
    try:
        for records in cut_records(blocks, source.delimiter):
            end += len(records)
            if end - start >= RANGE_BYTES:
                yield piece | {"start": start, "end": end}
                start = end
    except TableError as error:
        raise TableError(f"{source.key}: {error} (after byte {end:,})") from error
    if end > start:
        yield piece | {"start": start, "end": end}


def _group(pieces: Iterator[dict]) -> Iterator[list[dict]]:
    """Yield pieces together until they are worth a worker."""
    group: list[dict] = []
    size_bytes = 0
    for piece in pieces:
        group.append(piece)
        size_bytes += piece["end"] - (piece["start"] or 0)
        if size_bytes >= RANGE_BYTES or len(group) == MAX_OBJECTS_PER_PART:
            yield group
            group, size_bytes = [], 0
    if group:
        yield group
