import json

from model.outcomes.ledger import (
    keep_in_bucket,
    keep_in_folder,
    read_last_looks,
    read_looks,
    read_looks_of_folder,
)

KEY = "monitoring/outcomes/v1/2026-11.json"


def make_look(version="v1", period="2026-11", **more):
    return {"model_version": version, "period": period, **more}


def test_look_has_a_place_by_version_and_period(registry, bucket):
    address = keep_in_bucket(registry.bucket, make_look())

    assert address == f"s3://models/{KEY}"
    assert {key: json.loads(body) for key, body in bucket.items()} == {KEY: make_look()}


def test_later_look_at_the_same_period_takes_its_place(registry, bucket):
    keep_in_bucket(registry.bucket, make_look(customers=100))
    keep_in_bucket(registry.bucket, make_look(customers=900))

    assert [json.loads(body) for body in bucket.values()] == [make_look(customers=900)]


def test_looks_come_back_by_version_and_period(registry):
    looks = [make_look(*place) for place in (("v1", "2026-10"), ("v1", "2026-11"), ("v2", "2025"))]
    for look in reversed(looks):
        keep_in_bucket(registry.bucket, look)

    assert read_looks(registry.bucket, "v1") == looks[:2]
    assert read_last_looks(registry.bucket) == {"v1": looks[1], "v2": looks[2]}
    assert read_looks(registry.bucket, "v") == []


def test_folder_keeps_them_alike(tmp_path):
    path = keep_in_folder(tmp_path, make_look())
    keep_in_folder(tmp_path, make_look("v2"))

    assert path == str(tmp_path / KEY)
    assert read_looks_of_folder(tmp_path, "v1") == [make_look()]
    assert read_looks_of_folder(tmp_path / "none", "v1") == []
