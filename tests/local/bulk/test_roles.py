"""What each role of the deployed stack may do and may not, asked of MiniStack's IAM.

Its simulator knows no `s3:prefix`: which prefixes a role may list, tests/stack looks up.
"""

import pytest

READ, WRITE, LIST = "s3:GetObject", "s3:PutObject", "s3:ListBucket"
INVOKE, START = "lambda:InvokeFunction", "states:StartExecution"
BULK, MODELS = "BulkBucket", "ModelBucket"

# role -> action, bucket or function, key or prefix
ALLOWED = {
    "PredictRole": [(READ, MODELS, "models/live.json"), (LIST, MODELS, "")],
    "BulkPlanRole": [
        (READ, BULK, "in/may.csv"),
        (LIST, BULK, ""),
        (WRITE, BULK, "work/may/job.json"),
        (READ, MODELS, "models/live.json"),
    ],
    "BulkScoreRole": [
        (READ, BULK, "in/may.csv"),
        (READ, BULK, "work/may/job.json"),
        (WRITE, BULK, "work/may/parts/00000.csv"),
        (READ, MODELS, "models/live.json"),
    ],
    "BulkJoinRole": [
        (READ, BULK, "work/may/job.json"),
        (WRITE, BULK, "out/may/scores.csv"),
        ("s3:DeleteObject", BULK, "work/may/job.json"),
    ],
    "BulkMachineRole": [
        (INVOKE, "BulkPlanFunction", ""),
        (INVOKE, "BulkScoreFunction", ""),
        (INVOKE, "BulkJoinFunction", ""),
        (READ, BULK, "work/may/items.json"),
    ],
}
CHANGES_OF_MODELS = [
    (WRITE, MODELS, "models/live.json"),
    ("s3:DeleteObject", MODELS, "models/live.json"),
    ("s3:DeleteObjectVersion", MODELS, "models/live.json"),
    ("s3:PutBucketPolicy", MODELS, ""),
]
CHANGES_OF_INPUT = [(WRITE, BULK, "in/may.csv"), ("s3:DeleteObject", BULK, "in/may.csv")]
OTHER_DOORS = [
    (INVOKE, "PredictFunction", ""),
    ("lambda:UpdateFunctionCode", "BulkScoreFunction", ""),
    ("iam:PassRole", "BulkScoreFunction", ""),
    ("s3:PutBucketPolicy", BULK, ""),
]
REFUSED = {
    "PredictRole": [
        (READ, BULK, "in/may.csv"),
        (READ, BULK, "out/may/scores.csv"),
        (LIST, BULK, ""),
        (READ, MODELS, "elsewhere/live.json"),
        (INVOKE, "BulkPlanFunction", ""),
    ],
    "BulkPlanRole": [
        (READ, BULK, "out/may/scores.csv"),
        (WRITE, BULK, "out/may/scores.csv"),
        (INVOKE, "BulkScoreFunction", ""),
    ],
    "BulkScoreRole": [
        (READ, BULK, "out/may/scores.csv"),
        (WRITE, BULK, "out/may/scores.csv"),
        ("s3:DeleteObject", BULK, "work/may/job.json"),
    ],
    "BulkJoinRole": [
        (READ, BULK, "in/may.csv"),
        (READ, MODELS, "models/live.json"),
        (WRITE, BULK, "work/may/job.json"),
    ],
    "BulkMachineRole": [
        (READ, BULK, "in/may.csv"),
        (READ, BULK, "out/may/scores.csv"),
        (WRITE, BULK, "work/may/items.json"),
        (READ, MODELS, "models/live.json"),
    ],
}


def list_cases(table):
    return [(role, *case) for role, cases in table.items() for case in cases]


def ask(stack, role, action, name, key):
    """Return what IAM says of a role's request."""
    is_bucket = name in (BULK, MODELS)
    own = f"arn:aws:s3:::{stack.outputs[name]}" if is_bucket else find_function(stack, name)
    answer = stack.client("iam").simulate_principal_policy(
        PolicySourceArn=find_role(stack, role),
        ActionNames=[action],
        ResourceArns=[f"{own}/{key}" if key else own],
    )
    (result,) = answer["EvaluationResults"]
    return result["EvalDecision"]


def find_function(stack, name):
    found = stack.client("lambda").get_function(FunctionName=stack.resources[name])
    return found["Configuration"]["FunctionArn"]


def find_role(stack, name):
    return stack.client("iam").get_role(RoleName=stack.resources[name])["Role"]["Arn"]


@pytest.mark.parametrize(("role", "action", "name", "key"), list_cases(ALLOWED))
def test_role_may_do_its_work(stack, role, action, name, key):
    assert ask(stack, role, action, name, key) == "allowed"


@pytest.mark.parametrize(
    ("role", "action", "name", "key"),
    [
        *list_cases(REFUSED),
        *list_cases(dict.fromkeys(REFUSED, CHANGES_OF_MODELS + CHANGES_OF_INPUT + OTHER_DOORS)),
    ],
)
def test_role_is_refused_what_it_must_not_touch(stack, role, action, name, key):
    assert ask(stack, role, action, name, key) == "implicitDeny"
