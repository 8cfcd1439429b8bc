"""The AWS session of all commands: credentials, profile and region from the environment."""

import os
from typing import Any

REGION_HELP = "set AWS_DEFAULT_REGION or AWS_REGION, or give the profile a region"


def open_session() -> Any:
    """Return a boto3 session, which also takes AWS_REGION for a region; nothing is asked yet.

    boto3 and SAM know AWS_DEFAULT_REGION and profiles only, Lambda and CloudShell set AWS_REGION.
    The order is boto3's, with AWS_REGION before the profile's region.

    Raises:
        botocore.exceptions.ProfileNotFound: AWS_PROFILE names none.
    """
    import boto3

    region = os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION")
    return boto3.Session(region_name=region or None)
