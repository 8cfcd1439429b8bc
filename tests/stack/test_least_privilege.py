"""What the function may do, which is all that anything in the stack may do, and who may call it."""

import copy

import pytest

ALARM = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm"
DEPLOYMENTS = (
    "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup"
    ":${AWS::StackName}-ServerlessDeploymentApplication-*/*"
)
LOG_GROUP = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group"
STATES = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}"


def below(bucket, prefix):
    return {"Fn::Sub": f"${{{bucket}.Arn}}/{prefix}/*"}


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


def function(name, qualifier=""):
    place = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function"
    return {"Fn::Sub": f"{place}:${{{name}}}{qualifier}"}


def own_machine(kind, rest):
    return {"Fn::Sub": f"{STATES}:{kind}:${{AWS::StackName}}-bulk{rest}"}


def listing(*prefixes):
    patterns = [f"{prefix}/*" for prefix in prefixes]
    patterns = patterns[0] if len(patterns) == 1 else patterns
    return {"StringLikeIfExists": {"s3:prefix": patterns}}  # a GetObject has no prefix


def writing(logs):
    return [("logs:CreateLogStream", arn(logs), None), ("logs:PutLogEvents", arn(logs), None)]


LIST_MODELS = ("s3:ListBucket", arn("ModelBucket"), listing("models"))
READ_PINNED_MODELS = [
    ("s3:GetObject", below("ModelBucket", "models"), None),
    ("s3:GetObjectVersion", below("ModelBucket", "models"), None),
    LIST_MODELS,
]
READ_TABLES = ("s3:GetObject", below("BulkBucket", "in"), None)
# role -> all that it may: action, on what, on which condition, as the template has them
ALLOWED = {
    "PredictRole": [
        ("s3:GetObject", below("ModelBucket", "models"), None),
        ("s3:GetObject", {"Fn::Sub": "${ModelBucket.Arn}/monitoring/state.json"}, None),
        LIST_MODELS,
        *writing("PredictLogs"),
    ],
    "DeployRole": [
        *(
            (f"lambda:{action}Alias", function("PredictFunction", where), None)
            for where in ("", ":*")
            for action in ("Get", "Update")
        ),
        ("lambda:GetProvisionedConcurrencyConfig", function("PredictFunction", ":*"), None),
        ("lambda:InvokeFunction", function("DeployHookFunction"), None),
        ("cloudwatch:DescribeAlarms", {"Fn::Sub": f"{ALARM}:${{AWS::StackName}}-version-*"}, None),
    ],
    "DeployHookRole": [
        ("lambda:InvokeFunction", function("PredictFunction", ":*"), None),
        ("codedeploy:PutLifecycleEventHookExecutionStatus", {"Fn::Sub": DEPLOYMENTS}, None),
        *writing("DeployLogs"),
    ],
    "MonitorRole": [
        ("logs:FilterLogEvents", arn("PredictLogs"), None),
        ("logs:FilterLogEvents", {"Fn::Sub": f"{LOG_GROUP}:${{PredictLogs}}"}, None),
        ("s3:GetObject", below("ModelBucket", "models"), None),
        ("s3:GetObject", below("ModelBucket", "monitoring"), None),
        ("s3:GetObject", below("BulkBucket", "counts"), None),
        ("s3:PutObject", below("ModelBucket", "monitoring"), None),
        ("s3:ListBucket", arn("ModelBucket"), listing("models", "monitoring")),
        ("s3:ListBucket", arn("BulkBucket"), listing("counts")),
        ("sns:Publish", {"Ref": "AlarmTopicArn"}, None),
        *writing("MonitorLogs"),
    ],
    "BulkPlanRole": [
        READ_TABLES,
        ("s3:ListBucket", arn("BulkBucket"), listing("in")),
        ("s3:PutObject", below("BulkBucket", "work"), None),
        *READ_PINNED_MODELS,
        *writing("BulkLogs"),
    ],
    "BulkScoreRole": [
        READ_TABLES,
        ("s3:GetObject", below("BulkBucket", "work"), None),
        ("s3:PutObject", below("BulkBucket", "work"), None),
        ("s3:AbortMultipartUpload", below("BulkBucket", "work"), None),
        ("s3:ListBucket", arn("BulkBucket"), listing("in", "work")),
        *READ_PINNED_MODELS,
        *writing("BulkLogs"),
    ],
    "BulkJoinRole": [
        ("s3:GetObject", below("BulkBucket", "work"), None),
        ("s3:DeleteObject", below("BulkBucket", "work"), None),
        ("s3:PutObject", below("BulkBucket", "out"), None),
        ("s3:DeleteObject", below("BulkBucket", "out"), None),
        ("s3:AbortMultipartUpload", below("BulkBucket", "out"), None),
        ("s3:PutObject", below("BulkBucket", "counts"), None),
        ("s3:ListBucket", arn("BulkBucket"), listing("work", "out")),
        ("s3:ListBucketMultipartUploads", arn("BulkBucket"), listing("work", "out")),
        *writing("BulkLogs"),
    ],
    "BulkMachineRole": [
        ("lambda:InvokeFunction", function("BulkPlanFunction"), None),
        ("lambda:InvokeFunction", function("BulkScoreFunction"), None),
        ("lambda:InvokeFunction", function("BulkJoinFunction"), None),
        ("s3:GetObject", below("BulkBucket", "work"), None),
        ("states:StartExecution", own_machine("stateMachine", ""), None),
        *(
            (f"states:{action}Execution", own_machine("execution", "/*"), None)
            for action in ("Describe", "Stop")
        ),
        ("sns:Publish", {"Ref": "AlarmTopicArn"}, None),
    ],
}
TRUSTED = {  # the others are Lambda's
    "BulkMachineRole": "states.amazonaws.com",
    "DeployRole": "codedeploy.amazonaws.com",
}
PRIVATE = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
# IAM reaches the stack through these types only; another one needs a look at this file first.
KNOWN_TYPES = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Events::Rule",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::StepFunctions::StateMachine",
}


