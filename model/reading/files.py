"""Reads a table from files, whatever form they have: CSV, gzipped or not, or Parquet."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from model.errors import DataError
from model.files import reading
from model.reading.csv_table import read_csv_files
from model.reading.parquet_table import MAGIC, read_parquet_files
from model.reading.table import Table

_PIECE_BYTES = 1 << 20

Files = Path | Sequence[Path]


def read_table(files: Files) -> Table:
    """Return the table in a file, or in several with the same columns, one below the other.

    Raises:
        DataError: no such file, or no table in it; names file and line.
    """
    paths = [files] if isinstance(files, Path) else list(files)
    _require_different_names([path.name for path in paths])
    sha256, forms = _look_at(paths)
    if len(set(forms)) > 1:
        raise DataError(f"{paths[0].name}: is Parquet or CSV, and another file isn't; use one form")
    read = read_parquet_files if forms[0] else read_csv_files
    return read(name_files(files), paths, sha256)


def name_files(files: Files) -> str:
    """Return what to call one or more files in messages: the first's name, and how many more."""
    first, *others = [files] if isinstance(files, Path) else files
    return f"{first.name} and {len(others)} more" if others else first.name


def _require_different_names(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{name}: is the name of several files; give each its own")


def _look_at(paths: list[Path]) -> tuple[str, list[bool]]:
    """Return the hash of all bytes, one file behind the other, and which files are Parquet."""
    digest = hashlib.sha256()
    are_parquet = []
    for path in paths:
        with reading(str(path), DataError), path.open("rb") as file:
            are_parquet.append(file.peek(len(MAGIC))[: len(MAGIC)] == MAGIC)
            while piece := file.read(_PIECE_BYTES):
                digest.update(piece)
    return digest.hexdigest(), are_parquet
