"""One full-batch iteration of each model in each Python library: forward, cost, gradient, update."""

import warnings

import numpy as np

from worker import labels, uniform

RATE = 0.1
CHECKED = 3


def costs_and(iterate, parameters):
    costs = [float(iterate()) for _ in range(CHECKED)]
    return lambda: np.concatenate([costs, *[np.asarray(p).ravel() for p in parameters()]])


def training(iterate, parameters):
    """The answer is that of the first iterations, so it is asked for before any other."""
    return iterate, lambda: costs_and(iterate, parameters)()


def numpy_logistic(work):
    n_x, m, dtype = work["n_x"], work["m"], work["dtype"]
    X = uniform(dtype, n_x * m, 4)
    X = X.reshape(m, n_x).T if work["samplesIn"] == "rows" else X.reshape(n_x, m)
    y = labels(dtype, m)
    w = np.zeros(n_x, X.dtype)
    b = np.zeros(1, X.dtype)
    e = np.empty(m, X.dtype)
    p = np.empty(m, X.dtype)
    z = np.empty(m, X.dtype)

    def iterate():
        np.matmul(w, X, out=z)
        np.add(z, b, out=z)
        np.abs(z, out=e)
        np.negative(e, out=e)
        np.exp(e, out=e)
        np.add(e, 1, out=e)
        np.log(e, out=p)  # Fewer digits than log1p, and several times as fast.
        cost = (p.sum() + np.maximum(z, 0, out=p).sum() - z @ y) / m
        np.negative(z, out=z)
        np.exp(z, out=z)
        np.add(z, 1, out=z)
        np.reciprocal(z, out=z)
        np.subtract(z, y, out=z)
        w[:] -= RATE / m * (X @ z)
        b[:] -= RATE / m * z.sum()
        return cost

    return training(iterate, lambda: [w, b])


def two_layer_inputs(work):
    n_x, n_1, m, dtype = work["n_x"], work["n_1"], work["m"], work["dtype"]
    scale = 1 / np.sqrt(n_x)
    return (
        uniform(dtype, n_x * m, 4).reshape(n_x, m),
        labels(dtype, m),
        uniform(dtype, n_1 * n_x, 5, -scale, scale).reshape(n_1, n_x),
        uniform(dtype, n_1, 6, -0.1, 0.1).reshape(1, n_1),
    )


def numpy_two_layer(work):
    X, y, W1, W2 = two_layer_inputs(work)
    m = work["m"]
    b1 = np.zeros((work["n_1"], 1), X.dtype)
    b2 = np.zeros((1, 1), X.dtype)
    A1 = np.empty((work["n_1"], m), X.dtype)

    def iterate():
        np.matmul(W1, X, out=A1)
        np.add(A1, b1, out=A1)
        np.tanh(A1, out=A1)
        z = W2 @ A1
        z += b2
        cost = (np.log(1 + np.exp(-np.abs(z))).sum() + np.maximum(z, 0).sum() - (z * y).sum()) / m
        d = 1 / (1 + np.exp(-z)) - y
        dW2 = d @ A1.T
        np.multiply(A1, A1, out=A1)
        np.subtract(1, A1, out=A1)
        np.multiply(A1, W2.T, out=A1)
        np.multiply(A1, d, out=A1)
        W1[:] -= RATE / m * (A1 @ X.T)
        b1[:] -= RATE / m * A1.sum(axis=1, keepdims=True)
        W2[:] -= RATE / m * dW2
        b2[:] -= RATE / m * d.sum()
        return cost

    return training(iterate, lambda: [W1, b1, W2, b2])


def torch_training(work):
    import torch

    m = work["m"]
    if work["kind"] == "logistic":
        X = torch.from_numpy(uniform(work["dtype"], work["n_x"] * m, 4))
        X = X.reshape(m, -1).T if work["samplesIn"] == "rows" else X.reshape(-1, m)
        y = torch.from_numpy(labels(work["dtype"], m))
        w = torch.zeros(work["n_x"], dtype=X.dtype)
        b = torch.zeros(1, dtype=X.dtype)

        def iterate():
            z = (w @ X).add_(b)
            cost = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
            d = z.sigmoid_().sub_(y)
            w.sub_(X @ d, alpha=RATE / m)
            b.sub_(d.sum(), alpha=RATE / m)
            return cost

        return training(iterate, lambda: [w, b])

    X, y, W1, W2 = (torch.from_numpy(array) for array in two_layer_inputs(work))
    y = y.reshape(1, m)
    b1 = torch.zeros((work["n_1"], 1), dtype=X.dtype)
    b2 = torch.zeros((1, 1), dtype=X.dtype)

    def iterate():
        A1 = torch.addmm(b1, W1, X).tanh_()
        z = torch.addmm(b2, W2, A1)
        cost = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
        d = z.sigmoid_().sub_(y)
        dW2 = d @ A1.T
        D = A1.square_().neg_().add_(1).mul_(W2.T).mul_(d)
        W1.addmm_(D, X.T, alpha=-RATE / m)
        b1.sub_(D.sum(1, keepdim=True), alpha=RATE / m)
        W2.sub_(dW2, alpha=RATE / m)
        b2.sub_(d.sum(), alpha=RATE / m)
        return cost

    return training(iterate, lambda: [W1, b1, W2, b2])


def sklearn_fit(work):
    """Another algorithm (L-BFGS) with the same end, as its users would train."""
    from sklearn.linear_model import LogisticRegression

    n_x, m = work["n_x"], work["m"]
    X = uniform("f64", m * n_x, 7).reshape(m, n_x)
    y = (X @ uniform("f64", n_x, 8) > 0).astype(np.float64)

    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return LogisticRegression(C=1e6, max_iter=work["iterations"]).fit(X, y)

    return run, lambda: [run().score(X, y)]


def sklearn_network(work):
    """MLPClassifier with a batch of all samples and no momentum: the same mathematics."""
    from sklearn.neural_network import MLPClassifier

    X, y, W1, W2 = two_layer_inputs(work)
    X = np.ascontiguousarray(X.T)
    model = MLPClassifier(
        hidden_layer_sizes=(work["n_1"],),
        activation="tanh",
        solver="sgd",
        alpha=0,
        batch_size=work["m"],
        learning_rate_init=RATE,
        momentum=0,
        nesterovs_momentum=False,
        shuffle=False,
    )
    model.partial_fit(X, y, classes=[0, 1])
    model.coefs_[0][:] = W1.T
    model.coefs_[1][:] = W2.T
    for intercept in model.intercepts_:
        intercept[:] = 0
    warnings.simplefilter("ignore")

    def iterate():
        model.partial_fit(X, y)
        return model.loss_

    return training(
        iterate, lambda: [model.coefs_[0].T, model.intercepts_[0], model.coefs_[1].T, model.intercepts_[1]]
    )
