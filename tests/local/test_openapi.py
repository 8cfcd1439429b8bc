"""Schemathesis asks what the served OpenAPI document allows and forbids, and checks the answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from model.local.api_server import serve_api
from model.local.environment import (
    import_handler,
    make_environment,
    put_model,
    serve_s3,
    use_environment,
)

EXAMPLES = 100
TIMEOUT_S = 300


@pytest.fixture(params=["linear", "trees"])
def url(request):
    """The API on this machine, with a model of each kind."""
    model = request.getfixturevalue(request.param)
    with serve_s3() as s3_url, use_environment(make_environment(s3_url)):
        put_model(s3_url, model.path)
        with serve_api(import_handler()) as address:
            yield address


def test_schemathesis_finds_no_failure(url, tmp_path):
    command = [
        Path(sys.executable).with_name("schemathesis"),
        *("run", f"{url}/openapi.json", "--checks", "all"),
        *("--exclude-checks", "negative_data_rejection"),  # openapi_hooks.py has a stricter one
        *("--max-examples", str(EXAMPLES)),
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(Path(__file__).parent)}

    result = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | hooks,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )

    assert result.returncode == 0, result.stdout[-3000:] + result.stderr
