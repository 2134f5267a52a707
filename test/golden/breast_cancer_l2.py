"""Writes breast-cancer-l2.json: the optimum of logistic regression with C = 1 on the breast-cancer data.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python3 test/golden/breast_cancer_l2.py

Features are standardised with the population's standard deviation. scikit-learn minimises
C * sum(loss) + |w|^2 / 2, which is m * C times fourlane's mean loss + l2 / (2 m) * |w|^2 for l2 = 1 / C; neither
penalises the bias. newton-cholesky is used because the default solver stops about 1e-4 short.
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

here = Path(__file__).parent
table = np.genfromtxt(here / "../../data/breast-cancer.csv", delimiter=",", skip_header=1)
X, y = table[:, :-1], table[:, -1]
X = (X - X.mean(axis=0)) / X.std(axis=0)

model = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(X, y)
w, b = model.coef_[0], model.intercept_[0]

z = X @ w + b
m = len(y)
cost = np.mean(np.logaddexp(0, z) - y * z) + w @ w / (2 * m)
residual = 1 / (1 + np.exp(-z)) - y
slope = max(np.abs(X.T @ residual / m + w / m).max(), abs(residual.mean()))
assert slope < 1e-12, slope

versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__}
result = {
    "note": "scikit-learn LogisticRegression(C=1, solver='newton-cholesky', tol=1e-14) on standardised features",
    "versions": versions,
    "l2": 1,
    "largestSlope": slope,
    "cost": cost,
    "w": w.tolist(),
    "b": b,
}
(here / "breast-cancer-l2.json").write_text(json.dumps(result, indent=1) + "\n")
