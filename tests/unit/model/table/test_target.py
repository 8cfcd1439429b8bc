import pytest

from model.errors import DataError
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.target import find_target, read_target


def table_of(target, *values):
    lines = [f"plan,{target}", *(f"x,{value}" for value in values)]
    return parse_table("t.csv", "\n".join(lines).encode())


def labels_of(*values, **options):
    table = table_of("Churn", *values)
    return read_target(table, table.columns[1], ColumnOptions(**options)).labels


@pytest.mark.parametrize(
    "name",
    ["Churn", "churn", "CHURNED", "is_churn", "Churn Flag", "Exited", "Attrition_Flag", "Left"],
)
def test_target_is_known_by_its_name(name):
    table = table_of(name, "Yes", "No")

    assert find_target(table, INFER_ALL) is table.columns[1]


def test_target_that_was_said_wins_over_a_known_name():
    table = parse_table("t.csv", b"Churn,gone\nYes,No\nNo,Yes\n")

    assert find_target(table, ColumnOptions(target="gone")) is table.columns[1]


def test_table_without_a_known_target_asks_for_one():
    with pytest.raises(DataError) as refusal:
        find_target(table_of("leftover", "Yes", "No"), INFER_ALL)

    assert str(refusal.value) == (
        "t.csv: no column is called Churn or the like; say --target COLUMN"
    )


def test_several_known_names_ask_for_one():
    table = parse_table("t.csv", b"Churn Label,Churn Value,x\nYes,1,5\nNo,0,6\n")

    with pytest.raises(DataError) as refusal:
        find_target(table, INFER_ALL)

    assert str(refusal.value) == (
        't.csv: several columns could be the target ("Churn Label", "Churn Value"); '
        "say --target COLUMN, and --drop those that tell the same"
    )
    assert find_target(table, ColumnOptions(drop=("Churn Value",))) is table.columns[0]


@pytest.mark.parametrize(
    ("negative", "positive"),
    [
        ("No", "Yes"),
        ("0", "1"),
        ("0.0", "1.0"),
        ("False", "True"),
        ("FALSE", "TRUE"),
        ("f", "t"),
        ("N", "Y"),
        ("Existing Customer", "Attrited Customer"),
        ("not churned", "churned"),
        ("Non-churner", "Churner"),
        ("Stayed", "Left"),
    ],
)
def test_positive_label_is_the_one_that_means_churn(negative, positive):
    assert labels_of(negative, positive) == (negative, positive)
    assert labels_of(positive, negative) == (negative, positive)


def test_positive_label_that_was_said_wins():
    assert labels_of("Yes", "No", positive="No") == ("Yes", "No")


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (
            ["gold", "silver"],
            {},
            "can't tell which of its values means churn; "
            'say --positive "gold" or --positive "silver"',
        ),
        (
            ["1", "2"],
            {},
            'can\'t tell which of its values means churn; say --positive "1" or --positive "2"',
        ),
        (
            ["Yes", "No"],
            {"positive": "yes"},
            'no row has the value "yes"; say --positive "Yes" or --positive "No"',
        ),
        (["No", "No"], {}, "has one value only; a model needs customers of both kinds"),
        (
            ["No", "No", "Yes", "maybe", "NO", "perhaps"],
            {},
            "expected two values, found 4; the third is in line 5",
        ),
        (
            ["No", "", "Yes", " "],
            {},
            "blank in line 3 (and 1 more); leave out customers whose outcome is unknown",
        ),
        (
            ["No", "Yes", "?"],
            {"blanks": ("?",)},
            "blank in line 4; leave out customers whose outcome is unknown",
        ),
    ],
    ids=["unclear", "no zero", "said wrongly", "one class", "four", "blank", "called blank"],
)
def test_target_without_two_plain_values_is_refused(values, options, message):
    with pytest.raises(DataError) as refusal:
        labels_of(*values, **options)

    assert str(refusal.value) == f't.csv: target "Churn": {message}'


def test_target_is_one_where_the_customer_left():
    table = table_of("Churn", "No", "Yes", "No")

    assert read_target(table, table.columns[1], INFER_ALL).values.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("values", "labels", "outcomes", "notes"),
    [
        (
            ["Yes", "no", "YES", "Yes", " No", "no"],
            ("no", "Yes"),
            [1, 0, 1, 1, 0, 0],
            ('target "Churn": " No" read as "no"', 'target "Churn": "YES" read as "Yes"'),
        ),
        (
            ["ja", "nein", "Yes", "ja", "0"],
            ("nein", "ja"),
            [1, 0, 1, 1, 0],
            ('target "Churn": "Yes" read as "ja"', 'target "Churn": "0" read as "nein"'),
        ),
        (["oui", "non"], ("non", "oui"), [1, 0], ()),
        (
            ["Left", "stayed", "left", "left"],
            ("stayed", "left"),
            [1, 0, 1, 1],
            ('target "Churn": "Left" read as "left"',),
        ),
    ],
    ids=["capitals", "words", "French", "other words"],
)
def test_value_in_several_spellings_is_one_value(values, labels, outcomes, notes):
    table = table_of("Churn", *values)

    target = read_target(table, table.columns[1], INFER_ALL)

    assert (target.labels, target.values.tolist()) == (labels, outcomes)
    assert sorted(target.notes) == sorted(notes)


def test_said_value_may_be_any_of_its_spellings():
    assert labels_of("Gone", "here", "gone", "gone", positive="Gone") == ("here", "gone")
