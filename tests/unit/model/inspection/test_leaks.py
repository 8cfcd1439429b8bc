import numpy as np
import pandas as pd
import pytest

from model.inspection.leaks import MAX_ROWS
from model.inspection.leaks import find_leaks as find_leaks_in


def customers(seed, rows=800):
    """Features that tell something about who leaves, honestly: an AUC of 0.8 or so together."""
    rng = np.random.default_rng(seed)
    tenure, fee = rng.integers(0, 72, rows).astype(float), rng.normal(60, 20, rows)
    plan = rng.choice(["monthly", "yearly"], rows)
    log_odds = 1.5 * (plan == "monthly") - tenure / 20 + (fee - 60) / 30 - 0.8
    target = (rng.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
    texts = pd.Series(plan, dtype=object)
    return pd.DataFrame({"tenure": tenure, "fee": fee, "plan": texts}), target, rng


def find_leaks(frame, target):
    return find_leaks_in(frame, target, np.arange(len(target)))


def columns_of(leaks):
    return [leak.columns for leak in leaks]


@pytest.mark.parametrize("seed", range(3))
def test_honest_table_has_no_leak(seed):
    frame, target, _ = customers(seed)

    assert find_leaks(frame, target) == ()


def test_one_strong_honest_number_is_no_leak():
    rng = np.random.default_rng(5)
    numbers = rng.normal(size=(800, 3))
    target = (rng.random(800) < 1 / (1 + np.exp(-4 * numbers[:, 0]))).astype(np.int64)

    assert find_leaks(pd.DataFrame(numbers, columns=["a", "b", "c"]), target) == ()


def test_number_computed_from_the_target_is_named_with_what_remains_without_it():
    frame, target, rng = customers(6)
    frame["score"] = target * 0.99 + rng.uniform(0, 0.005, len(target))

    (leak,) = find_leaks(frame, target)

    assert leak.columns == ("score",)
    assert (leak.auc_alone, leak.auc_with) == (1.0, 1.0)
    assert 0.65 < leak.auc_without < 0.9


def test_column_that_is_filled_only_for_leavers_is_a_leak():
    frame, target, rng = customers(7)
    reasons = rng.choice(["price", "moved"], len(target))
    frame["reason"] = pd.Series(reasons, dtype=object).where(target == 1)

    assert columns_of(find_leaks(frame, target)) == [("reason",)]


def test_leak_that_is_wrong_about_a_few_customers_is_found_by_what_is_lost_without_it():
    frame, target, rng = customers(8)
    frame["flag"] = np.where(rng.random(len(target)) < 0.02, 1 - target, target).astype(float)

    assert columns_of(find_leaks(frame, target)) == [("flag",)]


def test_two_leaks_are_both_named():
    frame, target, rng = customers(9)
    frame["p"] = target + rng.normal(0, 0.05, len(target))
    frame["q"] = 1.0 - frame["p"]

    assert sorted(columns_of(find_leaks(frame, target))) == [("p",), ("q",)]


def exclusive_or(target, rng):
    first = rng.integers(0, 2, len(target))
    return first.astype(float), (first ^ target).astype(float)


def difference(target, rng):
    first = rng.normal(50, 20, len(target))
    return first, first + np.where(target == 1, -1, 1) * rng.exponential(5, len(target))


def texts(target, rng):
    first = rng.integers(0, 6, len(target))
    second = 2 * rng.integers(0, 3, len(target)) + (first + target) % 2
    return (pd.Series([f"{name}{code}" for code in codes], dtype=object)
            for name, codes in (("a", first), ("b", second)))  # fmt: skip


@pytest.mark.parametrize("pair", [exclusive_or, difference, texts])
def test_two_columns_that_tell_the_target_together_are_named(pair):
    frame, target, rng = customers(10)
    frame["left"], frame["right"] = pair(target, rng)

    (leak,) = find_leaks(frame, target)

    assert leak.columns == ("left", "right")
    assert leak.auc_alone > 0.98
    assert leak.auc_without < 0.9


def test_pair_is_named_where_honest_columns_are_nearly_as_good():
    rng = np.random.default_rng(12)
    honest = rng.normal(size=(800, 4))
    target = (honest.sum(axis=1) + rng.normal(0, 0.3, 800) > 0).astype(np.int64)
    frame = pd.DataFrame(honest, columns=list("abcd"))
    frame["left"], frame["right"] = exclusive_or(target, rng)

    (leak,) = find_leaks(frame, target)

    assert leak.columns == ("left", "right")
    assert leak.auc_without > 0.95


def test_large_table_with_few_leavers_is_judged_on_a_part_that_has_them_all():
    rng = np.random.default_rng(11)
    rows = 5 * MAX_ROWS
    target = np.zeros(rows, dtype=np.int64)
    target[rng.choice(rows, 200, replace=False)] = 1
    frame = pd.DataFrame(
        {"noise": rng.normal(size=rows), "score": target + rng.normal(0, 0.01, rows)}
    )

    assert columns_of(find_leaks(frame, target)) == [("score",)]


def test_table_of_nothing_but_a_leak_leaves_a_coin_toss():
    target = np.arange(200) % 2

    (leak,) = find_leaks(pd.DataFrame({"score": target.astype(float)}), target)

    assert (leak.auc_alone, leak.auc_without) == (1.0, 0.5)


def test_flag_that_is_wrong_about_a_twentieth_of_the_rows_is_a_leak():
    frame, target, rng = customers(11, rows=1_600)
    wrong = rng.random(len(target)) < 0.05
    frame["closed"] = np.where(wrong, 1.0 - target, target)

    (leak,) = find_leaks(frame, target)

    assert leak.columns == ("closed",)
    assert 0.92 < leak.auc_alone < 0.98
    assert leak.auc_without < 0.85


@pytest.mark.parametrize("share", [0.0, 0.05], ids=["exact", "a twentieth wrong"])
@pytest.mark.parametrize("combine", [np.add, np.multiply], ids=["sum", "product"])
def test_total_that_was_settled_for_leavers_is_named_with_its_parts(combine, share):
    frame, target, rng = customers(14, rows=1_600)
    first, second = rng.uniform(1, 70, len(target)), rng.uniform(20, 100, len(target))
    is_settled = np.where(rng.random(len(target)) < share, 1 - target, target) == 1
    rest = np.where(is_settled, rng.uniform(0.6, 0.9, len(target)), 1.0)
    frame["months"], frame["price"], frame["total"] = first, second, rest * combine(first, second)

    (leak,) = find_leaks(frame, target)

    assert set(leak.columns) == {"months", "price", "total"}
    assert leak.auc_without < 0.85


def test_number_that_is_as_certain_as_the_rest_of_the_table_is_none():
    rng = np.random.default_rng(15)
    target = (rng.random(1_600) < 0.3).astype(np.int64)
    apart = np.where(rng.random(1_600) < 0.05, 1 - target, target)  # two kinds of customers
    frame = pd.DataFrame({name: apart + rng.normal(0, 0.1, 1_600) for name in "abc"})

    assert find_leaks(frame, target) == ()


@pytest.mark.parametrize("share", [0.0, 0.05], ids=["exact", "a twentieth wrong"])
def test_three_columns_that_tell_the_target_together_are_named(share):
    frame, target, rng = customers(12, rows=1_600)
    flags = (rng.random((len(target), 3)) < 0.5).astype(float)
    flags[target == 1] = 1.0
    stayed_like_leavers = (target == 0) & flags.all(axis=1)
    flags[stayed_like_leavers, rng.integers(0, 3, stayed_like_leavers.sum())] = 0.0
    wrong = rng.random(len(target)) < share
    flags[wrong, 0] = 1 - flags[wrong, 0]
    frame[["called", "refunded", "returned"]] = flags

    leaks = find_leaks(frame, target)

    assert [set(names) for names in columns_of(leaks)] == [{"called", "refunded", "returned"}]
