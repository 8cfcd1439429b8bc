import csv
import math
import re

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from model.errors import DataError
from model.samples.synthetic import CHUNK_ROWS
from model.samples.synthetic_csv import ID_STEP, MAX_ROWS, id_fragments, make_table, write_csv
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset

IBM_HEADER = (
    "customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,"
    "InternetService,OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,"
    "StreamingMovies,Contract,PaperlessBilling,PaymentMethod,MonthlyCharges,TotalCharges,Churn"
)
NO_YES = {"No", "Yes"}
ADD_ON = NO_YES | {"No internet service"}
IBM_TEXTS = {
    "gender": {"Female", "Male"},
    "SeniorCitizen": {"0", "1"},
    "Partner": NO_YES,
    "Dependents": NO_YES,
    "tenure": {str(months) for months in range(73)},
    "PhoneService": NO_YES,
    "MultipleLines": NO_YES | {"No phone service"},
    "InternetService": {"DSL", "Fiber optic", "No"},
    "OnlineSecurity": ADD_ON,
    "OnlineBackup": ADD_ON,
    "DeviceProtection": ADD_ON,
    "TechSupport": ADD_ON,
    "StreamingTV": ADD_ON,
    "StreamingMovies": ADD_ON,
    "Contract": {"Month-to-month", "One year", "Two year"},
    "PaperlessBilling": NO_YES,
    "PaymentMethod": {
        "Electronic check",
        "Mailed check",
        "Bank transfer (automatic)",
        "Credit card (automatic)",
    },
    "Churn": NO_YES,
}


def texts_of(column):
    return [column.distinct[code] for code in column.codes]


@pytest.fixture(scope="module")
def table():
    return make_table(CHUNK_ROWS + 5_000, seed=7)


@pytest.fixture(scope="module")
def columns(table):
    return {column.name: column for column in table.columns}


def test_columns_and_texts_are_those_of_ibms_table(columns):
    assert ",".join(columns) == IBM_HEADER
    assert {name: set(columns[name].distinct) for name in IBM_TEXTS} == IBM_TEXTS


def test_every_customer_has_an_id_of_ibms_form_of_its_own(columns):
    ids = columns["customerID"]

    assert len(ids.distinct) == len(ids.codes) == CHUNK_ROWS + 5_000
    assert all(re.fullmatch(r"\d{4}-[A-Z]{5}", text) for text in ids.distinct)


def test_charges_are_spelled_as_ibms_and_blank_before_the_first_bill(columns):
    amount = re.compile(r"[1-9]\d*(\.\d?[05]|\.\d)?")
    total, tenure = texts_of(columns["TotalCharges"]), texts_of(columns["tenure"])

    assert all(map(amount.fullmatch, columns["MonthlyCharges"].distinct))
    assert all(map(amount.fullmatch, set(columns["TotalCharges"].distinct) - {" "}))
    assert [text == " " for text in total] == [text == "0" for text in tenure]


def test_services_of_one_customer_fit_together(columns):
    for row in zip(*(texts_of(column) for column in columns.values()), strict=True):
        customer = dict(zip(columns, row, strict=True))
        has_phone = customer["MultipleLines"] != "No phone service"
        has_internet = customer["OnlineBackup"] != "No internet service"
        assert (customer["PhoneService"] == "Yes") == has_phone
        assert (customer["InternetService"] != "No") == has_internet


def test_logistic_regression_ranks_about_as_well_as_on_ibms_table(table):
    dataset = build_dataset(table, INFER_ALL, is_synthetic=True)
    categories = OneHotEncoder(sparse_output=False).fit_transform(
        dataset.frame[list(dataset.categorical)]
    )
    numbers = StandardScaler().fit_transform(dataset.frame[["tenure", "MonthlyCharges"]])
    inputs = np.hstack([categories, numbers])
    learn, rank = slice(0, 6_000), slice(6_000, None)

    model = LogisticRegression(max_iter=500).fit(inputs[learn], dataset.target[learn])

    scores = model.predict_proba(inputs[rank])[:, 1]
    assert 0.82 < roc_auc_score(dataset.target[rank], scores) < 0.86


def test_file_holds_what_the_table_holds(tmp_path):
    path = tmp_path / "made-up.csv"

    counts = list(write_csv(path, CHUNK_ROWS + 3, seed=7))

    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    table = make_table(CHUNK_ROWS + 3, seed=7)
    assert sum(counts) == CHUNK_ROWS + 3
    assert rows[0] == [column.name for column in table.columns]
    assert [*zip(*rows[1:], strict=True)] == [tuple(texts_of(column)) for column in table.columns]
    assert list(tmp_path.iterdir()) == [path]


def test_first_customers_are_the_same_however_many_follow(columns):
    few = make_table(3, seed=7)

    assert [texts_of(column) for column in few.columns] == [
        texts_of(column)[:3] for column in columns.values()
    ]


def test_another_seed_makes_other_customers(columns):
    other = make_table(10, seed=8).columns

    assert set(columns["customerID"].distinct).isdisjoint(other[0].distinct)
    assert texts_of(other[-3]) != texts_of(columns["MonthlyCharges"])[:10]


def test_ids_repeat_only_after_all_of_them():
    first, after_all = (
        ["".join(parts) for parts in zip(*id_fragments(seed=0, start=start), strict=True)]
        for start in (0, MAX_ROWS)
    )

    assert first == after_all
    assert math.gcd(MAX_ROWS, ID_STEP) == 1  # each step lands on another id until then


def test_file_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path):
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(DataError) as no_folder:
        list(write_csv(tmp_path / "no" / "x.csv", 1, seed=1))
    with pytest.raises(DataError) as is_folder:
        list(write_csv(tmp_path / "folder.csv", 1, seed=1))

    assert str(no_folder.value) == (
        f"{tmp_path / 'no' / 'x.csv'}: can't be written (No such file or directory)"
    )
    assert str(is_folder.value) == f"{tmp_path / 'folder.csv'}: can't be written (Is a directory)"
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


def test_writing_that_is_broken_off_leaves_the_old_file(tmp_path):
    path = tmp_path / "made-up.csv"
    path.write_text("old")

    steps = write_csv(path, CHUNK_ROWS * 2, seed=1)
    next(steps)
    next(steps)
    steps.close()

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
