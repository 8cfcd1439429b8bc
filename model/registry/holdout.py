"""The customers that a model was tested on and never learned from, found again in its table."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from inference.scoring.artifact import Artifact
from model.errors import DataError
from model.evaluation.folds import SEED as SPLIT_SEED
from model.evaluation.folds import TEST_SHARE, Rows, split_dataset
from model.export.parity import to_records
from model.reading.files import Files, read_table
from model.reading.table import Table
from model.samples.download import TELCO, DownloadError, fetch
from model.samples.synthetic_csv import SEED as SYNTHETIC_SEED
from model.samples.synthetic_csv import make_table
from model.table.columns import ColumnOptions
from model.table.dataset import Dataset, build_dataset
from model.table.groups import Mask, split_groups

MAX_CUSTOMERS = 20_000  # compared; 1,000 resamples of so many, in 90 segments, take 1.5 s
MAX_SEGMENTS = 200  # the largest ones
SEED = 42


@dataclass(frozen=True, eq=False)
class Holdout:
    """Held-out customers as a client would send them, who left, and the segments they belong to."""

    name: str
    records: list[dict[Any, Any]]
    target: npt.NDArray[np.int64]
    segments: dict[str, Mask]


def find_holdout(artifact: Artifact, path: Files | None) -> Holdout:
    """Return the customers that a model was tested on.

    Args:
        artifact: the model; its schema says what the table's columns are for.
        path: the table it learned from; None means IBM's, or the made-up one.

    Raises:
        DataError: the table can't be read, or isn't the one that the model learned from.
    """
    dataset = find_dataset(artifact, path)
    _, test_rows = split_as_trained(artifact, dataset)
    if len(test_rows) > MAX_CUSTOMERS:
        test_rows = np.random.default_rng(SEED).choice(test_rows, MAX_CUSTOMERS, replace=False)
    frame = dataset.frame.iloc[test_rows]
    return Holdout(
        dataset.name, to_records(frame), dataset.target[test_rows], _find_segments(frame)
    )


def split_as_trained(artifact: Artifact, dataset: Dataset) -> tuple[Rows, Rows]:
    """Return the rows that a model learned from, and those held out, by what its file says.

    Raises:
        DataError: the file says of the split what can't be.
    """
    try:
        return split_dataset(dataset, **describe_split(artifact))
    except (TypeError, ValueError) as error:
        what = f"{artifact.version}: training_meta.holdout"
        raise DataError(f"{what}: {dataset.name} can't be split by its seed and share") from error


def describe_split(artifact: Artifact) -> dict[str, Any]:
    """Return what `split_dataset` is to be told: what an old file doesn't say, as it was then."""
    said = artifact.meta.get("holdout") or {}
    default = {"seed": SPLIT_SEED, "share": TEST_SHARE, "whole_groups": False}
    return {name: said.get(name, value) for name, value in default.items()}


def find_dataset(artifact: Artifact, path: Files | None) -> Dataset:
    """Return the whole table that a model learned from, its columns read as they were then.

    Raises:
        DataError: the table can't be read, or isn't the one that the model learned from.
    """
    data = artifact.meta.get("data", {})
    table = _find_table(artifact, path)
    if table.sha256 != data.get("sha256"):
        raise DataError(f"{table.name}: isn't the table that {artifact.version} learned from")
    is_synthetic = bool(data.get("synthetic"))
    return build_dataset(table, _options(artifact, table), is_synthetic=is_synthetic)


def _find_table(artifact: Artifact, path: Files | None) -> Table:
    data = artifact.meta.get("data", {})
    if path is not None:
        return read_table(path)
    if data.get("synthetic"):
        return make_table(data["rows"], SYNTHETIC_SEED)
    if data.get("sha256") != TELCO.sha256:
        raise DataError(f"the table that {artifact.version} learned from isn't given")
    try:
        return read_table(fetch(TELCO))
    except DownloadError as error:
        raise DataError(f"IBM's table can't be downloaded: {error}") from error


def _options(artifact: Artifact, table: Table) -> ColumnOptions:
    schema, data = artifact.schema, artifact.meta.get("data", {})
    numeric = tuple(s["name"] for s in schema["features"] if s["kind"] == "number")
    categorical = tuple(s["name"] for s in schema["features"] if s["kind"] == "category")
    used = {schema["target"], schema["id"], data.get("time"), *numeric, *categorical}
    return ColumnOptions(
        target=schema["target"],
        positive=schema["labels"][1],
        id=schema["id"],
        drop=tuple(column.name for column in table.columns if column.name not in used),
        categorical=categorical,
        numeric=numeric,
        blanks=tuple(data.get("blanks", ())),
        time=data.get("time"),
    )


def _find_segments(frame: pd.DataFrame) -> dict[str, Mask]:
    groups = [group for name in frame.columns for group in split_groups(frame[name])]
    largest = sorted(groups, key=lambda group: -group.size)[:MAX_SEGMENTS]
    return {f"{group.feature} = {group.label}": group.mask for group in groups if group in largest}
