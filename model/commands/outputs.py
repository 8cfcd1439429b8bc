"""`python -m model outputs`: the deployed stack's buckets and address, as shell variables."""

import argparse
import os
import shlex

from model.errors import StackError
from model.paths import SAMCONFIG
from model.stack import read_outputs, read_stack_name

OUTPUTS = {
    "MODEL_BUCKET": "ModelBucket",
    "API_URL": "ApiUrl",
    "BULK_BUCKET": "BulkBucket",
    "BULK_MACHINE": "BulkMachine",
    "LOG_GROUP": "PredictLogs",
    "DEPLOY_LOG_GROUP": "DeployLogs",
    "PREDICT_FUNCTION": "PredictFunction",
}  # variable -> output in template.yaml
DEFAULT = ["MODEL_BUCKET", "API_URL"]
DESCRIPTION = (
    "Prints `export NAME=value` for each name; what the environment holds already "
    "is taken from there, the rest from the deployed stack."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        type=_output_name,
        help=f"{' or '.join(OUTPUTS)} (default: the first two)",
    )
    parser.add_argument(
        "--config", default="default", help="part of samconfig.toml (default: default)"
    )


def run(args: argparse.Namespace) -> int:
    """Print one line for each variable."""
    names = args.names or DEFAULT
    values = {name: os.environ[name] for name in names if os.environ.get(name)}
    if len(values) < len(names):
        stack_name = read_stack_name(SAMCONFIG, args.config)
        values = _read_missing(stack_name, names) | values
    for name in names:
        print(f"export {name}={shlex.quote(values[name])}")
    return 0


def _output_name(name: str) -> str:
    if name not in OUTPUTS:
        raise argparse.ArgumentTypeError(f"expected {' or '.join(OUTPUTS)}")
    return name


def _read_missing(stack_name: str, names: list[str]) -> dict[str, str]:
    outputs = read_outputs(stack_name)
    missing = [OUTPUTS[name] for name in names if OUTPUTS[name] not in outputs]
    if missing:
        raise StackError(f"stack {stack_name}: has no output {', '.join(missing)}")
    return {name: outputs[OUTPUTS[name]] for name in names}
