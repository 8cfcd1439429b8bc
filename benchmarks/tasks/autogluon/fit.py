"""Fits AutoGluon to one table and prints the probabilities of another; runs in AutoGluon's Python.

Arguments: the training table, the one to score, the target's name, seconds to take, and the columns
of texts. Both tables are CSV; in a folder of its own, as AutoGluon writes its models beside it.
"""

import json
import sys

import pandas
from autogluon.tabular import TabularPredictor

train, test, target, seconds, *texts = sys.argv[1:]
columns = dict.fromkeys(texts, "string")
predictor = TabularPredictor(label=target, eval_metric="roc_auc", verbosity=0)
predictor.fit(
    pandas.read_csv(train, dtype=columns), presets="best_quality", time_limit=float(seconds)
)
probabilities = predictor.predict_proba(pandas.read_csv(test, dtype=columns))
print(json.dumps(probabilities[1].tolist()))