def find_excess(resources):
    """Return what the stack allows beyond the list above, one sentence each."""
    excess = []
    for name, resource in resources.items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind not in KNOWN_TYPES:
            excess.append(f"{name}: a {kind}")
        check = CHECKS.get(kind, lambda *_: [])
        excess += [f"{name}: {finding}" for finding in check(name, properties)]
    return excess


def check_role(name, properties):
    if properties.get("ManagedPolicyArns"):
        yield "a managed policy"
    service = TRUSTED.get(name, "lambda.amazonaws.com")
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if properties["AssumeRolePolicyDocument"]["Statement"] != [trust]:
        yield f"someone other than {service} may take it"
    for policy in properties.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield from check_statement(name, statement)


def check_policy(_name, properties):
    for role in properties["Roles"]:
        for statement in properties["PolicyDocument"]["Statement"]:
            yield from check_statement(role["Ref"], statement)


def check_statement(role, statement):
    allowed = ALLOWED.get(role, [])
    if {"NotAction", "NotResource"} & set(statement):
        yield "allows by exception"
    for action in as_list(statement.get("Action", [])):
        if action not in [name for name, _, _ in allowed]:
            yield f"allows {action}"
            continue
        for resource in as_list(statement.get("Resource")):
            conditions = [
                where for name, what, where in allowed if (name, what) == (action, resource)
            ]
            if not conditions:
                yield f"allows {action} on something else"
            elif statement.get("Condition") not in conditions:
                yield f"allows {action} under another condition"


def check_permission(_name, properties):
    if properties["Principal"] == "events.amazonaws.com":
        called, rule = properties["FunctionName"], properties["SourceArn"]
        if (called, rule) != ({"Ref": "MonitorFunction"}, arn("MonitorFunctionDaily")):
            yield "another schedule may call another function"
        return
    if properties["Principal"] != "apigateway.amazonaws.com":
        yield f"{properties['Principal']} may call the function"
    source = properties.get("SourceArn", {}).get("Fn::Sub", ["", {}])
    if source[1].get("__ApiId__") != {"Ref": "ChurnApi"}:
        yield "another API may call the function"


