"""Writes metrics.json: scikit-learn's metrics of random and of degenerate labels, predictions and probabilities.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python3 test/golden/metrics.py

Scores come in three kinds: distinct, rounded to tenths so that many tie, and with exact zeros and ones.
rocAuc is null where there is only one class.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")
random = np.random.default_rng(1)


def case(y, p):
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    predicted = (p > 0.5).astype(int)
    both = len(set(y.tolist())) == 2
    return {
        "y": y.tolist(),
        "probability": p.tolist(),
        "predicted": predicted.tolist(),
        "accuracy": metrics.accuracy_score(y, predicted),
        "precision": metrics.precision_score(y, predicted, zero_division=0),
        "recall": metrics.recall_score(y, predicted, zero_division=0),
        "f1": metrics.f1_score(y, predicted, zero_division=0),
        "confusionMatrix": metrics.confusion_matrix(y, predicted, labels=[0, 1]).tolist(),
        "logLoss": metrics.log_loss(y, p, labels=[0, 1]),
        "rocAuc": metrics.roc_auc_score(y, p) if both else None,
    }


def made_up(i):
    m = int(random.integers(2, 40))
    y = random.integers(0, 2, m)
    y[:2] = [0, 1]
    p = np.clip(0.5 + 0.3 * (y - 0.5) + 0.3 * random.standard_normal(m), 0.001, 0.999)
    if i % 3 == 1:
        p = np.round(p, 1)
    if i % 3 == 2:
        p = np.where(random.random(m) < 0.3, np.round(p), p)
    return case(y, p)


cases = [made_up(i) for i in range(18)] + [
    case([0, 1, 1], [0.1, 0.2, 0.3]),  # nothing predicted to be 1
    case([0, 1, 1], [0.7, 0.8, 0.9]),  # everything predicted to be 1
    case([0, 0, 0], [0.1, 0.2, 0.3]),  # no ones, and none predicted
    case([0, 0, 0], [0.1, 0.9, 0.3]),  # no ones, one predicted
    case([1, 1, 1], [0.1, 0.2, 0.3]),  # no zeros, and none predicted to be 1
    case([1], [0.6]),
    case([0, 1], [0, 1]),  # certain and right
    case([0, 1], [1, 0]),  # certain and wrong
    case([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]),  # all scores tie
]
versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__}
note = "sklearn.metrics with zero_division=0 and labels=[0, 1]; predicted = probability > 0.5"
result = {"note": note, "versions": versions, "cases": cases}
(Path(__file__).parent / "metrics.json").write_text(json.dumps(result) + "\n")
