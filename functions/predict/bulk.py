"""Lambda's entry points for bulk runs, each a step of the state machine with a role of its own."""

import os
from collections.abc import Callable
from functools import cache, wraps

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from inference.bulk.errors import BulkError, FaultError
from inference.bulk.join import clean_run, join_run
from inference.bulk.plan import plan_run
from inference.bulk.storage import Bucket
from inference.bulk.worker import score_part
from inference.telemetry import describe_fault

CONNECTIONS = 32  # at once, by the step that looks at many objects
ATTEMPTS = 5  # of each request to S3, after which the state machine tries the step again

Step = Callable[[dict, object], object]


def _tell_faults(step: Step) -> Step:
    """Return the step with errors that say what and where, but hold nothing of the data."""

    @wraps(step)
    def call(event: dict, context: object) -> object:
        try:
            return step(event, context)
        except BulkError:
            raise
        except ClientError as error:
            fault = f"S3 answered {error.response['Error']['Code']} to {error.operation_name}"
        except BotoCoreError as error:
            fault = f"S3 can't be reached ({type(error).__name__})"
        except Exception as error:  # noqa: BLE001 (a message may hold a customer's value)
            fault = "; ".join(describe_fault(error))
        raise FaultError(fault)

    return call


@_tell_faults
def plan(event: dict, _context: object) -> object:
    """Return what `plan_run` does; the event has `run` and `request`."""
    workers = int(os.environ["BULK_WORKERS"])
    key = os.environ["MODEL_KEY"]
    return plan_run(_bulk(), _models(), event, model_key=key, workers=workers)


@_tell_faults
def score(event: dict, _context: object) -> object:
    """Return the number of the part that was scored; the event is an item of the plan."""
    return score_part(_bulk(), _models(), event)


@_tell_faults
def join(event: dict, _context: object) -> object:
    """Return what `join_run` or, without `results`, `clean_run` does."""
    if "results" in event:
        return join_run(_bulk(), event["run"], event["results"])
    return clean_run(_bulk(), event["run"], event.get("failure"))


def _bulk() -> Bucket:
    return Bucket(_connect(), os.environ["BULK_BUCKET"])


def _models() -> Bucket:
    return Bucket(_connect(), os.environ["MODEL_BUCKET"])


@cache
def _connect() -> object:
    config = Config(
        max_pool_connections=CONNECTIONS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or None
    return boto3.client("s3", endpoint_url=endpoint, config=config)
