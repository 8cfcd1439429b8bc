"""What a run was measured on and when: figures of two machines, or two runs, don't compare."""

import os
import platform
import time
from pathlib import Path


def describe_run() -> dict[str, str]:
    """Return date and machine, and the Python that does the measuring (not the one measured)."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{_processor()}, {os.cpu_count()} CPUs",
        "host_python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
