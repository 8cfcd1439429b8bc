"""A model's life in one test: deployed, watched, found out of date, trained again, replaced.

Traffic, counts, monitor, alarm, message, bulk run, outcomes, training, gate and roll-out are the
real ones, in containers and on MiniStack. What stands in for AWS: a test can't wait for three days
to be over, so the lines of counts are put under the days before; metrics are made of log lines by
`rehearsed.news`; and the rule is told another pace than the parameter's, so that it is soon.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from rehearsed.checks import check_version
from rehearsed.gateway import import_body, read_api
from rehearsed.model_files import count_contracts, read_version, turn_signs
from rehearsed.news import (
    ask_state,
    await_metric_lines,
    await_windows,
    find_alarm,
    open_inbox,
    put_metrics,
    read_inbox,
    schedule,
)
from rehearsed.stack import call, deploy
from rehearsed.traffic import (
    await_counts,
    change_world,
    date_lines,
    draw_customers,
    read_kept,
    send_customers,
)

from inference.monitoring.storage import Folder, write_document
from inference.monitoring.watch import PROGRESS_KEY, start_day

STACK = "rehearsal-loop"
SELDOM = "cron(30 3 29 2 ? *)"  # so that it starts when the test says
CUSTOMERS = 1_500  # of a table to learn from
A_DAY = 300  # scored customers
MOVED = {"Contract", "MonthlyCharges"}


@pytest.fixture(scope="module")
def topic(ministack):
    """Where alarms are told, and the queue that hears them: ARN and address."""
    return open_inbox(ministack, STACK)


@pytest.fixture(scope="module")
def watched(ministack, stack, built_template, topic):  # noqa: ARG001  it makes the packages' bucket
    """A stack of its own, just deployed, without a model."""
    return deploy(
        ministack,
        built_template,
        STACK,
        ApiAuth="NONE",
        BulkWorkers=2,
        ModelRefreshSeconds=0,
        AlarmTopicArn=topic[0],
        MonitorSchedule=SELDOM,
    )


@pytest.fixture(scope="module")
def url(watched):
    """The API's address."""
    return import_body(watched, read_api(watched)[0])


@pytest.fixture(scope="module")
def command(watched):
    """Return the function that runs a command on this stack, and gives what it said."""

    def run(*words, expected=0):
        done = call(sys.executable, "-m", "model", *words, environment=watched.environment)
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout if expected == 0 else done.stderr

    return run


@pytest.fixture(scope="module")
def train(command, tmp_path_factory):
    """Return the function that trains on a table of customers; gives the model's file and table."""

    def trained(customers):
        folder = tmp_path_factory.mktemp("trained")
        customers.to_csv(folder / "table.csv", index=False)
        words = ("--budget", "0", "--no-report", "--serve", "LogisticRegression")
        command("train", folder / "table.csv", "--out", folder, *words)
        return folder / "telco_churn_light.json", folder / "table.csv"

    return trained


def test_schedule_starts_the_monitor_as_the_parameter_says(watched):
    events, functions = watched.client("events"), watched.client("lambda")
    rule = watched.resources["MonitorFunctionDaily"]
    monitor = watched.resources["MonitorFunction"]

    found = events.describe_rule(Name=rule)
    (target,) = events.list_targets_by_rule(Rule=rule)["Targets"]
    policy = json.loads(functions.get_policy(FunctionName=monitor)["Policy"])

    assert (found["ScheduleExpression"], found["State"]) == (SELDOM, "ENABLED")
    assert target["Arn"].endswith(f":function:{monitor}")
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == found["Arn"]


def test_model_is_found_out_of_date_and_replaced_without_a_deploy(
    watched, url, topic, command, train, linear, tmp_path
):
    first, table = train(draw_customers(tmp_path, CUSTOMERS, 42))
    changed = change_world(draw_customers(tmp_path, CUSTOMERS, 44), 44)
    days = [draw_customers(tmp_path, A_DAY, 43), changed[:A_DAY], changed[A_DAY : 2 * A_DAY]]

    assert "the first" in command("publish", first, "--data", table)
    lines = assert_traffic_is_counted(watched, url, days, first, linear.path)
    assert_drift_is_told(watched, url, topic[1], lines)
    assert find_named(read_kept(watched), days) == []
    assert_outcomes_disagree(command, changed, first, tmp_path)
    second, table = train(changed)
    assert_gate_decides(url, command, second, table)
    assert_code_is_the_same(watched)


def assert_traffic_is_counted(stack, url, days, live, other):
    """Each day's customers are scored and counted; return each day's lines.

    A line comes after a minute, or when another model goes live, as it does here for one request.
    """
    lines, told = [], 0
    for number, customers in enumerate(days, 1):
        stack.publish(live.read_bytes())
        assert send_customers(url, customers) == read_version(live)
        stack.publish(other.read_bytes())
        assert send_customers(url, customers[:1]) == read_version(other)
        so_far = await_counts(stack, number * A_DAY)
        lines.append(so_far[told:])
        told = len(so_far)
    stack.publish(live.read_bytes())

    for found, customers in zip(lines, days, strict=True):
        assert {line["model_version"] for line in found} == {read_version(live)}
        counted = sum((count_contracts(line, live) for line in found), Counter())
        assert counted == Counter(customers["Contract"])
    return lines


