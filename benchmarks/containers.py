"""Processes that answer line by line, in containers of Lambda's Python image."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMAGE_SCRIPT = ROOT / "tests/local/image/build_lambda_image.sh"
ARCHITECTURE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
IMAGE = f"public.ecr.aws/lambda/python:3.14-{ARCHITECTURE}"
PYTHON = "/var/lang/bin/python3.14"

Ask = Callable[[dict], dict]


class NoImageError(Exception):
    """Docker, or its image of Lambda's Python, isn't to be had here."""


def require_image() -> None:
    """See that Docker has the image, pulled or made.

    Raises:
        NoImageError: it can't be had; the message says why.
    """
    environment = os.environ | {"PYTHON": sys.executable}
    for command, problem in (
        (["docker", "info"], "Docker isn't running"),
        ([str(IMAGE_SCRIPT)], "no image of Lambda's Python"),
    ):
        try:
            result = subprocess.run(  # noqa: S603  our own words
                command, env=environment, capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise NoImageError(f"{problem}: {error}") from error
        if result.returncode:
            raise NoImageError(f"{problem}: {result.stderr.strip()}")


def describe_image(has_image: bool) -> dict[str, str]:
    """Return the Python that is measured, and whose image it is in."""
    if not has_image:
        return {"python": platform.python_version(), "image": "no container"}
    version = _ask_docker("run", "--rm", f"--entrypoint={PYTHON}", IMAGE, "--version")
    label = _ask_docker("image", "inspect", "--format={{json .Config.Labels}}", IMAGE)
    kind = "a stand-in for " if "stand-in" in label else ""
    return {"python": version.split()[1], "image": f"{kind}AWS's Lambda image"}


def in_container(
    script: str,
    *arguments: str,
    mounts: Mapping[str, Path],
    variables: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> list[str]:
    """Return the command that runs a script of `lambda_image/` in a container of its own.

    Args:
        script: its file name.
        arguments: of the script.
        mounts: place in the container -> file or folder here; read-only, as in Lambda.
        variables: of the environment.
        options: further ones of `docker run`.
    """
    folders = {"/bench": ROOT / "benchmarks/lambda_image", **mounts}
    return [
        *("docker", "run", "--rm", "--interactive"),
        *(f"--volume={path.resolve()}:{place}:ro" for place, path in folders.items()),
        *(f"--env={name}={value}" for name, value in (variables or {}).items()),
        *options,
        *(f"--entrypoint={PYTHON}", IMAGE, f"/bench/{script}", *arguments),
    ]


def _ask_docker(*words: str) -> str:
    command = ["docker", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  our own words


@contextmanager
def open_worker(command: Sequence[str]) -> Iterator[Ask]:
    """Run a process that answers each line of JSON with another; ready when this yields."""
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(  # noqa: S603  our own words
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):

        def read_line() -> dict:
            line = process.stdout.readline()
            if not line:
                log.seek(0)
                raise SystemExit(f"{' '.join(command)}\nended: {log.read().strip()}")
            return json.loads(line)

        def ask(question: dict) -> dict:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            return read_line()

        read_line()
        yield ask
        process.stdin.close()
