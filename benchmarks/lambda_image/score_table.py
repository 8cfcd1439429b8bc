"""Scores a table from file to file on one core, by this project or by pandas and scikit-learn."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lines import serve_lines

CHUNK = 100_000  # rows of pandas' frames
BLOCK_BYTES = 1 << 20
BYTES_PER_MB = 1_000_000


def main() -> None:
    """Score the table once for each question; arguments are who, models without suffix, table."""
    who, model, table, answer = sys.argv[1:]
    load = {"ours": load_ours, "pandas": load_pandas}[who]
    score = load(Path(model))

    def serve(_question: dict) -> dict:
        started_s = time.process_time()  # others on the machine count less
        score(Path(table), Path(answer))
        seconds = time.process_time() - started_s
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"seconds": seconds, "peak_mb": peak_kib * 1024 / BYTES_PER_MB}

    serve_lines(serve)


def load_ours(model: Path) -> Callable[[Path, Path], None]:
    """Return the function that `model score` runs in each of its processes."""
    from inference.bulk.answer import score_piece, write_header
    from inference.bulk.cutting import cut_records
    from inference.bulk.job import make_job
    from inference.bulk.table import HEADER_BYTES, split_header
    from inference.scoring.artifact import load_artifact

    artifact = load_artifact(model.with_suffix(".json").read_bytes())

    def score(table: Path, answer: Path) -> None:
        with table.open("rb") as source, answer.open("wb") as target:
            header, end = split_header(source.read(HEADER_BYTES), ",")
            source.seek(end)
            job = make_job(artifact, header, ",", {})
            target.write(write_header(job))
            for piece in cut_records(iter(lambda: source.read(BLOCK_BYTES), b""), ","):
                target.write(score_piece(job, piece)[0])

    return score


def load_pandas(model: Path) -> Callable[[Path, Path], None]:
    """Return what a person writes with pandas and the fitted pipeline."""
    import pickle

    import pandas as pd

    pipeline = pickle.loads(model.with_suffix(".pickle").read_bytes())  # noqa: S301  our own file
    schema = json.loads(model.with_suffix(".json").read_text("utf-8"))["schema"]
    names = {spec["name"]: spec["kind"] for spec in schema["features"]}
    texts = {name: str for name, kind in names.items() if kind == "category"}

    def score(table: Path, answer: Path) -> None:
        chunks = pd.read_csv(table, dtype=texts, na_values=[" "], chunksize=CHUNK)
        for number, chunk in enumerate(chunks):
            probabilities = pipeline.predict_proba(chunk[list(names)])[:, 1]
            columns = {
                schema["id"]: chunk[schema["id"]],
                "churn_probability": probabilities,
                "churn_label": (probabilities >= schema["threshold"]).astype(int),
            }
            frame = pd.DataFrame(columns)
            frame.to_csv(answer, mode="a" if number else "w", header=not number, index=False)

    return score


if __name__ == "__main__":
    main()
