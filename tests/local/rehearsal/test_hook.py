"""The hook in its container, in its role: it lets a good build through, and a bad one not."""

import json
import sys

import pytest
from rehearsed.checks import EVENTS
from rehearsed.stack import call

HEALTH = json.dumps(dict(EVENTS)["health_ok"])
GOOD = "from app import lambda_handler"
BAD = {
    "raises at import": ("raise ImportError('gone')", "answer: none, the new version ended with"),
    "number off by 1e-9": (
        """
import json
from app import lambda_handler as answer

def lambda_handler(event, context):
    found = answer(event, context)
    if found["body"].startswith('{"predictions"'):
        body = json.loads(found["body"])
        body["predictions"] = [value and value + 1e-9 for value in body["predictions"]]
        found["body"] = json.dumps(body)
    return found
""",
        "body.predictions[]: off by 1.0e-09",
    ),
    "header lost": (
        """
from app import lambda_handler as answer

def lambda_handler(event, context):
    found = answer(event, context)
    found["headers"].pop("x-content-type-options")
    return found
""",
        "header x-content-type-options: lost",
    ),
    "CSV broken": (
        """
from app import lambda_handler as answer

def lambda_handler(event, context):
    found = answer(event, context)
    if found["headers"]["content-type"].startswith("text/csv"):
        found["body"] = found["body"].replace(",", ";", 1)
    return found
""",
        "csv_ok: body",
    ),
    "slower than the time-out": (
        """
import time
from app import lambda_handler as answer

def lambda_handler(event, context):
    time.sleep(5)
    return answer(event, context)
""",
        "answer: none, the new version ended with",
    ),
}
SHORT_S = 2  # time-out of the build that takes five


def test_build_like_the_live_one_is_let_through(publish_build, ask_hook, codedeploy, trees):
    report = ask_hook(publish_build(GOOD))

    assert (report["status"], report["refused"]) == ("Succeeded", [])
    assert (report["model"], report["declared"]) == (trees.version, 0)
    assert report["questions"] > 30
    assert json.loads(codedeploy.told[-1]) == {
        "deploymentId": "d-1",
        "lifecycleEventHookExecutionId": "e-1",
        "status": "Succeeded",
    }


@pytest.mark.parametrize("fault", BAD)
def test_build_with_a_fault_is_refused_and_says_where(publish_build, ask_hook, codedeploy, fault):
    source, finding = BAD[fault]
    timeout = {"timeout_s": SHORT_S} if fault == "slower than the time-out" else {}

    report = ask_hook(publish_build(source, **timeout))

    assert json.loads(codedeploy.told[-1])["status"] == report["status"] == "Failed"
    assert any(finding in reason for reason in report["refused"]), report


def test_command_tells_why_a_build_was_refused(stack, publish_build, ask_hook):
    report = ask_hook(publish_build(BAD["header lost"][0]))

    done = run("deploy-check", stack)

    assert done.returncode == 0, done.stderr
    first, *reasons = done.stdout.splitlines()
    assert f"Failed, deployment d-1, {report['questions']} questions" in first
    assert reasons == [f"refused: {reason}" for reason in report["refused"]]


def test_old_builds_are_deleted_but_not_the_one_that_answers(stack, publish_build):
    functions, name = stack.client("lambda"), stack.outputs["PredictFunction"]
    old, new = (
        publish_build(source).rpartition(":")[2] for source in (BAD["header lost"][0], GOOD)
    )

    done = run("prune-code", stack, "--keep", "1")

    assert done.returncode == 0, done.stderr
    assert old in done.stdout.removeprefix("deleted versions of the code: ").strip().split(", ")
    left = functions.list_versions_by_function(FunctionName=name)["Versions"]
    live = functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    assert [version["Version"] for version in left] == ["$LATEST", live, new]
    answer = functions.invoke(FunctionName=name, Qualifier="live", Payload=HEALTH)
    assert json.loads(answer["Payload"].read())["statusCode"] == 200


def run(command, stack, *flags):
    """Run a command of `python -m model` with the stack's environment."""
    return call(sys.executable, "-m", "model", command, *flags, environment=stack.environment)
