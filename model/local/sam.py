"""The real SAM CLI on this machine: the function in Lambda's own image, S3 beside it.

Needs Docker with that image (`make image`) and a built stack (`sam build`).
"""

import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.local.environment import describe_environment, make_environment
from model.paths import BUILT_TEMPLATE

FUNCTION = "PredictFunction"  # its name in template.yaml
S3_HOST = "host.docker.internal"  # this machine, as a container calls it
ALL_INTERFACES = "0.0.0.0"  # noqa: S104  containers come in by Docker's bridge  # nosec B104
DECLARED = ("MODEL_BUCKET", "MODEL_KEY", "AWS_ENDPOINT_URL_S3")  # SAM passes on only these
ARM_MACHINES = ("aarch64", "arm64")


@dataclass(frozen=True)
class LocalStack:
    """A built stack whose function reads its model from an S3 on this machine.

    Attributes:
        s3_url: that S3.
        template: what `sam build` made.
        variables_file: the function's environment variables, as SAM wants them.
    """

    s3_url: str
    template: Path
    variables_file: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment to run `command` in."""
        return make_environment(self.s3_url) | {"SAM_CLI_TELEMETRY": "0"}

    def command(self, *words: str) -> list[str]:
        """Return the words of a `sam local` command."""
        sam = Path(sys.executable).with_name("sam")
        architecture = "arm64" if platform.machine() in ARM_MACHINES else "x86_64"
        return [
            *(str(sam), "local", *words),
            *("--template", str(self.template)),
            *("--env-vars", str(self.variables_file)),
            *("--add-host", f"{S3_HOST}:host-gateway"),
            *("--parameter-overrides", "ApiAuth=NONE", f"Architecture={architecture}"),
            "--skip-pull-image",
        ]


def make_local_stack(
    s3_url: str,
    folder: Path,
    template: Path = BUILT_TEMPLATE,
    variables: Mapping[str, str] | None = None,
) -> LocalStack:
    """Return the built stack beside an S3 that listens on ALL_INTERFACES.

    Args:
        s3_url: where this process reaches it; the port is what counts.
        folder: for a file of variables; must outlive the stack.
        template: what `sam build` made.
        variables: further ones of the function, which the template declares.
    """
    port = s3_url.rpartition(":")[2]
    environment = describe_environment(f"http://{S3_HOST}:{port}")
    declared = {name: environment[name] for name in DECLARED}
    variables_file = folder / "variables.json"
    described = {"Parameters": declared | dict(variables or {})}
    variables_file.write_text(json.dumps(described), encoding="utf-8")
    return LocalStack(s3_url, template, variables_file)