def assert_drift_is_told(stack, url, inbox, lines):
    """The schedule starts the monitor, which needs two days; message and API name the fields."""
    today = datetime.now(UTC).date()
    before, *drifted = days = [today - timedelta(days=back) for back in (3, 2, 1)]
    date_lines(stack, dict(zip(days, lines, strict=True)))
    models = Folder(stack.client("s3"), stack.outputs["ModelBucket"])
    write_document(models, PROGRESS_KEY, start_day(before))  # as its last run would have left it

    with schedule(stack, "rate(1 minute)"):
        windows = await_windows(stack, drifted[1])

    version = lines[0][0]["model_version"]
    verdicts = [windows[f"{day}"]["versions"][version] for day in days]
    assert [verdict["customers"] for verdict in verdicts] == [A_DAY] * 3
    assert (verdicts[0]["drifted"], verdicts[1]["alarm"]) == ([], [])
    assert set(verdicts[1]["drifted"]) >= MOVED <= set(verdicts[2]["alarm"])
    assert "gender" not in verdicts[2]["drifted"]
    assert list_alarm_states(stack) == ["OK", "OK", "ALARM"]
    subject = f"Customers differ from training ({drifted[1]})"
    messages = read_inbox(stack, inbox, subject)
    assert all(f"- {field}: " in messages[subject] for field in MOVED)
    assert any("DriftAlarm" in name and "ALARM" in name for name in messages)
    told = ask_state(url)
    assert (told["day"], told["verdict"]) == (f"{drifted[1]}", "alarm")
    assert {field["name"] for field in told["fields"] if field["alarm"]} >= MOVED


def find_named(texts, days):
    """Return the customers whose ids stand in what is logged and kept."""
    ids = [name for customers in days for name in customers["customerID"]]
    return [name for name in ids if any(name in text for text in texts)]


def list_alarm_states(stack):
    """Return the alarm's states as the windows' metrics come, which have to be those it watches."""
    states = []
    alarm = find_alarm(stack, "DriftAlarm")
    watched = {name: alarm[name] for name in ("Namespace", "MetricName", "Dimensions")}
    for count, line in enumerate(await_metric_lines(stack, 3), 1):
        put_metrics(stack, line)
        states.append(find_alarm(stack, "DriftAlarm")["StateValue"])
        assert count_points(stack, watched) == count
    return states


def count_points(stack, metric):
    now = datetime.now(UTC)
    found = stack.client("cloudwatch").get_metric_statistics(
        **metric,
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=86_400,
        Statistics=["SampleCount"],
    )
    return sum(point["SampleCount"] for point in found["Datapoints"])


def assert_outcomes_disagree(command, customers, model, folder):
    """What the deployed stack scored in bulk is found, and kept, as worse than promised."""
    table, truth = folder / "customers.csv", folder / "truth.csv"
    customers.drop(columns="Churn").to_csv(table, index=False)
    customers[["customerID", "Churn"]].to_csv(truth, index=False)
    summary = ("--summary", folder / "scores.json")
    command("bulk", table, "--out", folder / "scores.csv", *summary)

    words = ("--scored", folder / "scores.csv", *summary, "--truth", truth)
    look = json.loads(command("outcomes", *words, "--json"))

    assert (look["model_version"], look["joined"]["joined"]) == (read_version(model), CUSTOMERS)
    auc = look["groups"]["all"]["figures"]["auc"]
    assert auc["high"] < 0.5 < auc["promised"]  # which chance has
    assert "AUC is lower than promised by more than 0.01, beyond chance" in look["notes"]
    kept = json.loads(command("show", "live", "--json"))["outcomes"]
    assert kept == [look]


def assert_gate_decides(url, command, candidate, table):
    """A model gone wrong is refused; the one that knows the changed customers goes live."""
    wrong = candidate.with_name("wrong.json")
    wrong.write_bytes(turn_signs(candidate.read_bytes()))
    refusal = command("publish", wrong, "--data", table, expected=2)
    command("publish", candidate, "--data", table, "--no-promote")
    before = check_version(url, read_version(candidate))

    said = command("promote", read_version(candidate), "--data", table)

    assert "the gate refused it: AUC" in refusal
    assert before != []
    assert f"LIVE: {read_version(candidate)}, after " in said
    assert "SUCCESS" in command("verify", "--url", url, "--artifact", candidate)


def assert_code_is_the_same(stack):
    function = stack.outputs["PredictFunction"]
    alias = stack.client("lambda").get_alias(FunctionName=function, Name="live")
    assert alias["FunctionVersion"] == "1"
