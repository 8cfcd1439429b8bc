"""Reads Parquet files into columns of text, spelled as a CSV would have them.

pyarrow reads them; it is an extra of some 50 MB, asked for where such a file turns up.
"""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.errors import DataError
from model.reading.table import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
_INSTALL = "pip install pyarrow"


def read_parquet_files(name: str, paths: Sequence[Path], sha256: str) -> Table:
    """Return the table in Parquet files, one below the other; a row is named by its number.

    Args:
        name: of the table, for messages.
        paths: files that can be read, each with a name of its own.
        sha256: of their bytes.

    Raises:
        DataError: pyarrow isn't installed, a file is broken or has other columns than the first,
            or a column holds lists, structures or bytes.
    """
    first, *others = [(path.name, _read(path)) for path in paths]
    for file, table in others:
        if table.schema.names != first[1].schema.names:
            raise DataError(f"{file}: has other columns than {first[0]}")
    columns = [
        _to_column(field, [table.column(field) for _, table in (first, *others)], first[0])
        for field in first[1].schema.names
    ]
    places = {file: array("q", range(1, len(table) + 1)) for file, table in (first, *others)}
    if not sum(map(len, places.values())):
        raise DataError(f"{first[0]}: has columns but no customers")
    return Table(name, sha256, columns, places, unit="row")


def _read(path: Path) -> "pa.Table":
    try:
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DataError(f"{path.name}: reading Parquet takes pyarrow: {_INSTALL}") from error
    try:
        return pq.read_table(path)
    except (OSError, ValueError) as error:  # pyarrow's own errors are of these kinds
        raise DataError(f"{path.name}: is no sound Parquet file") from error


def _to_column(name: str, parts: "list[pa.ChunkedArray]", file: str) -> Column:
    code_of: dict[str, int] = {}
    codes: list[np.ndarray] = []
    for chunk in (chunk for part in parts for chunk in part.chunks):
        try:
            encoded = chunk if hasattr(chunk, "dictionary") else chunk.dictionary_encode("encode")
            texts = [_spell(value) for value in encoded.dictionary.to_pylist()]
        except (TypeError, NotImplementedError) as error:
            message = f'{file}: column "{name}": holds {chunk.type}; expected numbers or text'
            raise DataError(message) from error
        known = np.array([code_of.setdefault(text, len(code_of)) for text in texts] + [-1])
        indices = encoded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
        found = known[indices]
        if (found < 0).any():
            found[found < 0] = code_of.setdefault("", len(code_of))
        codes.append(found.astype(np.int32))
    return Column(name, list(code_of), np.concatenate(codes))


def _spell(value: Any) -> str:
    """Return a value as a CSV would have it; a missing one is nothing."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return ""
    if isinstance(value, str | bool | int | float):
        return str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "as_tuple"):  # a decimal
        return format(value, "f")
    raise TypeError(type(value).__name__)
