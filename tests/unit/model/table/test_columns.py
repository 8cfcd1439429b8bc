import argparse
from pathlib import Path

import pytest

from model.table.columns import (
    INFER_ALL,
    ColumnOptions,
    add_column_arguments,
    add_csv_argument,
    column_options,
    csv_path,
)


@pytest.fixture
def parser(monkeypatch):
    monkeypatch.delenv("TELCO_CSV", raising=False)
    parser = argparse.ArgumentParser()
    add_csv_argument(parser)
    add_column_arguments(parser)
    return parser


def test_flags_become_options(parser):
    said = "--target Left --positive 1 --id No --drop A --drop B --categorical C --numeric D"

    args = parser.parse_args([*said.split(), "--blank", "NA", "--blank", "?", "customers.csv"])

    assert csv_path(args) == Path("customers.csv")
    assert column_options(args) == ColumnOptions(
        target="Left",
        positive="1",
        id="No",
        drop=("A", "B"),
        categorical=("C",),
        numeric=("D",),
        blanks=("NA", "?"),
    )


def test_without_flags_all_is_inferred(parser):
    args = parser.parse_args([])

    assert (csv_path(args), column_options(args)) == (None, INFER_ALL)


def test_flags_of_one_command_do_not_leak_into_the_next(parser):
    parser.parse_args(["--drop", "A"])

    assert column_options(parser.parse_args(["--drop", "B"])).drop == ("B",)


def test_environment_names_a_table_where_the_command_line_does_not(parser, monkeypatch):
    monkeypatch.setenv("TELCO_CSV", "environment.csv")

    assert csv_path(parser.parse_args([])) == Path("environment.csv")
    assert csv_path(parser.parse_args(["own.csv"])) == Path("own.csv")


def test_empty_environment_variable_names_no_table(parser, monkeypatch):
    monkeypatch.setenv("TELCO_CSV", "")

    assert csv_path(parser.parse_args([])) is None
