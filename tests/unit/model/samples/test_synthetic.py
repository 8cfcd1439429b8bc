import numpy as np
import pytest

from model.samples.synthetic import (
    ADD_ONS,
    CHUNK_ROWS,
    DSL,
    ELECTRONIC_CHECK,
    FIBER,
    MONTHLY,
    NO_INTERNET,
    ONE_YEAR,
    TWO_YEARS,
    make_customers,
)

TOLERANCE = 0.05  # a share among the made-up customers against the same one in IBM's table


@pytest.fixture(scope="module")
def customers():
    return make_customers(seed=42, chunk=0)


def test_same_seed_and_chunk_give_the_same_customers(customers):
    again, other_seed, other_chunk = (
        make_customers(42, 0),
        make_customers(43, 0),
        make_customers(42, 1),
    )

    assert all((again[name] == codes).all() for name, codes in customers.items())
    assert (other_seed["monthly"] != customers["monthly"]).any()
    assert (other_chunk["monthly"] != customers["monthly"]).any()


# IBM's table, counted 2026-11-22 (7,043 customers)
@pytest.mark.parametrize(
    ("field", "code", "size", "churn"),
    [
        ("contract", MONTHLY, 0.550, 0.427),
        ("contract", ONE_YEAR, 0.209, 0.113),
        ("contract", TWO_YEARS, 0.241, 0.028),
        ("internet", NO_INTERNET, 0.217, 0.074),
        ("internet", DSL, 0.344, 0.190),
        ("internet", FIBER, 0.440, 0.419),
        ("payment", ELECTRONIC_CHECK, 0.336, 0.453),
        ("paperless", 1, 0.592, 0.336),
        ("senior", 0, 0.838, 0.236),
        ("partner", 1, 0.483, 0.197),
        ("dependents", 1, 0.300, 0.155),
        ("support", 1, 0.290, 0.152),
        ("security", 1, 0.287, 0.146),
        ("lines", 1, 0.422, 0.286),
        ("phone", 1, 0.903, 0.267),
        ("male", 1, 0.505, 0.262),
    ],
)
def test_groups_are_as_large_and_leave_as_often_as_in_ibms_table(
    customers, field, code, size, churn
):
    group = customers[field] == code

    assert group.mean() == pytest.approx(size, abs=TOLERANCE)
    assert customers["churn"][group].mean() == pytest.approx(churn, abs=TOLERANCE)


def test_share_of_leavers_is_that_of_ibms_table(customers):
    assert customers["churn"].mean() == pytest.approx(1869 / 7043, abs=0.02)


def test_tenure_runs_from_zero_to_seventy_two_months(customers):
    tenure = customers["tenure"]

    assert (tenure.min(), tenure.max()) == (0, 72)
    assert tenure.mean() == pytest.approx(32.4, abs=2)  # IBM's


def test_customers_who_are_not_billed_yet_owe_nothing_and_stay(customers):
    new = customers["tenure"] == 0

    assert 10 < new.sum() < 60
    assert customers["total"][new].sum() == customers["churn"][new].sum() == 0


def test_total_is_about_tenure_times_monthly_charge(customers):
    billed = customers["tenure"] > 0
    months, monthly, total = (customers[name][billed] for name in ("tenure", "monthly", "total"))

    relative = total / (months * monthly) - 1

    assert (relative[months == 1] == 0).all()
    assert np.abs(relative).mean() < 0.05
    assert np.abs(relative.mean()) < 0.005


def test_services_cost_what_they_cost_in_ibms_table(customers):
    services = ["phone", "lines", *ADD_ONS]
    internet = customers["internet"]
    columns = [customers[name] for name in services] + [internet == DSL, internet == FIBER]

    prices, *_ = np.linalg.lstsq(np.column_stack(columns), customers["monthly"] * 0.05)

    assert prices.round().tolist() == [20, 5, 5, 5, 5, 5, 10, 10, 25, 50]


def test_add_ons_need_internet_and_more_lines_a_telephone(customers):
    offline = customers["internet"] == NO_INTERNET

    assert sum(customers[name][offline].sum() for name in ADD_ONS) == 0
    assert customers["phone"][offline].all()
    assert (customers["lines"] <= customers["phone"]).all()


def test_chunk_has_as_many_customers_in_each_field(customers):
    assert {len(codes) for codes in customers.values()} == {CHUNK_ROWS}
