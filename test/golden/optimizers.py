"""Writes optimizers.json: both models after some steps of PyTorch's SGD with momentum and Adam.

    pip install numpy==2.4.6 torch==2.15.0
    python3 test/golden/optimizers.py

Full batches in double precision: logistic regression on the standardised breast-cancer data, and the two-layer
network on the planar flower, from the start that is written along. Weight decay is fourlane's penalty: l2 / m on the
weights, none on the biases.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

here = Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def table(name):
    """X (m, n_x) and Y (m, 1)."""
    values = np.genfromtxt(here / f"../../data/{name}.csv", delimiter=",", skip_header=1)
    return values[:, :-1], values[:, -1:]


def trained(model, X, Y, steps, l2, make):
    """The costs before the first step and after each."""
    m = len(Y)
    X, Y = torch.from_numpy(X), torch.from_numpy(Y)
    named = list(model.named_parameters())
    weights = [p for name, p in named if name.endswith("weight")]
    biases = [p for name, p in named if name.endswith("bias")]
    optimizer = make([{"params": weights, "weight_decay": l2 / m}, {"params": biases, "weight_decay": 0.0}])
    costs = []
    for step in range(steps + 1):
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(X), Y)
        penalty = l2 / (2 * m) * sum((w * w).sum() for w in weights)
        costs.append((loss + penalty).item())
        if step == steps:
            return costs
        # The optimizer adds the penalty's gradient itself.
        loss.backward()
        optimizer.step()


X, y = table("breast-cancer")
cancer = ((X - X.mean(axis=0)) / X.std(axis=0), y)
flower = table("planar-flower")
HIDDEN = 5
rng = np.random.default_rng(5)
start = {
    "W1": rng.normal(0, 0.5, (HIDDEN, 2)),
    "b1": rng.normal(0, 0.5, (HIDDEN, 1)),
    "W2": rng.normal(0, 0.5, (1, HIDDEN)),
    "b2": rng.normal(0, 0.5, (1, 1)),
}


def logistic():
    model = torch.nn.Linear(30, 1)
    with torch.no_grad():
        model.weight.zero_()
        model.bias.zero_()
    return model


def network():
    model = torch.nn.Sequential(torch.nn.Linear(2, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
    with torch.no_grad():
        model[0].weight.copy_(torch.from_numpy(start["W1"]))
        model[0].bias.copy_(torch.from_numpy(start["b1"][:, 0]))
        model[2].weight.copy_(torch.from_numpy(start["W2"]))
        model[2].bias.copy_(torch.from_numpy(start["b2"][:, 0]))
    return model


def flat(model):
    """w, b or W1, b1, W2, b2."""
    return torch.cat([p.detach().reshape(-1) for p in model.parameters()]).tolist()


def momentum(rate, kept):
    return lambda groups: torch.optim.SGD(groups, lr=rate, momentum=kept)


def adam(rate, *betas, epsilon=1e-8):
    return lambda groups: torch.optim.Adam(groups, lr=rate, betas=betas, eps=epsilon)


cases = [
    ("LogisticRegression", 300, {"optimizer": "momentum", "learningRate": 0.1}, momentum(0.1, 0.9)),
    ("LogisticRegression", 300, {"optimizer": "momentum", "learningRate": 0.3, "momentum": 0.5, "l2": 2}, momentum(0.3, 0.5)),
    ("LogisticRegression", 300, {"optimizer": "adam"}, adam(0.001, 0.9, 0.999)),
    (
        "LogisticRegression",
        300,
        {"optimizer": "adam", "learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "l2": 3},
        adam(0.05, 0.8, 0.95, epsilon=1e-3),
    ),
    ("TwoLayerNetwork", 200, {"optimizer": "momentum", "learningRate": 0.2, "l2": 0.5}, momentum(0.2, 0.9)),
    ("TwoLayerNetwork", 200, {"optimizer": "adam", "learningRate": 0.02}, adam(0.02, 0.9, 0.999)),
    ("TwoLayerNetwork", 200, {"optimizer": "adam", "learningRate": 0.01, "l2": 4}, adam(0.01, 0.9, 0.999)),
]

results = []
for name, steps, options, make in cases:
    model, data = (logistic(), cancer) if name == "LogisticRegression" else (network(), flower)
    costs = trained(model, *data, steps, options.get("l2", 0), make)
    results.append({"model": name, "options": {"epochs": steps, **options}, "parameters": flat(model), "cost": costs[::50]})

result = {
    "note": "torch.optim.SGD(momentum) and torch.optim.Adam, full batches in float64; cost every 50 steps",
    "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "torch": torch.__version__},
    "start": {name: values.tolist() for name, values in start.items()},
    "cases": results,
}
(here / "optimizers.json").write_text(json.dumps(result, indent=1) + "\n")
