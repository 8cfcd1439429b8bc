import pytest

from model.errors import DataError
from model.reading.csv_table import parse_table
from model.table.column_roles import infer_roles
from model.table.columns import ColumnOptions


def table_of(**columns):
    """A table with a target and the given columns; two texts in turns fill up shorter ones."""
    rows = max(map(len, columns.values()))
    columns |= {"Churn": ["No", "Yes"] * ((rows + 1) // 2)}
    lines = [",".join(columns), *map(",".join, zip(*columns.values(), strict=False))]
    return parse_table("t.csv", "\n".join(lines).encode())


def roles_of(options=None, **columns):
    roles = infer_roles(table_of(**columns), ColumnOptions(**options or {}))
    return {
        "id": roles.id.name if roles.id else None,
        "numeric": [column.name for column, _ in roles.numeric],
        "categorical": [column.name for column in roles.categorical],
        "left_out": roles.left_out,
    }


def refusal_of(options=None, **columns):
    with pytest.raises(DataError) as refusal:
        infer_roles(table_of(**columns), ColumnOptions(**options or {}))
    return str(refusal.value)


PLAN = ["a", "b", "a", "b"]
DIFFERENT = "every value is different"


def test_column_is_numeric_when_all_that_is_not_blank_are_numbers():
    roles = roles_of(
        total=["29.85", " ", "1889.5", ""],
        senior=["0", "1", "0", "1"],
        flag=["True", "False", "True", "True"],
        size=["1", "2", "4+", "4+"],
    )

    assert roles == {
        "id": None,
        "numeric": ["total", "senior"],
        "categorical": ["flag", "size"],
        "left_out": {},
    }


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("name", ["w", "x", "y", "z"]),
        ("serial", ["1a", "2", "3c", "4d"]),
        ("CustomerId", ["31", "7", "9", "8"]),
        ("CLIENTNUM", ["31", "7", "9", "8"]),
        ("account_no", ["0031", "7", "9", "8"]),
    ],
)
def test_column_that_tells_customers_apart_is_the_id(name, values):
    assert roles_of(**{name: values, "plan": PLAN}) == {
        "id": name,
        "numeric": [],
        "categorical": ["plan"],
        "left_out": {name: DIFFERENT},
    }


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("paid", ["31", "7", "9", "8"], "numeric"),  # whole and different, under no id's name
        ("CustomerId", ["31", "7", "7", "8"], "numeric"),  # twice the same
        ("balance_no", ["3.5", "7", "9", "8"], "numeric"),  # not whole
        ("name", ["w", "x", "y", ""], "categorical"),  # a blank
    ],
)
def test_column_that_might_tell_something_is_a_feature(name, values, kind):
    roles = roles_of(**{name: values})

    assert (roles["id"], roles[kind]) == (None, [name])


@pytest.mark.parametrize("values", [["0", "1", "2", "3"], ["1", "2", "3", "4"]])
def test_column_that_counts_the_rows_is_the_id_only_where_there_is_no_other(values):
    counter = {"row": "it counts the rows"}

    alone = roles_of(row=values, plan=PLAN)
    with_other = roles_of(row=values, plan=PLAN, name=["w", "x", "y", "z"])

    assert (alone["id"], alone["left_out"]) == ("row", counter)
    assert (with_other["id"], with_other["left_out"]) == ("name", counter | {"name": DIFFERENT})


def test_one_row_tells_nothing_about_ids():
    table = parse_table("t.csv", b"n,plan,Churn\n1,a,Yes\n")

    roles = infer_roles(table, ColumnOptions())

    assert (roles.id, [column.name for column, _ in roles.numeric]) == (None, ["n"])


def test_options_overrule_what_is_inferred():
    names = ["w", "x", "y", "z"]
    options = {"id": "plan", "drop": ("old",), "categorical": ("zip",), "numeric": ("row",)}

    roles = roles_of(options, plan=PLAN, old=PLAN, zip=["1", "2", "1", "2"], row=list("1234"))

    assert roles == {
        "id": "plan",
        "numeric": ["row"],
        "categorical": ["zip"],
        "left_out": {"plan": "--id"},
    }
    assert roles_of({"categorical": ("name",)}, name=names)["categorical"] == ["name"]


