"""The Makefile as a person uses it: help, what a target would run, the demo, train-upload."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from model.local.environment import BUCKET, REGION, make_environment
from model.samples.synthetic_csv import SEED, write_csv

ROOT = Path(__file__).parents[2]
TARGETS = re.findall(r"^([a-z-]+):.* ## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
CUSTOMERS = 1_000


@pytest.fixture(scope="session")
def make():
    """Call make with this Python's environment; it must succeed, and gives back what it said."""
    if not shutil.which("make"):
        pytest.skip("make isn't installed")

    def run(*words, folder=ROOT, environment=None):
        result = subprocess.run(
            ["make", "-C", folder, f"VENV={sys.prefix}", *words],
            env=clean(environment or os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout
        return result.stdout

    return run


@pytest.fixture(scope="session")
def csv_path(tmp_path_factory):
    """A table of made-up customers, small enough to train on in seconds."""
    path = tmp_path_factory.mktemp("data") / "customers.csv"
    assert sum(write_csv(path, CUSTOMERS, SEED)) == CUSTOMERS
    return path


def connect(s3_url):
    return boto3.client(
        "s3",
        endpoint_url=s3_url,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106  any text does for moto
    )


def clean(environment):
    """Without what a `make test` around these tests hands down."""
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "ARGS", "CSV", "MODEL_BUCKET", "API_URL"}
    return {name: value for name, value in environment.items() if name not in inherited}


def test_help_is_what_make_alone_prints(make):
    assert make("-s") == make("-s", "help")


@pytest.mark.parametrize("target", TARGETS)
def test_target_can_be_made(make, target):
    assert make("--dry-run", "--always-make", target)


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-2"}, "us-east-2"),
        ({}, ""),
    ],
    ids=["region", "both", "neither"],
)
def test_sam_is_told_the_region_by_the_name_that_it_knows(make, tmp_path, variables, region):
    """Left out where there is none, for an empty one would hide the profile's."""
    (tmp_path / "show.mk").write_text(
        "region:\n\t@printenv AWS_DEFAULT_REGION || test $$? = 1\n", encoding="utf-8"
    )
    names = ("AWS_REGION", "AWS_DEFAULT_REGION")
    without = {name: value for name, value in os.environ.items() if name not in names}

    said = make(
        "-s",
        *("--makefile", "Makefile", "--makefile", tmp_path / "show.mk", "region"),
        environment=without | variables,
    )

    assert said.strip() == region


def test_deploy_that_fails_prints_what_the_hook_found_and_fails(tmp_path):
    model = tmp_path / "model"
    model.write_text(
        '#!/bin/sh\n[ "$1" = outputs ] && echo "export $4=log" || echo "$@"\n', "utf-8"
    )
    model.chmod(0o755)
    words = ("--old-file", ".aws-sam/build/template.yaml", "SAM=false", f"MODEL={model}", "deploy")

    result = subprocess.run(
        ["make", "-s", "-C", ROOT, f"VENV={sys.prefix}", *words],
        env=clean(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    assert result.stdout == "deploy-check\n"


def test_missing_python_is_told_plainly(tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)

    result = subprocess.run(
        ["make", "-C", tmp_path, "PYTHON=", "install"],
        env=clean(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.stderr.splitlines()[0] == (
        "error: needs Python 3.11 or newer with its venv module "
        "(Debian, Ubuntu: sudo apt-get install python3-venv)"
    )


def test_demo_trains_publishes_serves_and_verifies(make, csv_path):
    said = make("demo", f"CSV={csv_path}", "ARGS=--threshold f1")

    steps = re.findall(r"^\$ (?:python -m model )?(\w+)", said, re.M)
    assert steps == ["train", "publish", "verify", "curl", "page"]
    assert re.search(r"^FINAL CHOICE \(for your report\): \w+ AUC=0\.\d{4}$", said, re.M)
    assert re.search(r"^Threshold: 0\.(?!5000)\d{4}$", said, re.M)
    asked = re.findall(r"^[\d:]{8}  POST /predict +200  (\d) customers? +[\d.]+ ms$", said, re.M)
    assert asked == ["1", "5", "1", "1"]
    assert re.search(r"^SUCCESS\. The API returned: \{'predictions': \[", said, re.M)
    assert re.search(r'^\{"predictions":\[0\.\d+\],"labels":\[[01]\]\}$', said, re.M)
    page = re.search(r"^Open (\S+) in a browser: it ranks customers\. ", said, re.M)[1]
    assert "Who is about to leave?" in (ROOT / page).read_text("utf-8")


@pytest.mark.usefixtures("lambda_image")
def test_invoke_prints_a_line_per_event_and_all_of_it_if_asked(make, trees):
    words = "events/wrong_path_404.json events/health_ok.json"

    said = make("invoke", f"ARTIFACT={trees.path}", f"ARGS={words}")
    verbose = make("invoke", f"ARTIFACT={trees.path}", f"ARGS={words} --verbose")

    health = json.dumps({"status": "ok", "version": trees.version}, separators=(",", ":"))
    lines = re.findall(r"^(\w+\.json) +(\d{3}) +\d+ ms(?:  (.*))?$", said, re.M)
    assert [line[:2] for line in lines] == [
        ("wrong_path_404.json", "404"),
        ("health_ok.json", "200"),
    ]
    assert lines[1][2] == health
    answers = [json.loads(line) for line in verbose.splitlines() if line.startswith("{")]
    assert [answer["statusCode"] for answer in answers] == [404, 200]
    assert answers[1]["body"] == health


def test_train_upload_publishes_and_verifies(make, csv_path, no_live_model, sam_api, tmp_path):
    """Against `sam local start-api`, whose function reads what was published."""
    environment = make_environment(no_live_model)
    stack = (f"MODEL_BUCKET={BUCKET}", f"API_URL={sam_api.url}")
    table = (f"CSV={csv_path}", f"BUILD={tmp_path}")

    said = make("train-upload", *stack, *table, environment=environment)

    assert "SUCCESS. The API returned: " in said
    (version,) = re.findall(r"^LIVE: ([^,]+)", said, re.M)
    key = f"models/versions/{version}.html"
    report = connect(no_live_model).get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert report == (tmp_path / "report.html").read_bytes()
