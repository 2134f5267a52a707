"""Writes digits-softmax.json: the optimum of multinomial logistic regression with C = 1 on the digits.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python3 test/golden/digits_softmax.py

Pixels are divided by 16; every fourth sample, the last of each four, is for the test. As for breast_cancer_l2.py, C is
1 / l2. The biases are not penalised, so the cost does not change when all of them grow alike: they are shifted to mean 0.
newton-cholesky is used because the default solver stops 2e-2 short in the probabilities.
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

here = Path(__file__).parent
table = np.genfromtxt(here / "../../data/digits.csv", delimiter=",", skip_header=1)
X, y = table[:, :-1] / 16, table[:, -1].astype(int)
test = np.arange(len(y)) % 4 == 3
Xtrain, ytrain, Xtest, ytest = X[~test], y[~test], X[test], y[test]

model = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(Xtrain, ytrain)
W, b = model.coef_, model.intercept_ - model.intercept_.mean()

P = model.predict_proba(Xtrain)
m = len(ytrain)
residual = P - np.eye(10)[ytrain]
slope = max(np.abs(residual.T @ Xtrain / m + W / m).max(), np.abs(residual.mean(axis=0)).max())
assert slope < 1e-12, slope
default = LogisticRegression(C=1.0, max_iter=10000).fit(Xtrain, ytrain)
print("largest slope", slope, "default solver is off by", np.abs(default.predict_proba(Xtrain) - P).max())

versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__}
result = {
    "note": "scikit-learn LogisticRegression(C=1, solver='newton-cholesky', tol=1e-14) on digits / 16, 3 of 4 samples",
    "versions": versions,
    "l2": 1,
    "largestSlope": slope,
    "cost": np.mean(-np.log(P[np.arange(m), ytrain])) + np.sum(W * W) / (2 * m),
    "W": W.tolist(),
    "b": b.tolist(),
    "testProbability": model.predict_proba(Xtest[:60]).tolist(),
    "trainAccuracy": model.score(Xtrain, ytrain),
    "testAccuracy": model.score(Xtest, ytest),
}
(here / "digits-softmax.json").write_text(json.dumps(result) + "\n")
