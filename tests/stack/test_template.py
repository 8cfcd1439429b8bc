"""The template is valid, says what each parameter does, and fixes no name, region or account."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONSTRAINTS = {"AllowedPattern", "AllowedValues", "MinValue", "MaxLength"}
OPEN_TEXTS = {"JwtAudience"}  # whatever the token's issuer calls its clients
NAMES = {"BucketName", "FunctionName", "RoleName", "LogGroupName", "AlarmName", "DashboardName"}


OF_SAM = ["W2001", "W7001"]  # Rollout and its mapping, which SAM has read by then
VERSIONS_STAY = "W3011"  # its reason is in .ci/cfn-lint.yaml
# Their FunctionName says which one to call.
CALLING = {"AWS::Lambda::Permission", "AWS::Lambda::Version", "AWS::Lambda::Alias"}


def names_of(resource):
    """Return what a resource is called by the template; with a version's number it isn't fixed."""
    properties = resource.get("Properties", {})
    return [properties[name] for name in NAMES & set(properties)]


def lint(path, *ignored):
    cfn_lint = Path(sys.executable).with_name("cfn-lint")
    flags = [word for rule in (*ignored, VERSIONS_STAY) for word in ("--ignore-checks", rule)]
    return subprocess.run(  # noqa: S603  the project's own tool on its own file
        [cfn_lint, *flags, "--", path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def nodes(tree):
    """Yield every dict in the tree."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for child in tree:
            yield from nodes(child)


def test_template_is_valid():
    assert lint(ROOT / "template.yaml") == ""


def test_expanded_template_is_valid(stack, tmp_path):
    path = tmp_path / "stack.json"
    path.write_text(json.dumps(stack), encoding="utf-8")

    assert lint(path, *OF_SAM).replace(str(path), "stack.json") == ""


def test_sections_stand_in_the_house_order(template):
    assert list(template) == [
        "AWSTemplateFormatVersion",
        "Transform",
        "Description",
        "Parameters",
        "Rules",
        "Mappings",
        "Conditions",
        "Globals",
        "Resources",
        "Outputs",
    ]


def test_every_parameter_is_described_constrained_and_has_a_default(template):
    bare = [
        name
        for name, spec in template["Parameters"].items()
        if not {"Description", "Default"} <= set(spec)
        or (name not in OPEN_TEXTS and not CONSTRAINTS & set(spec))
    ]

    assert bare == []


def test_every_parameter_is_used(template):
    rest = {section: tree for section, tree in template.items() if section != "Parameters"}

    used = {node.get("Ref") for node in nodes(rest)}

    assert set(template["Parameters"]) - used == set()


def test_nothing_has_a_fixed_name(stack):
    named = [
        name
        for name, resource in stack["Resources"].items()
        if resource["Type"] not in CALLING
        and any("Number" not in str(value) for value in names_of(resource))
    ]

    assert named == []


def test_no_region_account_or_partition_is_written_down(stack):
    written = json.dumps({part: stack[part] for part in ("Resources", "Outputs")})

    assert re.findall(r"arn:aws[:-]|[a-z]{2}-[a-z]+-\d\b|\b\d{12}\b", written) == []


def test_no_code_stands_in_the_template(stack):
    keys = {key for node in nodes(stack["Resources"]) for key in node}

    assert keys & {"ZipFile", "InlineCode"} == set()


def test_outputs_are_what_the_commands_read(template):
    assert list(template["Outputs"]) == [
        "ApiUrl",
        "ModelBucket",
        "BulkBucket",
        "BulkMachine",
        "PredictLogs",
        "DeployLogs",
        "PredictFunction",
    ]


def test_function_answers_before_the_gateway_gives_up(stack):
    function = stack["Resources"]["PredictFunction"]["Properties"]

    assert function["Runtime"] == "python3.14"
    assert function["Timeout"] < 30  # seconds; an HTTP API's longest wait


def test_function_knows_where_the_model_is(stack):
    function = stack["Resources"]["PredictFunction"]["Properties"]

    assert function["Environment"]["Variables"] == {
        "MODEL_BUCKET": {"Ref": "ModelBucket"},
        "MODEL_KEY": {"Ref": "ModelKey"},
        "MODEL_REFRESH_SECONDS": {"Ref": "ModelRefreshSeconds"},
        "SHADOW_SHARE": {"Ref": "ShadowShare"},
        "AWS_ENDPOINT_URL_S3": {"Ref": "S3EndpointUrl"},
    }


def test_log_has_our_own_lines_and_of_the_platforms_only_those_about_failures(stack):
    function = stack["Resources"]["PredictFunction"]["Properties"]

    assert function["LoggingConfig"] == {
        "LogGroup": {"Ref": "PredictLogs"},
        "LogFormat": "JSON",
        "SystemLogLevel": "WARN",
    }


@pytest.mark.parametrize("group", ["PredictLogs", "ApiLogs"])
def test_logs_are_kept_as_long_as_the_parameter_says(deployed, group):
    resources = deployed(LogRetentionDays=7)

    assert resources[group]["Properties"] == {"RetentionInDays": 7}


@pytest.mark.parametrize(
    ("given", "expected"), [("", None), ("0", "0"), ("5", "5")], ids=["none", "stopped", "five"]
)
def test_concurrency_is_reserved_only_when_asked_for(deployed, given, expected):
    function = deployed(ReservedConcurrency=given)["PredictFunction"]["Properties"]

    assert function.get("ReservedConcurrentExecutions") == expected
