"""Makes up customers with the columns of IBM's Telco table and dependencies like its.

Shares, prices and effects are rounded from that table (measured 2026-11-22): who is new, pays
month by month, has fiber or pays by electronic check leaves more often. No row is anyone's.
`model.samples.synthetic_csv` writes them down.
"""

import numpy as np
import numpy.typing as npt

CHUNK_ROWS = 20_000  # made together; bounds the memory, and is part of what a seed stands for

NO_INTERNET, DSL, FIBER = 0, 1, 2  # codes of `internet`
MONTHLY, ONE_YEAR, TWO_YEARS = 0, 1, 2  # codes of `contract`
ELECTRONIC_CHECK, MAILED_CHECK, BANK_TRANSFER, CREDIT_CARD = 0, 1, 2, 3  # codes of `payment`
ADD_ONS = ("security", "backup", "protection", "support", "tv", "movies")
TENURE_MAX = 72  # months
PRICE_STEP = 0.05  # charges are counted in steps of five cents, as IBM's are

Codes = npt.NDArray[np.int64]
Customers = dict[str, Codes]

_INTERNET_SHARES = (0.22, 0.34, 0.44)
_CONTRACT_SHARES = ((0.34, 0.24, 0.42), (0.50, 0.24, 0.26), (0.69, 0.17, 0.14))  # by internet
_TENURE_BETA = np.array([(0.53, 1.58), (1.45, 1.03), (1.27, 0.34)])  # of the maximum, by contract
_NEW_SHARE = 0.0016  # not billed yet: tenure 0, no total, and none of them has left
_PARTNER_SHARES = np.array((0.37, 0.59, 0.73))  # by contract
_DEPENDENTS_SHARES = np.array(((0.11, 0.03), (0.60, 0.15)))  # by partner and senior
_PAPERLESS_SHARES = np.array((0.29, 0.55, 0.77))  # by internet
_PAYMENT_SHARES = (  # electronic, mailed, bank, card; by contract
    (0.48, 0.23, 0.15, 0.14),
    (0.24, 0.23, 0.26, 0.27),
    (0.10, 0.22, 0.33, 0.35),
)
_LINES_SHARES = np.array((0.22, 0.40, 0.63))  # by internet, of those with a telephone
_ADD_ON_SHARES = {  # by contract
    "security": np.array((0.21, 0.50, 0.71)),
    "backup": np.array((0.32, 0.56, 0.70)),
    "protection": np.array((0.29, 0.58, 0.77)),
    "support": np.array((0.20, 0.50, 0.78)),
    "tv": np.array((0.39, 0.59, 0.72)),
    "movies": np.array((0.39, 0.60, 0.72)),
}
_FIBER_SHIFT = {"security": -0.15, "support": -0.15, "tv": 0.15, "movies": 0.15}  # against DSL

_PRICES = {"phone": 20, "lines": 5, "security": 5, "backup": 5, "protection": 5, "support": 5}
_PRICES |= {"tv": 10, "movies": 10}  # dollars a month
_INTERNET_PRICES = np.array((0, 25, 50))
_PRICE_SD, _PRICE_MIN = 1.0, 18.25  # dollars a month
_TOTAL_SD = 0.2  # prices change: of the total, relative, over the square root of the tenure

_UNSEEN_SD = 0.9  # log-odds: what no column tells; sets how well the best model can rank
_BASE = -0.1  # log-odds of leaving; the effects below are added to it
_TENURE_EFFECT = -0.75  # per unit of log(1 + months)
_INTERNET_EFFECTS = np.array((0.0, 0.83, 1.78))
_CONTRACT_EFFECTS = np.array((0.0, -0.7, -1.69))
_PAYMENT_EFFECTS = np.array((0.7, 0.0, 0.0, 0.0))
_EFFECTS = {"senior": 0.22, "dependents": -0.4, "lines": 0.37, "paperless": 0.36, "phone": -0.55}
_EFFECTS |= {"security": -0.32, "backup": -0.13, "support": -0.28, "tv": 0.3, "movies": 0.32}