def check_bucket(_name, properties):
    if properties.get("PublicAccessBlockConfiguration") != PRIVATE:
        yield "may be made public"
    if properties.get("AccessControl", "Private") != "Private":
        yield "has a public ACL"
    if "WebsiteConfiguration" in properties:
        yield "is a website"


def check_bucket_policy(_name, properties):
    for statement in properties["PolicyDocument"]["Statement"]:
        if statement["Effect"] != "Deny":
            yield "allows something"


def as_list(value):
    return value if isinstance(value, list) else [value]


CHECKS = {
    "AWS::IAM::Policy": check_policy,
    "AWS::IAM::Role": check_role,
    "AWS::Lambda::Permission": check_permission,
    "AWS::S3::Bucket": check_bucket,
    "AWS::S3::BucketPolicy": check_bucket_policy,
}


def first_statement(resources):
    return resources["PredictRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]


def allow_everything(resources):
    first_statement(resources)["Resource"] = "*"


def allow_the_whole_bucket(resources):
    first_statement(resources)["Resource"] = {"Fn::Sub": "${ModelBucket.Arn}/*"}


def allow_two_resources(resources):
    statement = first_statement(resources)
    statement["Resource"] = [*statement["Resource"], "arn:aws:s3:::another/models/*"]


def allow_writing(resources):
    first_statement(resources)["Action"] = ["s3:GetObject", "s3:PutObject"]


def allow_any_action(resources):
    first_statement(resources)["Action"] = "s3:*"


def allow_all_but(resources):
    statement = first_statement(resources)
    statement["NotAction"] = statement.pop("Action")


def list_any_prefix(resources):
    policy = resources["PredictRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    del policy["Statement"][1]["Condition"]


def attach_managed_policy(resources):
    role = resources["PredictRole"]["Properties"]
    role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]


def trust_another_account(resources):
    trust = resources["PredictRole"]["Properties"]["AssumeRolePolicyDocument"]
    trust["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Action": "sts:AssumeRole"}
    )


def write_any_log(resources):
    policy = resources["PredictRole"]["Properties"]["Policies"][1]["PolicyDocument"]
    policy["Statement"][0]["Resource"] = {
        "Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*"
    }


def call_from_anywhere(resources):
    del resources["PredictFunctionPredictPermission"]["Properties"]["SourceArn"]


def call_by_another_service(resources):
    resources["PredictFunctionPredictPermission"]["Properties"]["Principal"] = "*"


def schedule_another_function(resources):
    permission = resources["MonitorFunctionDailyPermission"]["Properties"]
    permission["FunctionName"] = {"Ref": "PredictFunction"}


def let_the_monitor_read_customers(resources):
    policy = resources["MonitorRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"][1]["Resource"][2] = below("BulkBucket", "out")


def let_the_monitor_write_models(resources):
    policy = resources["MonitorRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"][2]["Resource"] = below("ModelBucket", "models")


def open_public_access(resources):
    del resources["ModelBucket"]["Properties"]["PublicAccessBlockConfiguration"]


def unblock_public_policy(resources):
    block = resources["ModelBucket"]["Properties"]["PublicAccessBlockConfiguration"]
    block["BlockPublicPolicy"] = False


def set_public_acl(resources):
    resources["ModelBucket"]["Properties"]["AccessControl"] = "PublicRead"


def serve_as_website(resources):
    resources["ModelBucket"]["Properties"]["WebsiteConfiguration"] = {"IndexDocument": "index.html"}


