import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from model.errors import ExportError
from model.export.members import Category, Number, read_members, share_features
from model.fitting.blend import Blend

CONTRACTS = ("Monthly", "One year", "Two year")


@pytest.fixture
def names(customers):
    return (*customers.numeric, *customers.categorical)


def encode(**options):
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", **options)
    return make_pipeline(SimpleImputer(strategy="most_frequent"), encoder)


def test_pipeline_is_one_member_with_weight_1(customers, fit, names):
    pipeline = fit(LogisticRegression())

    (member,) = read_members(pipeline, customers)
    features = share_features([member], names)

    frame = customers.frame
    assert (member.classifier, member.weight) == (pipeline[1], 1.0)
    assert features.names == ["tenure", "charges", "contract", "gender"]
    assert features.numbers == (
        Number("tenure", frame["tenure"].median()),
        Number("charges", frame["charges"].median()),
    )
    assert features.categories == (
        Category("contract", frame["contract"].mode()[0], CONTRACTS, False),
        Category("gender", frame["gender"].mode()[0], ("Female", "Male"), False),
    )


def test_members_without_weight_are_left_out(customers, fit):
    pipelines = (fit(LogisticRegression()), fit(LogisticRegression(C=0.1)))

    (member,) = read_members(Blend(pipelines, (0.0, 0.5)), customers)

    assert (member.classifier, member.weight) == (pipelines[1][1], 0.5)


def test_number_that_members_fill_differently_stays_missing(customers, fit, names):
    means = make_pipeline(SimpleImputer(strategy="mean"))
    pipelines = (fit(LogisticRegression()), fit(LogisticRegression(max_iter=9999), numbers=means))

    features = share_features(read_members(Blend(pipelines, (1, 1)), customers), names)

    assert [number.blank for number in features.numbers] == [None, None]


def test_categories_are_those_that_any_member_tells_apart(customers, fit, names):
    counts = customers.frame["contract"].value_counts()
    rare = encode(min_frequency=int(counts.min()) + 1)
    pipelines = (fit(LogisticRegression(), texts=rare), fit(LogisticRegression()))
    frequent = tuple(text for text in CONTRACTS if text != counts.index[-1])

    (member, _) = members = read_members(Blend(pipelines, (1, 1)), customers)
    alone = share_features([member], names).categories[0]
    shared = share_features(members, names).categories[0]

    assert alone == Category("contract", counts.index[0], frequent, True)
    assert shared.categories == (*frequent, counts.index[-1])
    assert shared.has_rare


def test_blank_that_is_rare_itself_is_one_of_the_others(customers, fit, names):
    texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="none"),
        OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10),
    )

    features = share_features(
        read_members(fit(LogisticRegression(), texts=texts), customers), names
    )

    assert features.categories[0] == Category("contract", None, CONTRACTS, True)


def test_members_that_fill_a_category_differently_are_refused(customers, fit, names):
    texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="none"),
        OneHotEncoder(handle_unknown="ignore"),
    )
    pipelines = (fit(LogisticRegression()), fit(LogisticRegression(), texts=texts))
    members = read_members(Blend(pipelines, (1, 1)), customers)

    with pytest.raises(ExportError) as refusal:
        share_features(members, names)

    expected = "column 'contract': members of a blend fill its blanks differently"
    assert str(refusal.value) == expected
