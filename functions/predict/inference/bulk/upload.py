"""An object of any size out of pieces, some of which S3 copies by itself from other objects."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from inference.bulk.storage import Bucket, read_range

MIN_PART_BYTES = 5 << 20  # of a multipart upload, all but its last; S3's quotas, November 2026
PART_BYTES = 8 << 20  # of what is sent from here
COPIES = 16  # at once


@dataclass(frozen=True)
class Written:
    """An object that was written; `etag` changes with its content."""

    key: str
    etag: str
    size_bytes: int


@dataclass
class _Upload:
    bucket: Bucket
    asked: dict
    pool: ThreadPoolExecutor
    parts: list[Future] = field(default_factory=list)
    size_bytes: int = 0


def write_pieces(bucket: Bucket, key: str, pieces: Iterable[bytes | Written]) -> Written:
    """Write an object out of pieces; it is there once all is written, or not at all.

    Args:
        bucket: where it lies, and those that are copied.
        key: of the object.
        pieces: in their order: bytes, or objects that were written.
    """
    client = bucket.client
    asked = {"Bucket": bucket.name, "Key": key}
    begun = client.create_multipart_upload(**asked, ContentType="text/csv; charset=utf-8")
    asked["UploadId"] = begun["UploadId"]
    try:
        with ThreadPoolExecutor(COPIES) as pool:
            upload = _Upload(bucket, asked, pool)
            _send_all(upload, pieces)
        parts = [
            {"PartNumber": number, "ETag": part.result()}
            for number, part in enumerate(upload.parts, start=1)
        ]
        done = client.complete_multipart_upload(**asked, MultipartUpload={"Parts": parts})
    except BaseException:
        client.abort_multipart_upload(**asked)
        raise
    return Written(key, done["ETag"], upload.size_bytes)


def abort_uploads(bucket: Bucket, prefix: str) -> None:
    """Abort the uploads that a killed function left below a prefix."""
    found = bucket.client.list_multipart_uploads(Bucket=bucket.name, Prefix=prefix)
    for entry in found.get("Uploads", ()):
        bucket.client.abort_multipart_upload(
            Bucket=bucket.name, Key=entry["Key"], UploadId=entry["UploadId"]
        )


def _send_all(upload: _Upload, pieces: Iterable[bytes | Written]) -> None:
    collected = bytearray()
    for piece in pieces:
        is_large = isinstance(piece, Written) and piece.size_bytes >= MIN_PART_BYTES
        if len(collected) >= (MIN_PART_BYTES if is_large else PART_BYTES):
            _send(upload, collected)
            collected = bytearray()
        if isinstance(piece, Written) and is_large and not collected:
            _copy(upload, piece)
        else:
            for block in _read(upload.bucket, piece):
                collected += block
    if collected or not upload.parts:
        _send(upload, collected)


def _read(bucket: Bucket, piece: bytes | Written) -> Iterator[bytes]:
    if isinstance(piece, Written):
        return read_range(bucket, piece.key, piece.etag, 0, piece.size_bytes)
    return iter((piece,))


def _send(upload: _Upload, body: bytearray) -> None:
    """Send a part, and wait for it: what waits to be sent would fill the memory."""
    number = len(upload.parts) + 1
    upload.size_bytes += len(body)
    upload.parts.append(upload.pool.submit(_put, upload, number, bytes(body)))
    upload.parts[-1].result()


def _put(upload: _Upload, number: int, body: bytes) -> str:
    answer = upload.bucket.client.upload_part(**upload.asked, PartNumber=number, Body=body)
    return str(answer["ETag"])


def _copy(upload: _Upload, piece: Written) -> None:
    number = len(upload.parts) + 1
    upload.size_bytes += piece.size_bytes
    upload.parts.append(upload.pool.submit(_put_copy, upload, number, piece))


def _put_copy(upload: _Upload, number: int, piece: Written) -> str:
    answer = upload.bucket.client.upload_part_copy(
        **upload.asked,
        PartNumber=number,
        CopySource={"Bucket": upload.bucket.name, "Key": piece.key},
        CopySourceIfMatch=piece.etag,
    )
    return str(answer["CopyPartResult"]["ETag"])
