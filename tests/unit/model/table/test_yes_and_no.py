from model.reading.csv_table import parse_table
from model.table.yes_and_no import group_spellings, respell


def column_of(*texts):
    table = parse_table("t.csv", "\n".join(["a,b", *(f'"{text}",x' for text in texts)]).encode())
    return table.columns[0]


def test_most_frequent_spelling_is_kept():
    assert respell(column_of("yes", "Yes", "Yes", "No", "YES ")) == {"yes": "Yes", "YES ": "Yes"}


def test_codes_that_differ_in_capitals_stay_apart():
    assert respell(column_of("a", "A", "b", "1", "1.0")) == {}


def test_missing_texts_are_none_of_the_spellings():
    assert respell(column_of("no", "No", "NO", "No"), ["NO"]) == {"no": "No"}


def test_words_for_yes_and_no_are_two_values_where_there_are_no_others():
    assert group_spellings(column_of("Yes", "1", "No", "Yes", "No", "0")) == {
        "Yes": "Yes",
        "1": "Yes",
        "No": "No",
        "0": "No",
    }
    assert group_spellings(column_of("yes", "1", "no", "maybe")) == {
        "yes": "yes",
        "1": "1",
        "no": "no",
        "maybe": "maybe",
    }
