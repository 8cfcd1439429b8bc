"""The template as data: as written, as CloudFormation gets it, and for given parameters."""

import copy
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

ROOT = Path(__file__).parents[2]


class NoManagedPolicies:
    """Stands in for the list of managed policies, which SAM asks IAM for; the template has none."""

    def load(self):
        return {}


@pytest.fixture(scope="session")
def template():
    return yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def expand(template):
    """Return the template after SAM's transform, which reads some parameters itself."""

    def expanded(**parameters):
        source = copy.deepcopy(template)
        for resource in source["Resources"].values():
            for name in {"CodeUri", "DefinitionUri"} & resource["Properties"].keys():
                resource["Properties"][name] = "s3://build/package"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_DEFAULT_REGION", "us-east-2")
            return transform(source, parameters, NoManagedPolicies())

    return expanded


@pytest.fixture(scope="session")
def stack(expand):
    """The template after SAM's transform: plain Lambda, IAM and API Gateway resources."""
    return expand()


@pytest.fixture(scope="session")
def deployed(template, stack):
    """Return the resources as CloudFormation makes them of these parameters."""

    def resources(**parameters):
        return resolve(stack["Resources"], stack, defaults(template) | parameters)

    return resources


def defaults(template):
    return {
        name: spec["Default"].split(",") if "List" in spec["Type"] else spec["Default"]
        for name, spec in template["Parameters"].items()
    }


def resolve(node, stack, parameters):
    """Return `node` with conditions decided and parameters put in; other references stay."""
    if isinstance(node, list):
        return [value for item in node if (value := resolve(item, stack, parameters)) is not None]
    if not isinstance(node, dict):
        return node
    if "Ref" in node:
        return None if node["Ref"] == "AWS::NoValue" else parameters.get(node["Ref"], node)
    if "Fn::If" in node:
        name, then, otherwise = node["Fn::If"]
        chosen = then if is_true(stack["Conditions"][name], parameters) else otherwise
        return resolve(chosen, stack, parameters)
    resolved = {key: resolve(value, stack, parameters) for key, value in node.items()}
    return {key: value for key, value in resolved.items() if value is not None}


def is_true(condition, parameters):
    if "Fn::Not" in condition:
        return not is_true(condition["Fn::Not"][0], parameters)
    left, right = (text(side, parameters) for side in condition["Fn::Equals"])
    return left == right


def text(node, parameters):
    if isinstance(node, dict) and "Fn::Join" in node:
        separator, items = node["Fn::Join"]
        return separator.join(text(items, parameters))
    return parameters[node["Ref"]] if isinstance(node, dict) else node
