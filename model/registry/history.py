"""Who put which version live, when and why: one new object per change, never rewritten."""

import getpass
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from model.aws_session import open_session
from model.errors import RegistryError
from model.registry.bucket import is_on_aws, list_objects, read_object, write_new
from model.registry.registry import JSON, Registry

Entry = dict[str, Any]  # when, by, action, from, to, why, forced, gate

_READERS = 8  # entries fetched at once
_TIME = "%Y%m%dT%H%M%S.%fZ"
_STS_TIMEOUT_S = 3


def add_entry(registry: Registry, entry: Entry) -> Entry:
    """Write one change to the history; return it with its time.

    Raises:
        RegistryError: it couldn't be written; says that the change itself is done.
    """
    now = datetime.now(UTC)
    complete = {"when": now.isoformat(timespec="milliseconds")} | entry
    key = f"{registry.history_prefix}{now.strftime(_TIME)}-{secrets.token_hex(4)}.json"
    try:
        write_new(registry.bucket, key, json.dumps(complete, indent=1).encode(), JSON)
    except RegistryError as error:
        raise RegistryError(f"{entry['to']} is live, but history lacks it: {error}") from error
    return complete


def read_history(registry: Registry, *, since: datetime | None = None) -> list[Entry]:
    """Return the changes, oldest first; with `since` only those after it."""
    listed = list_objects(registry.bucket, registry.history_prefix)
    keys = [item.key for item in listed if since is None or item.modified >= since]
    with ThreadPoolExecutor(_READERS) as pool:
        stored = list(pool.map(lambda key: read_object(registry.bucket, key), keys))
    return [json.loads(found.body) for found in stored if found is not None]


def previous_version(history: list[Entry], live: str) -> str | None:
    """Return the version that was live before the live one, or None where history knows none.

    A roll-back undoes: after v1, v2, v3 and a roll-back to v2, the one before is v1, not v3.
    """
    before: list[str] = []
    current: str | None = None
    for entry in history:
        if entry["action"] == "rollback" and entry["to"] in before:
            while before.pop() != entry["to"]:
                pass
        elif entry["from"] and entry["from"] != entry["to"]:
            before.append(entry["from"])
        current = entry["to"]
    if current != live:  # the live one was put there by other means
        return current
    return before[-1] if before else None


def mentioned_versions(registry: Registry, days: float) -> set[str]:
    """Return the versions that went live or were replaced in the last days."""
    since = datetime.now(UTC) - timedelta(days=days)
    history = read_history(registry, since=since)
    return {entry[end] for entry in history for end in ("from", "to") if entry[end]}


def who_am_i(registry: Registry) -> str:
    """Return the AWS identity of the credentials, else the name of this machine's user."""
    if is_on_aws(registry.bucket):
        arn = _caller_arn()
        if arn:
            return arn
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a user name
        return "unknown"


def _caller_arn() -> str | None:
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    once = Config(
        connect_timeout=_STS_TIMEOUT_S,
        read_timeout=_STS_TIMEOUT_S,
        retries={"total_max_attempts": 1},
    )
    try:
        return open_session().client("sts", config=once).get_caller_identity()["Arn"]
    except (BotoCoreError, ClientError):
        return None
