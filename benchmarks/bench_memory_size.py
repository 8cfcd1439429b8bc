"""How much memory should the function have: what do first and further answers take, and cost?

Lambda gives a function CPU by its memory, one whole CPU at 1,769 MB. So the function runs under
`docker run --cpus` at the shares of several sizes, with the model that training chooses, over TLS.
In the emulator the first answer is slow throughout; Lambda itself is reported to lend a starting
function more CPU than its share.
"""

import json
import math
import random
from contextlib import ExitStack
from typing import Any

from benchmarks.command import EVENT, SEED, run_alone
from benchmarks.contenders import OURS, Contender
from benchmarks.emulator import TLS, open_function, open_s3
from benchmarks.figures import Figures, summarize
from benchmarks.models import RECORDS_FILE
from benchmarks.prices import cost_of_requests
from benchmarks.workspace import Workspace

ROUNDS = 9
MEGABYTES = (128, 256, 512, 1024, 1769)
MB_PER_CPU = 1769  # AWS Lambda developer guide, "Configure Lambda function memory"
FURTHER_REQUESTS = 5
BATCH = 1_000  # records
QUOTA_PERIOD_S = 0.11  # a little more than the kernel's: each request finds a whole share of CPU


def main() -> None:
    """Run this benchmark alone."""
    run_alone(measure, __doc__, ROUNDS)


def measure(workspace: Workspace, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Return per memory size the milliseconds of answers, and dollars per million requests."""
    if not workspace.has_image:
        return []
    events = [EVENT] * (1 + FURTHER_REQUESTS) + [_make_batch(workspace)] * 2
    samples: dict[int, list[list[float]]] = {size_mb: [] for size_mb in MEGABYTES}
    order = random.Random(SEED)  # noqa: S311  an order, not a secret
    with ExitStack() as stack:
        s3 = stack.enter_context(open_s3(workspace))
        asks = {
            size_mb: stack.enter_context(
                open_function(Contender(OURS, "winner"), workspace, s3, TLS, _limits(size_mb))
            )
            for size_mb in MEGABYTES
        }
        for _ in range(rounds):
            for size_mb in order.sample(MEGABYTES, len(MEGABYTES)):
                answer = asks[size_mb]({"events": events, "pause_s": QUOTA_PERIOD_S})
                samples[size_mb].append(answer["ms"])
    return [_to_row(size_mb, samples[size_mb]) for size_mb in MEGABYTES]


def _limits(size_mb: int) -> list[str]:
    return [f"--cpus={size_mb / MB_PER_CPU:.3f}", f"--memory={size_mb}m"]


def _make_batch(workspace: Workspace) -> str:
    records = json.loads((workspace.models / RECORDS_FILE).read_text(encoding="utf-8"))[:BATCH]
    return json.dumps(json.loads(EVENT) | {"body": json.dumps({"records": records})})


def _to_row(size_mb: int, samples: list[list[float]]) -> dict[str, Any]:
    last_single = 1 + FURTHER_REQUESTS
    first = summarize(ms[0] for ms in samples)
    further = summarize(min(ms[1:last_single]) for ms in samples)
    batch = summarize(min(ms[last_single:]) for ms in samples)
    return {
        "memory_mb": size_mb,
        "first_ms": first,
        "further_ms": further,
        "batch_ms": batch,
        "dollars_per_million": {
            "cold": _cost(1_000_000, first, size_mb),
            "warm": _cost(1_000_000, further, size_mb),
            "in_batches": _cost(1_000_000 // BATCH, batch, size_mb),
        },
    }


def _cost(requests: int, figures: Figures, size_mb: int) -> float:
    return cost_of_requests(requests, math.ceil(figures["median"]), size_mb)


if __name__ == "__main__":
    main()
