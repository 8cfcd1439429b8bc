import json
import time
from pathlib import Path

import jsonschema
import pytest

from inference import telemetry
from inference.monitoring import news
from inference.monitoring.news import NAMED, describe_metrics, write_news

SCHEMA = Path(__file__).parents[1] / "emf_schema.json"


def field(name, moved=0.2, **more):
    return {"name": name, "moved": moved, **more}


def verdict(fields=(), alarm=(), customers=5_000, auc=0.83):
    return {
        "customers": customers,
        "is_judged": True,
        "fields": [*fields],
        "drifted": [entry["name"] for entry in fields],
        "alarm": [*alarm],
        "estimates": {"churn_rate": {"value": 0.27}, "auc": {"value": auc}},
    }


def window(**versions):
    return {"day": "2026-11-24", "versions": versions}


def test_the_namespace_and_dimension_are_those_of_the_functions_own_lines():
    assert (news.NAMESPACE, news.DIMENSION) == (telemetry.NAMESPACE, telemetry.DIMENSION)


def test_metrics_are_in_cloudwatchs_format():
    before_ms = time.time() * 1000

    line = describe_metrics(window(a=verdict([field("Contract")], ["Contract"])), "monitor")

    assert before_ms - 1 <= line["_aws"]["Timestamp"] <= time.time() * 1000
    jsonschema.validate(line, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert {name: line[name] for name in (*news.UNITS, "FunctionName", "day")} == {
        "MonitoredCustomers": 5_000,
        "DriftedFields": 1,
        "AlarmedFields": 1,
        "ExpectedChurnRate": 0.27,
        "ExpectedAuc": 0.83,
        "FunctionName": "monitor",
        "day": "2026-11-24",
    }


def test_estimates_are_those_of_the_version_most_used():
    line = describe_metrics(window(a=verdict(customers=300), b=verdict(auc=0.7)), "monitor")

    assert (line["MonitoredCustomers"], line["ExpectedAuc"]) == (5_300, 0.7)


@pytest.mark.parametrize(
    ("versions", "customers"), [({}, 0), ({"a": {"customers": 50, "is_judged": False}}, 50)]
)
def test_what_nobody_judged_has_no_estimates(versions, customers):
    line = describe_metrics(window(**versions), "monitor")

    assert line["MonitoredCustomers"] == customers
    assert "ExpectedAuc" not in line


def test_an_estimate_that_isnt_defined_is_left_out():
    line = describe_metrics(window(a=verdict(auc=None)), "monitor")

    assert "ExpectedAuc" not in line
    assert line["ExpectedChurnRate"] == 0.27


def test_news_name_the_fields_that_moved_furthest_first():
    fields = [
        field("Contract", 0.11, blank=0.0, blank_in_training=0.0, unseen=0.004),
        field("TotalCharges", 0.91, blank=0.93, blank_in_training=0.03, outside=0.02),
        field("gender", 0.06),
    ]

    told = write_news(window(a=verdict(fields, ["Contract", "TotalCharges"]), b=verdict()))

    subject = "Customers differ from training (2026-11-24)"
    assert told == (
        subject,
        f"{subject}, in two windows in a row.\n"
        "Model a, 5,000 customers:\n"
        "- TotalCharges: 91.0% of them moved to other bins (90.0% more blank, 2.0% out of range)\n"
        "- Contract: 11.0% of them moved to other bins",
    )


def test_news_of_many_fields_name_ten():
    fields = [field(f"field{place}", place / 100) for place in range(1, 13)]

    _, text = write_news(window(a=verdict(fields, [entry["name"] for entry in fields])))

    assert text.count("\n- ") == NAMED
    assert text.endswith("\nand 2 more")


def test_without_an_alarm_there_are_no_news():
    unjudged = {"customers": 5, "is_judged": False}

    assert write_news(window(a=verdict([field("Contract")]), b=unjudged)) is None
