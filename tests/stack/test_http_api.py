"""Who may call which route, how often, from which pages, and what is logged of it."""

import json
import re
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

FUNCTION = Path(__file__).parents[2] / "functions" / "predict"
ROUTES = {
    ("/predict", "post"),
    ("/whatif", "post"),
    ("/model", "get"),
    ("/model/file", "get"),
    ("/", "get"),
    ("/openapi.json", "get"),
    ("/health", "get"),
}
OPEN = {"ApiAuth": "NONE"}
IAM = {"ApiAuth": "AWS_IAM"}
JWT = {"ApiAuth": "JWT", "JwtIssuer": "https://login.example.com", "JwtAudience": ["crm", "web"]}
NO_PAGE = {"ServePage": "false"}
SIGN_IN = JWT | {"JwtClientId": "the-page"}


def operations(resources):
    body = resources["ChurnApi"]["Properties"]["Body"]
    return {
        (path, method): operation
        for path, methods in body["paths"].items()
        for method, operation in methods.items()
    }


def stage(resources):
    return resources["ChurnApiApiGatewayDefaultStage"]["Properties"]


def test_every_route_reaches_the_function(deployed):
    routes = operations(deployed())

    uris = {route["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"] for route in routes.values()}

    assert set(routes) == ROUTES
    assert [uri.partition("functions/")[2] for uri in uris] == [
        "${PredictFunctionAliaslive}/invocations"
    ]


def test_every_route_is_described_to_callers(deployed):
    document = json.loads((FUNCTION / "openapi.json").read_text(encoding="utf-8"))

    described = {
        (path, method) for path, methods in document["paths"].items() for method in methods
    }

    assert described == set(operations(deployed()))


@pytest.mark.parametrize(
    ("parameters", "security"),
    [(OPEN, None), (IAM, [{"AWS_IAM": []}]), ({}, [{"AWS_IAM": []}]), (JWT, [{"JWT": []}])],
    ids=["none", "iam", "default", "jwt"],
)
def test_every_route_but_the_open_ones_asks_for_what_api_auth_says(deployed, parameters, security):
    routes = operations(deployed(**parameters))
    is_open = {"/health", "/"} if parameters == JWT else {"/health"}  # there people sign in

    asked = {route: operation.get("security") for route, operation in routes.items()}

    assert asked == {route: None if route[0] in is_open else security for route in ROUTES}


@pytest.mark.parametrize(
    ("parameters", "page"),
    [
        (OPEN, "open"),
        (OPEN | NO_PAGE, "none"),
        (IAM, "none"),
        (IAM | {"JwtClientId": "the-page"}, "none"),
        (JWT, "none"),
        (SIGN_IN | NO_PAGE, "none"),
    ],
    ids=["none", "switched off", "iam", "iam, client id", "jwt", "jwt, switched off"],
)
def test_function_hears_whether_a_browser_may_have_the_page(deployed, parameters, page):
    assert stage(deployed(**parameters))["StageVariables"] == {"page": page}


@pytest.mark.parametrize(
    "origin", [{}, {"JwtTokenOrigin": "https://t.example.com"}], ids=["issuer's", "another"]
)
def test_function_hears_where_people_sign_in(deployed, origin):
    variables = stage(deployed(**SIGN_IN | origin))["StageVariables"]

    assert variables == {
        "page": "sign-in",
        "issuer": "https://login.example.com",
        "client_id": "the-page",
        "scopes": "openid",
        "audience": {"Fn::Select": [0, ["crm", "web"]]},
        **({"token_origin": "https://t.example.com"} if origin else {}),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JwtClientId", "a b"),
        ("JwtClientId", 'a"'),
        ("JwtScopes", "profile"),
        ("JwtScopes", "openid profile"),
        ("JwtTokenOrigin", "https://t.example.com/"),
        ("JwtTokenOrigin", "https://t.example.com;script-src"),
        ("JwtTokenOrigin", "http://t.example.com"),
        ("JwtIssuer", "https://login.example.com;script-src"),
        ("JwtIssuer", "https://login.example.com/ *"),
    ],
)
def test_setting_that_could_widen_the_pages_policy_is_refused(template, name, value):
    assert not re.search(template["Parameters"][name]["AllowedPattern"], value)


def test_iam_requests_are_signed(deployed):
    components = deployed(**IAM)["ChurnApi"]["Properties"]["Body"]["components"]

    assert components["securitySchemes"] == {
        "AWS_IAM": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }
    }


