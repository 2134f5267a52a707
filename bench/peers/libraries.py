"""NumPy, PyTorch and scikit-learn behind one interface: `prepare(work)` returns (run, answer), or None."""

import subprocess
import sys

import numpy as np

from training import sklearn_fit, sklearn_network, torch_training, numpy_logistic, numpy_two_layer
from worker import uniform


class NumPy:
    version = np.__version__

    @staticmethod
    def prepare(work):
        kind = work["kind"]
        if kind == "logistic":
            return numpy_logistic(work)
        if kind == "two-layer":
            return numpy_two_layer(work)
        if kind == "start":
            return start("import numpy as np\nassert (np.array([[1,2],[3,4]])@np.array([[5,6],[7,8]]))[0,0]==19")
        return operation(work, np, lambda x: x)


def start(lines):
    """From import to the first product in a fresh process; the interpreter's own start is not counted."""
    script = f"import time\nt=time.perf_counter()\n{lines}\nprint((time.perf_counter()-t)*1e3)"

    def turn():
        return float(subprocess.check_output([sys.executable, "-c", script]))

    turn.measures_itself = True
    return turn, lambda: []


def operation(work, lib, own):
    """Work that is one call of an array library whose names are NumPy's; `own` makes its arrays of NumPy's."""
    kind = work["kind"]
    if kind == "gemm":
        m, n, k, t = work["m"], work["n"], work["k"], work.get("transposed")
        a = own(uniform(work["dtype"], m * k, 1))
        b = own(uniform(work["dtype"], k * n, 2))
        a = a.reshape(k, m).T if t in ("a", "both") else a.reshape(m, k)
        b = b.reshape(n, k).T if t in ("b", "both") else b.reshape(k, n)
        out = own(np.zeros((m, n), dtype=np.float32 if work["dtype"] == "f32" else np.float64))
        return into(out, lambda: lib.matmul(a, b, out=out))
    if kind == "map":
        low, high = (0.001, 16) if work["fn"] == "log" else (-8, 8)
        x = own(uniform(work["dtype"], work["n"], 3, low, high))
        out = own(np.zeros(work["n"], dtype=np.float32 if work["dtype"] == "f32" else np.float64))
        if work["fn"] == "sigmoid":
            if lib is not np:
                return into(out, lambda: lib.sigmoid(x, out=out))

            def sigmoid():
                np.negative(x, out=out)
                np.exp(out, out=out)
                np.add(out, 1, out=out)
                np.reciprocal(out, out=out)

            return into(out, sigmoid)
        function = getattr(lib, work["fn"])
        return into(out, lambda: function(x, out=out))
    if kind == "dot":
        x = own(uniform(work["dtype"], work["n"], 1))
        y = own(uniform(work["dtype"], work["n"], 2))
        return (lambda: lib.dot(x, y)), lambda: [float(lib.dot(x, y))]
    if kind == "add":
        x = own(uniform(work["dtype"], work["rows"] * work["columns"], 1)).reshape(work["rows"], -1)
        bias = own(uniform(work["dtype"], work["rows"], 2)).reshape(-1, 1)
        out = own(np.zeros((work["rows"], work["columns"]), dtype=np.float32))
        return into(out, lambda: lib.add(x, bias, out=out))
    if kind == "sum":
        x = own(uniform(work["dtype"], work["rows"] * work["columns"], 1, 0, 1)).reshape(work["rows"], -1)
        return (lambda: x.sum(work["axis"])), lambda: x.sum(work["axis"])
    if kind == "small":
        a = own(np.array([[1, 2], [3, 4]], dtype=np.float32))
        b = own(np.array([[5, 6], [7, 8]], dtype=np.float32))
        function = getattr(lib, work["operation"])
        return (lambda: function(a, b)), lambda: function(a, b)
    return None


def into(out, run):
    def answer():
        run()
        return out

    return run, answer


LIBRARIES = {"NumPy": NumPy}

try:
    import torch

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)

    class PyTorch:
        version = torch.__version__

        @staticmethod
        def prepare(work):
            if work["kind"] in ("logistic", "two-layer"):
                return torch_training(work)
            if work["kind"] == "start":
                return start("import torch\nassert (torch.tensor([[1.,2],[3,4]])@torch.tensor([[5.,6],[7,8]]))[0,0]==19")
            return operation(work, torch, torch.from_numpy)

    LIBRARIES["PyTorch"] = PyTorch
except ImportError:
    pass

try:
    import sklearn

    class ScikitLearn:
        version = sklearn.__version__

        @staticmethod
        def prepare(work):
            if work["kind"] == "logistic-fit":
                return sklearn_fit(work)
            if work["kind"] == "two-layer":
                return sklearn_network(work)
            return None

    LIBRARIES["scikit-learn"] = ScikitLearn
except ImportError:
    pass
