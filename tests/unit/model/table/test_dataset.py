import hashlib

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from model.errors import DataError
from model.table import dataset as dataset_module
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.csv_table import parse_table
from model.table.dataset import build_dataset, load_dataset, synthetic_dataset
from model.table.download import Source

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


def test_banks_table_needs_nothing_but_its_surnames_dropped(bank_csv):
    with pytest.raises(DataError) as refusal:
        load_dataset(bank_csv, options=INFER_ALL)

    dataset = load_dataset(bank_csv, options=ColumnOptions(drop=("Surname",)))

    assert 'column "Surname": expected at most 100 different texts' in str(refusal.value)
    assert dataset.numeric == ("CreditScore", "Age", "Balance")
    assert dataset.categorical == ("Geography", "Gender")
    assert (dataset.target_name, dataset.labels) == ("Exited", ("0", "1"))
    assert dataset.id_column == "CustomerId"
    assert dataset.notes == ('"RowNumber" is no feature: it counts the rows',)
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
