"""Ctrl-C while `python -m model bulk` sends a table: to an S3 here that never answers."""

import os
import signal
import socket
import subprocess
import sys

from model.commands.bulk import INTERRUPTED

PATIENCE_S = 120


def test_interrupted_upload_ends_all_before_the_run_begins(synthetic_csv):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_S)
        settings = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
            "BULK_BUCKET": "bulk",
            "BULK_MACHINE": "arn:aws:states:us-east-1:123456789012:stateMachine:bulk",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "model", "bulk", str(synthetic_csv), "--name", "may"],
            env=os.environ | settings,
            stderr=subprocess.PIPE,
            text=True,
        )
        connection, _ = server.accept()
        with connection:
            process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == INTERRUPTED
    assert said == "stopped before run may began\n"
