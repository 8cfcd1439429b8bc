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
MOST_BEYOND = 0.05  # of all customers, whom a range in the model file may pass over
MOST_BY_CHANCE = 20  # rows expected of a pair; docs/artifact.md's limit is below for any table here
NEEDS_INTERNET = (
    *("OnlineSecurity", "OnlineBackup", "DeviceProtection"),
    *("TechSupport", "StreamingTV", "StreamingMovies"),
)
MOST_WITHOUT_INTERNET = 26.9  # dollars a month that any of IBM's customers pays
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
            for name, other in product(names, names):
                if name not in change["changes"] or name == other:
                    continue
                if seen[name, other][changed[name], changed[other]]:
                    continue
                shares = [(frame[n] == changed[n]).mean() for n in (name, other)]
                assert len(frame) * shares[0] * shares[1] < MOST_BY_CHANCE, (name, other)


def test_no_number_is_proposed_that_no_customer_had_beside_a_category(customers, fit):
    """Or hardly anybody has such a number at all, or the category is too rare to tell."""
    pipeline = fit(LogisticRegression(max_iter=2000), customers)
    frame = customers.frame
    body = serialize(build_artifact(pipeline, customers, range(len(frame))), {})
    artifact = load_artifact(body)
    names = customers.categorical
    moved = 0

    for record in to_records(frame.iloc[:: len(frame) // CUSTOMERS]):
        for change in ask(whatif, artifact, {"record": record, "limit": 100})["changes"]:
            changed = record | change["changes"]
            moved += bool(set(customers.numeric) & set(change.get("follows", ())))
            for name, other in product(customers.numeric, names):
                if {name, other}.isdisjoint(change["changes"]) or changed[name] is None:
                    continue
                having = frame.loc[frame[other] == changed[other], name]
                low, high = sorted((having.min(), having.max(), float(changed[name])))[::2]
                passed_over = frame[name].between(low, high) & ~frame[name].between(
                    having.min(), having.max()
                )
                by_chance = passed_over.sum() * len(having) / len(frame)
                assert passed_over.mean() < MOST_BEYOND or by_chance < MOST_BY_CHANCE, (name, other)

    assert bool(moved) == ("MonthlyCharges" in customers.numeric and len(frame) == 7043)


def test_customer_without_internet_has_nothing_that_needs_it(telco_csv, fit):
    table = load_dataset(telco_csv, options=INFER_ALL)
    pipeline = fit(GradientBoostingClassifier(n_estimators=20, random_state=1), table)
    artifact = load_artifact(serialize(build_artifact(pipeline, table, range(7043)), {}))
    dsl = table.frame[table.frame["InternetService"] == "DSL"]
    record, *_ = to_records(dsl[dsl["TotalCharges"] < 1_000])  # who has no internet paid no more

    asked = {"record": record, "fields": ["InternetService", "TechSupport"], "limit": 100}
    changes = ask(whatif, artifact, asked)["changes"]

    leaving = [change for change in changes if change["changes"].get("InternetService") == "No"]
    assert leaving
    for change in leaving:
        assert set(NEEDS_INTERNET) <= set(change["follows"])
        assert {change["changes"][name] for name in NEEDS_INTERNET} == {"No internet service"}
        assert change["changes"]["MonthlyCharges"] <= MOST_WITHOUT_INTERNET
    others = [change for change in changes if change not in leaving]
    assert all("No internet service" not in change["changes"].values() for change in others)


def ask(endpoint, artifact, document):
    """Return the answer, through JSON as it travels."""
    response = endpoint.respond(read_request(json.loads(json.dumps(document))), lambda: artifact)
    return json.loads(response.body)
