"""The command-line flags that registry commands share, and what they stand for."""

import argparse
import os
from pathlib import Path

from model.errors import RegistryError
from model.paths import MODEL_KEY
from model.registry.bucket import open_bucket
from model.registry.registry import Registry
from model.registry.release import Terms
from model.table.columns import csv_path


def add_registry_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say where the registry is and how to print; see `open_registry`."""
    group = parser.add_argument_group("registry")
    group.add_argument("--bucket", help="S3 bucket (default: MODEL_BUCKET)")
    group.add_argument("--key", help=f"of the live model (default: MODEL_KEY, else {MODEL_KEY})")
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def open_registry(args: argparse.Namespace) -> Registry:
    """Return the registry that the flags, else MODEL_BUCKET and MODEL_KEY, say.

    Raises:
        RegistryError: no bucket is said.
    """
    bucket = args.bucket or os.environ.get("MODEL_BUCKET")
    if not bucket:
        raise RegistryError("which bucket? say --bucket, or set MODEL_BUCKET (a stack output)")
    key = args.key or os.environ.get("MODEL_KEY") or MODEL_KEY
    return Registry(open_bucket(bucket), key)


def add_history_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags whose values go on record; see `read_terms`."""
    group = parser.add_argument_group("on record")
    group.add_argument("--reason", default="", help="why, in your words")
    group.add_argument("--by", help="who (default: the AWS identity, else this machine's user)")


def add_gate_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the promotion gate; see `read_terms`."""
    group = parser.add_argument_group("gate")
    group.add_argument(
        "--data",
        dest="csv",
        action="append",
        type=Path,
        metavar="CSV",
        help="the table that the model learned from; repeatable, for one of several files "
        "(default: TELCO_CSV, else IBM's)",
    )
    group.add_argument(
        "--allow-schema-change", action="store_true", help="clients know that the features change"
    )
    group.add_argument(
        "--allow-synthetic", action="store_true", help="made-up customers will do, as in a trial"
    )
    group.add_argument(
        "--allow-leak",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column that looks like a leak is known before the outcome is; repeatable; "
        "needs --reason",
    )
    group.add_argument(
        "--force", action="store_true", help="go live whatever the gate says; needs --reason"
    )


def read_terms(args: argparse.Namespace) -> Terms:
    """Return what the flags of `add_history_arguments` and `add_gate_arguments` said."""
    has_gate = hasattr(args, "force")
    return Terms(
        by=args.by,
        reason=args.reason,
        is_forced=has_gate and args.force,
        may_change_schema=has_gate and args.allow_schema_change,
        may_be_synthetic=has_gate and args.allow_synthetic,
        allowed_leaks=tuple(args.allow_leak) if has_gate else (),
        csv=csv_path(args) if has_gate else None,
    )
