"""The template as data: as written, as CloudFormation gets it, and for given parameters."""

import copy
from pathlib import Path

import pytest
from rehearsed.intrinsics import resolve
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
