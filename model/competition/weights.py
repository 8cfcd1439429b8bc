"""How much each model's log-odds count in a blend, and its calibration, from unseen customers.

Source:
    Caruana et al., Ensemble Selection from Libraries of Models, ICML 2004: models are added one at
    a time, each as often as it helps, to an average that starts with the best.
"""

import numpy as np
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from model.evaluation.metrics import Floats, Targets

SUMS = (1, 2, 4, 5, 10, 20, 25)  # models in the average, repeats included: two decimals a weight
_CLOSEST = 1e-15  # of a probability to 0 and 1


def to_log_odds(probabilities: Floats) -> Floats:
    """Return the log-odds of probabilities, finite ones for 0 and 1 too."""
    return logit(np.clip(probabilities, _CLOSEST, 1 - _CLOSEST))


def choose_weights(log_odds: Floats, target: Targets, costs: Floats) -> Floats:
    """Return weights of two decimals that sum to 1 and give the lowest log loss found.

    So a blend's leaves have two decimals more than its members', not all seventeen.

    Args:
        log_odds: a row per model, a column per customer that it hadn't seen.
        target: 1 for who left, 0 for who stayed.
        costs: a row per model, a column per kind of cost, each a share of what is allowed; those
            with a weight cost at most 1 of each kind together, and one alone does.
    """
    counts = np.zeros(len(log_odds))
    total = np.zeros(log_odds.shape[1])
    best, lowest = counts, np.inf
    for step in range(1, SUMS[-1] + 1):
        losses = [
            _measure_loss(target, (total + row) / step)
            if _sum_costs(counts, costs, place).max() <= 1
            else np.inf
            for place, row in enumerate(log_odds)
        ]
        chosen = int(np.argmin(losses))
        counts = counts + (np.arange(len(counts)) == chosen)
        total = total + log_odds[chosen]
        if step in SUMS and losses[chosen] < lowest:
            best, lowest = counts, losses[chosen]
    return best / best.sum()


def calibrate(log_odds: Floats, target: Targets) -> tuple[float, float]:
    """Return scale and shift of log-odds that lower the log loss most."""
    column = log_odds.reshape(-1, 1)
    fitted = LogisticRegression(C=np.inf).fit(column, target)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _sum_costs(counts: Floats, costs: Floats, place: int) -> Floats:
    chosen = counts > 0
    chosen[place] = True
    return costs[chosen].sum(axis=0)


def _measure_loss(target: Targets, log_odds: Floats) -> float:
    return float(np.logaddexp(0.0, np.where(target == 1, -log_odds, log_odds)).mean())
