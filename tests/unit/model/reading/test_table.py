from model.reading.csv_table import parse_table


def test_place_is_the_first_line_and_the_number_of_others():
    table = parse_table("t.csv", b'a,b\nx,1\n"y\n",1\n\ny,1\nz,1\ny,1\n')
    column = table.columns[0]

    assert table.locate(column, {"z"}) == "line 7"
    assert table.locate(column, {"y", "y\n"}) == "line 3 (and 2 more)"


def test_rows_with_a_text_are_in_order():
    table = parse_table("t.csv", b"a,b\nx,1\ny,1\nz,1\ny,1\n")

    assert table.columns[0].rows_with({"y", "z"}).tolist() == [1, 2, 3]
