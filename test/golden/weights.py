"""Writes weights.json: optima of logistic regression with class weights and sample weights on the breast-cancer data.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python3 test/golden/weights.py

Features are standardised with the population's standard deviation; C = 1. scikit-learn minimises
C * sum(s * loss) + |w|^2 / 2, which is m * C times fourlane's mean of s * loss + l2 / (2 m) * |w|^2 for l2 = 1 / C.
newton-cholesky is used because the default solver, lbfgs, stops about 1e-4 short.
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_class_weight

here = Path(__file__).parent
table = np.genfromtxt(here / "../../data/breast-cancer.csv", delimiter=",", skip_header=1)
X, y = table[:, :-1], table[:, -1]
X = (X - X.mean(axis=0)) / X.std(axis=0)
m = len(y)

# Every fifth sample weighs nothing.
own = np.arange(m) % 5 / 2

cases = []
for class_weight, weights in [("balanced", None), ({0: 3.0, 1: 0.5}, None), (None, own), ("balanced", own), ({1: 4.0}, own)]:
    model = LogisticRegression(C=1.0, class_weight=class_weight, solver="newton-cholesky", tol=1e-14, max_iter=1000)
    model.fit(X, y, sample_weight=weights)
    w, b = model.coef_[0], model.intercept_[0]
    labels = np.array([0.0, 1.0])
    factors = compute_class_weight(class_weight, classes=labels, y=y, sample_weight=weights)
    s = factors[y.astype(int)] * (1 if weights is None else weights)
    z = X @ w + b
    residual = s * (1 / (1 + np.exp(-z)) - y)
    slope = max(np.abs(X.T @ residual / m + w / m).max(), abs(residual.mean()))
    assert slope < 1e-12, slope
    cases.append({
        "classWeight": class_weight,
        "sampleWeight": None if weights is None else weights.tolist(),
        "largestSlope": slope,
        "cost": np.mean(s * (np.logaddexp(0, z) - y * z)) + w @ w / (2 * m),
        "w": w.tolist(),
        "b": b,
    })

versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__}
result = {
    "note": "scikit-learn LogisticRegression(C=1, solver='newton-cholesky', tol=1e-14) on standardised features",
    "versions": versions,
    "l2": 1,
    "cases": cases,
}
(here / "weights.json").write_text(json.dumps(result) + "\n")
