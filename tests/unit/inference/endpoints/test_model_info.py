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
    }


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
