"""fourlane's kernel in Python: a matrix product and a logistic regression, through wasmtime.

    pip install -r examples/embed/requirements.txt
    npm run build:kernel
    npx tsx examples/embed/weights.ts > build/weights.json
    python3 examples/embed/main.py build/weights.json

Nothing of fourlane is used but build/kernel.simd.wasm and what assembly/index.ts says of it. The memory above
`__heap_base` is ours, so an allocator is one number that grows.
"""

import csv
import json
import math
import struct
import sys
from pathlib import Path

from wasmtime import Engine, Instance, Module, Store

ROOT = Path(__file__).resolve().parents[2]


class Kernel:
    """The module, its memory, and a bump allocator for arrays of f64."""

    def __init__(self, path):
        engine = Engine()
        self.store = Store(engine)
        self.exports = Instance(self.store, Module.from_file(engine, str(path)), []).exports(self.store)
        self.memory = self.exports["memory"]
        self.free = self.exports["__heap_base"].value(self.store)

    def call(self, name, *arguments):
        return self.exports[name](self.store, *arguments)

    def reserve(self, size):
        """The address of `size` new bytes, 16 bytes aligned."""
        start = (self.free + 15) // 16 * 16
        self.free = start + size
        missing = self.free - self.memory.data_len(self.store)
        if missing > 0:
            self.memory.grow(self.store, math.ceil(missing / 65536))
        return start

    def put(self, values):
        """The address of a copy of the values."""
        start = self.reserve(8 * len(values))
        self.memory.write(self.store, struct.pack(f"<{len(values)}d", *values), start)
        return start

    def get(self, start, count):
        return struct.unpack(f"<{count}d", self.memory.read(self.store, start, start + 8 * count))


def product(kernel):
    """C = A·B for A (2, 3) and B (3, 2), both in row-major order."""
    a = kernel.put([1, 2, 3, 4, 5, 6])
    b = kernel.put([7, 8, 9, 10, 11, 12])
    c = kernel.reserve(8 * 4)
    scratch = kernel.reserve(kernel.call("gemm_scratch_f64", 2, 2, 3))
    kernel.call("gemm_f64", 2, 2, 3, a, 3, 1, b, 2, 1, 1.0, 0.0, c, 2, 1, scratch)
    return kernel.get(c, 4)


def breast_cancer():
    """Standardised features, one list each, and the labels."""
    with open(ROOT / "data" / "breast-cancer.csv", newline="") as file:
        rows = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
    labels = [row.pop() for row in rows]
    features = []
    for values in zip(*rows):
        # Plain loops, as in weights.ts: Python's sum() of floats compensates its rounding.
        total = 0.0
        for x in values:
            total += x
        mean = total / len(values)
        squares = 0.0
        for x in values:
            squares += (x - mean) * (x - mean)
        deviation = math.sqrt(squares / len(values))
        features.append([(x - mean) / deviation for x in values])
    return features, labels


def logistic_regression(kernel, features, labels, rate, iterations):
    """w and b after gradient descent from zero: one pass and one step an iteration."""
    n_x, m = len(features), len(labels)
    x = kernel.put([value for row in features for value in row])  # (n_x, m), rows contiguous
    y = kernel.put(labels)
    parameters = kernel.put([0.0] * (n_x + 1))
    gradient = kernel.put([0.0] * (n_x + 1))
    scratch = kernel.reserve(kernel.call("logistic_scratch_f64", n_x))
    for _ in range(iterations):
        kernel.call("logistic_gradient_f64", n_x, m, x, m, 1, y, 1, 0, 0, parameters, gradient, scratch)
        kernel.call("gradient_step_f64", n_x + 1, n_x, rate, 1 / m, 0.0, 0.0, parameters, gradient, 0)
    return kernel.get(parameters, n_x + 1)


def main():
    kernel = Kernel(ROOT / "build" / "kernel.simd.wasm")

    c = product(kernel)
    print("A·B =", c)
    assert c == (58.0, 64.0, 139.0, 154.0)

    parameters = logistic_regression(kernel, *breast_cancer(), rate=0.1, iterations=1000)

    golden = json.loads((ROOT / "test" / "golden" / "breast-cancer-gd.json").read_text())
    worst = max(abs(p - g) for p, g in zip(parameters, [*golden["w"], golden["b"]], strict=True))
    print(f"logistic regression: 31 parameters, at most {worst:.1e} from NumPy's")
    assert worst < 1e-9

    expected = json.loads(Path(sys.argv[1]).read_text())
    assert expected["build"] == "simd"
    found = [struct.pack(">d", p).hex() for p in parameters]
    assert found == expected["parameters"], "the weights differ from Node's"
    print("the same bits as in Node")


if __name__ == "__main__":
    main()
