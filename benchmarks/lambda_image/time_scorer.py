"""Times one scorer, from records to probabilities, in a process of its own."""

import json
import time
from pathlib import Path
from sys import argv

from lines import serve_lines


def main() -> None:
    """Score as `scorer.py` on the path does: arguments are the model's file and the records'."""
    from scorer import load_scorer

    score = load_scorer(Path(argv[1]))
    records = json.loads(Path(argv[2]).read_text(encoding="utf-8"))
    calls_by_size: dict[int, int] = {}

    def answer(question: dict) -> dict:
        if "records" not in question:
            return {"probabilities": score(records)}
        size = question["records"]
        batches = [records[start : start + size] for start in range(0, len(records), size)]
        if size not in calls_by_size:
            calls_by_size[size] = _choose_calls(score, batches, question["at_least_s"])
        calls = calls_by_size[size]
        return {"seconds": _time(score, batches, calls) / calls, "calls": calls}

    serve_lines(answer)


def _choose_calls(score, batches: list, at_least_s: float) -> int:
    calls = 1
    while _time(score, batches, calls) < at_least_s:
        calls *= 2
    return calls


def _time(score, batches: list, calls: int) -> float:
    turns = [batches[call % len(batches)] for call in range(calls)]
    start = time.perf_counter()
    for batch in turns:
        score(batch)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