def let_anyone_read(resources):
    policy = resources["ModelBucketPolicy"]["Properties"]["PolicyDocument"]
    policy["Statement"].append({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"})


def add_function_url(resources):
    resources["OpenDoor"] = {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE"}}


def let_the_api_read_customers(resources):
    statement = first_statement(resources)
    statement["Resource"] = [statement["Resource"], below("BulkBucket", "in")]


def let_a_bulk_step_write_models(resources):
    policy = resources["BulkScoreRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"].append(
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": below("ModelBucket", "models")}
    )


def move_any_alias(resources):
    policy = resources["DeployRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"][0]["Resource"] = function("BulkPlanFunction")


def let_the_hook_change_the_function(resources):
    policy = resources["DeployHookRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"][0]["Action"] = ["lambda:InvokeFunction", "lambda:UpdateFunctionCode"]


def call_another_function(resources):
    policy = resources["BulkMachineRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"][0]["Resource"].append(function("PredictFunction"))


BAD_TEMPLATES = {
    allow_everything: "PredictRole: allows s3:GetObject on something else",
    allow_the_whole_bucket: "PredictRole: allows s3:GetObject on something else",
    allow_two_resources: "PredictRole: allows s3:GetObject on something else",
    allow_writing: "PredictRole: allows s3:PutObject",
    allow_any_action: "PredictRole: allows s3:*",
    allow_all_but: "PredictRole: allows by exception",
    list_any_prefix: "PredictRole: allows s3:ListBucket under another condition",
    attach_managed_policy: "PredictRole: a managed policy",
    trust_another_account: "PredictRole: someone other than lambda.amazonaws.com may take it",
    write_any_log: "PredictRole: allows logs:CreateLogStream on something else",
    call_from_anywhere: "PredictFunctionPredictPermission: another API may call the function",
    call_by_another_service: "PredictFunctionPredictPermission: * may call the function",
    schedule_another_function: (
        "MonitorFunctionDailyPermission: another schedule may call another function"
    ),
    let_the_monitor_read_customers: "MonitorRole: allows s3:GetObject on something else",
    let_the_monitor_write_models: "MonitorRole: allows s3:PutObject on something else",
    open_public_access: "ModelBucket: may be made public",
    unblock_public_policy: "ModelBucket: may be made public",
    set_public_acl: "ModelBucket: has a public ACL",
    serve_as_website: "ModelBucket: is a website",
    let_anyone_read: "ModelBucketPolicy: allows something",
    add_function_url: "OpenDoor: a AWS::Lambda::Url",
    let_the_api_read_customers: "PredictRole: allows s3:GetObject on something else",
    let_a_bulk_step_write_models: "BulkScoreRole: allows s3:PutObject on something else",
    move_any_alias: "DeployRole: allows lambda:GetAlias on something else",
    let_the_hook_change_the_function: "DeployHookRole: allows lambda:UpdateFunctionCode",
    call_another_function: "BulkMachineRole: allows lambda:InvokeFunction on something else",
}


def test_stack_allows_nothing_beyond_the_list(stack):
    assert find_excess(stack["Resources"]) == []


@pytest.mark.parametrize("role", ALLOWED)
def test_role_has_every_right_on_its_list(stack, role):
    resources = stack["Resources"]
    own = resources[role]["Properties"]["Policies"]
    apart = [
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::IAM::Policy"
        and {"Ref": role} in resource["Properties"]["Roles"]
    ]

    granted = [
        (action, resource, statement.get("Condition"))
        for policy in own + apart
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]

    assert sorted(granted, key=str) == sorted(ALLOWED[role], key=str)


@pytest.mark.parametrize("spoil", BAD_TEMPLATES, ids=lambda spoil: spoil.__name__)
def test_looser_template_is_noticed(stack, spoil):
    resources = copy.deepcopy(stack["Resources"])

    spoil(resources)

    assert BAD_TEMPLATES[spoil] in find_excess(resources)


def test_functions_take_their_explicit_roles_and_no_other_is_made(stack):
    resources = stack["Resources"]

    taken = {
        name: resource["Properties"]["Role"]["Fn::GetAtt"][0]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Function"
    }

    assert taken == {
        "PredictFunction": "PredictRole",
        "DeployHookFunction": "DeployHookRole",
        "MonitorFunction": "MonitorRole",
        "BulkPlanFunction": "BulkPlanRole",
        "BulkScoreFunction": "BulkScoreRole",
        "BulkJoinFunction": "BulkJoinRole",
    }
    machine = resources["BulkMachine"]["Properties"]["RoleArn"]
    assert machine == {"Fn::GetAtt": ["BulkMachineRole", "Arn"]}
    group = resources["PredictFunctionDeploymentGroup"]["Properties"]["ServiceRoleArn"]
    assert group == {"Fn::GetAtt": ["DeployRole", "Arn"]}
    assert {n for n, r in resources.items() if r["Type"] == "AWS::IAM::Role"} == ALLOWED.keys()
