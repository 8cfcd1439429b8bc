from model.reading.csv_table import parse_table
from model.table.repeated_rows import count_repeated, group_rows


def test_rows_that_are_the_same_in_every_column_share_a_number():
    table = parse_table("t.csv", b"a,b,Churn\n1,x,No\n2,x,No\n1,x,No\n1,y,No\n2,x,No\n1,x,Yes\n")

    groups = group_rows(table)

    assert groups.tolist() == [0, 1, 0, 2, 1, 3]
    assert count_repeated(groups) == 2


def test_rows_that_differ_in_their_id_only_are_not_the_same():
    table = parse_table("t.csv", b"a,Churn,id\n1,No,1\n1,No,2\n")

    groups = group_rows(table)

    assert groups is None
    assert count_repeated(groups) == 0
