"""Commands in README and docs exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *ROOT.glob("README.md"),
    *ROOT.glob("CONTRIBUTING.md"),
    *sorted(ROOT.glob("docs/*.md")),
]
COMMAND = re.compile(r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(make|python -m model)(?: ([a-z-]+))?", re.M)


def commands(document):
    """Return what the document's code blocks and inline code run, as (program, command)."""
    code = re.findall(r"```\w*\n(.*?)```", document, re.S) + re.findall(r"`([^`\n]+)`", document)
    return {match.groups() for block in code for match in COMMAND.finditer(block)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_exist(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = {("make", target) for target in re.findall(r"^([a-z-]+):", makefile, re.M)}
    known |= {
        ("python -m model", module.stem.replace("_", "-"))
        for module in ROOT.glob("model/commands/[a-z]*.py")
    }

    assert commands(path.read_text(encoding="utf-8")) - known <= {
        ("make", None),
        ("python -m model", None),
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_and_folders_exist(path):
    named = re.findall(
        r"`((?:functions|model|tests|events|benchmarks|docs|\.ci)/[\w./-]*)`",
        path.read_text(encoding="utf-8"),
    )

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_commands_are_found_in_blocks_and_in_text():
    document = "Run `make demo`.\n```sh\n$ CSV=a.csv make train\npython -m model publish x\n```\n"

    assert commands(document) == {
        ("make", "demo"),
        ("make", "train"),
        ("python -m model", "publish"),
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_sam_is_run_by_make_for_it_is_not_on_the_path(path):
    blocks = re.findall(r"```\w*\n(.*?)```", path.read_text(encoding="utf-8"), re.S)

    assert [
        line for block in blocks for line in block.splitlines() if line.startswith("sam ")
    ] == []


def test_make_help_explains_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    (listed,) = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", makefile, re.M)

    explained = re.findall(r"^([a-z-]+):.* ## ", makefile, re.M)
    assert set(listed.replace("\\", "").split()) == set(explained)


def test_security_document_explains_every_parameter_and_alarm(template):
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    alarms = [name for name in template["Resources"] if name.endswith("Alarm")]

    unexplained = [
        name for name in [*template["Parameters"], *alarms] if f"`{name}`" not in document
    ]

    assert unexplained == []


@pytest.mark.parametrize(
    ("config", "section"),
    [(".ci/cfn-lint.yaml", ""), (".ci/checkov.yaml", ""), ("pyproject.toml", "[tool.bandit]")],
)
def test_security_document_names_every_skipped_rule_and_each_has_its_reason(config, section):
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    _, _, rest = (ROOT / config).read_text(encoding="utf-8").partition(section or "\n")
    lines = rest.partition("\n[")[0]

    skipped = dict(re.findall(r"^\s+(?:- |\")([A-Z]+\w*\d)\b[\",]*[ ]*(#.+)?$", lines, re.M))

    assert [rule for rule, reason in skipped.items() if rule not in document or not reason] == []
    assert skipped
