"""The deployed stack's outputs: which bucket to publish to, which address to ask."""

import argparse
import os
import tomllib
from pathlib import Path

from model.aws_session import REGION_HELP, open_session
from model.errors import StackError


def read_stack_name(samconfig: Path, config: str) -> str:
    """Return the name under which `sam deploy --config-env CONFIG` deploys.

    Raises:
        StackError: there is no such file, or no such part in it.
    """
    try:
        settings = tomllib.loads(samconfig.read_text(encoding="utf-8"))
        return str(settings[config]["global"]["parameters"]["stack_name"])
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise StackError(
            f"{samconfig}: has no stack_name for the configuration {config}"
        ) from error


def read_outputs(stack_name: str) -> dict[str, str]:
    """Return a deployed stack's outputs by name.

    Raises:
        StackError: there is no such stack, or AWS can't be asked.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

    place = ""
    try:
        client = open_session().client("cloudformation")
        place = f" in {client.meta.region_name}"
        stacks = client.describe_stacks(StackName=stack_name)["Stacks"]
    except NoRegionError as error:
        raise StackError(f"stack {stack_name}: in which AWS region? {REGION_HELP}") from error
    except (BotoCoreError, ClientError) as error:
        reason = str(error).splitlines()[0]
        raise StackError(f"stack {stack_name}: can't be looked up{place}; {reason}") from error
    outputs = stacks[0].get("Outputs", [])
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def add_function_argument(parser: argparse.ArgumentParser) -> None:
    """Add the flag that names the deployed function."""
    parser.add_argument("--function", help="(default: PREDICT_FUNCTION, a stack output)")


def read_function(args: argparse.Namespace) -> str:
    """Return the deployed function's name.

    Raises:
        StackError: neither flag nor environment says it.
    """
    function = args.function or os.environ.get("PREDICT_FUNCTION")
    if not function:
        raise StackError("which function? give --function or set PREDICT_FUNCTION, a stack output")
    return str(function)
