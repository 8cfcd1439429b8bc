"""`sam local start-api` with a warm container: real HTTP, Lambda's own Python, S3 beside it."""

import concurrent.futures
import csv
import io
import json
import math
from pathlib import Path

import pytest
from rehearsed.checks import check_page

from inference.endpoints.predict import respond
from inference.http_api.request import read_request
from inference.scoring.artifact import load_artifact
from model.local.environment import put_model

EVENTS = Path(__file__).parents[2] / "events"
TOLERANCE = 1e-12  # the project's promise; sums in another order differ by less
JSON = {"content-type": "application/json"}
CSV = {"content-type": "text/csv", "accept": "text/csv"}
CLIENTS = 50


@pytest.fixture
def api(sam_api, s3_url, trees):
    """The API, with the tree model live."""
    put_model(s3_url, trees.path)
    return sam_api


@pytest.fixture
def request_body():
    """A /predict body of one record."""
    return read_body("predict_one_ok")


def read_body(name):
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))["body"]


def predict(api, body, headers=JSON):
    """Return version and probabilities of an answer, which must be a 200."""
    status, names, answer = api.ask("POST", "/predict", body.encode(), headers)
    assert status == 200, answer
    return names["x-model-version"], json.loads(answer)["predictions"]


def expected(model, body):
    """Return version and probabilities as scikit-learn has them."""
    probabilities = [model.probability(record) for record in json.loads(body)["records"]]
    return model.version, pytest.approx(probabilities, rel=0, abs=TOLERANCE)


def approximate(value):
    """Return an answer with its numbers as approximations: other Pythons add up otherwise."""
    if isinstance(value, dict):
        return {name: approximate(member) for name, member in value.items()}
    if isinstance(value, list):
        return [approximate(member) for member in value]
    is_float = isinstance(value, float)
    return pytest.approx(value, rel=TOLERANCE, abs=TOLERANCE) if is_float else value


@pytest.mark.parametrize("name", ["predict_one_ok", "predict_batch_ok", "blank_total_charges_ok"])
def test_probabilities_are_scikit_learns(api, trees, name):
    body = read_body(name)

    assert predict(api, body) == expected(trees, body)


def test_csv_scores_like_json(api, trees):
    body = read_body("csv_ok")

    status, names, answer = api.ask("POST", "/predict", body.encode(), CSV)

    scored = [
        float(row["churn_probability"]) for row in csv.DictReader(io.StringIO(answer.decode()))
    ]
    rows = list(csv.DictReader(io.StringIO(body)))
    assert (status, names["content-type"].partition(";")[0]) == (200, "text/csv")
    assert scored == pytest.approx([trees.probability(row) for row in rows], rel=0, abs=TOLERANCE)


def test_reasons_and_economics_answer_as_the_handler_does(api, trees):
    body = read_body("economics_ok").replace('"economics"', '"reasons": 19, "economics"')
    artifact = load_artifact(trees.path.read_bytes())

    status, _, answer = api.ask("POST", "/predict", body.encode(), JSON)

    here = respond(read_request(json.loads(body)), lambda: artifact)
    told = json.loads(answer)
    assert status == 200
    assert told == approximate(json.loads(here.body))
    assert [sum(r["effect"] for r in reasons) + told["base"] for reasons in told["reasons"]] == [
        pytest.approx(math.log(p / (1 - p)), rel=0, abs=1e-9) for p in told["predictions"]
    ]


def test_what_if_leads_where_predict_says(api):
    body = json.loads(read_body("whatif_ok"))

    status, _, answer = api.ask("POST", "/whatif", json.dumps(body).encode(), JSON)

    told = json.loads(answer)
    changed = [body["record"] | change["changes"] for change in told["changes"]]
    _, predictions = predict(api, json.dumps({"records": [body["record"], *changed]}))
    assert (status, len(changed)) == (200, 20)
    assert [
        told["prediction"],
        *(change["prediction"] for change in told["changes"]),
    ] == predictions


@pytest.mark.parametrize(
    ("name", "status"),
    [("not_json_400", 400), ("missing_records_400", 400), ("misspelt_field_422", 422)],
)
def test_unusable_request_is_told_why(api, name, status):
    answered, _, answer = api.ask("POST", "/predict", read_body(name).encode(), JSON)

    assert (answered, type(json.loads(answer)["error"])) == (status, str)


def test_other_content_type_is_refused(api, request_body):
    status, _, answer = api.ask("POST", "/predict", request_body.encode(), {"content-type": "a/b"})

    assert (status, list(json.loads(answer))) == (415, ["error"])


def test_health_names_the_live_version(api, trees):
    status, _, answer = api.ask("GET", "/health")

    assert (status, json.loads(answer)) == (200, {"status": "ok", "version": trees.version})


@pytest.mark.parametrize("path", ["/model", "/openapi.json"])
def test_description_is_served(api, path):
    status, names, answer = api.ask("GET", path)

    assert (status, names["content-type"]) == (200, "application/json")
    assert json.loads(answer)


def test_page_is_served_with_its_model(api, trees):
    assert check_page(api.url, trees.path.read_bytes()) == []


def test_newer_model_takes_over_and_back_in_a_warm_container(
    api, s3_url, linear, trees, request_body
):
    before = predict(api, request_body)
    put_model(s3_url, linear.path)
    after = predict(api, request_body)
    put_model(s3_url, trees.path)
    again = predict(api, request_body)

    assert after == expected(linear, request_body)
    assert again == before == expected(trees, request_body)


def test_corrupt_model_leaves_the_last_good_one_serving(api, s3_url, trees, request_body, tmp_path):
    predict(api, request_body)
    corrupt = tmp_path / "corrupt.json"
    corrupt.write_bytes(trees.path.read_bytes().replace(b"0.5", b"0.6", 1))

    put_model(s3_url, corrupt)

    assert predict(api, request_body) == expected(trees, request_body)


def test_fifty_clients_at_once_all_get_their_answer(api, trees, request_body):
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(lambda _: predict(api, request_body), range(CLIENTS)))

    assert answers == [expected(trees, request_body)] * CLIENTS
