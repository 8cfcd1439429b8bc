"""A run's results as Markdown; as a command, puts the tables into README.md and docs/.

A table stands between `<!-- bench:NAME -->` and `<!-- /bench -->`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.containers import ROOT
from benchmarks.contenders import EMPTY, FIRST, ONNX, ONNX_COMPILED, OURS, SKLEARN, SKLEARN_COMPILED
from benchmarks.emulator import HTTP, TLS
from benchmarks.figures import compare
from benchmarks.targets import Target, list_targets

RESULTS = ROOT / "benchmarks/results/bench.json"
DOCUMENTS = (ROOT / "README.md", ROOT / "docs/performance.md")
LABELS = {
    (EMPTY, ""): "empty handler",
    (FIRST, "linear"): "first version (boto3, plain loop), linear",
    (ONNX, "100 trees"): "onnxruntime, model packaged, 100 trees",
    (ONNX_COMPILED, "100 trees"): "the same, shipped with bytecode",
    (SKLEARN, "100 trees"): "scikit-learn, model packaged, 100 trees",
    (SKLEARN_COMPILED, "100 trees"): "the same, shipped with bytecode",
    (OURS, "linear"): "**this project**, linear",
    (OURS, "100 trees"): "**this project**, 100 trees",
    (OURS, "winner"): "**this project**, the leaderboard's winner",
}
_BLOCK = re.compile(r"(<!-- bench:(\w+) -->\n).*?(<!-- /bench -->)", re.DOTALL)


def main() -> None:
    """Write the tables of the last run into the documents."""
    tables = make_tables(json.loads(RESULTS.read_text(encoding="utf-8")))
    for path in DOCUMENTS:
        before = path.read_text(encoding="utf-8")
        after = _BLOCK.sub(lambda match: f"{match[1]}{tables[match[2]]}\n{match[3]}", before)
        path.write_text(after, encoding="utf-8")


def make_tables(results: dict[str, Any]) -> dict[str, str]:
    """Return each table by its name."""
    return {
        "run": _describe_run(results),
        "summary": _summarize(results),
        "cold": _list_cold_starts(results["cold_start"]),
        "scoring": _list_scoring(results["scoring"]),
        "memory": _list_memory_sizes(results["memory_size"]),
        "targets": _list_targets(list_targets(results)),
    }


def _describe_run(results: dict[str, Any]) -> str:
    run, data = results["run"], results["data"]
    customers = f"{data['rows']:,} customers of {data['name']}"
    return (
        f"`make bench`, {run['date']}, {run['machine']}, CPython {run['python']}"
        f" in {run['image']}, {customers}."
    )


def _summarize(results: dict[str, Any]) -> str:
    cold = {(row["name"], row["model"], row["s3"]): row for row in results["cold_start"]}
    scoring = {(row["name"], row["model"], row["records"]): row for row in results["scoring"]}
    packages = {row["name"]: row["zip_bytes"] for row in results["package"]}
    rows = []
    for (name, model), label in LABELS.items():
        first = cold.get((name, model, HTTP)) or cold.get((name, model, None))
        secure = cold.get((name, model, TLS))
        one, many = (scoring.get((name, model, records)) for records in (1, 1_000))
        rows.append(
            (
                label,
                _median(first, "first_ms"),
                _median(secure, "first_ms"),
                _median(one, "us_per_record"),
                _median(many, "us_per_record"),
                _median(secure or first, "peak_mb"),
                _size(packages.get(name)),
                _difference(one),
            )
        )
    columns = (
        *("", "first answer, ms", "with TLS, ms", "one record, µs", "of 1,000, µs each"),
        *("peak memory, MB", "package", "off by at most"),
    )
    return _table(columns, rows)


def _list_cold_starts(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return ""
    (empty,) = [row["first_ms"] for row in rows if row["name"] == EMPTY]
    columns = (
        *("", "S3", "first answer, ms", "p95", "times empty"),
        *("further ones, ms", "peak memory, MB"),
    )
    return _table(
        columns,
        (
            (
                LABELS[row["name"], row["model"]],
                row["s3"] or "",
                _figure(row["first_ms"]["median"]),
                _figure(row["first_ms"]["p95"]),
                f"{compare(lambda mine, none: mine / none, row['first_ms'], empty):.2f}",
                f"{row['further_ms']['median']:.2f}",
                f"{row['peak_mb']['median']:.1f}",
            )
            for row in rows
        ),
    )


def _list_scoring(rows: list[dict[str, Any]]) -> str:
    sizes = sorted({row["records"] for row in rows})
    times = {(row["model"], row["name"], row["records"]): row for row in rows}
    contenders = dict.fromkeys((model, name) for model, name, _ in times)
    calls = (f"{size:,}" for size in sizes)
    columns = ("model", "µs per record, in calls of", *calls, "off by at most")
    return _table(
        columns,
        (
            (
                model,
                name,
                *(_figure(times[model, name, size]["us_per_record"]["median"]) for size in sizes),
                _difference(times[model, name, sizes[0]]),
            )
            for model, name in contenders
        ),
    )


def _list_memory_sizes(rows: list[dict[str, Any]]) -> str:
    columns = (
        *("`MemorySize`, MB", "first answer, ms", "further ones, ms", "1,000 records, ms"),
        *("$ per million: cold", "one record each", "1,000 records each"),
    )
    return _table(
        columns,
        (
            (
                str(row["memory_mb"]),
                *(_figure(row[key]["median"]) for key in ("first_ms", "further_ms", "batch_ms")),
                *(f"{dollars:.4f}" for dollars in row["dollars_per_million"].values()),
            )
            for row in rows
        ),
    )


def _list_targets(targets: Iterable[Target]) -> str:
    return _table(
        ("", "target", "reached", "scorer alone", ""),
        (
            (
                target.what,
                f"{'≤' if target.is_at_most else '≥'} {_figure(target.limit)}",
                _figure(target.reached),
                "" if target.scorer_alone is None else _figure(target.scorer_alone),
                "met" if target.is_met else "**missed**",
            )
            for target in targets
        ),
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    aligned = ["---" if number == 0 else "---:" for number in range(len(columns))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, aligned, *rows))


def _median(row: dict[str, Any] | None, key: str) -> str:
    return _figure(row[key]["median"]) if row else ""


def _figure(value: float) -> str:
    """Return three significant digits, as people write them."""
    if value and abs(value) < 1e-3:  # noqa: PLR2004  from here on zeros would be counted
        return f"{value:.0e}"
    digits = 2 if value < 10 else 1 if value < 100 else 0  # noqa: PLR2004  as the docstring says
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _size(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count / 1e6:,.0f} MB" if count >= 1_000_000 else f"{count / 1e3:,.0f} kB"  # noqa: PLR2004  where the unit changes


def _difference(row: dict[str, Any] | None) -> str:
    if row is None or row["difference"] is None or row["name"] == SKLEARN:
        return ""
    return f"{row['difference']:.0e}" if row["difference"] else "0"


if __name__ == "__main__":
    main()
