"""The names in model/paths.py are those that function, stack and Makefile state themselves."""

import re
from pathlib import Path

import app
from model.paths import ARTIFACT, MODEL_KEY

ROOT = Path(__file__).parents[2]


def test_function_reads_the_key_that_publish_writes(template):
    assert app.DEFAULT_MODEL_KEY == MODEL_KEY
    assert template["Parameters"]["ModelKey"]["Default"] == MODEL_KEY


def test_make_knows_the_model_file_of_a_training():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    variables = dict(re.findall(r"^(\w+) := (.*)$", makefile, re.M))

    assert variables["ARTIFACT"].replace("$(BUILD)", variables["BUILD"]) == str(ARTIFACT)
