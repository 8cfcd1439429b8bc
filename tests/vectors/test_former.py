"""Files of formats 1 and 2 answer as the function did when they were the newest, bit for bit."""

import json
import sys
from pathlib import Path

import pytest

from inference.columns.rows import score_rows
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records

FOLDER = Path(__file__).parent / "former"
FORMER = json.loads(FOLDER.joinpath("answers.json").read_text(encoding="utf-8"))
PYTHON = "3.12" if sys.version_info >= (3, 12) else "3.11"  # the later one loses less in a sum
NAMES = sorted(FORMER["probabilities"])
BLANKS = {None: ""}


@pytest.fixture(params=NAMES)
def former(request):
    """A model, and the former function's answers."""
    body = FOLDER.joinpath(f"{request.param}.model.json").read_bytes()
    return load_artifact(body), FORMER["probabilities"][request.param][PYTHON]


@pytest.mark.parametrize("times", [1, 4], ids=["by row", "by column"])
def test_a_batch_is_answered_as_formerly(former, times):
    artifact, expected = former

    assert score_records(artifact, FORMER["records"] * times).predictions == expected * times


def test_a_customer_alone_is_answered_as_formerly(former):
    artifact, expected = former

    answers = [score_records(artifact, [record]).predictions for record in FORMER["records"]]

    assert answers == [[probability] for probability in expected]


def test_a_table_is_answered_as_formerly(former):
    artifact, expected = former
    header = [*FORMER["records"][0]]
    rows = [[str(BLANKS.get(cell, cell)) for cell in r.values()] for r in FORMER["records"]]

    assert score_rows(artifact, header, rows).predictions == expected
