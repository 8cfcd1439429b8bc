"""`python -m model rollback-code`: the function's code that was live before goes live, at once."""

import argparse

from model.code_versions import CodeVersions
from model.stack import add_function_argument, read_function

DESCRIPTION = (
    "Has the alias `live` serve the version of the function before the one it serves. Models stay "
    "as they are: `rollback` is for them."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("--to", type=int, metavar="NUMBER", help="this version instead")
    add_function_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Move the alias, and say from where to where."""
    before, after = CodeVersions(read_function(args)).roll_back(args.to)
    print(f"LIVE: version {after} of the code, instead of {before}")
    return 0
