"""The command line: `python -m model COMMAND`; each command lives in `model/commands/`."""

import argparse
import importlib
import pkgutil
import sys
from types import ModuleType

from model import commands
from model.errors import ModelError

PROGRAM = "python -m model"
DESCRIPTION = "Churn models: train, publish, check."


def main(arguments: list[str] | None = None) -> int:
    """Return the command's exit status; 2, with one line on stderr, for an error of the user's."""
    words = sys.argv[1:] if arguments is None else arguments
    args = _parse(words)
    try:
        return int(args.run(args))
    except ModelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parse(words: list[str]) -> argparse.Namespace:
    modules = {
        module.name.replace("_", "-"): f"{commands.__name__}.{module.name}"
        for module in pkgutil.iter_modules(commands.__path__)
    }
    # Only the command that is asked for is loaded: scikit-learn alone takes seconds.
    if words and words[0] in modules:
        return _parse_command(words, importlib.import_module(modules[words[0]]))
    parser = argparse.ArgumentParser(prog=PROGRAM, description=DESCRIPTION)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in modules.items():
        summary = str(importlib.import_module(module).__doc__).partition(": ")[2]
        subparsers.add_parser(name, help=summary.strip().rstrip("."))
    return parser.parse_args(words)


def _parse_command(words: list[str], command: ModuleType) -> argparse.Namespace:
    """Return the command's arguments; flags may stand anywhere between the others."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} {words[0]}", description=command.DESCRIPTION)
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)
    return parser.parse_intermixed_args(words[1:], argparse.Namespace(words=words[1:]))


if __name__ == "__main__":
    sys.exit(main())
