import numpy as np

from model.inspection.column_findings import ColumnFinding, find_columns
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset


def findings_of(**columns):
    rows = len(next(iter(columns.values())))
    columns |= {"Churn": ["No", "Yes"] * (rows // 2)}
    lines = [",".join(columns), *map(",".join, zip(*columns.values(), strict=True))]
    dataset = build_dataset(parse_table("t.csv", "\n".join(lines).encode()), INFER_ALL)
    return find_columns(dataset, np.arange(rows))


def test_columns_that_differ_are_fine():
    assert findings_of(plan=["a", "b", "a", "b"], tenure=["1", "2", "3", "1"]) == ()


def test_number_in_another_unit_repeats_the_first():
    (found,) = findings_of(euros=["1.5", "2", "4", "2"], cents=["150", "200", "400", "200"])

    assert found == ColumnFinding(
        "cents",
        '"cents" repeats "euros": each value of one goes with one of the other',
        'leave it out with --drop "cents"',
    )


def test_texts_under_other_names_repeat_the_first():
    (found,) = findings_of(
        plan=["a", "b", "a", "c"], fee=["1", "2", "3", "5"], code=["x", "y", "x", "z"]
    )

    assert found.column == "code"


def test_numbers_that_are_merely_in_the_same_order_repeat_nothing():
    assert findings_of(a=["1", "2", "3", "2"], b=["1", "4", "9", "4"]) == ()


def test_whole_numbers_that_nearly_all_differ_look_like_an_id():
    numbers = [str(number * 7 % 1_009) for number in range(198)] + ["0", "0"]

    (found,) = findings_of(code=numbers)

    assert found == ColumnFinding(
        "code",
        '"code" holds whole numbers of which 99% differ, as an id\'s do',
        'if it names customers, say --id "code" or --drop "code"',
    )


def test_column_that_varies_in_held_out_rows_alone_has_nothing_to_teach():
    data = b"a,b,Churn\n1,1,No\n1,2,Yes\n1,3,No\n2,4,Yes\n"
    dataset = build_dataset(parse_table("t.csv", data), INFER_ALL)

    (found,) = find_columns(dataset, np.arange(3))

    assert found == ColumnFinding(
        "a",
        '"a" has one value in all rows that are there to learn from',
        'leave it out with --drop "a"',
    )


def test_columns_that_part_only_later_repeat_nothing():
    rows = 10_002
    late = [["0"] * (rows - 2) + end for end in (["1", "2"], ["2", "1"])]
    blank = ["" if number < rows - 2 else "1.5" for number in range(rows)]

    assert findings_of(a=late[0], b=late[1], c=blank) == ()
