"""The definition of bulk runs: what AWS would refuse, or two local engines don't know."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEFINITION = ROOT / "statemachine/bulk.asl.json"
# MiniStack ignores the first two silently, moto refuses them; neither knows JSONata everywhere.
NOT_EVERYWHERE = ("ItemBatcher", "ResultWriter", "JSONata", "QueryLanguage", "EXPRESS")
PERMANENT = {
    "Plan": {"RequestError", "TableError", "ChangedError"},
    "Score": {"TableError", "ChangedError"},
    "Join": {"IncompleteError"},
}


@pytest.fixture(scope="module")
def definition():
    return json.loads(DEFINITION.read_text("utf-8"))


def machines(definition):
    """Yield the machine and the one inside its map: where each begins, and its states."""
    yield definition["StartAt"], definition["States"]
    for state in definition["States"].values():
        if "ItemProcessor" in state:
            yield from machines(state["ItemProcessor"])


def targets(state):
    """Return the states that may follow one."""
    rules = [state, *state.get("Catch", ()), *state.get("Choices", ())]
    named = [rule["Next"] for rule in rules if "Next" in rule]
    return named + ([state["Default"]] if "Default" in state else [])


def find_faults(definition):
    """Return states that are named but missing, and those that nothing leads to."""
    faults = []
    for start, states in machines(definition):
        reached, waiting = set(), [start]
        while waiting:
            name = waiting.pop()
            if name not in states:
                faults.append(f"no state {name}")
            elif name not in reached:
                reached.add(name)
                waiting += targets(states[name])
        faults += [f"nothing leads to {name}" for name in states.keys() - reached]
    return faults


def lint(definition, folder):
    """Return what cfn-lint says of a definition; of SAM's own resource it doesn't read it."""
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": "arn:aws:iam::123456789012:role/any", "Definition": definition},
    }
    path = folder / "machine.json"
    path.write_text(json.dumps({"Resources": {"Machine": machine}}), "utf-8")
    command = [Path(sys.executable).with_name("cfn-lint"), path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  ours
    return done.stdout


def without_substitutions(definition):
    return json.loads(json.dumps(definition).replace("${Partition}", "aws").replace("${", "{"))


def test_every_state_is_there_and_is_reached(definition):
    assert find_faults(definition) == []


def test_fields_are_those_that_step_functions_knows(definition, tmp_path):
    assert lint(without_substitutions(definition), tmp_path) == ""


def misspell_a_target(definition):
    definition["States"]["Join"]["Next"] = "TidyUpp"


def misspell_a_field(definition):
    state = definition["States"]["ScoreParts"]
    state["MaxConcurencyPath"] = state.pop("MaxConcurrencyPath")


@pytest.mark.parametrize("spoil", [misspell_a_target, misspell_a_field])
def test_misspelling_is_noticed(definition, tmp_path, spoil):
    spoilt = without_substitutions(definition)

    spoil(spoilt)

    assert find_faults(spoilt) or lint(spoilt, tmp_path)


def test_substitutions_are_those_of_the_template(template):
    named = set(re.findall(r"\$\{(\w+)\}", DEFINITION.read_text("utf-8")))

    given = template["Resources"]["BulkMachine"]["Properties"]["DefinitionSubstitutions"]

    assert named == given.keys()


@pytest.mark.parametrize("word", NOT_EVERYWHERE)
def test_two_local_engines_run_the_very_definition(word):
    assert word not in DEFINITION.read_text("utf-8")


def test_whatever_may_pass_is_tried_again_and_nothing_else(definition):
    states = {name: state for _, states in machines(definition) for name, state in states.items()}

    for name, permanent in PERMANENT.items():
        first, *_, last = states[name]["Retry"]
        assert (set(first["ErrorEquals"]), first["MaxAttempts"]) == (permanent, 0)
        assert last["ErrorEquals"] == ["States.ALL"]
        assert last["MaxAttempts"] >= 3
    throttled = states["Score"]["Retry"][1]
    assert throttled["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert throttled["MaxAttempts"] >= 10


def test_every_step_that_fails_for_good_leads_to_the_cleaning(definition):
    caught = {name for name, state in definition["States"].items() if "CleanUp" in targets(state)}

    assert caught == {"Plan", "ScoreParts", "Join"}


def test_task_outlasts_its_function(definition, stack):
    """The function's own end says more: the engine's would hide it."""
    timeouts = {
        resource["Properties"]["Timeout"]
        for name, resource in stack["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function" and name.startswith("Bulk")
    }
    limits = {
        state["TimeoutSeconds"]
        for _, states in machines(definition)
        for state in states.values()
        if state.get("Resource", "").endswith("lambda:invoke")
    }

    assert timeouts == {900}  # Lambda's most
    assert min(limits) > 900


def test_customers_tables_and_answers_are_forgotten(deployed):
    parameters = {"BulkRetentionDays": 3, "LogRetentionDays": 14}
    rules = deployed(**parameters)["BulkBucket"]["Properties"]["LifecycleConfiguration"]

    days = {rule.get("Prefix"): rule.get("ExpirationInDays") for rule in rules["Rules"]}

    assert days == {"in/": 3, "out/": 3, "counts/": 14, "work/": 1, None: None}


def test_bulk_bucket_is_encrypted_and_refuses_plain_http(stack):
    bucket = stack["Resources"]["BulkBucket"]["Properties"]
    policy = stack["Resources"]["BulkBucketPolicy"]["Properties"]["PolicyDocument"]
    model_policy = stack["Resources"]["ModelBucketPolicy"]["Properties"]["PolicyDocument"]

    rules = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rules == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    assert json.dumps(policy) == json.dumps(model_policy).replace("ModelBucket", "BulkBucket")


def test_run_is_told_to_the_topic_where_there_is_one(deployed):
    topic = "arn:aws:sns:eu-west-1:123456789012:team"

    with_topic = deployed(AlarmTopicArn=topic)

    given = with_topic["BulkMachine"]["Properties"]["DefinitionSubstitutions"]
    assert given["AlarmTopicArn"] == topic
    statement = with_topic["BulkNewsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement == [{"Effect": "Allow", "Action": "sns:Publish", "Resource": topic}]
