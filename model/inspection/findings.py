"""What a look at a table found: printed once, drawn in the report, kept in the model file."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model.inspection.column_findings import ColumnFinding, find_columns
from model.inspection.leaks import Leak, find_leaks
from model.inspection.row_findings import find_rows
from model.table.dataset import Dataset


@dataclass(frozen=True)
class Findings:
    """What deserves a look, each with what to do about it.

    Attributes:
        leaks: columns, or pairs of them, that tell the target.
        columns: what was left out, and what looks as if it should be.
        notes: about the table's rows, and how it was read.
    """

    leaks: tuple[Leak, ...] = ()
    columns: tuple[ColumnFinding, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def from_meta(cls, meta: dict[str, Any]) -> "Findings":
        """Return what a model file's `training_meta.inspection` says."""
        return cls(
            tuple(Leak(**leak | {"columns": tuple(leak["columns"])}) for leak in meta["leaks"]),
            tuple(ColumnFinding(**item) for item in meta["columns"]),
            tuple(meta["notes"]),
        )

    def warnings(self) -> list[str]:
        """Return the lines that must not be overlooked: one for each leak."""
        return [_warn(leak) for leak in self.leaks]

    def lines(self) -> list[str]:
        """Return the other lines, one for each finding."""
        return [*self.notes, *(f"{item.finding}; {item.advice}" for item in self.columns)]

    def to_meta(self) -> dict[str, Any]:
        """Return it as JSON, for the model file's `training_meta.inspection`."""
        return {
            "leaks": [asdict(leak) | {"columns": list(leak.columns)} for leak in self.leaks],
            "columns": [asdict(item) for item in self.columns],
            "notes": list(self.notes),
        }


def inspect(dataset: Dataset, train_rows: npt.NDArray[np.int64]) -> Findings:
    """Return what a look at a table finds; leaks are looked for among its training rows only."""
    return Findings(
        leaks=find_leaks(dataset.frame, dataset.target, train_rows),
        columns=find_columns(dataset, train_rows),
        notes=(*dataset.notes, *find_rows(dataset)),
    )


def _warn(leak: Leak) -> str:
    names = " and ".join(f'"{name}"' for name in leak.columns)
    flags = " ".join(f'--drop "{name}"' for name in leak.columns)
    verb = "alone tells" if len(leak.columns) == 1 else "together tell"
    return (
        f"LEAK: {names} {verb} almost every outcome: AUC {leak.auc_alone:.4f} without any other "
        f"column. All columns together reach {leak.auc_with:.4f}, without leaks "
        f"{leak.auc_without:.4f}. If it is known only afterwards, leave it out with {flags}; "
        "publish refuses such a model unless --allow-leak and --reason say why it is none"
    )