def test_text_named_as_blank_makes_a_column_numeric():
    assert roles_of({"blanks": ("NA",)}, age=["5", "NA", "6", "NA"])["numeric"] == ["age"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"drop": ("Plan",)}, '--drop: no column is called "Plan"; did you mean "plan"?'),
        ({"target": "xyz"}, '--target: no column is called "xyz"'),
        ({"id": "plan", "drop": ("plan",)}, '"plan" is both --id and --drop'),
        ({"target": "plan", "numeric": ("plan",)}, '"plan" is both --target and --numeric'),
        ({"drop": ("plan",)}, "no column is left to learn from"),
    ],
)
def test_options_that_do_not_fit_the_table_are_refused(options, message):
    assert refusal_of(options, plan=PLAN) == f"t.csv: {message}"


@pytest.mark.parametrize(
    ("options", "values", "message"),
    [
        (
            {"categorical": ("x",)},
            ["", " ", ""],
            'blank in every row; leave it out with --drop "x"',
        ),
        (
            {"numeric": ("x",)},
            ["1", "two", "3", "four"],
            "expected numbers, found text in line 3 (and 1 more); "
            "leave a missing number blank, or name the text that means it with --blank",
        ),
        (
            {},
            ["1", "2", "NA", "inf"],
            "numbers, but for line 5; "
            "leave a missing number blank, or name the text that means it with --blank, "
            'or say --categorical "x" if these are categories',
        ),
        (
            {},
            [*map(str, range(150)), "1,234", "9", "1.2.3"],
            'expected at most 100 different texts, found 152; leave it out with --drop "x", '
            "or mend it: all are numbers, but for line 152 (and 1 more)",
        ),
    ],
    ids=["blank category", "not numeric", "placeholder", "slips"],
)
def test_column_that_cannot_be_a_feature_is_refused_with_its_line(options, values, message):
    quoted = [f'"{value}"' for value in values]

    assert refusal_of(options, x=quoted) == f't.csv: column "x": {message}'


def test_hundred_categories_are_not_too_many():
    assert roles_of(x=[f"name {row % 100}" for row in range(200)])["categorical"] == ["x"]


def test_column_that_cannot_be_a_feature_is_no_matter_once_dropped():
    columns = {"x": ["", "", "", ""], "plan": PLAN}

    assert roles_of({"drop": ("x",)}, **columns)["categorical"] == ["plan"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["", " ", "", ""], "it is blank in every row"),
        (["5", "5", "5", "5"], "it has the same value in every row"),
        (
            ["2026-01-31", "2026-02-01", "", "2026-02-01"],
            "it holds dates; make a number of them, such as days since, or learn from the earlier "
            'rows and test on the later with --time "x"',
        ),
        (
            [f"name {row % 101}" for row in range(202)],
            'it has 101 different texts, more than 100; --categorical "x" keeps the frequent and '
            "groups the rest",
        ),
    ],
    ids=["blank", "constant", "dates", "names"],
)
def test_column_that_teaches_nothing_is_left_out(values, reason):
    plan = ["a", "b"] * (len(values) // 2)

    assert roles_of(x=values, plan=plan) == {
        "id": None,
        "numeric": [],
        "categorical": ["plan"],
        "left_out": {"x": reason},
    }


def test_many_texts_are_kept_for_grouping_where_the_user_says_so():
    roles = infer_roles(
        table_of(x=[f"name {row % 101}" for row in range(202)]), ColumnOptions(categorical=("x",))
    )

    assert ([column.name for column in roles.categorical], roles.grouped) == (["x"], ("x",))


def test_time_is_no_feature():
    roles = infer_roles(
        table_of(month=["1", "2", "3", "4"], plan=PLAN), ColumnOptions(time="month")
    )

    assert (roles.time.name, roles.numeric, roles.left_out) == ("month", (), {"month": "--time"})


def test_id_stays_an_id_where_whole_rows_are_repeated():
    table = table_of(name=["w", "x", "w", "x"], plan=["a", "a", "a", "a"], fee=["1", "2", "1", "2"])

    roles = infer_roles(table, ColumnOptions(), different_rows=2)

    assert roles.id.name == "name"
