"""`python -m model prune-code`: old versions of the function's code are deleted."""

import argparse

from model.code_versions import CodeVersions
from model.stack import add_function_argument, read_function

DESCRIPTION = (
    "Deletes all versions of the function but the newest, the live one and the one before it. "
    "`make deploy` does so, as each version's package counts towards the account's 75 GB."
)
KEEP = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "--keep", type=int, default=KEEP, metavar="N", help="(default: %(default)s)"
    )
    add_function_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Delete them, and say which."""
    dropped = CodeVersions(read_function(args)).prune(max(args.keep, 1))
    if dropped:
        print(f"deleted versions of the code: {', '.join(map(str, dropped))}")
    return 0
