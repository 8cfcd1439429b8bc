"""New code takes over by way of an alias: after the hook's question, watched, a share at a time."""

import copy
import json
import re

import pytest

PARTS_OF_CODEDEPLOY = {"ServerlessDeploymentApplication", "PredictFunctionDeploymentGroup"}
# A change of these is no change of what a version is: Lambda then publishes none.
NOT_OF_A_VERSION = {"ReservedConcurrency"}


def group(resources):
    return resources["PredictFunctionDeploymentGroup"]["Properties"]


def version(resources):
    (name,) = (n for n, r in resources.items() if r["Type"] == "AWS::Lambda::Version")
    return name


def test_api_and_its_permissions_reach_the_alias_only(stack):
    resources = stack["Resources"]

    called = [
        resource["Properties"]["FunctionName"]
        for resource in resources.values()
        if resource["Type"] == "AWS::Lambda::Permission"
        and resource["Properties"]["Principal"] == "apigateway.amazonaws.com"
    ]

    assert called == [{"Ref": "PredictFunctionAliaslive"}] * len(called)
    assert "${PredictFunction.Arn}" not in json.dumps(resources["ChurnApi"])


@pytest.mark.parametrize("pace", ["AllAtOnce", "Canary10Percent5Minutes"])
def test_hook_is_asked_before_traffic_shifts_at_the_pace_of_the_parameter(expand, pace):
    resources = expand(Rollout=pace)["Resources"]

    shifts = resources["PredictFunctionAliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]

    assert shifts["BeforeAllowTrafficHook"] == {"Ref": "DeployHookFunction"}
    name = group(resources)["DeploymentConfigName"]["Fn::Sub"]
    assert name == ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": pace}]


def test_unchecked_code_asks_nobody_and_still_gets_a_version(expand):
    checked, unchecked = expand()["Resources"], expand(Rollout="Unchecked")["Resources"]

    assert checked.keys() - unchecked.keys() == PARTS_OF_CODEDEPLOY
    assert "UpdatePolicy" not in unchecked["PredictFunctionAliaslive"]


def test_every_pace_but_unchecked_is_safe(template):
    paces = template["Parameters"]["Rollout"]["AllowedValues"]

    safe = {pace: facts["IsSafe"] for pace, facts in template["Mappings"]["Rollouts"].items()}

    assert safe == {pace: pace != "Unchecked" for pace in paces}


def test_deploy_is_taken_back_when_it_fails_or_an_alarm_of_the_new_version_starts(stack):
    alarms = group(stack["Resources"])["AlarmConfiguration"]

    assert alarms == {
        "Enabled": True,
        "Alarms": [
            {"Name": {"Ref": "NewVersionCrashAlarm"}},
            {"Name": {"Ref": "NewVersionModelAlarm"}},
        ],
    }
    assert group(stack["Resources"])["AutoRollbackConfiguration"]["Enabled"] is True


@pytest.mark.parametrize("alarm", ["NewVersionCrashAlarm", "NewVersionModelAlarm"])
def test_alarm_is_the_new_versions_own_so_one_that_stands_stops_no_fix(stack, alarm):
    resources = stack["Resources"]
    number = {"Fn::GetAtt": [version(resources), "Version"]}
    properties = resources[alarm]["Properties"]

    *_, dimension = properties["Dimensions"]

    assert dimension["Value"] == number
    assert properties["AlarmName"]["Fn::Sub"][1] == {"Number": number}


def test_each_parameter_of_a_version_makes_a_new_one(template):
    """SAM compares the function's properties as text, where parameters stand by name."""
    function = template["Resources"]["PredictFunction"]["Properties"]
    described = set(re.findall(r"\$\{(\w+)\}", function["VersionDescription"]["Fn::Sub"]))
    settings = [copy.deepcopy(function), template["Globals"]["Function"]]
    for name in ("Events", "DeploymentPreference", "VersionDescription"):
        del settings[0][name]

    used = set(re.findall(r'"Ref": "(\w+)"', json.dumps(settings))) & set(template["Parameters"])

    assert used - NOT_OF_A_VERSION == described


def test_description_of_a_version_is_never_too_long(template):
    text = template["Resources"]["PredictFunction"]["Properties"]["VersionDescription"]["Fn::Sub"]
    longest = {"Architecture": 6, "MemorySize": 5, "ModelRefreshSeconds": 5, "ShadowShare": 5}
    for name in re.findall(r"\$\{(\w+)\}", text):
        size = longest.get(name) or template["Parameters"][name]["MaxLength"]
        text = text.replace(f"${{{name}}}", "x" * size)

    assert len(text) <= 256  # of Lambda's API


def test_versions_stay_when_the_next_one_comes(stack):
    resource = stack["Resources"][version(stack["Resources"])]

    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_hook_asks_the_version_that_comes_and_the_one_that_is_live(stack):
    hook = stack["Resources"]["DeployHookFunction"]["Properties"]

    assert hook["Environment"]["Variables"] == {
        "NEW_VERSION": {"Ref": version(stack["Resources"])},
        "LIVE_VERSION": {"Fn::Sub": "${PredictFunction}:live"},
    }
