from dataclasses import replace

from sklearn.metrics import roc_auc_score

from model.report.evidence import gather_evidence
from model.report.sections.data import write_data


def html_of(section):
    return "".join(map(str, section.parts))


def test_rows_held_out_by_lot_are_called_so(evidence):
    html = html_of(write_data(evidence))

    assert "stratified, the same for every candidate" in html
    assert "by lot" not in html


def test_latest_rows_are_held_against_a_random_split(described, pack, table, rows):
    described["training_meta"]["random_split"] = {"auc": 0.8512}
    later = replace(table, time_column="month")

    evidence = gather_evidence(pack(described), later, rows)
    html = html_of(write_data(evidence))

    auc = roc_auc_score(evidence.target, evidence.probabilities)
    assert "the latest by month, the same for every candidate" in html
    assert f"0.8512, against {auc:.4f} on the latest" in html
