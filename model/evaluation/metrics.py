"""How good probabilities are, as figures: scikit-learn's, and the lift of the top decile."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

Targets = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


EXACT_DECIMALS = 12  # of a probability: what docs/artifact.md asks of every reader


def settle_ties(probabilities: Floats) -> Floats:
    """Return probabilities in which those are equal that differ by the order of an addition.

    Customers whose scores add up to the same number must stay tied, whoever adds them up: the
    function and scikit-learn differ by some 1e-16, and figures of ranking count ties.
    """
    return probabilities.round(EXACT_DECIMALS)


def measure(target: Targets, probabilities: Floats) -> dict[str, float]:
    """Return auc, average_precision, brier, log_loss and top_decile_lift.

    Args:
        target: 1 for who left, 0 for who stayed; both occur.
        probabilities: of leaving, in the same order.
    """
    probabilities = settle_ties(probabilities)
    return {
        "auc": float(roc_auc_score(target, probabilities)),
        "average_precision": float(average_precision_score(target, probabilities)),
        "brier": float(brier_score_loss(target, probabilities)),
        "log_loss": float(log_loss(target, probabilities)),
        "top_decile_lift": top_decile_lift(target, probabilities),
    }


def top_decile_lift(target: Targets, probabilities: Floats) -> float:
    """Return how many times more leavers the tenth with the highest probabilities holds.

    A tenth is rounded up to whole customers. Where equal probabilities straddle its end, the
    places that are left go to them in equal shares: the mean over all orders of the tied.
    """
    size = -(-len(target) // 10)
    border = np.sort(probabilities)[-size]
    above, tied = probabilities > border, probabilities == border
    leavers = target[above].sum() + (size - above.sum()) * target[tied].mean()
    return float(leavers / size / target.mean())
