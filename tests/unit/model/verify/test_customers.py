import json

import pytest

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.errors import DataError
from model.verify.customers import (
    blank_a_number,
    choose_customers,
    has_blank,
    make_up_customers,
    read_customers,
)

HEADER = "customerID,paperless,tenure,contract,charges,left"
ROWS = [f"c{row},Yes,{row},Two year,{20.5 + row},No" for row in range(9)]
BLANK = "c9,No,0,Month-to-month, ,Yes"


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("\n".join([HEADER, *ROWS, BLANK]) + "\n")
    return path


def test_customers_come_as_a_client_would_send_them(artifact, csv):
    *chosen, last = choose_customers(artifact, csv, 50, seed=1)

    blank = {"tenure": 0.0, "charges": None, "contract": "Month-to-month", "paperless": "No"}
    assert len(chosen) == 50
    assert last == blank
    for customer in chosen:
        months = customer["tenure"]
        assert customer in (
            blank,
            {"tenure": months, "charges": 20.5 + months}
            | {"contract": "Two year", "paperless": "Yes"},
        )


def test_all_customers_of_any_table_with_the_columns(document, pack, csv):
    document["training_meta"]["data"] = {"blanks": ["NA"]}
    csv.write_text("x,charges,contract,tenure,paperless\n9,NA,NA,1,No\n8,2.5,Weekly,,Yes\n")

    assert read_customers(load_artifact(pack(document)), csv) == [
        {"tenure": 1.0, "charges": None, "contract": None, "paperless": "No"},
        {"tenure": None, "charges": 2.5, "contract": "Weekly", "paperless": "Yes"},
    ]


def test_same_seed_chooses_the_same(artifact, csv):
    assert choose_customers(artifact, csv, 5, seed=1) == choose_customers(artifact, csv, 5, seed=1)
    assert choose_customers(artifact, csv, 5, seed=1) != choose_customers(artifact, csv, 5, seed=2)


def test_table_without_blanks_gives_complete_customers(artifact, csv):
    csv.write_text("\n".join([HEADER, *ROWS]) + "\n")

    chosen = choose_customers(artifact, csv, 3, seed=1)

    assert len(chosen) == 3
    assert not any(map(has_blank, chosen))


def test_table_of_another_kind_is_refused(artifact, csv):
    csv.write_text("\n".join([HEADER.replace("charges", "fees"), *ROWS]) + "\n")

    with pytest.raises(DataError, match=r"customers\.csv: has no column charges, which the model"):
        choose_customers(artifact, csv, 3, seed=1)


def test_made_up_customers_are_clean_to_the_model(artifact):
    customers = make_up_customers(artifact, 200, seed=1)

    batch = score_records(artifact, customers)
    assert (batch.errors, batch.warnings) == ([], [])
    assert {type(customer["tenure"]) for customer in customers} == {int}
    assert len({customer["charges"] for customer in customers}) > 100
    assert json.loads(json.dumps(customers)) == customers


def test_customers_can_be_made_up_for_the_first_versions_file(document):
    first_version = load_artifact(json.dumps({"artifact": document["artifact"]}).encode())

    batch = score_records(first_version, make_up_customers(first_version, 20, seed=1))

    assert batch.errors == []


def test_last_number_is_blanked(artifact, record):
    assert blank_a_number(artifact, record) == record | {"charges": None}


def test_without_numbers_a_text_is_blanked(document, pack, record):
    model, schema = document["artifact"], document["schema"]
    for key in ("features", "imputer_medians", "means", "scales"):
        model[f"numeric_{key}"] = []
    model["coef"] = [model["coef"][0][2:]]
    schema["features"] = schema["features"][2:]
    artifact = load_artifact(pack(document))

    assert blank_a_number(artifact, record) == record | {"paperless": None}
