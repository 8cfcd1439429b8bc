from model.inspection.row_findings import find_rows
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset


def lines_of(stayers, leavers, *more, columns=2):
    header = ",".join(f"c{column}" for column in range(columns))
    rows = [
        ",".join([str(row * (column + 2) % 10_007) for column in range(columns)])
        for row in range(stayers + leavers)
    ]
    labels = ["No"] * stayers + ["Yes"] * leavers
    lines = [f"{header},Churn", *map(",".join, zip(rows, labels, strict=True)), *more]
    return list(
        find_rows(build_dataset(parse_table("t.csv", "\n".join(lines).encode()), INFER_ALL))
    )


def test_nothing_is_said_about_an_ordinary_table():
    assert lines_of(200, 100) == []


def test_repeated_rows_are_counted():
    assert lines_of(200, 100, "0,0,No", "2,3,No", "0,0,No") == [
        "3 of 303 rows are the same as an earlier one in every column; they are kept together on "
        "one side of each split. Remove them if they aren't customers of their own"
    ]


def test_few_of_a_kind_make_rough_figures():
    assert lines_of(200, 99) == [
        'only 99 customers with Churn "Yes": figures on the held-out ones are rough, so read them '
        "with their intervals; collect more"
    ]


def test_target_that_hardly_varies_is_told():
    assert lines_of(9_901, 100) == [
        'Churn hardly varies: 1.00% of the customers have "Yes". Accuracy says nothing here, '
        "average precision does; add customers of that kind from other months"
    ]


def test_more_columns_than_rows_are_told():
    *_, last = lines_of(10, 10, columns=21)

    assert last == (
        "more columns (21) than rows (20): a model can fit anything. "
        "Collect more customers, or leave columns out with --drop"
    )
