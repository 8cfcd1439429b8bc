import json

import numpy as np

from model.inspection.column_findings import ColumnFinding
from model.inspection.findings import Findings, inspect
from model.inspection.leaks import Leak
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset

REPEAT = ColumnFinding("b", '"b" repeats "a"', 'leave it out with --drop "b"')


def test_leak_is_a_warning_with_figures_and_what_to_do():
    found = Findings(leaks=(Leak(("score",), 1.0, 1.0, 0.84), Leak(("a", "b"), 0.99, 1.0, 0.84)))

    assert found.warnings() == [
        'LEAK: "score" alone tells almost every outcome: AUC 1.0000 without any other column. All '
        "columns together reach 1.0000, without leaks 0.8400. If it is known only afterwards, "
        'leave it out with --drop "score"; publish refuses such a model unless --allow-leak and '
        "--reason say why it is none",
        'LEAK: "a" and "b" together tell almost every outcome: AUC 0.9900 without any other '
        "column. All columns together reach 1.0000, without leaks 0.8400. If it is known only "
        'afterwards, leave it out with --drop "a" --drop "b"; publish refuses such a model unless '
        "--allow-leak and --reason say why it is none",
    ]


def test_other_findings_are_a_line_each():
    assert Findings(columns=(REPEAT,), notes=("3 rows are there twice",)).lines() == [
        "3 rows are there twice",
        '"b" repeats "a"; leave it out with --drop "b"',
    ]


def test_findings_go_into_the_model_file_as_json():
    found = Findings((Leak(("a", "b"), 0.99, 1.0, 0.84),), (REPEAT,), ("note",))

    meta = json.loads(json.dumps(found.to_meta()))

    assert Findings.from_meta(meta) == found
    assert meta == {
        "leaks": [{"columns": ["a", "b"], "auc_alone": 0.99, "auc_with": 1.0, "auc_without": 0.84}],
        "columns": [
            {
                "column": "b",
                "finding": '"b" repeats "a"',
                "advice": 'leave it out with --drop "b"',
            }
        ],
        "notes": ["note"],
    }


def test_held_out_rows_are_not_looked_at_for_leaks():
    rng = np.random.default_rng(1)
    target = rng.integers(0, 2, 400)
    score = np.where(np.arange(400) < 200, rng.random(400), target)  # tells the held-out ones only
    lines = ["score,Churn", *(f"{s},{t}" for s, t in zip(score, target, strict=True))]
    dataset = build_dataset(parse_table("t.csv", "\n".join(lines).encode()), INFER_ALL)

    assert inspect(dataset, np.arange(200)).leaks == ()
    assert [leak.columns for leak in inspect(dataset, np.arange(200, 400)).leaks] == [("score",)]
