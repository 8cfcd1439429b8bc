"""The hook in its container, in its role: it lets a good build through, and a bad one not."""

import json

import pytest

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
