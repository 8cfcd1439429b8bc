"""Where the latest customers are held out: what a random split would have said instead."""

from model.competition.leaderboard import MAX_RANKED_ROWS, MAX_TEST_ROWS, Entry, select
from model.evaluation.folds import draw_rows, split_rows
from model.evaluation.metrics import measure
from model.fitting.cross_validation import predict, refit
from model.table.dataset import Dataset


def measure_random_split(entry: Entry, dataset: Dataset) -> dict[str, float]:
    """Return the figures of an entry's model, fitted and tested on customers drawn by lot."""
    train_rows, test_rows = split_rows(dataset.target, dataset.groups)
    train = select(dataset, draw_rows(dataset, train_rows, MAX_RANKED_ROWS))
    test = select(dataset, draw_rows(dataset, test_rows, MAX_TEST_ROWS))
    return measure(test.target, predict(refit(entry.pipeline, train), test.frame))


def compare_splits(entry: Entry, random_split: dict[str, float]) -> str:
    """Return in one line how much worse the later customers are told apart."""
    later, drawn = entry.metrics["auc"], random_split["auc"]
    return (
        f"{entry.name}: AUC {later:.4f} on the latest customers, {drawn:.4f} on a random split"
        f" ({later - drawn:+.4f}); production is like the first"
    )
