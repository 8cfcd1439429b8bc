"""Files are read whole, and written whole or not at all; errors are one plain line."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inference.errors import ArtifactError
from inference.scoring.artifact import Artifact, load_artifact
from model.errors import ModelError

READABLE = 0o644  # by all, as files usually are; a temporary one is its maker's alone


def read_file(path: Path, error: type[ModelError] = ModelError) -> bytes:
    """Return a file's bytes.

    Raises:
        ModelError: it can't be read; of the class given.
    """
    with reading(str(path), error):
        return path.read_bytes()


@contextmanager
def reading(name: str, error: type[ModelError] = ModelError) -> Iterator[None]:
    """Say in one line which file can't be read, whatever inside reads it.

    Raises:
        ModelError: it can't; of the class given.
    """
    try:
        yield
    except OSError as cause:
        raise error(f"{name}: can't be read ({_reason(cause)})") from cause


def read_artifact(path: Path) -> Artifact:
    """Return the model in a file.

    Raises:
        ModelError: the file can't be read, or holds no model.
    """
    return parse_artifact(read_file(path), path)


def parse_artifact(body: bytes, path: Path) -> Artifact:
    """Return the model in a file's bytes.

    Raises:
        ModelError: there is none; names the file.
    """
    try:
        return load_artifact(body)
    except ArtifactError as error:
        raise ModelError(f"{path}: {error}") from error


def write_file(path: Path, body: bytes) -> None:
    """Write a file, and its folder where there is none.

    Raises:
        ModelError: it can't be written; what was there before stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"{path}: can't be written ({_reason(error)})") from error
    with replace_file(path) as file:
        file.write(body)


@contextmanager
def replace_file(path: Path, error: type[ModelError] = ModelError) -> Iterator[BinaryIO]:
    """Yield a file to write to; it takes the path's place once all is written.

    Raises:
        ModelError: it can't be written; of the class given. What was there before stays.
    """
    try:
        with _part_of(path) as (file, part):
            yield file
            file.close()
            part.chmod(READABLE)
            part.replace(path)
    except OSError as cause:
        raise error(f"{path}: can't be written ({_reason(cause)})") from cause


@contextmanager
def _part_of(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file, part
    finally:
        part.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
