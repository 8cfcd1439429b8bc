"""A table to read in blocks and an answer to write in pieces: files, gzipped or not, or pipes."""

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import cast

from inference.bulk.errors import TableError
from inference.bulk.table import HEADER_BYTES, find_delimiter, split_header
from model.errors import DataError
from model.files import reading, replace_file

PIPE = Path("-")  # standard input, standard output
BLOCK_BYTES = 1 << 20
PACKING = 6  # of 9; more is much slower for little
GZIP = b"\x1f\x8b"  # how such a file begins


@dataclass(frozen=True)
class OpenTable:
    """A table whose header has been read.

    `blocks` has all that follows it; `tell` returns how many of `size_bytes` have been read, which
    is 0 of 0 for a pipe.
    """

    header: list[str]
    delimiter: str
    blocks: Iterator[bytes]
    size_bytes: int
    tell: Callable[[], int]


@contextmanager
def open_table(path: Path) -> Iterator[OpenTable]:
    """Yield a table, closed afterwards.

    Raises:
        DataError: it can't be read, is cut off, or has no header.
    """
    name = "standard input" if path == PIPE else str(path)
    with reading(name, DataError):
        try:
            if path == PIPE:
                yield _open(cast("BufferedReader", sys.stdin.buffer), 0, lambda: 0)
            else:
                with path.open("rb") as file:
                    yield _open(file, path.stat().st_size, file.tell)
        except TableError as error:
            raise DataError(f"{name}: {error}") from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{name}: the gzip file is cut off or damaged") from error


@contextmanager
def open_answer(path: Path) -> Iterator[Callable[[bytes], object]]:
    """Yield what writes the next piece; the file is there once all is written, or not at all.

    Raises:
        DataError: it can't be written.
    """
    if path == PIPE:
        try:
            yield sys.stdout.buffer.write
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            raise DataError("standard output was closed before all was written") from error
        return
    with replace_file(path, DataError) as file:
        if path.suffix != ".gz":
            yield file.write
            return
        with gzip.GzipFile("", "wb", PACKING, file, mtime=0) as packed:  # the same bytes each time
            yield packed.write


def _open(file: BufferedReader, size_bytes: int, tell: Callable[[], int]) -> OpenTable:
    is_packed = file.peek(len(GZIP)).startswith(GZIP)
    source = gzip.GzipFile(fileobj=file) if is_packed else file
    start = source.read(HEADER_BYTES)
    delimiter = find_delimiter(start)
    header, end = split_header(start, delimiter)
    blocks = chain([start[end:]], iter(lambda: source.read(BLOCK_BYTES), b""))
    return OpenTable(header, delimiter, blocks, size_bytes, tell)
