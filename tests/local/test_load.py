"""The load test runs, and finds no error; its figures are for benchmarks/."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks/bench_load.py"


def test_fifty_clients_at_once_get_right_answers(linear):
    command = [sys.executable, SCRIPT, linear.path, "--seconds", "1", "--requests", "1000"]

    result = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, timeout=120, check=False
    )

    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["errors"] == 0
    assert report["clients"] == 50
    assert report["requests_between"] >= 1000