def test_jwt_is_checked_against_issuer_and_audience(deployed):
    components = deployed(**JWT)["ChurnApi"]["Properties"]["Body"]["components"]

    assert components["securitySchemes"] == {
        "JWT": {
            "type": "oauth2",
            "flows": {},
            "x-amazon-apigateway-authorizer": {
                "type": "jwt",
                "identitySource": "$request.header.Authorization",
                "jwtConfiguration": {
                    "issuer": "https://login.example.com",
                    "audience": ["crm", "web"],
                },
            },
        }
    }


def test_open_api_has_no_security_scheme(deployed):
    assert "components" not in deployed(**OPEN)["ChurnApi"]["Properties"]["Body"]


@pytest.mark.parametrize("parameters", [OPEN, IAM, JWT], ids=["none", "iam", "jwt"])
def test_api_is_valid_openapi_for_each_kind_of_caller(deployed, parameters):
    """API Gateway warns of anything else, and FailOnWarnings makes that a failed deploy."""
    resources = deployed(**parameters, CorsOrigins=["https://crm.example.com"])
    body = resources["ChurnApi"]["Properties"]["Body"] | {"info": {"title": "x", "version": "1"}}

    assert resources["ChurnApi"]["Properties"]["FailOnWarnings"] is True
    assert [error.message for error in OpenAPIV30SpecValidator(body).iter_errors()] == []


def test_jwt_without_issuer_or_audience_is_refused(template):
    rule = template["Rules"]["JwtIsComplete"]

    asserted = json.dumps(rule["Assertions"])

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "ApiAuth"}, "JWT"]}
    assert re.findall(r'"Ref": "(\w+)"', asserted) == ["JwtIssuer", "JwtAudience"]


def test_requests_are_throttled_as_the_parameters_say(deployed):
    settings = stage(deployed(ThrottleRate=7, ThrottleBurst=9))

    assert settings["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": 7,
        "ThrottlingBurstLimit": 9,
    }


def test_open_routes_have_limits_of_their_own(deployed):
    settings = stage(deployed())

    assert settings["RouteSettings"] == {
        "GET /health": {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 10},
        "GET /": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 10},
    }


def test_route_with_a_limit_of_its_own_is_there(deployed):
    """A stage that names a route which isn't there can't be made or updated."""
    resources = deployed()

    named = set(stage(resources)["RouteSettings"])

    assert named <= {f"{method.upper()} {path}" for path, method in operations(resources)}


def test_no_page_may_call_by_default(deployed):
    assert "x-amazon-apigateway-cors" not in deployed()["ChurnApi"]["Properties"]["Body"]


def test_only_stated_pages_may_call(deployed):
    api = deployed(CorsOrigins=["https://crm.example.com"])["ChurnApi"]["Properties"]["Body"]

    assert api["x-amazon-apigateway-cors"]["allowOrigins"] == ["https://crm.example.com"]
    assert "*" not in json.dumps(api["x-amazon-apigateway-cors"])


def test_pages_see_every_header_that_the_function_adds(deployed):
    cors = deployed(CorsOrigins=["https://crm.example.com"])["ChurnApi"]["Properties"]["Body"]
    code = "".join(path.read_text(encoding="utf-8") for path in FUNCTION.rglob("*.py"))

    added = re.findall(r'"(x-(?!amz|content)[a-z-]+|retry-after)"', code, re.IGNORECASE)

    exposed = cors["x-amazon-apigateway-cors"]["exposeHeaders"]
    assert {header.lower() for header in added} == set(exposed)


@pytest.mark.parametrize("origin", ["*", "https://*.example.com", "crm.example.com", "https://a/b"])
def test_origin_that_is_not_one_page_address_is_refused(template, origin):
    pattern = template["Parameters"]["CorsOrigins"]["AllowedPattern"]

    assert not re.search(pattern, origin)


def test_access_log_is_json_and_keeps_nothing_that_a_caller_wrote(deployed):
    settings = stage(deployed())["AccessLogSettings"]

    line = json.loads(settings["Format"])

    # API Gateway keeps the ARN without the ":*" that Fn::GetAtt has at its end.
    logs = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${ApiLogs}"
    assert settings["DestinationArn"] == {"Fn::Sub": logs}
    assert line == {
        "requestId": "$context.requestId",
        "time": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "route": "$context.routeKey",
        "status": "$context.status",
        "bytes": "$context.responseLength",
        "ms": "$context.responseLatency",
        "integrationMs": "$context.integrationLatency",
        "error": "$context.error.message",
        "authorizerError": "$context.authorizer.error",
        "integrationError": "$context.integrationErrorMessage",
    }
