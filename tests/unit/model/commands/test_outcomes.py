"""From two files to what is printed and kept; without a bucket here."""

import json

import numpy as np
import pytest

from model.__main__ import main

CUSTOMERS = 600


@pytest.fixture
def model(model_file, tmp_path):
    path = tmp_path / "model.json"
    path.write_bytes(model_file(1))
    return path


@pytest.fixture
def version(model):
    return json.loads(model.read_bytes())["training_meta"]["version"]


@pytest.fixture
def files(tmp_path, monkeypatch, version):
    """The flags that name scores, outcomes and summary; run in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MODEL_BUCKET", raising=False)
    generator = np.random.default_rng(2)
    probability = generator.beta(0.8, 2.2, CUSTOMERS)
    left = generator.random(CUSTOMERS) < probability
    called = generator.random(CUSTOMERS) < 0.4
    scored = [f"c{row},{p},{int(p >= 0.5)}," for row, p in enumerate(probability)]
    truth = [
        f"c{row},{'Yes' if gone else 'No'},{'x' if row == 7 else int(offer)}"
        for row, (gone, offer) in enumerate(zip(left, called, strict=True))
    ]
    header = "customerID,churn_probability,churn_label,error"
    (tmp_path / "scored.csv").write_text("\n".join([header, *scored]))
    (tmp_path / "later.csv").write_text("\n".join(["customerID,Churn,called", *truth[:-1]]))
    (tmp_path / "summary.json").write_text(json.dumps({"model_version": version}))
    return ["--scored", "scored.csv", "--truth", "later.csv"]


def run(capsys, *words):
    status = main(["outcomes", *map(str, words)])
    return status, *capsys.readouterr()


def test_what_came_true_is_printed_and_kept(files, model, version, tmp_path, capsys):
    status, out, err = run(capsys, *files, "--model", model, "--period", "2026-10")
    _, document, _ = run(capsys, *files, "--model", model, "--period", "2026-10", "--json")

    place = tmp_path / f"build/monitoring/outcomes/{version}/2026-10.json"
    kept = json.loads(place.read_text())
    assert status == 0
    assert out.splitlines()[:2] == [
        f"Model {version}, period 2026-10",
        "599 of 600 scored customers joined; 1 scored, but without an outcome",
    ]
    assert out.splitlines()[-1] == f"Kept: {place.relative_to(tmp_path)}"
    assert err.startswith("note: nobody says which customers were made an offer")
    assert json.loads(document) == kept
    assert kept["groups"]["all"]["customers"] == 599


def test_nothing_of_one_customer_is_kept(files, model, capsys):
    _, document, _ = run(capsys, *files, "--model", model, "--json")

    look = json.loads(document)
    groups = look["groups"]["all"]["calibration"]
    assert not any(f"c{row}" in document for row in range(CUSTOMERS))
    assert min(group["customers"] for group in groups) >= 100


def test_summary_says_which_model_scored(files, model, version, tmp_path, capsys):
    build = tmp_path / "build/telco_churn_light.json"
    build.parent.mkdir()
    build.write_bytes(model.read_bytes())

    status, out, _ = run(capsys, *files, "--summary", "summary.json")

    assert (status, out.splitlines()[0].split(",")[0]) == (0, f"Model {version}")


def test_economics_add_what_offers_earn(files, model, capsys):
    words = [*files, "--model", model, "--economics", "600,50,0.3"]

    assert "offers to the flagged earn, per 1,000" in run(capsys, *words)[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "which model scored? say --summary FILE of its run, or --model"),
        (["--summary", "later.csv"], "later.csv: isn't the summary of a run that scored"),
        (
            ["--summary", "other.json", "--model", "model.json"],
            "other.json: was scored by v0, not by 20261122T090001Z-000000000001",
        ),
        (
            ["--summary", "other.json"],
            "which bucket? say --bucket, or set MODEL_BUCKET (a stack output)",
        ),
        (
            ["--model", "model.json", "--treated", "called"],
            'later.csv: "called" in line 9: expected yes or no',
        ),
        (
            ["--model", "model.json", "--economics", "1"],
            "--economics: expected VALUE,COST,SUCCESS, such as 600,50,0.3",
        ),
    ],
    ids=["no model", "no summary", "another model", "no such model", "treated", "economics"],
)
@pytest.mark.usefixtures("files")
def test_what_is_missing_is_one_line(files, tmp_path, capsys, words, message):
    (tmp_path / "other.json").write_text('{"model_version": "v0"}')

    assert run(capsys, *files, *words) == (2, "", f"error: {message}\n")


def test_period_is_a_year_a_month_or_a_day(files, capsys):
    with pytest.raises(SystemExit):
        run(capsys, *files, "--model", "model.json", "--period", "October")

    assert "expected a year, a month or a day: 2026-11" in capsys.readouterr().err
