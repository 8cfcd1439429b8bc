"""A stack of its own, which changes: made, asked for tokens, taken back a version, deleted."""

import sys
from pathlib import Path

import pytest
from rehearsed.checks import EVENTS, FOR_BROWSERS, check_answers, check_guards, send
from rehearsed.gateway import import_body, read_api
from rehearsed.issuer import AUDIENCE
from rehearsed.stack import REGION, call, deploy

from model.paths import MODEL_KEY

STACK = "rehearsal-jwt"
ASKED = dict(EVENTS)["model_ok"]


@pytest.fixture(scope="module")
def first(ministack, stack, built_template, trees):  # noqa: ARG001  it makes the packages' bucket
    """The stack as first made, open to all."""
    made = deploy(ministack, built_template, STACK, ApiAuth="NONE")
    made.publish(trees.path.read_bytes())
    return made


@pytest.fixture(scope="module")
def updated(first, ministack, built_template, issuer):
    """The same, told to ask for tokens, and given more memory."""
    assert first.name == STACK
    return deploy(
        ministack,
        built_template,
        STACK,
        ApiAuth="JWT",
        JwtIssuer=issuer.url,
        JwtAudience=AUDIENCE,
        MemorySize=512,
        ThrottleRate=7,
    )


@pytest.fixture(scope="module")
def guarded(updated):
    """Address and body of the API that asks for tokens."""
    body, _ = read_api(updated)
    return import_body(updated, body), body


def bearer(token):
    return {"authorization": f"Bearer {token}"}


def test_update_keeps_bucket_and_address_and_takes_the_parameters(first, updated):
    assert updated.outputs == first.outputs
    _, stage = read_api(updated)
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == "7"


def test_parameter_that_changes_makes_a_version_which_the_alias_serves(first, updated):
    functions, name = updated.client("lambda"), updated.outputs["PredictFunction"]

    live = functions.get_function_configuration(FunctionName=name, Qualifier="live")

    assert (live["Version"], live["MemorySize"]) == ("2", 512)
    assert first.parameters["MemorySize"] == "1024"


def test_every_route_but_the_open_ones_asks_for_a_token(guarded):
    assert check_guards(*guarded, FOR_BROWSERS) == []


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({}, 200),
        ({"exp": 1}, 401),
        ({"aud": "another"}, 401),
        ({"iss": "https://login.example.com"}, 401),
    ],
    ids=["valid", "expired", "for another audience", "of another issuer"],
)
def test_token_is_checked(guarded, issuer, claims, status):
    assert send(guarded[0], ASKED, bearer(issuer.sign(**claims))).status == status


def test_token_signed_by_another_is_refused(guarded, issuer):
    head, claims, _ = issuer.sign().split(".")
    other = issuer.sign(sub="another").rpartition(".")[2]

    assert send(guarded[0], ASKED, bearer(f"{head}.{claims}.{other}")).status == 401


def test_requests_of_events_pass_with_a_token(guarded, issuer, handler):
    assert check_answers(guarded[0], handler, bearer(issuer.sign())) == []


def test_code_is_rolled_back_by_one_command(updated):
    done = run("rollback-code", updated)

    assert (done.stdout, done.stderr) == ("LIVE: version 1 of the code, instead of 2\n", "")
    found = updated.client("lambda").get_alias(
        FunctionName=updated.outputs["PredictFunction"], Name="live"
    )
    assert found["FunctionVersion"] == "1"


def test_deleted_stack_leaves_its_buckets_with_the_models(updated, trees):
    words = ("delete", "--stack-name", STACK, "--no-prompts", "--region", REGION)

    done = call(Path(sys.executable).with_name("sam"), *words, environment=updated.environment)

    assert done.returncode == 0, done.stderr
    left = updated.client("cloudformation").list_stacks()["StackSummaries"]
    assert STACK not in {
        item["StackName"] for item in left if item["StackStatus"] != "DELETE_COMPLETE"
    }
    found = updated.client("s3").get_object(Bucket=updated.outputs["ModelBucket"], Key=MODEL_KEY)
    assert found["Body"].read() == trees.path.read_bytes()


def run(command, stack):
    """Run a command of `python -m model` with the stack's environment."""
    return call(sys.executable, "-m", "model", command, environment=stack.environment)
