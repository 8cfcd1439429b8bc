"""A table as spreadsheets write it: what training understood, the function reads alike."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from inference.columns.rows import score_rows
from inference.http_api.csv_body import read_csv
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.export.model_file import build_artifact, serialize
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset

ROWS = 300
PARITY = 1e-12  # of a probability


@pytest.fixture
def european(rng):
    """Semicolons, decimal commas, points between thousands, euros, NA, and yes in two spellings."""
    lines = ["Kunde;Umsatz;Preis;Monate;Aktiv;Churn"]
    for row in range(ROWS):
        turnover, price = rng.uniform(0, 9_000), rng.uniform(5, 2_000)
        months = "NA" if row % 9 == 0 else str(rng.integers(0, 72))
        churn = turnover / 9_000 + rng.random() > 1
        active = rng.choice(["Ja", "ja", "Nein"])
        lines.append(
            f"k{row};{_spell(turnover)};{_spell(price)} €;{months};{active};"
            f"{'ja' if churn else 'nein'}"
        )
    return "\n".join(lines)


def _spell(number):
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


def test_function_scores_the_spreadsheet_itself_as_scikit_learn_does(european, fit):
    table = build_dataset(parse_table("k.csv", european.encode("windows-1252")), INFER_ALL)
    pipeline = fit(LogisticRegression(), table)
    artifact = load_artifact(serialize(build_artifact(pipeline, table, np.arange(ROWS)), {}))

    sent = read_csv(european)
    by_column = score_rows(artifact, sent.header, sent.rows)
    by_record = score_records(
        artifact, [dict(zip(sent.header, row, strict=True)) for row in sent.rows]
    )

    frame = pd.DataFrame([row.split(";") for row in european.splitlines()[1:]])
    plain = frame[1].str.replace(".", "").str.replace(",", ".").astype(float)
    assert table.frame["Umsatz"].tolist() == plain.tolist()
    expected = pipeline.predict_proba(table.frame)[:, 1]
    assert by_column.predictions == by_record.predictions
    assert by_column.predictions == pytest.approx(expected, abs=PARITY)
    assert by_column.errors == []
