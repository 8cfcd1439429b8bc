"""What do reasons cost: to get ready for a model, for a first customer, for each of a thousand?

On the Python at hand; nothing of this is loaded or computed for a request that asks for none.
"""

import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

from benchmarks.command import run_alone
from benchmarks.figures import summarize
from benchmarks.models import MODELS, RECORDS_FILE, model_file
from benchmarks.workspace import Workspace
from inference.advice.reasons import compile_reasons, explain_records
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records

ROUNDS = 9
CUSTOMERS = 1_000
MOST = 3  # reasons listed for each


def main() -> None:
    """Run this benchmark alone."""
    run_alone(measure, __doc__, ROUNDS)


def measure(workspace: Workspace, rounds: int) -> list[dict[str, Any]]:
    """Return per model the milliseconds: once, for a first customer, for each of a thousand."""
    records = json.loads((workspace.models / RECORDS_FILE).read_text(encoding="utf-8"))[:CUSTOMERS]
    times: dict[str, list[tuple[float, float, float]]] = {name: [] for name in MODELS}
    for _ in range(rounds):
        for name, taken in times.items():
            body = (workspace.models / model_file(name, "json")).read_bytes()
            taken.append(_explain(body, records))
    return [
        {
            "model": name,
            **{
                key: summarize(values)
                for key, values in zip(
                    ("ready_ms", "first_ms", "each_ms"), zip(*taken, strict=True), strict=True
                )
            },
        }
        for name, taken in times.items()
    ]


def _explain(body: bytes, records: list[dict[str, Any]]) -> tuple[float, float, float]:
    """Return the times of a model that explains for the first time."""
    artifact = load_artifact(body)
    predictions = score_records(artifact, records).predictions

    def explain(count: int) -> None:
        explain_records(artifact, records[:count], predictions[:count], MOST)

    ready_ms = _time_ms(lambda: compile_reasons(artifact))
    first_ms = _time_ms(lambda: explain(1))
    return ready_ms, first_ms, _time_ms(lambda: explain(len(records))) / len(records)


def _time_ms(task: Callable[[], object]) -> float:
    started_s = perf_counter()
    task()
    return (perf_counter() - started_s) * 1e3


if __name__ == "__main__":
    main()
