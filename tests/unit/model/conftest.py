"""Tables other than IBM's, as churn tables come: a bank's, and a credit card company's."""

import numpy as np
import pytest


@pytest.fixture
def bank_csv(tmp_path):
    """A bank's customers: two numbers of a row, surnames, and a target 0/1 called Exited."""
    rng = np.random.default_rng(1)
    rows = 400
    lines = ["RowNumber,CustomerId,Surname,CreditScore,Geography,Gender,Age,Balance,Exited"]
    for row in range(rows):
        age = rng.integers(18, 80)
        fields = [
            row + 1,
            15_600_000 + row * 7919 % 100_000,
            f"Surname {rng.integers(300)}",
            rng.integers(350, 850),
            rng.choice(["France", "Germany", "Spain"]),
            rng.choice(["Female", "Male"]),
            age,
            round(rng.uniform(0, 2e5), 2) if rng.random() < 0.6 else 0,
            int(rng.random() < age / 120),
        ]
        lines.append(",".join(map(str, fields)))
    return _write(tmp_path / "bank.csv", lines)


@pytest.fixture
def card_csv(tmp_path):
    """A card company's customers, quoted, with "Unknown" as a category and blanks in numbers."""
    rng = np.random.default_rng(2)
    rows = 300
    lines = ['"CLIENTNUM","Attrition_Flag","Customer_Age","Education_Level","Credit_Limit"']
    for row in range(rows):
        has_left = rng.random() < 0.2
        fields = [
            768_805_383 + row * 104_729,
            "Attrited Customer" if has_left else "Existing Customer",
            rng.integers(26, 73),
            rng.choice(["Graduate", "High School", "Unknown", ""]),
            "" if row % 50 == 0 else round(rng.uniform(1400, 34_000) / (2 if has_left else 1), 1),
        ]
        lines.append(",".join(f'"{field}"' for field in fields))
    return _write(tmp_path / "card.csv", lines)


def _write(path, lines):
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    return path
