import hashlib
from itertools import pairwise

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from inference.scoring.artifact import load_artifact
from model.errors import DataError
from model.export.model_file import serialize
from model.registry import holdout
from model.registry.holdout import find_dataset, find_holdout
from model.samples.download import TELCO
from model.table.dataset import synthetic_dataset

CUSTOMERS = 200
REGIONS = ["north", "south", ""]
FEATURES = [
    {"name": "visits", "kind": "number", "blank": 1.0, "min": 0.0, "max": 3.0},
    {"name": "spent", "kind": "number", "blank": 50.0, "min": 0.0, "max": 99.5},
    {"name": "region", "kind": "category", "blank": "north", "categories": ["north", "south"]},
]
SCHEMA = {
    "target": "gone",
    "labels": ["here", "left"],
    "threshold": 0.5,
    "id": "client",
    "features": FEATURES,
}
WEIGHTS = {
    "numeric_features": ["visits", "spent"],
    "numeric_imputer_medians": [1.0, 50.0],
    "numeric_means": [0.0, 0.0],
    "numeric_scales": [1.0, 1.0],
    "categorical_features": ["region"],
    "categories": [["north", "south"]],
    "coef": [[0.0] * 4],
    "intercept": [0.0],
}


@pytest.fixture
def rows():
    """Visits have few values, spent has many; NA means that nobody knows."""
    return [
        (f"c{row}", row % 4, "NA" if row % 50 == 9 else row / 2, REGIONS[row % 3], row % 7, row % 5)
        for row in range(CUSTOMERS)
    ]


@pytest.fixture
def csv(tmp_path, rows):
    lines = ["client,visits,spent,region,unused,gone"]
    lines += [",".join(map(str, (*row[:-1], "left" if row[-1] == 0 else "here"))) for row in rows]
    path = tmp_path / "clients.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def model(csv):
    return make_model(
        {
            "name": csv.name,
            "sha256": hashlib.sha256(csv.read_bytes()).hexdigest(),
            "rows": CUSTOMERS,
            "synthetic": False,
            "blanks": ["NA"],
        }
    )


def make_model(data, split=None):
    """Return a model whose schema says of the table what no one could infer."""
    meta = {"data": data} | ({"holdout": split} if split else {})
    return load_artifact(serialize({"artifact": WEIGHTS, "schema": SCHEMA}, meta))


def test_held_out_customers_are_those_of_the_reference_split(model, csv, rows):
    target = [int(row[-1] == 0) for row in rows]
    _, expected = train_test_split(rows, test_size=0.2, random_state=42, stratify=target)

    found = find_holdout(model, csv)

    assert found.name == "clients.csv"
    assert found.target.tolist() == [int(row[-1] == 0) for row in expected]
    assert found.records == [
        {
            "visits": float(visits),
            "spent": None if spent == "NA" else spent,
            "region": region or None,
        }
        for _, visits, spent, region, *_ in expected
    ]


def test_held_out_customers_are_those_that_the_model_file_says(model, csv, rows):
    said = {"seed": 7, "share": 0.3, "data_sha256": "unread"}
    target = [int(row[-1] == 0) for row in rows]
    _, expected = train_test_split(rows, test_size=0.3, random_state=7, stratify=target)

    found = find_holdout(make_model(model.meta["data"], said), csv)

    assert [record["visits"] for record in found.records] == [row[1] for row in expected]


@pytest.mark.parametrize(
    "said", [{"seed": "x"}, {"share": 2.0}, {"share": [1]}, {"seed": -1}], ids=str
)
def test_split_that_cannot_be_is_refused(model, csv, said):
    other = make_model(model.meta["data"], said)

    with pytest.raises(DataError) as caught:
        find_holdout(other, csv)

    assert str(caught.value) == (
        f"{other.version}: training_meta.holdout: clients.csv can't be split by its seed and share"
    )


def test_segments_are_categories_few_valued_numbers_quarters_and_blanks(model, csv):
    found = find_holdout(model, csv)

    visits = np.array([record["visits"] for record in found.records])
    regions = np.array([record["region"] for record in found.records])
    spent = np.array([np.nan if r["spent"] is None else r["spent"] for r in found.records])
    cuts = [float(f"{cut:.4g}") for cut in np.nanquantile(spent, [0.25, 0.5, 0.75])]
    expected = {f"visits = {value}": visits == value for value in range(4)}
    expected |= {f"region = {name}": regions == name for name in ("north", "south")}
    expected |= {"region = blank": regions == None}  # noqa: E711  element by element
    expected |= {f"spent = up to {cuts[0]:g}": spent <= cuts[0]}
    for low, high in pairwise(cuts):
        expected[f"spent = over {low:g}, up to {high:g}"] = (spent > low) & (spent <= high)
    expected |= {f"spent = over {cuts[2]:g}": spent > cuts[2], "spent = blank": np.isnan(spent)}
    assert found.segments.keys() == expected.keys()
    assert all((found.segments[name] == mask).all() for name, mask in expected.items())


def test_only_the_largest_segments_are_kept(model, csv, monkeypatch):
    sizes = [int(mask.sum()) for mask in find_holdout(model, csv).segments.values()]
    monkeypatch.setattr(holdout, "MAX_SEGMENTS", 2)

    kept = find_holdout(model, csv).segments.values()

    assert sorted(int(mask.sum()) for mask in kept) == sorted(sizes)[-2:]


def test_of_many_customers_some_are_drawn_the_same_each_time(model, csv, monkeypatch):
    everyone = find_holdout(model, csv)
    monkeypatch.setattr(holdout, "MAX_CUSTOMERS", 10)

    some = find_holdout(model, csv)

    assert len(some.records) == len(some.target) == 10
    assert some.records == find_holdout(model, csv).records
    assert all(record in everyone.records for record in some.records)


def test_another_table_is_refused(model, csv):
    csv.write_text(csv.read_text().replace("c7,", "c007,"))

    with pytest.raises(DataError, match=rf"clients\.csv: isn't the table that {model.version} lea"):
        find_holdout(model, csv)


def test_made_up_customers_are_made_again():
    made_up = synthetic_dataset(300)
    data = {"name": made_up.name, "sha256": made_up.sha256, "rows": 300, "synthetic": True}

    tenure = {"name": "tenure", "kind": "number", "blank": 1.0, "min": 0.0, "max": 72.0}
    schema = SCHEMA | {"target": "Churn", "labels": ["No", "Yes"], "id": "customerID"}
    weights = WEIGHTS | {
        "numeric_features": ["tenure"],
        "numeric_imputer_medians": [1.0],
        "numeric_means": [0.0],
        "numeric_scales": [1.0],
        "categorical_features": [],
        "categories": [],
        "coef": [[0.0]],
    }
    content = {"artifact": weights, "schema": schema | {"features": [tenure]}}

    found = find_dataset(load_artifact(serialize(content, {"data": data})), None)

    assert found.sha256 == made_up.sha256


def test_table_that_is_not_given_is_asked_for(model):
    with pytest.raises(DataError, match=f"the table that {model.version} learned from isn't given"):
        find_holdout(model, None)


def test_ibms_table_that_cannot_be_downloaded_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    ibm = make_model({"name": "t", "sha256": TELCO.sha256, "rows": 1, "synthetic": False})

    with pytest.raises(DataError, match="IBM's table can't be downloaded: no connection"):
        find_holdout(ibm, None)
