"""Writes power.json: x^y of a thousand pairs of doubles, computed in 60 digits.

    pip install mpmath
    python test/golden/power.py

A row is [x, y, z, rest]: z the double nearest to x^y, rest = (x^y - z) / ULP(z). Results are normal, subnormal
and next to both ends; x is near 1, near the ends of [sqrt(1/2), sqrt(2)], subnormal, huge, and negative.
"""

import json
import math
import random
from pathlib import Path

from mpmath import log, mp, mpf, power

mp.dps = 60
random.seed(1)


def pairs():
    for _ in range(200):
        yield random.uniform(0, 10), random.uniform(-9, 9)
        yield -random.uniform(0, 10), float(random.randint(-60, 60))
    for near in (1, math.sqrt(0.5), math.sqrt(2), 1 - 1e-9, 1 + 1e-12):
        for _ in range(60):
            x = near + near * random.uniform(-1, 1) * 10 ** random.uniform(-15, -2)
            if x != 1:
                yield x, float(random.uniform(-744, 709) / log(mpf(x)))
    for _ in range(150):
        x = math.ldexp(random.uniform(0.5, 1), random.randint(-1073, 1024))
        yield x, float(random.uniform(-744, 709) / log(mpf(x)))
        yield x, random.uniform(-0.9, 0.9)


def row(x, y):
    exact = power(mpf(x), int(y) if x < 0 else mpf(y))
    z = float(exact)
    return [x, y, z, float(f"{float((exact - mpf(z)) / mpf(math.ulp(z))):.4f}")]


rows = [row(x, y) for x, y in pairs()]
rows = [r for r in rows if r[2] != 0 and math.isfinite(r[2])]
Path(__file__).with_suffix(".json").write_text("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")
