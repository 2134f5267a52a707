"""Writes functions.json: the elementary functions at a few thousand doubles, computed in 60 digits.

    pip install mpmath
    python test/golden/functions.py

A row is [x, y, rest]: x exactly, y the double nearest to f(x), and rest = (f(x) - y) / ULP(y) to four
digits, so that errors can be told in fractions of a ULP even where y is subnormal.
`loss` is the cross-entropy of the logit x with the label 1, log(1 + e^-x).
"""

import json
import math
import random
from pathlib import Path

from mpmath import exp, log, log1p, mp, mpf, sech, tanh

mp.dps = 60
LARGEST = math.nextafter(math.inf, 0)
LN2 = math.log(2)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def sigmoid_derivative(x):
    return sigmoid(x) * sigmoid(-x)


def tanh_derivative(x):
    return sech(x) ** 2


def loss(x):
    return log1p(exp(-x))


def around(x, steps=2):
    """x and its neighbours on both sides."""
    down = up = x
    points = [x]
    for _ in range(steps):
        down, up = math.nextafter(down, -math.inf), math.nextafter(up, math.inf)
        points += [down, up]
    return points


def linear(low, high, count):
    """Six-digit numbers, equally far apart: short in the file, and as good as any."""
    return [float(f"{low + (high - low) * i / (count - 1):.6g}") for i in range(count)]


def logarithmic(low, high, count):
    """The same by magnitude."""
    a, b = math.log(low), math.log(high)
    return [float(f"{math.exp(a + (b - a) * i / (count - 1)):.6g}") for i in range(count)]


def both_signs(points):
    return points + [-x for x in points]


def halves_of_ln2(low, high, every):
    """Where exp passes from one multiple of ln 2 to the next: the largest rests."""
    return [y for k in range(low, high, every) for y in around((2 * k + 1) * LN2 / 2, 1)]


TINY = both_signs([5e-324, 1e-310, 2.2250738585072014e-308] + logarithmic(1e-300, 1e-3, 60))


def points_of_exp(low, high):
    return (
        TINY
        + linear(low, high, 300)
        + linear(-3, 3, 300)
        + linear(low, low + 37, 80)
        + halves_of_ln2(int(low / LN2), int(high / LN2), 23)
        + halves_of_ln2(-8, 8, 1)
    )


POINTS = {
    "exp": points_of_exp(-745.1, 709.7) + around(709.78271289338397, 0) + around(-708.39641853226408),
    "log": logarithmic(2.3e-308, 1.7e308, 300)
    + logarithmic(5e-324, 2.2e-308, 60)
    + [5e-324, LARGEST]
    + around(2.2250738585072014e-308)
    + linear(0.5, 2, 400)
    + linear(0.9, 1.1, 200)
    + [1 + s * 2.0**-j for j in range(1, 53) for s in (1, -1)]
    + [y * 2.0**k for k in (-1000, -1, 0, 1, 1000) for h in (0.5, 2) for y in around(math.sqrt(h))],
    "sigmoid": points_of_exp(-745.1, 40) + around(0.4142135623730951) + linear(-1, 1, 150),
    "sigmoid_derivative": points_of_exp(-745.1, 745.1),
    "tanh": TINY
    + both_signs(
        linear(0.001, 0.625, 300)
        + linear(0.625, 1.5, 150)
        + linear(1.5, 22, 150)
        + around(0.625, 4)
        + around(20, 1)
        + around(19.061547465398496, 1)
    ),
    "tanh_derivative": points_of_exp(-372.5, 372.5),
    # The kernel takes log(1 + e) apart at e = sqrt(2) - 1, x = 0.8814.
    "loss": points_of_exp(-745.1, 745.1) + both_signs(linear(0.5, 1.5, 100) + around(0.881373587019543)),
}
# The worst points of the kernel that searches over tens of millions of numbers have found.
WORST = {
    "exp": [-12.811466767030067, -59.244647191368315, 433.5640304156627, -4.489638934743234, -4.490411186055096]
    + [8.68344717599684, 0.35908527067068464, -4.487948569066881, -240.15945108145394],
    "log": [0.7053075075017999, 0.7057180689322394, 0.7070102549040208, 1.4066515805312652, 1.4133185148239136],
    "sigmoid": [-5.544934639833565, -4.149245927114844, -4.845095430006022, -3.450596640044469, -2.711426109137065],
    "sigmoid_derivative": [-4.839107439888089, 4.840643446335198, 3.42844454257623, 6.929756686179314],
    "tanh": [-0.6276022654502285, -0.6303736455936426, 0.6310114972685588, 0.6283207295959906],
    "tanh_derivative": [3.1175303008295163, -2.071117013571486, 1.7089248313457581, 2.07047241758408],
    "loss": [0.43496973993465815, 0.8630063318710395, 1.2625448515224331, 0.7355256733135977, 0.8715189483412882],
}
FUNCTIONS = {
    "exp": exp,
    "log": log,
    "sigmoid": sigmoid,
    "sigmoid_derivative": sigmoid_derivative,
    "tanh": tanh,
    "tanh_derivative": tanh_derivative,
    "loss": loss,
}


def row(f, x):
    exact = f(mpf(x))
    y = float(exact)
    rest = (exact - mpf(y)) / mpf(math.ulp(y))
    return [x, y, float(f"{float(rest):.4f}")]


def main():
    golden = {}
    for name, f in FUNCTIONS.items():
        golden[name] = [row(f, x) for x in sorted(set(POINTS[name] + WORST[name]))]
        print(name, len(golden[name]))
    body = ",\n".join(f'"{name}": {json.dumps(rows, separators=(",", ":"))}' for name, rows in golden.items())
    (Path(__file__).parent / "functions.json").write_text(f"{{\n{body}\n}}\n")


main()
