"""The deployed stack's gateway, with what MiniStack's CloudFormation leaves out of it.

It doesn't import an HTTP API's OpenAPI body, so routes, integrations and authorizers are made here
from the template as it was deployed, by the calls that API Gateway's import stands for.
"""

from rehearsed.intrinsics import resolve

METHODS = {"get", "post"}
OF_THE_FUNCTION = "${PredictFunctionAliaslive}/invocations"


def read_api(stack, **changed):
    """Return the API's body and its stage's settings in the template that was deployed.

    They are those of the stack's parameters, or of others.
    """
    cloudformation = stack.client("cloudformation")
    template = cloudformation.get_template(StackName=stack.name, TemplateStage="Processed")
    resources = template["TemplateBody"]["Resources"]
    parts = [
        resources["ChurnApi"]["Properties"]["Body"],
        resources["ChurnApiApiGatewayDefaultStage"]["Properties"],
    ]
    lists = {"JwtAudience", "CorsOrigins"}
    parameters = {
        name: value.split(",") if name in lists else value
        for name, value in (stack.parameters | changed).items()
    }
    return [resolve(part, template["TemplateBody"], parameters) for part in parts]


def import_body(stack, body):
    """Make the API's routes as a body says, in place of those it has, and return its address."""
    gateway, api = stack.client("apigatewayv2"), stack.resources["ChurnApi"]
    for route in gateway.get_routes(ApiId=api)["Items"]:
        gateway.delete_route(ApiId=api, RouteId=route["RouteId"])
    schemes = body.get("components", {}).get("securitySchemes", {})
    guards = {name: _make_guard(gateway, api, scheme) for name, scheme in schemes.items()}
    target = _integrate(gateway, api, stack.resources["PredictFunctionAliaslive"])
    for path, methods in body["paths"].items():
        for method in METHODS & methods.keys():
            assert methods[method]["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"].endswith(
                OF_THE_FUNCTION
            )
            guard = {}
            for requirement in methods[method].get("security", ()):
                guard = guards[next(iter(requirement))]
            key = f"{method.upper()} {path}"
            gateway.create_route(ApiId=api, RouteKey=key, Target=target, **guard)
    return f"{stack.url}/_aws/execute-api/{api}/$default"


def _make_guard(gateway, api, scheme):
    """Return what a route has to say that asks for this scheme."""
    authorizer = scheme.get("x-amazon-apigateway-authorizer")
    if authorizer is None:
        return {"AuthorizationType": "AWS_IAM"}
    settings = authorizer["jwtConfiguration"]
    made = gateway.create_authorizer(
        ApiId=api,
        Name="jwt",
        AuthorizerType="JWT",
        IdentitySource=[authorizer["identitySource"]],
        JwtConfiguration={"Issuer": settings["issuer"], "Audience": settings["audience"]},
    )
    return {"AuthorizationType": "JWT", "AuthorizerId": made["AuthorizerId"]}


def _integrate(gateway, api, alias):
    made = gateway.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=alias, PayloadFormatVersion="2.0"
    )
    return f"integrations/{made['IntegrationId']}"
