"""What is odd about a table's rows: some there twice, few of a kind, more columns than rows."""

from collections.abc import Iterator

from model.table.dataset import Dataset
from model.table.repeated_rows import count_repeated

FEW_OF_A_KIND = 100  # an AUC on a fifth of them is off by 0.05 or so (Hanley and McNeil 1982)
RARE = 0.01  # a target that hardly varies


def find_rows(dataset: Dataset) -> Iterator[str]:
    """Yield a line for each thing that is odd about the rows, with what to do about it."""
    rows, columns = dataset.frame.shape
    repeated = count_repeated(dataset.groups)
    if repeated:
        yield (
            f"{repeated:,} of {rows:,} rows are the same as an earlier one in every column; they "
            "are kept together on one side of each split. Remove them if they aren't customers "
            "of their own"
        )
    for value, label in enumerate(dataset.labels):
        count = int((dataset.target == value).sum())
        if count < FEW_OF_A_KIND:
            yield (
                f'only {count:,} customers with {dataset.target_name} "{label}": figures on the '
                "held-out ones are rough, so read them with their intervals; collect more"
            )
        elif count < RARE * rows:
            yield (
                f"{dataset.target_name} hardly varies: {count / rows:.2%} of the customers have "
                f'"{label}". Accuracy says nothing here, average precision does; add customers '
                "of that kind from other months"
            )
    if columns > rows:
        yield (
            f"more columns ({columns:,}) than rows ({rows:,}): a model can fit anything. "
            "Collect more customers, or leave columns out with --drop"
        )
