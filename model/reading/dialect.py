"""How a file is written: its bytes, gzipped or not, their encoding, and what separates columns."""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from inference.csv_dialect import (
    BEGINNING,
    DELIMITERS,
    UTF_16,
    WINDOWS_1252,
    find_delimiters,
    is_windows_1252,
)
from model.errors import DataError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_8_WITH_OR_WITHOUT_MARK = "utf-8-sig"
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_UTF_16 = "{}: begins as UTF-16 and isn't; save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
_GZIP = b"\x1f\x8b"
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class Source:
    """A file's name, and what opens it anew, unzipped."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class Dialect:
    """What a file's bytes mean, and what separates its columns."""

    encoding: str
    delimiter: str


def open_file(path: Path) -> Source:
    """Return a file that can be read, as a source."""
    with path.open("rb") as file:
        is_gzipped = file.read(len(_GZIP)) == _GZIP
    if is_gzipped:
        return Source(path.name, lambda: cast("BinaryIO", gzip.open(path)))
    return Source(path.name, lambda: path.open("rb"))


def find_dialect(source: Source) -> Dialect:
    """Return how a file is written; all its bytes are gone through, a piece at a time.

    Raises:
        DataError: nothing in it, bytes that are no text, or columns that may be separated in two
            ways.
    """
    encoding = _find_encoding(source)
    with open_text(source, encoding) as text:
        beginning = text.read(BEGINNING)
    if not beginning.strip():
        raise DataError(f"{source.name}: is empty")
    delimiters = find_delimiters(beginning)
    if len(delimiters) > 1:
        choices = " or ".join(DELIMITERS[delimiter] for delimiter in delimiters)
        raise DataError(f"{source.name}: its columns may be separated by {choices}; use commas")
    return Dialect(encoding, (delimiters or [","])[0])


def open_text(source: Source, encoding: str) -> io.TextIOWrapper:
    """Return a file's text from the beginning, line ends untouched."""
    return io.TextIOWrapper(source.open(), encoding, newline="")


def describe_dialect(name: str, dialect: Dialect) -> Iterator[str]:
    """Yield a line for each thing that isn't as RFC 4180 has it."""
    if dialect.encoding == WINDOWS_1252:
        yield f"{name}: read as Windows-1252, as it isn't UTF-8"
    if dialect.encoding == UTF_16:
        yield f"{name}: read as UTF-16, as its byte-order mark says"
    if dialect.delimiter != ",":
        yield f"{name}: its columns are separated by {DELIMITERS[dialect.delimiter]}"


def _find_encoding(source: Source) -> str:
    with source.open() as file:
        has_mark = file.read(2) in _UTF_16_MARKS
    if has_mark:
        _require_utf_16(source)
        return UTF_16
    bad = _find_bad_byte(source)
    if bad is None:
        return _UTF_8_WITH_OR_WITHOUT_MARK
    if _is_all_windows_1252(source):
        return WINDOWS_1252
    with source.open() as file:
        raise DataError(_not_utf8(source.name, file.read(bad + 1)))


def _require_utf_16(source: Source) -> None:
    decoder = codecs.getincrementaldecoder(UTF_16)()
    for piece in _pieces(source):
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise DataError(_NOT_UTF_16.format(source.name)) from error
        if "\0" in text:
            raise DataError(_NOT_UTF_16.format(source.name))


def _find_bad_byte(source: Source) -> int | None:
    """Return where the bytes stop being UTF-8 text, or None if they don't."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    end = 0
    for piece in _pieces(source):
        undecoded = end - len(decoder.getstate()[0])  # a character may begin in one piece
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            return undecoded + error.start
        if b"\0" in piece:
            return end + piece.index(b"\0")
        end += len(piece)
    return None


def _is_all_windows_1252(source: Source) -> bool:
    last = b""
    for piece in _pieces(source):
        if piece.startswith(_BYTE_ORDER_MARK) or not is_windows_1252(last + piece):
            return False
        last = piece[-1:]
    return True


def _pieces(source: Source) -> Iterator[bytes]:
    """Yield all bytes of a file, and an empty piece at the end."""
    try:
        with source.open() as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{source.name}: is gzipped, but broken or cut off") from error
    yield b""


def _not_utf8(name: str, start: bytes) -> str:
    lines = start.splitlines()
    return (
        f"{name}: line {len(lines)}: byte {len(lines[-1])} of the line isn't UTF-8 text; "
        "save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
    )
