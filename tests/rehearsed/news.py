"""From the monitor to a person: its schedule, its metrics, the alarm, and the topic's messages.

MiniStack starts what a schedule says, evaluates an alarm when a metric comes and sends messages; it
makes no metrics of log lines, which is done here by what the lines themselves declare.
"""

import contextlib
import json
import time

import requests

from rehearsed.stack import connect

PATIENCE_S = 120  # a schedule's minute, and a container that starts


def open_inbox(url, topic):
    """Make a topic, and a queue that hears all it tells; return the ARN and the queue's address."""
    sns, sqs = connect(url, "sns"), connect(url, "sqs")
    arn = sns.create_topic(Name=topic)["TopicArn"]
    queue = {"QueueUrl": sqs.create_queue(QueueName=f"{topic}-inbox")["QueueUrl"]}
    found = sqs.get_queue_attributes(**queue, AttributeNames=["QueueArn"])["Attributes"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": found["QueueArn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(**queue, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=found["QueueArn"])
    return arn, queue["QueueUrl"]


def read_inbox(stack, url, awaited):
    """Return the messages that have come, subject -> text, once the awaited one is among them."""
    sqs, found = stack.client("sqs"), {}
    deadline = time.monotonic() + PATIENCE_S
    while awaited not in found:
        assert time.monotonic() < deadline, list(found)
        asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1}
        for message in sqs.receive_message(**asked).get("Messages", ()):
            body = json.loads(message["Body"])
            found[body["Subject"]] = body["Message"]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


@contextlib.contextmanager
def schedule(stack, expression):
    """Let the monitor's rule start it as another expression says."""
    events, name = stack.client("events"), stack.resources["MonitorFunctionDaily"]
    before = events.describe_rule(Name=name)
    events.put_rule(Name=name, ScheduleExpression=expression, State=before["State"])
    try:
        yield
    finally:
        expression = before["ScheduleExpression"]
        events.put_rule(Name=name, ScheduleExpression=expression, State=before["State"])


def await_windows(stack, last_day):
    """Return what the monitor has found, day -> window, once it has judged that one."""
    s3, bucket = stack.client("s3"), stack.outputs["ModelBucket"]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        keys = s3.list_objects_v2(Bucket=bucket, Prefix="monitoring/windows/").get("Contents", ())
        if any(entry["Key"].endswith(f"{last_day}.json") for entry in keys):
            bodies = [s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"] for entry in keys]
            windows = [json.loads(body.read()) for body in bodies]
            return {window["day"]: window for window in windows}
        time.sleep(0.5)
    raise AssertionError("the monitor judged nothing")


def ask_state(url):
    """Return what GET /model tells of the last window; it waits for S3 a second only."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = requests.get(f"{url}/model", timeout=PATIENCE_S).json()["monitoring"]
        if found:
            return found
    raise AssertionError("GET /model knows of no window")


def await_metric_lines(stack, count):
    """Return the monitor's lines that declare metrics, once there are so many."""
    deadline = time.monotonic() + PATIENCE_S
    group = stack.resources["MonitorLogs"]
    while time.monotonic() < deadline:
        events = stack.client("logs").filter_log_events(logGroupName=group)["events"]
        texts = [event["message"] for event in events]
        lines = [json.loads(text) for text in texts if text.startswith('{"_aws"')]
        if len(lines) >= count:
            return lines
        time.sleep(0.2)
    raise AssertionError("no metrics came")


def put_metrics(stack, line):
    """Make a line's metrics, as CloudWatch does of its embedded format."""
    about = line["_aws"]
    for directive in about["CloudWatchMetrics"]:
        (names,) = directive["Dimensions"]
        data = [
            {
                "MetricName": metric["Name"],
                "Unit": metric["Unit"],
                "Value": line[metric["Name"]],
                "Timestamp": about["Timestamp"] / 1000,
                "Dimensions": [{"Name": name, "Value": line[name]} for name in names],
            }
            for metric in directive["Metrics"]
        ]
        stack.client("cloudwatch").put_metric_data(
            Namespace=directive["Namespace"], MetricData=data
        )


def find_alarm(stack, name):
    """Return an alarm as it stands."""
    asked = {"AlarmNames": [stack.resources[name]]}
    (alarm,) = stack.client("cloudwatch").describe_alarms(**asked)["MetricAlarms"]
    return alarm
