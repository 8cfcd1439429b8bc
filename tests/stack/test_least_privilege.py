"""What the function may do, which is all that anything in the stack may do, and who may call it."""

import copy

import pytest

# action -> the only resource it may be allowed on, and the only condition, as the template has them
ALLOWED = {
    "s3:GetObject": ({"Fn::Sub": "${ModelBucket.Arn}/models/*"}, None),
    "s3:ListBucket": (
        {"Fn::GetAtt": ["ModelBucket", "Arn"]},
        {"StringLikeIfExists": {"s3:prefix": "models/*"}},  # a GetObject has no prefix
    ),
    "logs:CreateLogStream": ({"Fn::GetAtt": ["PredictLogs", "Arn"]}, None),
    "logs:PutLogEvents": ({"Fn::GetAtt": ["PredictLogs", "Arn"]}, None),
}
LAMBDA_MAY_ASSUME = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
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
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
}


def find_excess(resources):
    """Return what the stack allows beyond the list above, one sentence each."""
    excess = []
    for name, resource in resources.items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind not in KNOWN_TYPES:
            excess.append(f"{name}: a {kind}")
        check = CHECKS.get(kind, lambda _: [])
        excess += [f"{name}: {finding}" for finding in check(properties)]
    return excess


def check_role(properties):
    if properties.get("ManagedPolicyArns"):
        yield "a managed policy"
    if properties["AssumeRolePolicyDocument"]["Statement"] != [LAMBDA_MAY_ASSUME]:
        yield "someone other than Lambda may take it"
    for policy in properties.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield from check_statement(statement)


def check_statement(statement):
    if {"NotAction", "NotResource"} & set(statement):
        yield "allows by exception"
    for action in as_list(statement.get("Action", [])):
        if action not in ALLOWED:
            yield f"allows {action}"
            continue
        resource, condition = ALLOWED[action]
        if as_list(statement.get("Resource")) != [resource]:
            yield f"allows {action} on something else"
        if statement.get("Condition") != condition:
            yield f"allows {action} under another condition"


def check_permission(properties):
    if properties["Principal"] != "apigateway.amazonaws.com":
        yield f"{properties['Principal']} may call the function"
    source = properties.get("SourceArn", {}).get("Fn::Sub", ["", {}])
    if source[1].get("__ApiId__") != {"Ref": "ChurnApi"}:
        yield "another API may call the function"


def check_bucket(properties):
    if properties.get("PublicAccessBlockConfiguration") != PRIVATE:
        yield "may be made public"
    if properties.get("AccessControl", "Private") != "Private":
        yield "has a public ACL"
    if "WebsiteConfiguration" in properties:
        yield "is a website"


def check_bucket_policy(properties):
    for statement in properties["PolicyDocument"]["Statement"]:
        if statement["Effect"] != "Deny":
            yield "allows something"


def as_list(value):
    return value if isinstance(value, list) else [value]


CHECKS = {
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
    statement["Resource"] = [statement["Resource"], "arn:aws:s3:::another/models/*"]


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


BAD_TEMPLATES = {
    allow_everything: "PredictRole: allows s3:GetObject on something else",
    allow_the_whole_bucket: "PredictRole: allows s3:GetObject on something else",
    allow_two_resources: "PredictRole: allows s3:GetObject on something else",
    allow_writing: "PredictRole: allows s3:PutObject",
    allow_any_action: "PredictRole: allows s3:*",
    allow_all_but: "PredictRole: allows by exception",
    list_any_prefix: "PredictRole: allows s3:ListBucket under another condition",
    attach_managed_policy: "PredictRole: a managed policy",
    trust_another_account: "PredictRole: someone other than Lambda may take it",
    write_any_log: "PredictRole: allows logs:CreateLogStream on something else",
    call_from_anywhere: "PredictFunctionPredictPermission: another API may call the function",
    call_by_another_service: "PredictFunctionPredictPermission: * may call the function",
    open_public_access: "ModelBucket: may be made public",
    unblock_public_policy: "ModelBucket: may be made public",
    set_public_acl: "ModelBucket: has a public ACL",
    serve_as_website: "ModelBucket: is a website",
    let_anyone_read: "ModelBucketPolicy: allows something",
    add_function_url: "OpenDoor: a AWS::Lambda::Url",
}


def test_stack_allows_nothing_beyond_the_list(stack):
    assert find_excess(stack["Resources"]) == []


def test_role_has_every_right_on_the_list(stack):
    policies = stack["Resources"]["PredictRole"]["Properties"]["Policies"]

    statements = [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]

    granted = [action for one in statements for action in as_list(one["Action"])]
    assert sorted(granted) == sorted(ALLOWED)


@pytest.mark.parametrize("spoil", BAD_TEMPLATES, ids=lambda spoil: spoil.__name__)
def test_looser_template_is_noticed(stack, spoil):
    resources = copy.deepcopy(stack["Resources"])

    spoil(resources)

    assert BAD_TEMPLATES[spoil] in find_excess(resources)


def test_function_takes_the_explicit_role_and_no_other_is_made(stack):
    resources = stack["Resources"]

    role = resources["PredictFunction"]["Properties"]["Role"]

    assert role == {"Fn::GetAtt": ["PredictRole", "Arn"]}
    assert [n for n, r in resources.items() if r["Type"] == "AWS::IAM::Role"] == ["PredictRole"]
