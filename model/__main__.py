"""The command line: `python -m model COMMAND`; each command lives in `model/commands/`."""

import argparse
import importlib
import pkgutil
import sys
from types import ModuleType

from model import commands
from model.errors import ModelError


def main(arguments: list[str] | None = None) -> int:
    """Return the command's exit status; 2, with one line on stderr, for an error of the user's."""
    words = sys.argv[1:] if arguments is None else arguments
    args = _build_parser(words).parse_args(words, argparse.Namespace(words=words[1:]))
    try:
        return int(args.run(args))
    except ModelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _build_parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model", description="Churn models: train, publish, check."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    modules = {
        module.name.replace("_", "-"): f"{commands.__name__}.{module.name}"
        for module in pkgutil.iter_modules(commands.__path__)
    }
    # Only the command that is asked for is loaded: scikit-learn alone takes seconds.
    asked = words[:1] if words[:1] and words[0] in modules else modules
    for name in asked:
        _add_command(subparsers, name, importlib.import_module(modules[name]))
    return parser


def _add_command(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: ModuleType,
) -> None:
    summary = str(command.__doc__).partition(": ")[2].strip().rstrip(".")
    parser = subparsers.add_parser(name, help=summary, description=command.DESCRIPTION)
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


if __name__ == "__main__":
    sys.exit(main())
