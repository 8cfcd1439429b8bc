from model.report.evidence import gather_evidence
from model.report.page import build_page
from model.report.sections.findings import write_findings

LEAK = {"columns": ["a", "b"], "auc_alone": 0.9991, "auc_with": 1.0, "auc_without": 0.84}
ODD = {"column": "c", "finding": '"c" repeats "d"', "advice": 'leave it out with --drop "c"'}


def evidence_of(described, pack, table, rows, inspection):
    described["training_meta"]["inspection"] = inspection
    return gather_evidence(pack(described), table, rows)


def html_of(section):
    return "".join(map(str, section.parts))


def test_leaks_are_told_with_their_figures(described, pack, table, rows):
    inspection = {"leaks": [LEAK], "columns": [], "notes": []}
    evidence = evidence_of(described, pack, table, rows, inspection)

    html = html_of(write_findings(evidence))

    assert "LEAK: &#34;a&#34; and &#34;b&#34; together tell almost every outcome" in html
    assert [f">{figure}<" in html for figure in ("0.9991", "1.0000", "0.8400")] == [True] * 3
    assert "LEAK: a column tells the outcome" in build_page(evidence, [], {})


def test_table_without_leaks_says_so_and_lists_the_rest(described, pack, table, rows):
    inspection = {"leaks": [], "columns": [ODD], "notes": ["3 rows are there twice"]}
    evidence = evidence_of(described, pack, table, rows, inspection)

    html = html_of(write_findings(evidence))

    assert "No column, and no pair of columns" in html
    assert "<li>3 rows are there twice</li>" in html
    assert "<li>&#34;c&#34; repeats &#34;d&#34;; leave it out with" in html
    assert "LEAK" not in build_page(evidence, [], {})


def test_model_of_an_older_training_was_not_looked_at(evidence):
    assert "Nothing looked at it" in html_of(write_findings(evidence))
