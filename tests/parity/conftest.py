"""Tables, pipelines and a seed for holding the function to scikit-learn.

Every run draws its own seed; PARITY_SEED repeats one that a failure printed.
"""

import os
from dataclasses import replace

import numpy as np
import pytest
from libraries import import_library
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from model.export.model_file import build_artifact, serialize
from model.export.parity import TOLERANCE, check_parity
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset, load_dataset

_ROWS = 400


@pytest.fixture(scope="session", autouse=True)
def single_thread():
    """Small tables are slower on several threads, and much slower on a busy machine."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def base_seed():
    named = os.environ.get("PARITY_SEED")
    return int(named) if named else int(np.random.SeedSequence().generate_state(1)[0])


@pytest.fixture
def rng(request, base_seed):
    """Random numbers that the run's seed and the test's name decide."""
    print(f"PARITY_SEED={base_seed}")
    return np.random.default_rng([base_seed, *request.node.name.encode()])


@pytest.fixture(scope="session")
def customers(every_csv):
    """A whole table: IBM's, or made-up customers."""
    return load_dataset(every_csv, options=INFER_ALL)


@pytest.fixture(scope="session")
def sample(customers, base_seed):
    """A few of these customers."""
    return _draw_sample(customers, base_seed)


@pytest.fixture(scope="session")
def bank(base_seed):
    """As many customers of a bank, with other columns."""
    lines = _make_bank(np.random.default_rng(base_seed))
    return build_dataset(parse_table("bank.csv", lines), INFER_ALL)


@pytest.fixture(scope="session")
def small_table(request, find_csv, bank, base_seed):
    """Such a sample, or the bank's customers."""
    if request.param == "bank":
        return bank
    return _draw_sample(load_dataset(find_csv(request.param), options=INFER_ALL), base_seed)


@pytest.fixture(scope="session")
def train_rows(customers):
    """The rows that training learns from."""
    rows = np.arange(len(customers.target))
    return train_test_split(rows, test_size=0.2, random_state=42, stratify=customers.target)[0]


@pytest.fixture
def fit():
    """Return the function that fits a classifier on a table, blanks filled and numbers scaled."""
    return _fit


@pytest.fixture
def check():
    """Return the function that exports a pipeline and holds it to scikit-learn."""
    return _check


@pytest.fixture
def make_booster(rng):
    """Return the function that makes a small classifier of LightGBM's or CatBoost's."""

    def make(library, **options):
        seed = int(rng.integers(2**31))
        if library == "lightgbm":
            few = {"n_estimators": 12, "n_jobs": 1, "verbose": -1, "random_state": seed}
            return import_library("lightgbm").LGBMClassifier(**few | options)
        few = {"iterations": 12, "thread_count": 1, "verbose": 0, "random_seed": seed}
        few |= {"allow_writing_files": False}
        return import_library("catboost").CatBoostClassifier(**few | options)

    return make


def _fit(classifier, dataset, *, numbers=None, texts=None, **options):
    numbers = numbers or make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = texts or make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    columns = ColumnTransformer(
        [("numbers", numbers, list(dataset.numeric)), ("texts", texts, list(dataset.categorical))],
        **{"sparse_threshold": 0.0, **options},
    )
    pipeline = Pipeline([("columns", columns), ("classifier", classifier)])
    return pipeline.fit(dataset.frame, dataset.target)


def _check(pipeline, dataset):
    rows = np.arange(len(dataset.target))
    body = serialize(build_artifact(pipeline, dataset, rows), {})
    result = check_parity(body, pipeline, dataset)
    assert result["rows"] > len(rows)
    assert result["max_difference"] <= TOLERANCE
    return body


def _draw_sample(dataset, seed):
    rows = np.random.default_rng(seed).permutation(len(dataset.target))[:_ROWS]
    frame = dataset.frame.iloc[rows].reset_index(drop=True)
    return replace(dataset, frame=frame, target=dataset.target[rows])


def _make_bank(rng):
    """Return a bank's customers: blanks in a number and a text, and forty branches."""
    lines = ["CustomerId,CreditScore,Age,Balance,Products,Geography,Gender,Branch,Exited"]
    for row in range(_ROWS):
        age = rng.integers(18, 80)
        products = rng.integers(1, 5)
        fields = [
            f"c{row}",
            rng.integers(350, 850),
            "" if rng.random() < 0.1 else age,
            round(rng.uniform(0, 2e5), 2) if rng.random() < 0.6 else 0,
            products,
            rng.choice(["France", "Germany", "Spain"]),
            rng.choice(["Female", "Male"]),
            "" if rng.random() < 0.1 else f"Branch {rng.integers(40)}",
            int(rng.random() < age / 150 + (products == 4) / 2),
        ]
        lines.append(",".join(map(str, fields)))
    return "\n".join(lines).encode()
