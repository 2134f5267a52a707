"""The polynomial coefficients of assembly/math.ts and power.ts, and whether they stand there.

    pip install mpmath
    python scripts/polynomials.py

Chebyshev interpolants on |r| <= ln(2)/2, and on half of that for tanh:

    exp, f32    (e^r - 1 - r) / r^2 by powers of r
    exp, f64    (r * coth(r/2) - 2) / r^2 by powers of r^2
    tanh        (tanh(r)/r - 1) / r^2 by powers of r^2

and on |s| <= (sqrt(2) - 1)/(sqrt(2) + 1), the last three, whose terms are small, rounded to f32:

    power       (3 * atanh(s)/s - 3 - s^2) / s^4 by powers of s^2

They fall short of minimax polynomials by a fraction of a bit and are reproducible to the last digit. The
interval is 0.05 % wider than needed, since the multiple of ln 2 that leaves the smallest rest is itself
chosen with rounded arithmetic.
"""

import struct
from pathlib import Path

from mpmath import atanh, chebyfit, coth, expm1, log, mp, mpf, nstr, sqrt, tanh

mp.dps = 60
FILES = ("math.ts", "power.ts")
SOURCE = "".join((Path(__file__).parent.parent / "assembly" / name).read_text() for name in FILES)
HALF_WIDTH = log(2) / 2 * mpf("1.0005")
TINY = mpf("1e-15")  # 60 digits leave enough after the cancellations, except next to 0: there two terms do


def rest_of_exp(r):
    return (expm1(r) - r) / r**2 if abs(r) > TINY else mpf(1) / 2 + r / 6


def rest_of_coth(square):
    r = sqrt(square)
    return (r * coth(r / 2) - 2) / square if r > TINY else mpf(1) / 6 - square / 360


def rest_of_tanh(square):
    r = sqrt(square)
    return (tanh(r) / r - 1) / square if r > TINY else -mpf(1) / 3 + 2 * square / 15


def rest_of_atanh(square):
    s = sqrt(square)
    return (3 * atanh(s) / s - 3 - square) / square**2 if s > TINY else mpf(3) / 5 + 3 * square / 7


def single(x):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


LARGEST_S = (sqrt(2) - 1) / (sqrt(2) + 1)
FITS = (
    ("exp, f32", rest_of_exp, [-HALF_WIDTH, HALF_WIDTH], 5, 12),
    ("exp, f64", rest_of_coth, [0, HALF_WIDTH**2], 5, 20),
    ("tanh, f32", rest_of_tanh, [0, (HALF_WIDTH / 2) ** 2], 3, 12),
    ("tanh, f64", rest_of_tanh, [0, (HALF_WIDTH / 2) ** 2], 6, 20),
    ("power", rest_of_atanh, [0, LARGEST_S**2 * mpf("1.0005")], 8, 20),
)


def main():
    missing = 0
    for name, function, interval, count, digits in FITS:
        # chebyfit gives the highest power first; the tables hold the constant term first.
        coefficients, error = chebyfit(function, interval, count, error=True)
        print(f"{name}: {count} coefficients, constant term first; error {nstr(error, 3)}")
        for i, coefficient in enumerate(reversed(coefficients)):
            if name == "power" and i > 4:
                coefficient = single(coefficient)
            text = nstr(coefficient, digits, min_fixed=-6)
            found = any(f"{text}{after}" in SOURCE for after in ",\n")
            missing += not found
            print(f"  {text}{'' if found else '   NOT IN assembly'}")
    raise SystemExit(1 if missing else 0)


main()
