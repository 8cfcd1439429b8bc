"""`sam local invoke`: each event, in Lambda's own Python, against scikit-learn."""

import base64
import csv
import io
import json
import re
from pathlib import Path

import pytest

from model.errors import ModelError
from model.local.environment import put_model
from model.local.invocations import invoke_all

EVENTS = sorted((Path(__file__).parents[2] / "events").glob("*.json"))
# Answers of other shapes.
UNSCORED = ("health_ok", "model_file_ok", "model_ok", "openapi_ok", "page_ok", "whatif_ok")
SCORED = [path for path in EVENTS if not path.stem[-1].isdigit() and path.stem not in UNSCORED]
TOLERANCE = 1e-12  # the project's promise; sums in another order differ by less


@pytest.fixture(scope="module")
def answers(local_stack, s3_url, trees):
    """What the function answers to each event."""
    put_model(s3_url, trees.path)
    return {item.event: item.answer for item in invoke_all(local_stack, EVENTS)}


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_event_gets_the_answer_that_its_name_says(answers, path):
    answer = json.loads(answers[path])

    assert answer["statusCode"] == expected_status(path)
    assert set(answer["headers"]) >= {"content-type", "x-request-id"}


@pytest.mark.parametrize("path", SCORED, ids=lambda path: path.stem)
def test_probabilities_are_scikit_learns(answers, trees, path):
    records = read_records(json.loads(path.read_text(encoding="utf-8")))

    answer = json.loads(answers[path])

    assert answer["headers"]["x-model-version"] == trees.version
    assert read_probabilities(answer) == [expected(trees, record) for record in records]


def test_event_that_isnt_there_is_told_in_sams_words(local_stack, tmp_path):
    path = tmp_path / "none.json"

    with pytest.raises(ModelError) as caught:
        list(invoke_all(local_stack, [path]))

    told = str(caught.value)
    assert told.startswith(f"sam local invoke failed for {path}\n")
    assert "No such file" in told


def expected_status(path):
    """Return the status that an event's name ends with; a word stands for 200."""
    status = path.stem.rpartition("_")[2]
    return int(status) if status.isdigit() else 200


def read_records(event):
    """Return the records of a /predict event, however they are packed."""
    if "records" in event:
        return event["records"]
    body = event["body"]
    if event["isBase64Encoded"]:
        body = base64.b64decode(body).decode()
    if event["headers"]["content-type"].startswith("text/csv"):
        return list(csv.DictReader(io.StringIO(body)))
    return json.loads(body)["records"]


def read_probabilities(answer):
    """Return the probabilities of an answer, JSON or CSV; None for what couldn't be scored."""
    if answer["headers"]["content-type"].startswith("text/csv"):
        rows = csv.DictReader(io.StringIO(answer["body"]))
        return [float(row["churn_probability"]) for row in rows]
    return json.loads(answer["body"])["predictions"]


def expected(model, record):
    """Return scikit-learn's probability, or None where a record lacks a readable field."""
    if not all(is_readable(model, record, name) for name in model.dataset.frame.columns):
        return None
    return pytest.approx(model.probability(record), rel=0, abs=TOLERANCE)


def is_readable(model, record, name):
    value = record.get(name, "absent")
    if name not in model.dataset.numeric:
        return value != "absent"
    return value is None or bool(re.fullmatch(r"\s*|-?[\d.]+", str(value)))
