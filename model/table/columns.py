"""What a user may say about a table's columns, and the command-line flags that say it."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path


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


INFER_ALL = ColumnOptions()


def add_csv_argument(parser: argparse.ArgumentParser) -> None:
    """Add the optional positional CSV; `csv_path` reads it back."""
    parser.add_argument(
        "csv",
        metavar="CSV",
        nargs="?",
        type=Path,
        help="customers, one a line below a header line (default: the file that TELCO_CSV names, "
        "else IBM's Telco table, downloaded once, else made-up customers)",
    )


def csv_path(args: argparse.Namespace) -> Path | None:
    """Return the CSV of the command line, else the one that TELCO_CSV names, else None."""
    from_environment = os.environ.get("TELCO_CSV")
    return args.csv or (Path(from_environment) if from_environment else None)


def add_column_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags that overrule what is inferred about columns; `column_options` reads them."""
    group = parser.add_argument_group("columns, where what is inferred from the table is wrong")
    group.add_argument("--target", metavar="COLUMN", help="the column to predict")
    group.add_argument("--positive", metavar="VALUE", help="the target's value that means churn")
    group.add_argument("--id", metavar="COLUMN", help="the column that tells customers apart")
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
    )


_REPEATABLE = {
    "--drop": "a column that is no feature; repeat the flag for more",
    "--categorical": "a column of numbers that are categories, such as postal codes; repeatable",
    "--numeric": "a column that must hold numbers; repeatable",
    "--blank": "a text that means a missing value, such as NA; repeatable "
    "(nothing and white space always mean that)",
}
