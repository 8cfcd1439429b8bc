import json
import sys
from pathlib import Path

import pytest

from model.local.sam import make_local_stack


@pytest.fixture
def stack(tmp_path, monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    variables = {"MODEL_REFRESH_SECONDS": "0"}
    return make_local_stack("http://127.0.0.1:5000", tmp_path, Path("t.yaml"), variables)


def test_sam_is_told_all_it_needs(stack, tmp_path):
    assert stack.command("start-api", "--port", "1") == [
        str(Path(sys.executable).with_name("sam")),
        *("local", "start-api", "--port", "1"),
        *("--template", "t.yaml"),
        *("--env-vars", str(tmp_path / "variables.json")),
        *("--add-host", "host.docker.internal:host-gateway"),
        *("--parameter-overrides", "ApiAuth=NONE", "Architecture=x86_64"),
        "--skip-pull-image",
    ]


@pytest.mark.parametrize("machine", ["arm64", "aarch64"])
def test_arm_machine_runs_an_arm_function(stack, monkeypatch, machine):
    monkeypatch.setattr("platform.machine", lambda: machine)

    assert "Architecture=arm64" in stack.command("invoke")


def test_function_is_told_how_a_container_reaches_the_s3(stack):
    assert json.loads(stack.variables_file.read_text()) == {
        "Parameters": {
            "MODEL_BUCKET": "churn-models",
            "MODEL_KEY": "models/telco_churn_light.json",
            "AWS_ENDPOINT_URL_S3": "http://host.docker.internal:5000",
            "MODEL_REFRESH_SECONDS": "0",
        }
    }


def test_sam_itself_uses_the_s3_and_no_telemetry(stack):
    environment = stack.environment

    assert environment["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:5000"
    assert environment["SAM_CLI_TELEMETRY"] == "0"
