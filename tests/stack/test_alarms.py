"""Every way to fail has an alarm, and alarms and dashboard watch metrics that exist."""

import json
import re

import pytest

from inference import telemetry
from inference.monitoring import news

TOPIC = "arn:aws:sns:us-east-2:123456789012:on-call"
FUNCTION = ("FunctionName", "PredictFunction")
MONITOR = ("FunctionName", "MonitorFunction")
API = ("ApiId", "ChurnApi")
# AWS's own: Lambda and API Gateway developer guides, "metrics", read 2026-10.
AWS_METRICS = {
    ("AWS/Lambda", "Errors", *FUNCTION),
    ("AWS/Lambda", "Throttles", *FUNCTION),
    ("AWS/Lambda", "Errors", *MONITOR),
    ("AWS/ApiGateway", "Count", *API),
    ("AWS/ApiGateway", "Latency", *API),
    ("AWS/ApiGateway", "4xx", *API),
    ("AWS/ApiGateway", "5xx", *API),
}
ALARMS = {
    "FunctionErrorAlarm": ("AWS/Lambda", "Errors", *FUNCTION),
    "FunctionThrottleAlarm": ("AWS/Lambda", "Throttles", *FUNCTION),
    "LatencyAlarm": ("AWS/ApiGateway", "Latency", *API),
    "FaultAlarm": ("ChurnScoring", "ServerErrors", *FUNCTION),  # direct calls pass no gateway
    "ServerErrorAlarm": ("AWS/ApiGateway", "5xx", *API),
    "ModelUnavailableAlarm": ("ChurnScoring", "ModelUnavailable", *FUNCTION),
    "RefreshFailureAlarm": ("ChurnScoring", "RefreshFailures", *FUNCTION),
    "DriftAlarm": ("ChurnScoring", "AlarmedFields", *MONITOR),
    "MonitorErrorAlarm": ("AWS/Lambda", "Errors", *MONITOR),
}
TAKEOVER_ALARMS = {  # of the version that takes over, which they take back
    "NewVersionCrashAlarm": "${AWS::StackName}-version-${Number}-crashes",
    "NewVersionModelAlarm": "${AWS::StackName}-version-${Number}-has-no-model",
}


def alarms(resources):
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::CloudWatch::Alarm" and name not in TAKEOVER_ALARMS
    }


def watched(alarm):
    (dimension,) = alarm["Dimensions"]
    return (
        alarm["Namespace"],
        alarm["MetricName"],
        dimension["Name"],
        dimension["Value"]["Ref"],
    )


def dashboard(resources):
    body = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    return json.loads(re.sub(r"\$\{([\w:]+)\}", r"\1", body))["widgets"]


def drawn(widget):
    """Yield a widget's metrics; "." repeats what stands above, as CloudWatch reads it."""
    above = []
    for row in widget["properties"]["metrics"]:
        if "expression" not in row[0]:
            above = [above[i] if cell == "." else cell for i, cell in enumerate(row[:4])]
            yield tuple(above)


def test_every_way_to_fail_has_an_alarm(deployed):
    assert {name: watched(alarm) for name, alarm in alarms(deployed()).items()} == ALARMS


def test_latency_alarm_looks_at_the_slowest_hundredth(deployed):
    alarm = alarms(deployed(LatencyAlarmMs=1500))["LatencyAlarm"]

    assert (alarm["ExtendedStatistic"], alarm["Threshold"]) == ("p99", 1500)


def test_latency_alarm_passes_over_hours_in_which_a_hundredth_is_one_answer(deployed):
    alarm = alarms(deployed())["LatencyAlarm"]

    assert alarm["EvaluateLowSampleCountPercentile"] == "ignore"


@pytest.mark.parametrize("name", [*ALARMS, *TAKEOVER_ALARMS])
def test_alarm_tells_the_topic_when_it_starts_and_when_it_ends(deployed, name):
    alarm = deployed(AlarmTopicArn=TOPIC)[name]["Properties"]

    assert (alarm["AlarmActions"], alarm["OKActions"]) == ([TOPIC], [TOPIC])


@pytest.mark.parametrize("name", [*ALARMS, *TAKEOVER_ALARMS])
def test_alarm_without_topic_stays_in_cloudwatch(deployed, name):
    alarm = deployed()[name]["Properties"]

    assert {"AlarmActions", "OKActions"} & set(alarm) == set()


@pytest.mark.parametrize("name", [*ALARMS, *TAKEOVER_ALARMS])
def test_alarm_says_what_happened_and_is_quiet_without_traffic(deployed, name):
    alarm = deployed()[name]["Properties"]

    assert len(alarm["AlarmDescription"]) > len(name)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_dashboard_shows_what_the_team_asks_first(deployed):
    titles = [widget["properties"]["title"] for widget in dashboard(deployed())]

    assert titles == [
        "Traffic",
        "Latency (ms)",
        "Errors",
        "Age of the live model (days)",
        "Customers labelled as churners (%)",
        "Fields unlike training",
        "Expected from scores alone",
    ]


def test_alarms_and_dashboard_watch_only_metrics_that_exist(deployed):
    resources = deployed()
    own = {
        (telemetry.NAMESPACE, name, telemetry.DIMENSION, FUNCTION[1]) for name in telemetry.UNITS
    }
    own |= {(news.NAMESPACE, name, news.DIMENSION, MONITOR[1]) for name in news.UNITS}

    shown = {metric for widget in dashboard(resources) for metric in drawn(widget)}
    alarming = {watched(alarm) for alarm in alarms(resources).values()}

    assert (shown | alarming) - own - AWS_METRICS == set()


def test_dashboard_formulas_name_metrics_of_their_widget(deployed):
    for widget in dashboard(deployed()):
        rows = widget["properties"]["metrics"]
        ids = {row[-1]["id"] for row in rows if isinstance(row[-1], dict) and "id" in row[-1]}

        formulas = " ".join(row[0]["expression"] for row in rows if "expression" in row[0])

        assert set(re.findall(r"[a-z]+", formulas)) == ids
