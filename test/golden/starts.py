"""Writes starts.json: the standard deviations with which PyTorch draws a network's weights.

    pip install torch==2.15.0
    python3 test/golden/starts.py

torch.nn.init.kaiming_normal_ for relu (He et al., 2015) and xavier_normal_ (Glorot and Bengio, 2010) in double
precision. What they draw is divided by the standard normal deviates of the same seed: every quotient is the deviation.
"""

import json
import sys
from pathlib import Path

import torch

here = Path(__file__).parent


def deviation(draw, rows, columns):
    """The deviation of draw for a matrix (rows, columns)."""
    drawn, standard = (torch.empty(rows, columns, dtype=torch.float64) for _ in range(2))
    torch.manual_seed(1)
    draw(drawn)
    torch.manual_seed(1)
    torch.nn.init.normal_(standard)
    quotients = drawn / standard
    assert (quotients.max() - quotients.min()).item() < 1e-15 * rows * columns
    return quotients.median().item()


def he(weight):
    torch.nn.init.kaiming_normal_(weight, nonlinearity="relu")


cases = [
    {
        "n_x": n_x,
        "hidden": n_1,
        "he": [deviation(he, n_1, n_x), deviation(he, 1, n_1)],
        "xavier": [deviation(torch.nn.init.xavier_normal_, n_1, n_x), deviation(torch.nn.init.xavier_normal_, 1, n_1)],
    }
    for n_x, n_1 in [(1, 1), (2, 4), (30, 5), (7, 64), (784, 128)]
]
result = {
    "note": "deviations of W1 and W2 by torch.nn.init.kaiming_normal_(nonlinearity='relu') and xavier_normal_",
    "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
    "cases": cases,
}
(here / "starts.json").write_text(json.dumps(result, indent=1) + "\n")
