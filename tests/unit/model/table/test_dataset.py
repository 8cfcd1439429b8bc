import hashlib

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from model.reading.csv_table import parse_table
from model.samples.download import Source
from model.table import dataset as dataset_module
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.dataset import build_dataset, load_dataset, synthetic_dataset

SMALL = (
    b"id,plan,age,fee,Churn\n"
    b"a1,gold,30,9.5,No\n"
    b"a2,,41, ,Yes\n"
    b"a3,silver,0.1,12,No\n"
    b"a4,gold,22,1e2,Yes\n"
)


def fit_and_score(dataset):
    """Return the probabilities of a plain scikit-learn pipeline, fitted on all of the data."""
    columns = ColumnTransformer(
        [
            ("n", make_pipeline(SimpleImputer(), StandardScaler()), list(dataset.numeric)),
            (
                "c",
                make_pipeline(
                    SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
                ),
                list(dataset.categorical),
            ),
        ]
    )
    model = make_pipeline(columns, LogisticRegression(max_iter=1000))
    return model.fit(dataset.frame, dataset.target).predict_proba(dataset.frame)[:, 1]


def test_numbers_come_first_then_categories_and_blanks_are_missing():
    dataset = build_dataset(parse_table("small.csv", SMALL), INFER_ALL)

    expected = pd.DataFrame(
        {
            "age": [30.0, 41.0, 0.1, 22.0],
            "fee": [9.5, np.nan, 12.0, 100.0],
            "plan": pd.Series(["gold", np.nan, "silver", "gold"], dtype=object),
        }
    )
    pd.testing.assert_frame_equal(dataset.frame, expected)
    assert dataset.target.tolist() == [0, 1, 0, 1]
    assert dataset.ids.tolist() == ["a1", "a2", "a3", "a4"]
    assert (dataset.numeric, dataset.categorical) == (("age", "fee"), ("plan",))
    assert (dataset.target_name, dataset.labels) == ("Churn", ("No", "Yes"))
    assert (dataset.name, dataset.is_synthetic, dataset.id_column) == ("small.csv", False, "id")
    assert dataset.sha256 == hashlib.sha256(SMALL).hexdigest()
    assert dataset.notes == ()


def test_banks_table_needs_no_flag(bank_csv):
    dataset = load_dataset(bank_csv, options=INFER_ALL)

    assert dataset.numeric == ("CreditScore", "Age", "Balance")
    assert dataset.categorical == ("Geography", "Gender")
    assert (dataset.target_name, dataset.labels) == ("Exited", ("0", "1"))
    assert dataset.id_column == "CustomerId"
    surnames = len({line.split(b",")[2] for line in bank_csv.read_bytes().splitlines()[1:]})
    assert dataset.notes == (
        '"RowNumber" is no feature: it counts the rows',
        f'"Surname" is no feature: it has {surnames} different texts, more than 100; '
        '--categorical "Surname" keeps the frequent and groups the rest',
    )
    assert fit_and_score(dataset).std() > 0


def test_card_companys_table_needs_no_flag(card_csv):
    dataset = load_dataset(card_csv, options=INFER_ALL)

    assert dataset.numeric == ("Customer_Age", "Credit_Limit")
    assert dataset.categorical == ("Education_Level",)
    assert dataset.labels == ("Existing Customer", "Attrited Customer")
    assert dataset.id_column == "CLIENTNUM"
    assert dataset.frame.isna().any().to_dict() == {
        "Customer_Age": False,
        "Credit_Limit": True,
        "Education_Level": True,
    }
    assert set(dataset.frame["Education_Level"].dropna()) == {"Graduate", "High School", "Unknown"}
    assert fit_and_score(dataset).std() > 0


def test_ibms_table_is_read_as_its_facts_say(telco_csv):
    dataset = load_dataset(telco_csv, options=INFER_ALL)

    assert dataset.numeric == ("SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges")
    assert len(dataset.categorical) == 15
    assert (dataset.id_column, dataset.ids.nunique()) == ("customerID", 7043)
    assert (dataset.labels, np.bincount(dataset.target).tolist()) == (("No", "Yes"), [5174, 1869])
    blanks = dataset.frame.isna()
    assert blanks.sum().sum() == blanks["TotalCharges"].sum() == 11
    assert dataset.frame.loc[blanks["TotalCharges"], "tenure"].tolist() == [0.0] * 11
    assert dataset.notes == ()


