"""What a run leaves for the monitor: counts of all its customers, or nothing."""

import json

import pytest

from inference.bulk.join import join_run
from inference.bulk.plan import plan_run
from inference.bulk.worker import score_part
from inference.monitoring.counts import Counts
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records

HEADER = "customerID,tenure,charges,contract,paperless\r\n"


@pytest.fixture
def document(counted_document):
    return counted_document


def make_row(place):
    contract = ("Month-to-month", "Two year", "Weekly")[place % 3]
    charges = "" if place % 50 == 7 else f"{20 + place / 10}"
    return {
        "customerID": f"C{place}",
        "tenure": str(place % 73),
        "charges": charges,
        "contract": contract,
        "paperless": "Yes" if place % 2 else "No",
    }


def write(rows):
    return (HEADER + "".join(",".join(row.values()) + "\r\n" for row in rows)).encode()


@pytest.fixture
def count_run(bucket, models, put):
    """Return the function that runs a table and returns the object of counts, None without one."""

    def call(body):
        put("may.csv", body)
        event = {"run": "may", "request": {"input": "in/may.csv"}}
        planned = plan_run(bucket, models, event, model_key="models/live.json", workers=4)
        items = json.loads(
            bucket.client.get_object(Bucket=bucket.name, Key=planned["items"]["key"])["Body"].read()
        )
        results = [{"part": score_part(bucket, models, item)} for item in items]
        join_run(bucket, "may", results)
        found = bucket.client.list_objects_v2(Bucket=bucket.name, Prefix="counts/")
        keys = [entry["Key"] for entry in found.get("Contents", ())]
        if not keys:
            return None
        assert keys == ["counts/may.json"]
        answer = bucket.client.get_object(Bucket=bucket.name, Key=keys[0])
        return json.loads(answer["Body"].read())

    return call


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of some 300 customers."""
    monkeypatch.setattr("inference.bulk.plan.RANGE_BYTES", 10_000)
    monkeypatch.setattr("inference.bulk.storage.BLOCK_BYTES", 700)


def count_apart(artifact, rows):
    counts = Counts(artifact)
    for row, score in zip(rows, score_records(artifact, rows).predictions, strict=True):
        counts.add_record(row, score)
    return counts.to_json()


def test_all_customers_of_a_run_are_counted(count_run, document, pack):
    artifact = load_artifact(pack(document))
    rows = [make_row(place) for place in range(700)]

    counted = count_run(write(rows))

    about = {"event": "customer_counts", "model_version": artifact.version}
    assert counted == about | count_apart(artifact, rows)


def test_rows_that_cannot_be_scored_are_not_counted(count_run, document, pack):
    artifact = load_artifact(pack(document))
    rows = [make_row(place) for place in range(300)]
    bad = [{**make_row(900), "tenure": "soon"}, {"customerID": "C901", "tenure": "3"}]
    quoted = {**make_row(902), "contract": '"Two year"'}

    counted = count_run(write([*rows, *bad, quoted]))

    good = [*rows, {**make_row(902), "contract": "Two year"}]
    assert counted["customers"] == 301
    assert counted["features"] == count_apart(artifact, good)["features"]


@pytest.mark.usefixtures("small_parts")
def test_parts_without_a_row_that_can_be_scored_count_nobody(count_run, document, pack):
    rows = [make_row(place) for place in range(300)]
    bad = [{**make_row(place), "tenure": "soon"} for place in range(300, 1_000)]

    counted = count_run(write([*rows, *bad]))

    assert counted["customers"] == 300
    artifact = load_artifact(pack(document))
    assert counted["features"] == count_apart(artifact, rows)["features"]


def test_few_customers_leave_no_counts(count_run):
    assert count_run(write([make_row(place) for place in range(99)])) is None


def test_one_customer_many_times_leaves_no_counts(count_run):
    assert count_run(write([make_row(5)] * 3_000)) is None


def test_a_model_without_a_reference_leaves_no_counts(count_run, models, document, pack):
    del document["reference"]
    models.client.put_object(Bucket="models", Key="models/live.json", Body=pack(document))

    assert count_run(write([make_row(place) for place in range(300)])) is None


@pytest.mark.usefixtures("small_parts")
def test_parts_add_up(count_run, keys, document, pack):
    artifact = load_artifact(pack(document))
    rows = [make_row(place) for place in range(1_000)]

    counted = count_run(write(rows))

    parts = [key for key in keys("work/may/parts/") if key.endswith(".json")]
    apart = count_apart(artifact, rows)
    assert len(parts) > 1
    assert {name: counted[name] for name in apart} == apart


@pytest.mark.usefixtures("small_parts")
def test_a_part_of_few_customers_is_left_out(count_run, keys):
    flood = [make_row(5)] * 1_000

    counted = count_run(write([make_row(place) for place in range(200)] + flood))

    assert len([key for key in keys("work/may/parts/") if key.endswith(".json")]) > 2
    assert 200 <= counted["customers"] <= 210
