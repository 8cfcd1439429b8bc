"""The command line: `python -m model COMMAND`; each command lives in `model/commands/`."""

import argparse
import importlib
import pkgutil
import sys

from model import commands
from model.errors import ModelError


def main(arguments: list[str] | None = None) -> int:
    """Return the command's exit status; 2, with one line on stderr, for an error of the user's."""
    args = _build_parser().parse_args(arguments)
    try:
        return int(args.run(args))
    except ModelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model", description="Churn models: train, publish, check."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"{commands.__name__}.{module.name}").add_parser(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
