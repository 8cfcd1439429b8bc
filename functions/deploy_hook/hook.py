"""CodeDeploy's question before traffic goes to a new version: may it? Answered by asking both."""

import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import boto3
from botocore.config import Config

from comparison.answer import ask_version
from comparison.questions import read_events
from comparison.verdict import Clock, Verdict, compare_versions

EVENTS = Path(__file__).parent / "events"
PATIENCE_S = 600.0  # for all questions; Lambda stops the hook after 900
READ_TIMEOUT_S = 60  # of one question; the function's own time-out is 25


def lambda_handler(event: dict, _context: object) -> dict:
    """Ask the live version and the new one the same, tell CodeDeploy, and log the report.

    Whatever goes wrong here is a refusal: CodeDeploy would wait an hour for an answer.

    Args:
        event: CodeDeploy's, with `DeploymentId` and `LifecycleEventHookExecutionId`.
    """
    verdict = asdict(_judge())
    status = "Failed" if verdict["refused"] else "Succeeded"
    report = {"event": "deploy_check", "status": status, "deployment": event["DeploymentId"]}
    report |= verdict
    print(json.dumps(report), flush=True)
    boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=status,
    )
    return report


def _judge() -> Verdict:
    clock = Clock(monotonic, sleep, monotonic() + PATIENCE_S)
    try:
        client = boto3.client("lambda", config=Config(read_timeout=READ_TIMEOUT_S))
        live = partial(ask_version, client, os.environ["LIVE_VERSION"])
        new = partial(ask_version, client, os.environ["NEW_VERSION"])
        return compare_versions(live, new, read_events(EVENTS), clock)
    except Exception as error:  # noqa: BLE001 (a fault here must not let traffic over)
        return Verdict(refused=[f"the hook itself failed: {type(error).__name__}"])
