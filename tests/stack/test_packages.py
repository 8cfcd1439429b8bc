"""What pyproject.toml asks for is what the lock pins, and the lock binds nobody to an index."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ASKED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
LOCKS = ["requirements.txt", ".ci/checkov.txt"]


def pins(lock):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return dict(re.fullmatch(r"([\w.-]+)==(\S+) +# via .+", line).groups() for line in lines)


@pytest.mark.parametrize("requirement", ASKED)
def test_package_is_pinned_as_asked(requirement):
    name, version = re.fullmatch(r"([\w-]+)(?:\[.+\])?(?:==(.+))?", requirement).groups()

    pinned = pins("requirements.txt")[name]

    assert version in {None, pinned}


def test_checkov_is_pinned_apart_from_the_rest():
    assert "checkov" in pins(".ci/checkov.txt")
    assert "checkov" not in pins("requirements.txt")


def test_setuptools_builds_the_project_in_the_version_that_is_installed():
    assert PROJECT["build-system"]["requires"] == [
        f"setuptools=={pins('requirements.txt')['setuptools']}"
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_index_and_no_address(lock):
    """So pip takes the packages from wherever it is set up to."""
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert re.findall(r"--\S+|\w+://\S+", text) == []


def test_every_package_has_its_reason():
    """Beside it, in pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    for requirement in ASKED:
        assert re.search(rf'^    "{re.escape(requirement)}", +# \w', text, re.M), requirement
