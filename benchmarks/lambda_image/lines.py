"""A process answers one line of JSON with another until its input ends."""

import json
import sys
from collections.abc import Callable


def serve_lines(answer: Callable[[dict], dict]) -> None:
    """Say that we are ready, then answer each line of standard input on standard output."""
    output, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    print("{}", file=output, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=output, flush=True)
