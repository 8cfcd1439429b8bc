"""What-if on models as training exports them: outcomes are /predict's, fields a company's own."""

import json
from collections import Counter
from itertools import permutations, product

import pytest
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from inference.endpoints import predict, whatif
from inference.http_api.request import read_request
from inference.scoring.artifact import load_artifact
from model.export.model_file import build_artifact, serialize
from model.export.parity import to_records
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset

CUSTOMERS = 15
MOST_BY_CHANCE = 20  # rows expected of a pair; docs/artifact.md's limit is below for any table here
NEEDS_INTERNET = (
    *("OnlineSecurity", "OnlineBackup", "DeviceProtection"),
    *("TechSupport", "StreamingTV", "StreamingMovies"),
)
PERSONAL = {  # what no offer changes: of a telephone company's customers, of a bank's
    *("gender", "SeniorCitizen", "Partner", "Dependents", "tenure"),
    *("Geography", "Gender", "Age"),
}


@pytest.mark.parametrize(
    "classifier", [LogisticRegression(max_iter=2000), GradientBoostingClassifier()], ids=str
)
def test_changed_record_sent_to_predict_gives_the_same_number(small_table, fit, classifier):
    pipeline = fit(classifier, small_table)
    artifact = load_artifact(serialize(build_artifact(pipeline, small_table, range(400)), {}))
    changed_fields = set()

    for record in to_records(small_table.frame.iloc[:CUSTOMERS]):
        answer = ask(whatif, artifact, {"record": record, "limit": 100})
        records = [record, *(record | change["changes"] for change in answer["changes"])]
        again = ask(predict, artifact, {"records": records})
        outcomes = [answer, *answer["changes"]]
        assert [outcome["prediction"] for outcome in outcomes] == again["predictions"]
        assert [outcome["label"] for outcome in outcomes] == again["labels"]
        assert all(change["prediction"] < answer["prediction"] for change in answer["changes"])
        changed_fields.update(*(change["changes"] for change in answer["changes"]))

    assert changed_fields
    assert changed_fields.isdisjoint(PERSONAL)


def test_nothing_is_proposed_that_no_customer_had(customers, fit):
    """Whatever changes goes with all the rest, pair by pair, or is too rare to tell."""
    pipeline = fit(LogisticRegression(max_iter=2000), customers)
    frame = customers.frame
    body = serialize(build_artifact(pipeline, customers, range(len(frame))), {})
    artifact = load_artifact(body)
    names = [spec["name"] for spec in artifact.features if spec["kind"] == "category"]
    seen = {
        pair: Counter(zip(frame[pair[0]], frame[pair[1]], strict=True))
        for pair in permutations(names, 2)
    }

    for record in to_records(frame.iloc[:: len(frame) // CUSTOMERS]):
        for change in ask(whatif, artifact, {"record": record, "limit": 100})["changes"]:
            changed = record | change["changes"]
            for name, other in product(change["changes"], names):
                if name == other or seen[name, other][changed[name], changed[other]]:
                    continue
                shares = [(frame[n] == changed[n]).mean() for n in (name, other)]
                assert len(frame) * shares[0] * shares[1] < MOST_BY_CHANCE, (name, other)


def test_customer_without_internet_has_nothing_that_needs_it(telco_csv, fit):
    table = load_dataset(telco_csv, options=INFER_ALL)
    pipeline = fit(GradientBoostingClassifier(n_estimators=20, random_state=1), table)
    artifact = load_artifact(serialize(build_artifact(pipeline, table, range(7043)), {}))
    record, *_ = to_records(table.frame[table.frame["InternetService"] == "DSL"])

    asked = {"record": record, "fields": ["InternetService", "TechSupport"], "limit": 100}
    changes = ask(whatif, artifact, asked)["changes"]

    leaving = [change for change in changes if change["changes"].get("InternetService") == "No"]
    assert leaving
    for change in leaving:
        assert set(NEEDS_INTERNET) <= set(change["follows"])
        assert {change["changes"][name] for name in NEEDS_INTERNET} == {"No internet service"}
    others = [change for change in changes if change not in leaving]
    assert all("No internet service" not in change["changes"].values() for change in others)


def ask(endpoint, artifact, document):
    """Return the answer, through JSON as it travels."""
    response = endpoint.respond(read_request(json.loads(json.dumps(document))), lambda: artifact)
    return json.loads(response.body)
