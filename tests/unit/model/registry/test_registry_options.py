import argparse
from pathlib import Path

import pytest

from model.errors import RegistryError
from model.registry.registry_options import (
    add_gate_arguments,
    add_history_arguments,
    add_registry_arguments,
    open_registry,
    read_terms,
)
from model.registry.release import Terms


@pytest.fixture
def parse(monkeypatch):
    """Return the function from flags to what they say, in an environment that says nothing."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    for name in ("MODEL_BUCKET", "MODEL_KEY", "TELCO_CSV"):
        monkeypatch.delenv(name, raising=False)

    def parse(*flags, has_gate=True):
        parser = argparse.ArgumentParser()
        add_registry_arguments(parser)
        add_history_arguments(parser)
        if has_gate:
            add_gate_arguments(parser)
        return parser.parse_args(flags)

    return parse


def test_registry_is_where_the_flags_say(parse, monkeypatch):
    monkeypatch.setenv("MODEL_BUCKET", "another")
    monkeypatch.setenv("MODEL_KEY", "another/churn.json")

    registry = open_registry(parse("--bucket", "models", "--key", "own/churn.json"))

    assert (registry.bucket.name, registry.live_key) == ("models", "own/churn.json")


def test_registry_is_else_where_the_environment_says(parse, monkeypatch):
    monkeypatch.setenv("MODEL_BUCKET", "models")
    monkeypatch.setenv("MODEL_KEY", "own/churn.json")

    registry = open_registry(parse())

    assert (registry.bucket.name, registry.live_key) == ("models", "own/churn.json")


def test_key_is_else_the_one_that_the_template_has(parse):
    registry = open_registry(parse("--bucket", "models"))

    assert registry.live_key == "models/telco_churn_light.json"


def test_bucket_has_to_be_said(parse):
    with pytest.raises(RegistryError) as caught:
        open_registry(parse())

    assert str(caught.value) == ("which bucket? say --bucket, or set MODEL_BUCKET (a stack output)")


def test_terms_are_what_the_flags_say(parse):
    flags = ("--reason", "a better one", "--by", "ada", "--data", "a.csv", "--data", "b.csv")
    flags += ("--allow-schema-change", "--allow-synthetic", "--force")
    flags += ("--allow-leak", "calls", "--allow-leak", "visits")

    assert read_terms(parse(*flags)) == Terms(
        by="ada",
        reason="a better one",
        is_forced=True,
        may_change_schema=True,
        may_be_synthetic=True,
        allowed_leaks=("calls", "visits"),
        csv=[Path("a.csv"), Path("b.csv")],
    )


@pytest.mark.parametrize("has_gate", [True, False])
def test_nothing_is_allowed_that_no_flag_says(parse, has_gate):
    terms = read_terms(parse(has_gate=has_gate))

    assert terms == Terms(by=None, reason="", csv=None)


def test_table_is_else_the_one_that_the_environment_names(parse, monkeypatch):
    monkeypatch.setenv("TELCO_CSV", "telco.csv")

    assert read_terms(parse()).csv == Path("telco.csv")
    assert read_terms(parse(has_gate=False)).csv is None
