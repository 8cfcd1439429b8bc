import pytest

from model.errors import DataError
from model.outcomes.joining import join_outcomes
from model.outcomes.reading import Columns

SCORED = (
    "customerID,churn_probability,churn_label,error",
    "a,0.9,1,",
    "b,0.2,0,",
    "c,,,tenure: missing",
    "d,0.4,0,",
    "d,0.5,1,",
    "e,0.6,1,",
    "f,0.7,1,",
)
TRUTH = (
    "customerID,Churn,called",
    "b,No,no",
    "a,Yes,no",
    "c,Yes,yes",
    "d,Yes,no",
    "e,,yes",
    "f,No,yes",
    "g,No,no",
    ",Yes,no",
)


@pytest.fixture
def scored(table):
    return table("scored.csv", *SCORED)


@pytest.fixture
def truth(table):
    return table("later.csv", *TRUTH)


def listed(customers):
    parts = (customers.probability, customers.flagged, customers.left)
    return [part.tolist() for part in parts]


def test_customers_are_joined_by_id_and_the_lost_are_counted(scored, truth, artifact):
    customers, counts = join_outcomes(scored, truth, artifact, Columns())

    assert listed(customers) == [[0.9, 0.2, 0.7], [True, False, True], [1, 0, 0]]
    assert customers.treated is None
    assert counts == {
        "scored": 7,
        "with_outcome": 8,
        "unclear_ids": 3,  # d twice, and one that is blank
        "without_outcome": 0,
        "never_scored": 2,  # d and g
        "blank": 2,  # c's score, e's outcome
        "joined": 3,
    }


def test_treated_customers_are_told_apart(scored, truth, artifact):
    customers, _ = join_outcomes(scored, truth, artifact, Columns(treated="called"))

    assert customers.treated.tolist() == [False, False, True]
    assert listed(customers.select(customers.treated)) == [[0.7], [True], [0]]


def test_columns_of_other_names_are_said(scored, table, artifact):
    truth = table("crm.csv", "number,status", "a,gone", "b,active")
    columns = Columns(id="number", target="status", positive="gone")

    customers, _ = join_outcomes(scored, truth, artifact, columns)

    assert listed(customers) == [[0.9, 0.2], [True, False], [1, 0]]


@pytest.mark.parametrize("words", [("Yes", "No"), ("1", "0"), ("true", "FALSE"), ("ja", "nein")])
def test_yes_and_no_are_read_in_other_spellings(scored, table, artifact, words):
    truth = table("crm.csv", "customerID,exited", f"a,{words[0]}", f"b,{words[1]}")

    customers, _ = join_outcomes(scored, truth, artifact, Columns())

    assert customers.left.tolist() == [1, 0]


def test_labels_are_read_as_training_had_them(scored, table, artifact):
    artifact.labels = ["Existing Customer", "Attrited Customer"]
    truth = table("crm.csv", "customerID,Churn", "a,attrited customer", "b,Existing Customer")

    customers, _ = join_outcomes(scored, truth, artifact, Columns())

    assert customers.left.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("scored_lines", "truth_lines", "columns", "message"),
    [
        (SCORED, ("customerID,Churn", "x,Yes"), {}, "no id of scored.csv is in later.csv; is it"),
        (
            SCORED,
            ("customerId,Churn", "a,Yes"),
            {},
            'later.csv: there is no column "customerID"; there is "customerId"',
        ),
        (SCORED, ("customerID,x", "a,Yes"), {}, "later.csv: no column is called Churn or the like"),
        (SCORED, TRUTH, {"treated": "offer"}, 'later.csv: there is no column "offer"'),
        (
            SCORED,
            ("customerID,Churn", "a,Yes", "b,maybe"),
            {},
            'later.csv: "Churn" in line 3: expected yes or no, or a label of the model',
        ),
        (
            ("customerID,churn_probability,churn_label", "a,0.9,1", "b,nine,1"),
            TRUTH,
            {},
            'scored.csv: "churn_probability" in line 3: expected 0 to 1',
        ),
        (
            ("customerID,churn_probability,churn_label", "a,1.5,1"),
            TRUTH,
            {},
            'scored.csv: "churn_probability" in line 2: expected 0 to 1',
        ),
        (
            ("customerID,score", "a,1.5"),
            TRUTH,
            {},
            'scored.csv: there is no column "churn_probability"',
        ),
    ],
    ids=[
        "other customers",
        "id misspelt",
        "no outcome",
        "no treatment",
        "unclear outcome",
        "text",
        "out of range",
        "not scored",
    ],
)
def test_tables_that_cannot_be_joined_say_why(
    table, artifact, scored_lines, truth_lines, columns, message
):
    scored, truth = table("scored.csv", *scored_lines), table("later.csv", *truth_lines)

    with pytest.raises(DataError) as caught:
        join_outcomes(scored, truth, artifact, Columns(**columns))

    assert str(caught.value).startswith(message)


def test_model_without_an_id_needs_to_be_told_the_column(scored, truth, artifact):
    artifact.id_column = None

    with pytest.raises(DataError, match="names no id column; say --id COLUMN"):
        join_outcomes(scored, truth, artifact, Columns())
    customers, _ = join_outcomes(scored, truth, artifact, Columns(id="customerID"))

    assert customers.left.tolist() == [1, 0, 0]
