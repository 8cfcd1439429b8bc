import pytest

from inference.spelling import find_nearest

FIELDS = ["tenure", "MonthlyCharges", "PaperlessBilling", "Contract"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("tenure", "tenure"),
        ("Tenure", "tenure"),
        ("monthly_charges", "MonthlyCharges"),
        ("Monthly Charges", "MonthlyCharges"),
        ("MonthlyCharge", "MonthlyCharges"),
        ("Contrat", "Contract"),
        ("paperless-billing", "PaperlessBilling"),
        ("charges", None),
        ("gender", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_nearest_name_is_found_where_one_is_near(name, meant):
    assert find_nearest(name, FIELDS) == meant


def test_same_letters_come_before_a_name_that_is_nearer_otherwise():
    assert find_nearest("total_charges", ["totalcharge", "Total Charges"]) == "Total Charges"


def test_spaces_and_punctuation_cost_nothing():
    assert find_nearest("monthlycharges", ["Monthly Charges ($)"]) == "Monthly Charges ($)"


def test_first_of_two_that_are_spelt_alike_is_taken():
    assert find_nearest("Tenure", ["TENURE", "tenure"]) == "TENURE"


@pytest.mark.parametrize(("candidate", "found"), [("a_" + "-" * 2, "a_--"), ("a_" + "-" * 3, None)])
def test_name_of_more_than_twice_the_length_is_not_meant(candidate, found):
    assert find_nearest("A_", [candidate]) == found
    assert find_nearest(candidate, ["A_"]) == (found and "A_")
