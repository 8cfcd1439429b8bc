"""Writes made-up customers as CSV with the columns of IBM's Telco table, millions if need be.

Each row is joined from a few ready-made fragments: all texts that a group of columns can have are
spelled once, and looked up for a whole chunk of customers at a time.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, product
from pathlib import Path
from string import ascii_uppercase

import numpy as np
import numpy.typing as npt

from model.errors import DataError
from model.files import replace_file
from model.reading.csv_table import parse_table
from model.reading.table import Table
from model.samples.synthetic import (
    ADD_ONS,
    CHUNK_ROWS,
    PRICE_STEP,
    TENURE_MAX,
    Customers,
    make_customers,
)

MAX_ROWS = 10_000 * 26**5  # as many as there are different ids
SEED = 42
SYNTHETIC_NAME = "synthetic customers"

_HEADER = (
    "customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,"
    "InternetService,OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,"
    "StreamingMovies,Contract,PaperlessBilling,PaymentMethod,MonthlyCharges,TotalCharges,Churn\n"
)
_NO_YES = ("No", "Yes")
_CONTRACTS = ("Month-to-month", "One year", "Two year")
_PAYMENTS = (
    "Electronic check",
    "Mailed check",
    "Bank transfer (automatic)",
    "Credit card (automatic)",
)
ID_STEP = 39_916_801  # a prime that divides no part of MAX_ROWS: ids in no visible order
_TOTAL_MAX = 10_000  # dollars: 72 months of the dearest contract are 8,600 or so

Fragments = npt.NDArray[np.object_]


def write_csv(path: Path, rows: int, seed: int) -> Iterator[int]:
    """Write made-up customers to a file, yielding the number of rows that each step added.

    The first rows are the same however many follow. The file appears when it is complete.

    Raises:
        DataError: the file can't be written; nothing is left behind.
    """
    with replace_file(path, DataError) as file:
        for text, count in _chunks(rows, seed):
            file.write(text.encode())
            yield count


def make_table(rows: int, seed: int) -> Table:
    """Return made-up customers as the table that `write_csv` would have written."""
    return parse_table(SYNTHETIC_NAME, "".join(text for text, _ in _chunks(rows, seed)).encode())


def _chunks(rows: int, seed: int) -> Iterator[tuple[str, int]]:
    yield _HEADER, 0
    for start in range(0, rows, CHUNK_ROWS):
        count = min(CHUNK_ROWS, rows - start)
        customers = make_customers(seed, start // CHUNK_ROWS)
        fragments = [column[:count].tolist() for column in _fragments(customers, seed, start)]
        yield "".join(chain.from_iterable(zip(*fragments, strict=True))), count


def _fragments(customers: Customers, seed: int, start: int) -> Iterator[Fragments]:
    yield from id_fragments(seed, start)
    people = [customers[name] for name in ("male", "senior", "partner", "dependents")]
    yield _people_texts()[np.ravel_multi_index(people, (2,) * 4)]
    yield _tenure_texts()[customers["tenure"]]
    lines = customers["phone"] + customers["lines"]
    services = [lines, customers["internet"], *(customers[name] for name in ADD_ONS)]
    yield _service_texts()[np.ravel_multi_index(services, (3, 3) + (2,) * len(ADD_ONS))]
    contracts = [customers[name] for name in ("contract", "paperless", "payment")]
    yield _contract_texts()[np.ravel_multi_index(contracts, (3, 2, 4))]
    yield _charge_texts()[customers["monthly"]]
    yield np.where(customers["tenure"] > 0, _charge_texts()[customers["total"]], " ,")
    yield np.array(("No\n", "Yes\n"), dtype=object)[customers["churn"]]


def id_fragments(seed: int, start: int) -> Iterator[Fragments]:
    """Yield the parts of a chunk's ids: rows count through all ids in steps from the seed's."""
    rows = np.arange(start, start + CHUNK_ROWS, dtype=np.int64)
    first = np.random.default_rng(seed).integers(MAX_ROWS)
    rest, digits = np.divmod((rows * ID_STEP + first) % MAX_ROWS, 10_000)
    head, tail = np.divmod(rest, 26**3)
    yield _digit_texts()[digits]
    yield _letter_texts(2)[head]
    yield _letter_texts(3)[tail]


@cache
def _digit_texts() -> Fragments:
    return _texts(f"{number:04d}-" for number in range(10_000))


@cache
def _letter_texts(length: int) -> Fragments:
    end = "," if length == 3 else ""  # noqa: PLR2004  the second part of an id ends it
    return _texts("".join(letters) + end for letters in product(ascii_uppercase, repeat=length))


@cache
def _people_texts() -> Fragments:
    return _texts(
        f"{gender},{senior},{partner},{dependents},"
        for gender, senior, partner, dependents in product(
            ("Female", "Male"), (0, 1), _NO_YES, _NO_YES
        )
    )


@cache
def _tenure_texts() -> Fragments:
    return _texts(f"{months}," for months in range(TENURE_MAX + 1))


@cache
def _service_texts() -> Fragments:
    telephones = ("No,No phone service", "Yes,No", "Yes,Yes")
    flags = list(product(_NO_YES, repeat=len(ADD_ONS)))
    without = [("No internet service",) * len(ADD_ONS)] * len(flags)
    internet = {"No": without, "DSL": flags, "Fiber optic": flags}
    return _texts(
        ",".join((telephone, kind, *add_ons, ""))
        for telephone in telephones
        for kind, choices in internet.items()
        for add_ons in choices
    )


@cache
def _contract_texts() -> Fragments:
    choices = product(_CONTRACTS, _NO_YES, _PAYMENTS)
    return _texts(f"{contract},{paperless},{payment}," for contract, paperless, payment in choices)


@cache
def _charge_texts() -> Fragments:
    return _texts(f"{steps * PRICE_STEP:.6g}," for steps in range(int(_TOTAL_MAX / PRICE_STEP)))


def _texts(texts: Iterable[str]) -> Fragments:
    return np.array(list(texts), dtype=object)
