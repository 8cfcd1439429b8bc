import pytest

from inference.bulk.errors import RequestError, TableError
from inference.bulk.job import count_reasons, list_added, list_own, make_job, read_options
from inference.scoring.artifact import load_artifact

HEADER = ["customerID", "tenure", "charges", "contract", "paperless"]
FIGURES = {"value": 600, "cost": 50, "success": 0.3}


def test_options_are_read_as_those_of_predict_are():
    request = {"columns": "all", "threshold": 0.4, "reasons": 3.0, "calls": 500, "economics": True}

    assert read_options(request) == {
        "columns": "all",
        "threshold": 0.4,
        "reasons": 3,
        "calls": 500,
        "economics": {},
    }


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"colums": "all"}, 'unknown option "colums"; did you mean "columns"?'),
        (
            {"x": 1},
            'unknown option "x"; known are columns, threshold, reasons, economics, calls',
        ),
        ({"columns": "most"}, "columns: expected short or all"),
        ({"columns": ["all"]}, "columns: expected short or all"),
        ({"threshold": 2}, "threshold: expected a number from 0 to 1"),
        ({"reasons": 0}, "reasons: expected a whole number from 1 to 1,000"),
        ({"calls": 1.5}, "calls: expected a whole number from 1 to 1,000,000,000"),
        (
            {"economics": 1},
            "economics: expected an object, or true for what the model file states",
        ),
    ],
)
def test_option_that_can_not_be_meant_is_refused(request_, message):
    with pytest.raises(RequestError) as caught:
        read_options(request_)

    assert str(caught.value) == message


def test_short_answer_has_the_id_and_what_is_added(artifact):
    job = make_job(artifact, HEADER, ",", {})

    assert list_own(job) == ["customerID"]
    assert list_added(job) == ["churn_probability", "churn_label", "error"]


def test_table_without_the_id_is_answered_without_one(artifact):
    job = make_job(artifact, HEADER[1:], ",", {})

    assert list_own(job) == []


def test_all_that_may_be_asked_for_has_its_columns(artifact):
    options = {"columns": "all", "reasons": 1_000, "economics": FIGURES}

    job = make_job(artifact, HEADER, ",", options)

    assert count_reasons(job) == 4
    assert list_own(job) == HEADER
    assert list_added(job) == [
        "churn_probability",
        "churn_label",
        "churn_reason_1",
        "churn_effect_1",
        "churn_reason_2",
        "churn_effect_2",
        "churn_reason_3",
        "churn_effect_3",
        "churn_reason_4",
        "churn_effect_4",
        "churn_expected_gain",
        "error",
    ]


def test_economics_of_the_model_file_fill_what_is_not_stated(document, pack):
    document["schema"]["economics"] = FIGURES
    artifact = load_artifact(pack(document))

    job = make_job(artifact, HEADER, ",", {"economics": {"cost": 10}})

    assert job.options == {"economics": {"value": 600, "cost": 10, "success": 0.3}}


@pytest.mark.parametrize(
    ("header", "options", "error", "message"),
    [
        (
            ["Tenure", "charges", "contract"],
            {},
            TableError,
            'the header lacks "tenure" (there is "Tenure"), "paperless"',
        ),
        (
            [*HEADER, "error"],
            {"columns": "all"},
            TableError,
            'rename the column "error": the answer adds one of that name',
        ),
        (
            HEADER,
            {"economics": {"value": 1}},
            RequestError,
            "economics.cost: missing; this model's file has no default",
        ),
    ],
)
def test_table_or_request_that_does_not_fit_the_model(artifact, header, options, error, message):
    with pytest.raises(error) as caught:
        make_job(artifact, header, ",", options)

    assert str(caught.value) == message


def test_own_column_of_an_added_name_is_no_matter_when_it_is_not_repeated(artifact):
    assert list_own(make_job(artifact, [*HEADER, "error"], ",", {})) == ["customerID"]


def test_reasons_that_the_model_file_can_not_give_are_refused(document, pack):
    del document["training_meta"]["feature_means"]
    artifact = load_artifact(pack(document))

    with pytest.raises(RequestError) as caught:
        make_job(artifact, HEADER, ",", {"reasons": 1})

    assert str(caught.value) == (
        "reasons: this model's file holds no training means; train it anew"
    )
