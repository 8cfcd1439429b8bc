"""How long does a record take, alone and in batches, and how exact is its probability?

One run compares this project with the first version's loop, ONNX Runtime and scikit-learn, from a
list of records to a list of probabilities: what each one's user would write. Each has a process of
its own on one core in Lambda's Python image, and they take turns.
"""

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.command import SEED, run_alone
from benchmarks.containers import ROOT, Ask, in_container, open_worker
from benchmarks.contenders import (
    FIRST,
    ONNX,
    OURS,
    SCORER,
    SKLEARN,
    Contender,
    is_installed,
    list_mounts,
)
from benchmarks.figures import summarize
from benchmarks.models import RECORDS_FILE
from benchmarks.workspace import Workspace

ROUNDS = 11
SIZES = (1, 100, 1_000, 10_000)  # records per call
AT_LEAST_S = 0.05  # per sample: short calls are repeated and timed together
NAMES = (SKLEARN, FIRST, ONNX, OURS, SCORER)
CONTENDERS = (
    *(Contender(name, model) for model in ("linear", "100 trees") for name in NAMES),
    *(Contender(name, "winner") for name in (SKLEARN, OURS, SCORER)),
)


def main() -> None:
    """Run this benchmark alone."""
    run_alone(measure, __doc__, ROUNDS)


def measure(workspace: Workspace, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Return per contender and batch size microseconds per record and the largest difference."""
    contenders = [entry for entry in CONTENDERS if is_installed(entry, workspace)]
    turns = [(entry, size) for entry in contenders for size in SIZES]
    times: dict[tuple[Contender, int], list[float]] = {turn: [] for turn in turns}
    order = random.Random(SEED)  # noqa: S311  an order, not a secret
    with ExitStack() as stack:
        asks = {entry: stack.enter_context(_open_scorer(entry, workspace)) for entry in contenders}
        for number in range(rounds + 1):
            for contender, size in order.sample(turns, len(turns)):
                answer = asks[contender]({"records": size, "at_least_s": AT_LEAST_S})
                if number:  # the first is for warming up
                    times[contender, size].append(answer["seconds"] / size * 1e6)
        exact = {entry: asks[entry]({})["probabilities"] for entry in contenders}
    return [
        {
            "name": contender.name,
            "model": contender.model,
            "records": size,
            "us_per_record": summarize(times[contender, size]),
            "difference": _largest_difference(contender, exact),
        }
        for contender, size in turns
    ]


@contextmanager
def _open_scorer(contender: Contender, workspace: Workspace) -> Iterator[Ask]:
    """Run a contender's scoring and yield what asks `lambda_image/time_scorer.py`."""
    files = (f"/models/{contender.file}", f"/models/{RECORDS_FILE}")
    mounts = list_mounts(contender, workspace)
    if workspace.has_image:
        command = in_container(
            "time_scorer.py",
            *files,
            mounts=mounts,
            variables={"PYTHONPATH": "/scorer:/var/task:/opt/python"},
            options=["--cpuset-cpus=0"],  # below 1,769 MB a function has one CPU at most
        )
    else:
        path = ":".join(str(mounts[place]) for place in ("/scorer", "/var/task"))
        script = ROOT / "benchmarks/lambda_image/time_scorer.py"
        local = [str(workspace.models / Path(file).name) for file in files]
        variables = (f"PYTHONPATH={path}", "OMP_NUM_THREADS=1")
        command = ["env", *variables, sys.executable, str(script), *local]
    with open_worker(command) as ask:
        yield ask


def _largest_difference(
    contender: Contender, probabilities: dict[Contender, list[float]]
) -> float | None:
    """Return the largest difference from scikit-learn over all records."""
    expected = probabilities.get(Contender(SKLEARN, contender.model))
    if expected is None:
        return None
    pairs = zip(probabilities[contender], expected, strict=True)
    return max(abs(ours - theirs) for ours, theirs in pairs)


if __name__ == "__main__":
    main()
