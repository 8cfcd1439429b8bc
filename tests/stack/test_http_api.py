"""Who may call which route, how often, from which pages, and what is logged of it."""

import json
import re
from pathlib import Path

import pytest

FUNCTION = Path(__file__).parents[2] / "functions" / "predict"
ROUTES = {
    ("/predict", "post"),
    ("/whatif", "post"),
    ("/model", "get"),
    ("/openapi.json", "get"),
    ("/health", "get"),
}
JWT = {"ApiAuth": "JWT", "JwtIssuer": "https://login.example.com", "JwtAudience": ["crm", "web"]}


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
        "${PredictFunction.Arn}/invocations"
    ]


def test_every_route_is_described_to_callers(deployed):
    document = json.loads((FUNCTION / "openapi.json").read_text(encoding="utf-8"))

    described = {
        (path, method) for path, methods in document["paths"].items() for method in methods
    }

    assert described == set(operations(deployed()))


@pytest.mark.parametrize(
    ("parameters", "security"),
    [({}, None), ({"ApiAuth": "AWS_IAM"}, [{"AWS_IAM": []}]), (JWT, [{"JWT": []}])],
    ids=["none", "iam", "jwt"],
)
def test_every_route_but_health_asks_for_what_api_auth_says(deployed, parameters, security):
    routes = operations(deployed(**parameters))

    asked = {route: operation.get("security") for route, operation in routes.items()}

    assert asked == {route: None if route[0] == "/health" else security for route in ROUTES}


def test_iam_requests_are_signed(deployed):
    components = deployed(ApiAuth="AWS_IAM")["ChurnApi"]["Properties"]["Body"]["components"]

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
    assert "components" not in deployed()["ChurnApi"]["Properties"]["Body"]


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


def test_open_health_route_has_a_tighter_limit_of_its_own(deployed):
    settings = stage(deployed())

    assert settings["RouteSettings"] == {
        "GET /health": {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 10}
    }


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

    assert settings["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}
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
