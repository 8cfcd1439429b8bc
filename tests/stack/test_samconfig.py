"""`sam deploy` needs no further flags, and [prod] is stricter than [default]."""

import re
import tomllib
from pathlib import Path

import pytest

from benchmarks.prices import LARGE, SECONDS_PER_MONTH, SMALL, month_of_requests

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
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

    assert pairs(deploy["parameter_overrides"]) == {
        "ApiAuth": "AWS_IAM",
        "Architecture": "arm64",
        "Rollout": "Canary10Percent5Minutes",
    }
    assert deploy["confirm_changeset"] is True


def test_api_is_opened_by_name_and_never_by_what_a_deploy_leaves_out(template):
    """What the command line says replaces SAM's whole list; the rest falls to the defaults."""
    assert template["Parameters"]["ApiAuth"]["Default"] == "AWS_IAM"
    assert pairs(OVERRIDES["default.deploy"])["ApiAuth"] == "NONE"


def test_local_runs_are_open_and_take_the_image_that_runs_everywhere():
    for command in ("local_invoke", "local_start_api"):
        overrides = CONFIG["default"][command]["parameters"]["parameter_overrides"]

        assert pairs(overrides) == {"ApiAuth": "NONE", "Architecture": "x86_64"}


@pytest.mark.parametrize("environment", ["default", "prod"])
def test_worst_month_is_what_the_security_document_says(template, deployed, environment):
    overrides = pairs(OVERRIDES[f"{environment}.deploy"])
    rate = float(overrides.get("ThrottleRate", template["Parameters"]["ThrottleRate"]["Default"]))
    resources = deployed(ThrottleRate=rate)
    body = resources["ChurnApi"]["Properties"]["Body"]
    stage = resources["ChurnApiApiGatewayDefaultStage"]["Properties"]
    routes = [
        f"{method.upper()} {path}" for path in body["paths"] for method in body["paths"][path]
    ]
    limits = [stage["RouteSettings"].get(route, stage["DefaultRouteSettings"]) for route in routes]
    total = sum(limit["ThrottlingRateLimit"] for limit in limits)

    small = month_of_requests(total, SMALL)
    large = month_of_requests(rate, LARGE) + month_of_requests(total - rate, SMALL)

    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `\[{environment}\]`.* \|$", document, re.M)
    assert [cell.strip() for cell in row.split("|")[2:-1]] == [
        f"{rate:g}",
        f"{total * SECONDS_PER_MONTH / 1e6:.0f} million",
        f"{small:.0f}",
        f"{large:,.0f}",
    ]
