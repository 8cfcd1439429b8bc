"""How long does a caller wait for the first answer of a fresh process, and what memory has it then?

One run interleaves all contenders, each in a container of its own, under AWS's runtime emulator in
Lambda's Python image, with S3 on loopback. Timed is the first request, from sending it to its
answer: with it the emulator starts the process.
"""

import random
from contextlib import ExitStack
from typing import Any

from benchmarks.command import EVENT, SEED, run_alone
from benchmarks.contenders import (
    EMPTY,
    FIRST,
    ONNX,
    ONNX_COMPILED,
    OURS,
    SKLEARN,
    SKLEARN_COMPILED,
    Contender,
    is_installed,
)
from benchmarks.emulator import HTTP, TLS, open_function, open_s3
from benchmarks.figures import summarize
from benchmarks.workspace import Workspace

ROUNDS = 11
WARM_REQUESTS = 3
RUNS = (  # contender, where its model is
    (Contender(EMPTY), None),
    (Contender(FIRST, "linear"), HTTP),
    (Contender(OURS, "linear"), HTTP),
    (Contender(OURS, "100 trees"), HTTP),
    (Contender(OURS, "winner"), HTTP),
    (Contender(FIRST, "linear"), TLS),
    (Contender(OURS, "linear"), TLS),
    (Contender(OURS, "100 trees"), TLS),
    (Contender(OURS, "winner"), TLS),
    (Contender(ONNX, "100 trees"), None),
    (Contender(ONNX_COMPILED, "100 trees"), None),
    (Contender(SKLEARN, "100 trees"), None),
    (Contender(SKLEARN_COMPILED, "100 trees"), None),
)


def main() -> None:
    """Run this benchmark alone."""
    run_alone(measure, __doc__, ROUNDS)


def measure(workspace: Workspace, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Return per contender first and further answers in milliseconds, and peak memory in MB."""
    runs = [run for run in RUNS if is_installed(run[0], workspace)] if workspace.has_image else []
    samples: dict[int, list[dict]] = {number: [] for number in range(len(runs))}
    question = {"events": [EVENT] * (1 + WARM_REQUESTS)}
    order = random.Random(SEED)  # noqa: S311  an order, not a secret
    with ExitStack() as stack:
        s3 = stack.enter_context(open_s3(workspace)) if runs else ""
        asks = [
            stack.enter_context(open_function(contender, workspace, s3, scheme or HTTP))
            for contender, scheme in runs
        ]
        for turn in range(rounds + 1):
            for number in order.sample(range(len(runs)), len(runs)):
                sample = asks[number](question)
                if turn:  # the first is for warming up
                    samples[number].append(sample)
    return [
        _to_row(contender, scheme, samples[number])
        for number, (contender, scheme) in enumerate(runs)
    ]


def _to_row(contender: Contender, scheme: str | None, samples: list[dict]) -> dict[str, Any]:
    return {
        "name": contender.name,
        "model": contender.model,
        "s3": scheme,
        "first_ms": summarize(sample["ms"][0] for sample in samples),
        "further_ms": summarize(ms for sample in samples for ms in sample["ms"][1:]),
        "peak_mb": summarize(sample["peak_kb"] / 1000 for sample in samples),
    }


if __name__ == "__main__":
    main()
