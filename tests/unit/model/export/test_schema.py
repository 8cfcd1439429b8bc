import numpy as np
import pytest

from model.errors import ExportError
from model.export.members import Member, share_features
from model.export.preprocessing import CategoryColumns, read_preprocessing
from model.export.schema import build_feature_means, build_features, is_personal

CONTRACTS = ("Monthly", "One year", "Two year")


@pytest.fixture
def preprocessing(customers, fit):
    from sklearn.dummy import DummyClassifier

    columns = fit(DummyClassifier())[0]
    return read_preprocessing(columns, customers.numeric, customers.categorical)


def share(preprocessing):
    names = ("tenure", "charges", "contract", "gender")
    return share_features([Member(None, preprocessing, 1.0)], names)


def test_features_are_numbers_then_categories_with_ranges_of_the_training_part(
    customers, preprocessing
):
    rows = np.arange(10, 60)

    features = build_features(share(preprocessing), customers, rows, None)

    frame = customers.frame
    assert features == [
        {
            "name": "tenure",
            "kind": "number",
            "blank": frame["tenure"].median(),
            "min": frame["tenure"][10:60].min(),
            "max": frame["tenure"][10:60].max(),
            "changeable": False,
        },
        {
            "name": "charges",
            "kind": "number",
            "blank": frame["charges"].median(),
            "min": frame["charges"][10:60].min(),
            "max": frame["charges"][10:60].max(),
            "changeable": False,
        },
        {
            "name": "contract",
            "kind": "category",
            "blank": frame["contract"].mode()[0],
            "categories": ["Monthly", "One year", "Two year"],
            "changeable": True,
        },
        {
            "name": "gender",
            "kind": "category",
            "blank": frame["gender"].mode()[0],
            "categories": ["Female", "Male"],
            "changeable": False,
        },
    ]


def test_changeable_features_can_be_named(customers, preprocessing):
    features = build_features(share(preprocessing), customers, [0, 1], ["charges"])

    assert [spec["name"] for spec in features if spec["changeable"]] == ["charges"]


def test_changeable_feature_that_isnt_there_is_refused(customers, preprocessing):
    with pytest.raises(ExportError, match=r"^changeable: the model has no feature 'Contract'$"):
        build_features(share(preprocessing), customers, [0, 1], ["Contract"])


def test_blank_that_is_no_category_is_scored_as_none_of_them(customers, preprocessing):
    texts = CategoryColumns("contract", "unknown", CONTRACTS, (0, 1, 2), None, False)
    numbers = preprocessing.numbers
    preprocessing = type(preprocessing)(numbers, (texts,), (), False)

    features = build_features(share(preprocessing), customers, [0, 1], None)
    means = build_feature_means(preprocessing, customers, np.arange(80))

    contract = customers.frame["contract"]
    shares = [(contract == text).mean() for text in texts.categories]
    assert features[2]["blank"] is None
    assert means["categorical"] == [shares]


def test_category_whose_other_texts_count_as_one_says_so(customers, preprocessing):
    texts = CategoryColumns("contract", "Monthly", CONTRACTS[:1], (0,), 1, True)
    preprocessing = type(preprocessing)(preprocessing.numbers, (texts,), (), False)

    features = build_features(share(preprocessing), customers, [0, 1], None)

    assert features[2] == {
        "name": "contract",
        "kind": "category",
        "blank": "Monthly",
        "categories": ["Monthly"],
        "changeable": True,
        "rare": True,
    }


def test_means_are_of_filled_values(customers, preprocessing):
    means = build_feature_means(preprocessing, customers, np.arange(80))

    frame = customers.frame.fillna(
        {
            "charges": customers.frame["charges"].median(),
            "contract": customers.frame["contract"].mode()[0],
        }
    )
    assert means == {
        "numeric": [frame["tenure"].mean(), frame["charges"].mean()],
        "categorical": [
            [(frame["contract"] == text).mean() for text in ("Monthly", "One year", "Two year")],
            [(frame["gender"] == text).mean() for text in ("Female", "Male")],
        ],
    }


@pytest.mark.parametrize(
    "name",
    [
        "gender",
        "SeniorCitizen",
        "Partner",
        "Dependents",
        "Customer_Age",
        "age",
        "Marital_Status",
        "Education_Level",
        "Geography",
        "ZIP code",
        "tenure_months",
        "Surname",
        "BIRTHDATE",
        "Income_Category",
        "race",
        "HomeState",
    ],
)
def test_names_that_sound_like_a_person_are_personal(name):
    assert is_personal(name)


@pytest.mark.parametrize(
    "name", ["Contract", "Usage", "PaperlessBilling", "StreamingTV", "DataPackage", "Card_Category"]
)
def test_other_names_are_not(name):
    assert not is_personal(name)
