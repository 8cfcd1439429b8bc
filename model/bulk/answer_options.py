"""The flags that say what the answer holds, here and on AWS alike."""

import argparse
from typing import Any

FIGURES = ("value", "cost", "success", "budget")
COMPULSORY = 3  # of them


def add_answer_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags; `read_request` reads them."""
    group = parser.add_argument_group("answer")
    group.add_argument(
        "--columns",
        choices=("short", "all"),
        help="short (default): the id and what is added; all: the table's own columns, too",
    )
    group.add_argument("--reasons", type=int, metavar="N", help="each customer's N strongest")
    group.add_argument(
        "--economics",
        nargs="?",
        const=True,
        type=_economics,
        metavar="VALUE,COST,SUCCESS[,BUDGET]",
        help="what an offer to each customer would earn; without figures, by the model file's",
    )
    group.add_argument(
        "--threshold", type=float, metavar="P", help="probability from which a label is 1"
    )
    group.add_argument(
        "--calls", type=int, metavar="N", help="say from which probability on there are N customers"
    )


def read_request(args: argparse.Namespace) -> dict[str, Any]:
    """Return what the flags said, in the form of a bulk run's request."""
    names = ("columns", "reasons", "economics", "threshold", "calls")
    return {name: value for name in names if (value := getattr(args, name)) is not None}


def _economics(text: str) -> dict[str, float]:
    try:
        figures = [float(figure) for figure in text.split(",")]
    except ValueError:
        figures = []
    if not COMPULSORY <= len(figures) <= len(FIGURES):
        raise argparse.ArgumentTypeError("expected VALUE,COST,SUCCESS or with ,BUDGET: 600,50,0.3")
    return dict(zip(FIGURES, figures, strict=False))