def make_customers(seed: int, chunk: int) -> Customers:
    """Return the codes of CHUNK_ROWS customers, by field.

    Args:
        seed: the same seed and chunk give the same customers.
        chunk: 0 for the first CHUNK_ROWS customers, 1 for the next.

    Returns:
        0/1 for what one is or has, months for `tenure`, the codes above for `internet`,
        `contract` and `payment`, PRICE_STEP for `monthly` and `total` (blank at tenure 0).
    """
    rng = np.random.default_rng([seed, chunk])
    customers = _make_people(rng)
    customers |= _make_services(rng, customers)
    customers |= _make_charges(rng, customers)
    log_odds = _log_odds(customers) + rng.normal(0, _UNSEEN_SD, CHUNK_ROWS)
    chances = 1 / (1 + np.exp(-log_odds))
    customers["churn"] = _flags(rng, np.where(customers["tenure"] > 0, chances, 0.0))
    return customers


def _make_people(rng: np.random.Generator) -> Customers:
    internet = _draw(rng, _INTERNET_SHARES, np.zeros(CHUNK_ROWS, dtype=np.int64))
    contract = _draw(rng, _CONTRACT_SHARES, internet)
    senior = _flags(rng, np.full(CHUNK_ROWS, 0.162))
    partner = _flags(rng, _PARTNER_SHARES[contract])
    is_billed = _flags(rng, np.full(CHUNK_ROWS, 1 - _NEW_SHARE))
    months = np.ceil(rng.beta(*_TENURE_BETA[contract].T) * TENURE_MAX)
    return {
        "internet": internet,
        "contract": contract,
        "male": _flags(rng, np.full(CHUNK_ROWS, 0.505)),
        "senior": senior,
        "partner": partner,
        "dependents": _flags(rng, _DEPENDENTS_SHARES[partner, senior]),
        "tenure": is_billed * months.astype(np.int64),
    }


def _make_services(rng: np.random.Generator, customers: Customers) -> Customers:
    internet, contract = customers["internet"], customers["contract"]
    loyalty = customers["tenure"] / TENURE_MAX - 0.45  # those who stay buy more
    phone = _flags(rng, np.where(internet == DSL, 0.72, 1.0))
    services = {
        "phone": phone,
        "lines": phone * _flags(rng, _LINES_SHARES[internet] + 0.3 * loyalty),
        "paperless": _flags(rng, _PAPERLESS_SHARES[internet]),
        "payment": _draw(rng, _PAYMENT_SHARES, contract),
    }
    for name, shares in _ADD_ON_SHARES.items():
        shift = np.where(internet == FIBER, 0.5, -0.5) * _FIBER_SHIFT.get(name, 0.0)
        has_it = _flags(rng, shares[contract] + shift + 0.2 * loyalty)
        services[name] = has_it * (internet != NO_INTERNET)
    return services


def _make_charges(rng: np.random.Generator, customers: Customers) -> Customers:
    price = _INTERNET_PRICES[customers["internet"]] + rng.normal(0, _PRICE_SD, CHUNK_ROWS)
    price += sum(dollars * customers[name] for name, dollars in _PRICES.items())
    monthly = np.rint(np.maximum(price, _PRICE_MIN) / PRICE_STEP)
    tenure = customers["tenure"]
    drift = rng.normal(0, _TOTAL_SD, CHUNK_ROWS) / np.sqrt(np.maximum(tenure, 1))
    drift[tenure == 1] = 0  # one month costs what the month costs
    total = np.rint(tenure * monthly * np.clip(1 + drift, 0.5, 1.5))
    return {"monthly": monthly.astype(np.int64), "total": total.astype(np.int64)}


def _log_odds(customers: Customers) -> npt.NDArray[np.float64]:
    log_odds = _BASE + _TENURE_EFFECT * np.log1p(customers["tenure"])
    log_odds += _INTERNET_EFFECTS[customers["internet"]]
    log_odds += _CONTRACT_EFFECTS[customers["contract"]]
    log_odds += _PAYMENT_EFFECTS[customers["payment"]]
    for name, effect in _EFFECTS.items():
        log_odds += effect * customers[name]
    return log_odds


def _flags(rng: np.random.Generator, chances: npt.NDArray[np.float64]) -> Codes:
    return (rng.random(CHUNK_ROWS) < chances).astype(np.int64)


def _draw(rng: np.random.Generator, shares: object, group: Codes) -> Codes:
    """Return one code per customer, by the shares of the customer's group (a row of `shares`)."""
    limits = np.atleast_2d(np.asarray(shares)).cumsum(axis=1)[:, :-1]
    return (rng.random((CHUNK_ROWS, 1)) >= limits[group]).sum(axis=1)
