import json

import pytest
from fake_s3 import Stored


def test_model_says_what_to_send_and_how_good_it_is(ask, document):
    status, _, answer = ask("GET", "/model")

    assert status == 200
    assert answer == {
        "version": "20261122T090000Z-0123456789ab",
        "kind": "linear",
        "target": "Churn",
        "labels": ["No", "Yes"],
        "threshold": 0.5,
        "id": "customerID",
        "features": document["schema"]["features"],
        "served": "LogisticRegression",
        "trained_at": "2026-11-22T09:00:00Z",
        "metrics": {"auc": 0.84},
        "monitoring": None,
    }


def test_what_the_monitor_found_last_is_told(ask, s3, document):
    version = document["training_meta"]["version"]
    found = {"customers": 5_000, "verdict": "like_training", "fields": [], "estimates": None}
    state = {"day": "2026-11-24", "versions": {version: found}}
    s3.others["monitoring/state.json"] = Stored(json.dumps(state).encode())

    told = ask("GET", "/model")[2]["monitoring"]

    known = {"day": "2026-11-24", "model_version": version} | found
    assert {name: told[name] for name in known} == known


@pytest.mark.parametrize(
    ("stored", "events"),
    [
        (Stored(None), []),
        (Stored(None, error=(403, "AccessDenied")), ["state_unread"]),
        (Stored(b"half"), ["state_unread"]),
    ],
    ids=["none", "not allowed", "damaged"],
)
def test_state_that_cannot_be_read_is_null_and_no_fault(ask, s3, capsys, stored, events):
    s3.others["monitoring/state.json"] = stored

    status, _, answer = ask("GET", "/model")

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (status, answer["monitoring"]) == (200, None)
    assert [line["event"] for line in lines if "event" in line] == events
    assert not any({"fault", "RefreshFailures"} & line.keys() for line in lines[-1:])


def test_nothing_but_get_model_looks_for_the_state(ask, s3, record):
    for _ in range(3):
        ask(body={"records": [record]})
    ask("POST", "/whatif", {"record": record})
    ask("GET", "/health")

    assert "state.json" not in " ".join(s3.requests)


def test_models_own_economics_are_told(ask, document, pack, s3):
    document["schema"]["economics"] = {"value": 600, "cost": 50, "success": 0.3}
    s3.stored.body = pack(document)

    assert ask("GET", "/model")[2]["economics"] == {"value": 600, "cost": 50, "success": 0.3}


def test_nothing_else_of_the_training_is_told(ask, document, pack, s3):
    document["training_meta"]["data"] = {"name": "customers.csv"}
    s3.stored.body = pack(document)

    assert "data" not in ask("GET", "/model")[2]


def test_first_versions_model_is_described_as_far_as_it_goes(ask, document, pack, s3):
    s3.stored.body = pack({"artifact": document["artifact"]})

    answer = ask("GET", "/model")[2]

    assert (answer["version"], answer["target"], answer["id"]) == ("unversioned", None, None)
    assert answer["features"][0] == {"name": "tenure", "kind": "number", "blank": 29.0}
    assert "metrics" not in answer
