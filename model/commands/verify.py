"""`python -m model verify`: does the live API answer what the model file says?"""

import argparse
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from inference.scoring.artifact import Artifact
from model.errors import DataError, VerifyError
from model.files import read_artifact
from model.paths import ARTIFACT
from model.reading.files import name_files
from model.table.columns import csv_path
from model.verify.api_client import ApiClient
from model.verify.comparison import await_version, verify
from model.verify.customers import Record, choose_customers, make_up_customers

ROWS = 5
WAIT_S = 90.0  # MODEL_REFRESH_SECONDS, 60 by default, and a cold start
MAX_SEED = 2**32
DESCRIPTION = (
    "Posts random customers, one of them with a blank, to the API and compares "
    "status, model version and each probability with the model file. API_TOKEN is sent as a "
    "bearer token; an API that wants AWS_IAM gets signed requests."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("--url", default=os.environ.get("API_URL"), help="default: API_URL")
    parser.add_argument("--artifact", type=Path, default=ARTIFACT, help=f"default: {ARTIFACT}")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"customers (default: {ROWS})")
    parser.add_argument("--seed", type=int, help="which customers (default: others each time)")
    parser.add_argument(
        "--data", dest="csv", type=Path, help="take them from this CSV (default: TELCO_CSV)"
    )
    parser.add_argument("--sign", action="store_true", help="sign with the AWS credentials")
    parser.add_argument(
        "--wait-for-version",
        type=float,
        default=WAIT_S,
        metavar="S",
        help=f"seconds for the API to take up the model (default: {WAIT_S:g})",
    )


def run(args: argparse.Namespace) -> int:
    """Verify, and print what the API answered."""
    if not args.url:
        raise VerifyError("which API? say --url, or set API_URL (a stack output)")
    if args.rows < 1:
        raise VerifyError("--rows takes 1 or more")
    artifact = read_artifact(args.artifact)
    seed = secrets.randbelow(MAX_SEED) if args.seed is None else args.seed
    customers, source = _find_customers(args, artifact, seed)
    print(f"Asking {args.url} about {args.rows} random customers ({source}, seed {seed})")
    client = ApiClient(args.url, is_signed=args.sign, token=os.environ.get("API_TOKEN"))
    await_version(client, artifact, customers, args.wait_for_version, _tell_of_waiting(artifact))
    answer = verify(client, artifact, customers)
    print(f"SUCCESS. The API returned: {answer}")
    return 0


def _find_customers(
    args: argparse.Namespace, artifact: Artifact, seed: int
) -> tuple[list[Record], str]:
    """Return real customers where a fitting table is at hand, else made-up ones, and which."""
    path = csv_path(args)
    if path is not None:
        try:
            return choose_customers(artifact, path, args.rows, seed), name_files(path)
        except DataError:
            if args.csv:
                raise
    return make_up_customers(artifact, args.rows, seed), "made up from the model's own ranges"


def _tell_of_waiting(artifact: Artifact) -> Callable[[str], None]:
    told: set[str] = set()

    def tell(served: str) -> None:
        if served not in told:
            told.add(served)
            print(f"The API serves {served}; waiting for {artifact.version}", file=sys.stderr)

    return tell