def test_synthetic_customers_are_marked_and_have_ibms_columns():
    dataset = synthetic_dataset(500)

    assert dataset.is_synthetic
    assert dataset.numeric == ("SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges")
    assert len(dataset.categorical) == 15
    assert dataset.id_column == "customerID"
    assert dataset.notes == ()


def test_without_a_path_the_downloaded_table_is_read(monkeypatch, tmp_path):
    cached = tmp_path / "churn-scoring" / "small.csv"
    cached.parent.mkdir()
    cached.write_bytes(SMALL)
    source = Source("http://localhost:9", hashlib.sha256(SMALL).hexdigest(), "small.csv")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(dataset_module, "TELCO", source)

    dataset = load_dataset(None, options=INFER_ALL)

    assert (dataset.name, dataset.is_synthetic) == ("small.csv", False)


def test_without_a_network_one_loud_line_announces_synthetic_customers(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(dataset_module, "TELCO", Source("http://localhost:9", "0" * 64, "t.csv"))

    dataset = load_dataset(None, options=INFER_ALL)

    assert (dataset.is_synthetic, len(dataset.target)) == (True, 7043)
    assert capsys.readouterr().err == (
        "SYNTHETIC DATA: IBM's Telco table can't be downloaded: no connection. "
        "These 7,043 customers are made up; the README's figures are of the real ones.\n"
    )


SPREADSHEET = (
    "Kunde;Umsatz;Preis;Rabatt;Aktiv;Bemerkung;Churn\n"
    "a;1.234,5;12,90 €;NA;Ja;x;ja\n"
    "b;12.000;9,50 €;5;nein;y;Nein\n"
    "c;;1.100,00 €;?;ja;;nein\n"
    "d;0,25;7 €;7;ja;x;JA\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_european_spreadsheet_is_understood_and_told(encoding):
    dataset = build_dataset(parse_table("k.csv", SPREADSHEET.encode(encoding)), INFER_ALL)

    assert dataset.frame["Umsatz"].tolist()[:2] == [1234.5, 12_000.0]
    assert dataset.frame["Preis"].tolist() == [12.9, 9.5, 1100.0, 7.0]
    assert dataset.frame["Rabatt"].isna().tolist() == [True, False, True, False]
    assert dataset.frame["Aktiv"].tolist() == ["ja", "nein", "ja", "ja"]
    assert (dataset.labels, dataset.target.tolist()) == (("Nein", "ja"), [1, 0, 0, 1])
    assert dataset.spellings == {
        "Umsatz": {"number_format": {"decimal": ","}},
        "Preis": {"number_format": {"decimal": ",", "unit": "€"}},
        "Rabatt": {"missing": ["NA", "?"]},
        "Aktiv": {"spellings": {"Ja": "ja"}},
    }
    assert [note for note in dataset.notes if "Windows" not in note] == [
        "k.csv: its columns are separated by semicolons",
        'target "Churn": "JA" read as "ja"',
        'target "Churn": "nein" read as "Nein"',
        '"Umsatz" is read as numbers with a decimal comma',
        '"Preis" is read as numbers with a decimal comma and the currency €',
        '"Rabatt": "NA", "?" read as missing',
        '"Aktiv": "Ja" read as "ja"',
    ]


def test_texts_called_blank_are_missing_to_the_function_too():
    data = b"plan,age,Churn\nnone,5,No\nx,-1,Yes\ny,6,No\n"

    dataset = build_dataset(parse_table("t.csv", data), ColumnOptions(blanks=("none", "-1")))

    assert dataset.spellings == {"plan": {"missing": ["none"]}, "age": {"missing": ["-1"]}}
    assert dataset.frame.isna().sum().to_dict() == {"age": 1, "plan": 1}


def test_time_column_orders_the_rows_and_is_no_feature():
    data = b"since,age,Churn\n2026-03-01,5,No\n2026-01-01,6,Yes\n2026-03-01,7,No\n"

    dataset = build_dataset(parse_table("t.csv", data), ColumnOptions(time="since"))

    assert dataset.time_order.tolist() == [1, 0, 1]
    assert (dataset.time_column, list(dataset.frame)) == ("since", ["age"])
    assert dataset.notes == ()


def test_repeated_rows_share_a_group():
    data = b"id,age,Churn\na,5,No\nb,6,Yes\na,5,No\n"

    dataset = build_dataset(parse_table("t.csv", data), INFER_ALL)

    assert dataset.groups.tolist() == [0, 1, 0]
    assert dataset.id_column == "id"
