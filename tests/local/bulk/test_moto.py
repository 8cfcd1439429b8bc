"""The state machine's logic on moto, in this process: the real definition, the real functions."""

import io
import json
import threading
import time
import zipfile
from contextlib import contextmanager, nullcontext
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction
from moto.s3.models import s3_backends

import bulk
from inference.bulk.errors import ChangedError

ROOT = Path(__file__).parents[3]
REGION = "us-east-1"
ACCOUNT = "123456789012"  # moto's
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:team"
PATIENCE_S = 900  # ten thousand objects on a busy machine
WORKERS = 2
STEPS = {"plan": bulk.plan, "score": bulk.score, "join": bulk.join}


class Machine:
    """The state machine, its buckets, and what was asked of its functions."""

    def __init__(self, topic):
        self.s3 = boto3.client("s3")
        self.states = boto3.client("stepfunctions")
        self.asked = []
        self.faults = {}  # step -> errors that its next calls end with
        self.limits = threading.Condition()
        self.working = self.most_working = 0  # workers, at once
        for name in ("bulk", "models"):
            self.s3.create_bucket(Bucket=name)
        versions = {"Status": "Enabled"}
        self.s3.put_bucket_versioning(Bucket="models", VersioningConfiguration=versions)
        role = boto3.client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")
        self.role = role["Role"]["Arn"]
        for step in STEPS:
            self._create_function(step)
        self.arn = self.states.create_state_machine(
            name="bulk", roleArn=self.role, definition=read_definition(topic)
        )["stateMachineArn"]

    def _create_function(self, step):
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("bulk.py", "")
        boto3.client("lambda").create_function(
            FunctionName=step,
            Runtime="python3.13",
            Role=self.role,
            Handler=f"bulk.{step}",
            Code={"ZipFile": package.getvalue()},
        )

    def invoke(self, step, event):
        """Stand where moto would start a container."""
        document = event if isinstance(event, dict) else json.loads(event)
        self.asked.append((step, document))
        try:
            if self.faults.get(step):
                raise self.faults[step].pop(0)  # noqa: TRY301  as the step would
            with self.count_workers() if step == "score" else nullcontext():
                return json.dumps(STEPS[step](document, None)), False, ""
        except Exception as error:  # noqa: BLE001  as Lambda does
            told = {"errorMessage": str(error), "errorType": type(error).__name__}
            return json.dumps(told), True, ""

    @contextmanager
    def count_workers(self):
        """Count a worker while it works, which it doesn't begin before there has been another."""
        with self.limits:
            self.working += 1
            self.most_working = max(self.most_working, self.working)
            self.limits.notify_all()
            assert self.limits.wait_for(lambda: self.most_working > 1, PATIENCE_S)
        yield
        with self.limits:
            self.working -= 1

    def run(self, name, **request):
        """Return what Step Functions says of a run that has ended."""
        arn = self.states.start_execution(
            stateMachineArn=self.arn, name=name, input=json.dumps(request)
        )["executionArn"]
        deadline = time.monotonic() + PATIENCE_S
        while (run := self.states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return run

    def read(self, key):
        return self.s3.get_object(Bucket="bulk", Key=key)["Body"].read()

    def list_keys(self):
        found = self.s3.list_objects_v2(Bucket="bulk").get("Contents", ())
        return [entry["Key"] for entry in found]


def read_definition(topic):
    text = (ROOT / "statemachine/bulk.asl.json").read_text("utf-8")
    values = {"Partition": "aws", "AlarmTopicArn": topic}
    values |= {f"{step.title()}Function": step for step in STEPS}
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text.replace('"IntervalSeconds": 2', '"IntervalSeconds": 1')  # moto really waits


@pytest.fixture
def machine(monkeypatch, trees, request):
    settings = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "BULK_BUCKET": "bulk",
        "BULK_WORKERS": str(WORKERS),
        "MODEL_BUCKET": "models",
        "MODEL_KEY": "models/live.json",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("inference.bulk.plan.RANGE_BYTES", 100_000)
    monkeypatch.setattr("inference.bulk.storage.BLOCK_BYTES", 50_000)
    bulk._connect.cache_clear()
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        machine = Machine(getattr(request, "param", ""))

        def invoke(function, event):
            return machine.invoke(function.function_name, event)

        monkeypatch.setattr(LambdaFunction, "_invoke_lambda", invoke)
        machine.s3.upload_file(str(trees.path), "models", "models/live.json")
        yield machine


@pytest.fixture
def table(machine, synthetic_csv):
    """A table in the bucket, of several parts."""
    machine.s3.upload_file(str(synthetic_csv), "bulk", "in/may.csv")
    return len(synthetic_csv.read_bytes().splitlines()) - 1


class KilledError(Exception):
    """Stands for a worker that Lambda lost."""


def test_run_scores_every_customer_and_tidies_up(machine, table):
    run = machine.run("may", input="in/may.csv")

    assert run["status"] == "SUCCEEDED", run.get("cause")
    answer = json.loads(run["output"])
    assert (answer["customers"], answer["not_scored"]) == (table, 0)
    assert machine.list_keys() == ["in/may.csv", "out/may/scores.csv", "out/may/summary.json"]
    parts = [event["part"] for step, event in machine.asked if step == "score"]
    assert sorted(parts) == [*range(len(parts))]
    assert len(parts) > 5


def test_ten_thousand_small_objects_are_one_table(machine, synthetic_csv):
    header, *lines = synthetic_csv.read_bytes().splitlines(keepends=True)
    rows = [lines[number % len(lines)] for number in range(10_000)]
    bucket = s3_backends[ACCOUNT]["aws"]  # without a request for each
    bucket.put_object("bulk", "in/whole.csv", header + b"".join(rows))
    for number, row in enumerate(rows):
        bucket.put_object("bulk", f"in/many/{number:05}.csv", header + row)

    runs = machine.run("whole", input="in/whole.csv"), machine.run("many", input="in/many/")

    assert [run["status"] for run in runs] == ["SUCCEEDED", "SUCCEEDED"]
    assert json.loads(runs[1]["output"])["customers"] == len(rows)
    assert machine.read("out/many/scores.csv") == machine.read("out/whole/scores.csv")


@pytest.mark.usefixtures("table")
def test_no_more_workers_are_at_work_than_the_template_says(machine):
    run = machine.run("may", input="in/may.csv")

    assert run["status"] == "SUCCEEDED", run.get("cause")
    assert len([step for step, _ in machine.asked if step == "score"]) > WORKERS
    assert machine.most_working == WORKERS


@pytest.mark.parametrize("step", STEPS)
def test_step_that_is_lost_is_taken_again(machine, table, step):
    machine.faults[step] = [KilledError()]

    run = machine.run("may", input="in/may.csv")

    assert run["status"] == "SUCCEEDED", run.get("cause")
    assert json.loads(run["output"])["customers"] == table


def test_part_that_fails_for_good_ends_the_run_with_its_place(machine, table):  # noqa: ARG001
    machine.faults["score"] = [ChangedError("changed")]

    run = machine.run("may", input="in/may.csv")

    assert (run["status"], run["error"]) == ("FAILED", "IncompleteError")
    assert run["cause"].startswith("in/may.csv, bytes ")
    assert run["cause"].endswith(": the input or the model was changed during the run")
    assert machine.list_keys() == ["in/may.csv"]


def test_request_that_can_not_be_carried_out_is_not_tried_again(machine):
    run = machine.run("may", input="in/gone.csv")

    assert (run["status"], run["error"]) == ("FAILED", "RequestError")
    assert run["cause"] == "in/gone.csv: there is no such object"
    assert [step for step, _ in machine.asked] == ["plan", "join"]


@pytest.mark.parametrize("machine", [TOPIC], indirect=True)
def test_topic_hears_of_the_end(machine, table):
    boto3.client("sns").create_topic(Name="team")
    queue = boto3.client("sqs")
    url = queue.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:123456789012:heard"
    boto3.client("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn)

    machine.run("may", input="in/may.csv")
    machine.run("june", input="in/gone.csv")

    found = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    told = [json.loads(message["Body"])["Message"] for message in found]
    assert told == [
        f"Run may: {table} customers, 0 of them not scored. "
        "The answer: s3://bulk/out/may/scores.csv",
        "Run june has failed and left nothing. in/gone.csv: there is no such object",
    ]
