"""What a user may say about a table's columns, and the command-line flags that say it."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.reading.files import Files  # needs numpy, which a command line doesn't


@dataclass(frozen=True)
class ColumnOptions:
    """What was said about the columns; everything unsaid is inferred (see `column_roles`)."""

    target: str | None = None
    positive: str | None = None
    id: str | None = None
    drop: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    time: str | None = None


INFER_ALL = ColumnOptions()


def add_csv_argument(parser: argparse.ArgumentParser) -> None:
    """Add the optional positional files; `csv_path` reads them back."""
    parser.add_argument(
        "csv",
        metavar="CSV",
        nargs="*",
        type=Path,
        help="customers, one a line below a header line; CSV, gzipped or not, or Parquet; several "
        "files are read as one table (default: the file that TELCO_CSV names, "
        "else IBM's Telco table, downloaded once, else made-up customers)",
    )


def csv_path(args: argparse.Namespace) -> "Files | None":
    """Return the files of the command line, else the one that TELCO_CSV names, else None."""
    from_environment = os.environ.get("TELCO_CSV")
    files = args.csv or (Path(from_environment) if from_environment else None)
    return files[0] if isinstance(files, list) and len(files) == 1 else files


def add_column_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags that overrule what is inferred about columns; `column_options` reads them."""
    group = parser.add_argument_group("columns, where what is inferred from the table is wrong")
    group.add_argument("--target", metavar="COLUMN", help="the column to predict")
    group.add_argument("--positive", metavar="VALUE", help="the target's value that means churn")
    group.add_argument("--id", metavar="COLUMN", help="the column that tells customers apart")
    group.add_argument(
        "--time",
        metavar="COLUMN",
        help="dates or numbers: learn from the earlier rows, test on the latest fifth",
    )
    for flag, text in _REPEATABLE.items():
        metavar = "TEXT" if flag == "--blank" else "COLUMN"
        group.add_argument(flag, metavar=metavar, action="append", default=[], help=text)


def column_options(args: argparse.Namespace) -> ColumnOptions:
    """Return what the flags of `add_column_arguments` said."""
    return ColumnOptions(
        target=args.target,
        positive=args.positive,
        id=args.id,
        drop=tuple(args.drop),
        categorical=tuple(args.categorical),
        numeric=tuple(args.numeric),
        blanks=tuple(args.blank),
        time=args.time,
    )


_REPEATABLE = {
    "--drop": "a column that is no feature; repeat the flag for more",
    "--categorical": "a column of numbers that are categories, such as postal codes, or of many "
    "texts, of which the rare ones are grouped; repeatable",
    "--numeric": "a column that must hold numbers; repeatable",
    "--blank": "a text that means a missing value, such as NA; repeatable "
    "(nothing and white space always mean that)",
}
