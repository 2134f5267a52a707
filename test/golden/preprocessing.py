"""Writes preprocessing.json: scikit-learn's StandardScaler and the sizes of its train_test_split.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python3 test/golden/preprocessing.py

X is (n_x, m) as in fourlane; scikit-learn sees its transpose. Features have means from 0 to 1e6, deviations
from 1e-3 to 1e3; two are constant.
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(2)
center = np.array([0, 1, -30, 1e6, 0.001])
deviation = np.array([1, 1e-3, 1e3, 20, 5])
X = center[:, None] + deviation[:, None] * random.standard_normal((5, 23))
X = np.vstack([X, np.full(23, 0.1), np.zeros(23)]).astype(np.float32).astype(np.float64)
scaler = StandardScaler().fit(X.T)

sizes = []
for m in [2, 3, 7, 10, 100, 569]:
    for share in [0.1, 0.2, 0.25, 1 / 3, 0.5, 0.7, 1, 2]:
        try:
            train, test = train_test_split(np.arange(m), test_size=share if share < 1 else int(share))
        except ValueError:
            continue
        sizes.append([m, share, len(train), len(test)])

versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__}
result = {
    "note": "StandardScaler().fit(X.T); sizes: samples, test_size, samples to train on, samples to test with",
    "versions": versions,
    "X": X.tolist(),
    "mean": scaler.mean_.tolist(),
    "scale": scaler.scale_.tolist(),
    "transformed": scaler.transform(X.T).T.tolist(),
    "sizes": sizes,
}
(Path(__file__).parent / "preprocessing.json").write_text(json.dumps(result) + "\n")
