import numpy as np
import pytest

from benchmarks.bench_quality import PEERS, make_table, measure


@pytest.fixture(scope="module")
def csv(tmp_path_factory):
    generator = np.random.default_rng(4)
    lines = ["id,tenure,plan,Churn"]
    for row in range(300):
        tenure, plan = generator.integers(0, 50), generator.choice(["a", "b"])
        has_left = generator.random() < (0.7 if tenure < 20 else 0.2)
        lines.append(f"c{row},{tenure},{plan},{'Yes' if has_left else 'No'}")
    path = tmp_path_factory.mktemp("quality") / "customers.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="module")
def rows(csv):
    name = "scikit-learn, defaults"
    return measure(csv, [0.0], {name: PEERS[name]})


def test_every_contender_has_figures_and_their_intervals(rows):
    assert [row["name"] for row in rows] == [
        "this project, 0 s",
        "scikit-learn, defaults",
    ]
    for row in rows:
        low, high = row["auc_interval"]
        behind, ahead = row["ahead_interval"]
        assert low <= row["auc"] <= high
        assert behind <= row["ahead"] <= ahead
        assert row["ahead"] == pytest.approx(rows[0]["auc"] - row["auc"])


def test_the_interval_is_as_wide_as_chance_makes_it(rows):
    # Hanley and McNeil 1982, for 60 held-out customers of whom about 40 % have left
    auc, positives, negatives = rows[0]["auc"], 24, 36
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (positives - 1) * (first - auc**2)
    variance += (negatives - 1) * (second - auc**2)
    expected = 2 * 1.96 * np.sqrt(variance / positives / negatives)

    low, high = rows[0]["auc_interval"]

    assert high - low == pytest.approx(expected, rel=0.3)


def test_the_table_has_a_row_each(rows):
    lines = make_table(rows).splitlines()

    assert len(lines) == 2 + len(rows) + len(rows)
    assert lines[2].startswith("| customers.csv (300) | this project, 0 s | ")
    assert {line.count("|") for line in lines} == {9}


def test_what_is_left_to_1_is_averaged_over_tables(rows):
    ours, peer = rows
    assert peer["ratio"] == pytest.approx((1 - ours["auc"]) / (1 - peer["auc"]))

    lines = make_table([*rows, ours | {"ratio": 1.0}, peer | {"ratio": 0.5}]).splitlines()

    assert lines[-2] == "| mean | this project, 0 s | | | | | | 1.000 |"
    mean = (peer["ratio"] + 0.5) / 2
    assert lines[-1] == f"| mean | scikit-learn, defaults | | | | | | {mean:.3f} |"
