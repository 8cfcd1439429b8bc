"""The page's own reader of model files: held to the vectors, and to scikit-learn on every row."""

import json
from pathlib import Path

import numpy as np
import pytest

VECTORS = Path(__file__).parents[2] / "vectors"
NAMES = sorted(path.name.removesuffix(".model.json") for path in VECTORS.glob("*.model.json"))
TOLERANCE = 1e-12  # what docs/artifact.md asks of any reader
EFFECT_TOLERANCE = 1e-9
LIMIT = 3  # changes of one field that a vector's case lists, and of two
READ = """async ([text, records]) => {
    const { loadModel } = modules["scoring/model_file.js"];
    const { compileRecords } = modules["scoring/records.js"];
    const model = await loadModel(text);
    const { row, encode } = compileRecords(model.features);
    const answers = records.map((record) => {
        const errors = [];
        encode((place) => record[model.features[place].name], errors, []);
        if (errors.length) return { errors };
        const effects = new Float64Array(model.features.length);
        model.explain?.(row, effects);
        return { probability: model.predict(row), effects: [...effects] };
    });
    return { answers, base: model.explain ? model.getBase() : null };
}"""


@pytest.mark.parametrize("name", NAMES)
def test_vectors_come_out_as_the_libraries_say(page, name):
    text = (VECTORS / f"{name}.model.json").read_text("utf-8")
    expected = json.loads((VECTORS / f"{name}.cases.json").read_text("utf-8"))
    cases = expected["cases"]

    read = page.evaluate(READ, [text, [case["record"] for case in cases]])

    probabilities = [answer["probability"] for answer in read["answers"]]
    assert probabilities == pytest.approx([case["probability"] for case in cases], abs=TOLERANCE)
    explained = [index for index, case in enumerate(cases) if "effects" in case]
    for index in explained:
        effects = read["answers"][index]["effects"]
        assert effects == pytest.approx(cases[index]["effects"], abs=EFFECT_TOLERANCE)
    if explained:
        assert read["base"] == pytest.approx(expected["base"], abs=EFFECT_TOLERANCE)


CHANGE = """async ([text, records, limit]) => {
    const { loadModel } = modules["scoring/model_file.js"];
    const { compileRecords } = modules["scoring/records.js"];
    const { findChanges } = modules["scoring/what_if.js"];
    const model = await loadModel(text);
    const { row, encode } = compileRecords(model.features);
    return records.map((record) => {
        encode((place) => record[model.features[place].name], [], []);
        return findChanges(model, row, limit);
    });
}"""


def test_changes_are_those_that_the_table_allows(page):
    text = (VECTORS / "services.model.json").read_text("utf-8")
    cases = json.loads((VECTORS / "services.cases.json").read_text("utf-8"))["cases"]

    found = page.evaluate(CHANGE, [text, [case["record"] for case in cases], LIMIT])

    for case, proposals in zip(cases, found, strict=True):
        assert {
            (
                round(proposal["probability"], 12),
                tuple((change["field"], change["value"]) for change in proposal["changes"]),
                tuple(change["field"] for change in proposal["changes"] if change["follows"]),
            )
            for proposal in proposals
        } == {
            (
                round(change["probability"], 12),
                tuple(change["changes"].items()),
                tuple(change["follows"]),
            )
            for change in case["changes"]
        }, case["why"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"apart":[[[', '"apart":[[[99,'),
        ('"ranges":[[1', '"ranges":[[2'),
        ("true,[[", "true,[[99,1],["),
    ],
    ids=["no category", "no number", "no category beside a number"],
)
def test_file_whose_companions_are_not_there_is_refused(page, old, new):
    text = (VECTORS / "services.model.json").read_text("utf-8")
    changed = text.partition(",")[2].replace(old, new, 1)

    message = page.evaluate(
        """(text) => modules["scoring/model_file.js"].loadModel(text).catch((e) => e.message)""",
        "{" + changed,
    )

    assert message == "The model file says nonsense about what goes together."


@pytest.mark.parametrize(
    "name", ["HistGradientBoostingClassifier", "LogisticRegression", "GradientBoostingClassifier"]
)
def test_every_row_of_the_table_is_scored_as_by_scikit_learn(page, dataset, fitted, name):
    pipeline, text = fitted[name]
    expected = pipeline.predict_proba(dataset.frame)[:, 1]
    frame = dataset.frame.astype(object)
    records = frame.where(frame.notna(), None).to_dict("records")

    read = page.evaluate(READ, [text, records])

    probabilities = np.array([answer["probability"] for answer in read["answers"]])
    assert np.abs(probabilities - expected).max() <= TOLERANCE


def test_file_that_was_changed_is_refused(page, model_text):
    changed = model_text.replace('"threshold":0.5', '"threshold":0.4', 1)

    message = page.evaluate(
        """(text) => modules["scoring/model_file.js"].loadModel(text).catch((e) => e.message)""",
        changed,
    )

    assert changed != model_text
    assert message == "The model file was changed or cut off on its way here."


def test_sigmoid_never_overflows(page):
    values = page.evaluate("[-1e4, 0, 1e4].map(modules['scoring/model_file.js'].sigmoid)")

    assert values == [0, 0.5, 1]
