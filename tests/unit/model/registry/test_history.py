import re
from datetime import UTC, datetime, timedelta

import pytest

from model.errors import RegistryError
from model.registry.bucket import Bucket
from model.registry.history import (
    add_entry,
    mentioned_versions,
    previous_version,
    read_history,
    who_am_i,
)
from model.registry.registry import Registry


def change(before, after, action="publish"):
    return {"action": action, "from": before, "to": after}


def test_each_change_is_an_object_of_its_own(registry, bucket):
    add_entry(registry, change(None, "v1"))
    add_entry(registry, change("v1", "v2"))

    assert len(bucket) == 2
    assert all(
        re.fullmatch(r"models/history/\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}\.json", key) for key in bucket
    )
    assert [(entry["from"], entry["to"]) for entry in read_history(registry)] == [
        (None, "v1"),
        ("v1", "v2"),
    ]


def test_history_that_cannot_be_written_says_that_the_change_is_done(registry, bucket):
    bucket.failure = "AccessDenied"

    with pytest.raises(RegistryError, match="v2 is live, but history lacks it: bucket models: "):
        add_entry(registry, change("v1", "v2"))


UPWARDS = [change(None, "v1"), change("v1", "v2"), change("v2", "v3")]


@pytest.mark.parametrize(
    ("history", "live", "expected"),
    [
        ([], "v1", None),
        (UPWARDS[:1], "v1", None),
        (UPWARDS, "v3", "v2"),
        ([*UPWARDS, change("v3", "v2", "rollback")], "v2", "v1"),
        (
            [*UPWARDS, change("v3", "v2", "rollback"), change("v2", "v1", "rollback")],
            "v1",
            None,
        ),
        ([*UPWARDS, change("v3", "v1", "rollback"), change("v1", "v4")], "v4", "v1"),
        ([*UPWARDS, change("v3", "v1", "promote")], "v1", "v3"),
        (
            [*UPWARDS, *(change("v3", "v1"), change("v1", "v4"), change("v4", "v1", "rollback"))],
            "v1",
            "v3",
        ),
        (
            [
                *(change(None, "v1"), change("v1", "v3"), change("v3", "v2", "promote")),
                *(change("v2", "v4"), change("v4", "v1", "rollback")),
            ],
            "v1",
            None,
        ),
        ([*UPWARDS, change("v3", "v0", "rollback")], "v0", "v3"),
        (UPWARDS, "by-hand", "v3"),
    ],
    ids=[
        "no history",
        "first",
        "third",
        "rolled back once",
        "rolled back twice",
        "published after a roll-back",
        "promoted an old one",
        "rolled back to one that was live twice",
        "rolled back over an older one that was promoted",
        "rolled back to one that never was live",
        "live one put there by hand",
    ],
)
def test_version_before(history, live, expected):
    assert previous_version(history, live) == expected


def test_versions_of_the_last_days_are_those_replaced_and_put_live(registry, bucket):
    add_entry(registry, change(None, "v1"))
    add_entry(registry, change("v1", "v2"))
    first, second = sorted(bucket)
    now = datetime.now(UTC)
    bucket.date(first, now - timedelta(days=8))
    bucket.date(second, now - timedelta(days=6))

    assert mentioned_versions(registry, 9) == {"v1", "v2"}
    assert mentioned_versions(registry, 7) == {"v1", "v2"}
    assert mentioned_versions(registry, 5) == set()


@pytest.fixture
def local_registry(boto3_session):
    """A registry on an S3 of this machine's."""
    client = boto3_session.client("s3", endpoint_url="http://127.0.0.1:1")
    return Registry(Bucket(client, "models"))


def test_on_aws_it_is_whom_aws_knows(registry):
    assert who_am_i(registry) == "arn:aws:sts::123456789012:user/moto"  # moto's answer


def test_away_from_aws_it_is_this_machines_user(local_registry, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "ada")

    assert who_am_i(local_registry) == "ada"


def test_user_without_a_name_is_unknown(local_registry, monkeypatch):
    def fail():
        raise OSError("no username set in the environment")

    monkeypatch.setattr("getpass.getuser", fail)

    assert who_am_i(local_registry) == "unknown"
