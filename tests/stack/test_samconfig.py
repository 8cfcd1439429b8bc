"""`sam deploy` needs no further flags, and [prod] is stricter than [default]."""

import re
import tomllib
from pathlib import Path

import pytest

CONFIG = tomllib.loads((Path(__file__).parents[2] / "samconfig.toml").read_text(encoding="utf-8"))
OVERRIDES = {
    f"{environment}.{command}": section["parameters"].get("parameter_overrides", [])
    for environment, commands in CONFIG.items()
    if isinstance(commands, dict)
    for command, section in commands.items()
}


def pairs(overrides):
    items = overrides.split() if isinstance(overrides, str) else overrides
    return dict(item.split("=", 1) for item in items)


def is_allowed(value, spec):
    if "AllowedValues" in spec:
        return value in map(str, spec["AllowedValues"])
    return re.search(spec.get("AllowedPattern", ""), value) is not None


@pytest.mark.parametrize("where", OVERRIDES)
def test_overridden_parameters_exist_and_take_the_value(template, where):
    refused = [
        name
        for name, value in pairs(OVERRIDES[where]).items()
        if not is_allowed(value, template["Parameters"][name])
    ]

    assert refused == []


@pytest.mark.parametrize("environment", ["default", "prod"])
def test_deploy_needs_no_further_flags(environment):
    deploy = CONFIG[environment]["deploy"]["parameters"]

    assert CONFIG[environment]["global"]["parameters"]["stack_name"].startswith("churn-scoring")
    assert (deploy["capabilities"], deploy["resolve_s3"]) == ("CAPABILITY_IAM", True)


def test_region_is_the_callers():
    assert "region" not in str(CONFIG)


def test_prod_signs_requests_and_asks_before_a_change():
    deploy = CONFIG["prod"]["deploy"]["parameters"]

    assert pairs(deploy["parameter_overrides"]) == {"ApiAuth": "AWS_IAM", "Architecture": "arm64"}
    assert deploy["confirm_changeset"] is True


def test_local_runs_take_the_image_that_runs_everywhere():
    for command in ("local_invoke", "local_start_api"):
        overrides = CONFIG["default"][command]["parameters"]["parameter_overrides"]

        assert pairs(overrides) == {"Architecture": "x86_64"}
