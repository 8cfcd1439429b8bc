"""What-if on models as training exports them: outcomes are /predict's, fields a company's own."""

import json

import pytest
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from inference.endpoints import predict, whatif
from inference.http_api.request import read_request
from inference.scoring.artifact import load_artifact
from model.export.model_file import build_artifact, serialize
from model.export.parity import to_records

CUSTOMERS = 15
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


def ask(endpoint, artifact, document):
    """Return the answer, through JSON as it travels."""
    response = endpoint.respond(read_request(json.loads(json.dumps(document))), lambda: artifact)
    return json.loads(response.body)
