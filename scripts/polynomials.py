"""The polynomial coefficients of assembly/math.ts, and whether they stand there.

    pip install mpmath
    python scripts/polynomials.py

exp: e^r = 1 + r + r^2 * p(r) on |r| <= ln(2)/2, where p is the Chebyshev interpolant of
(e^r - 1 - r) / r^2. It falls short of the minimax polynomial by a fraction of a bit and is reproducible
to the last digit. The interval is 0.05 % wider than needed, since the multiple of ln 2 that leaves the
smallest rest is itself chosen with rounded arithmetic.
"""

from pathlib import Path

from mpmath import chebyfit, expm1, log, mp, mpf, nstr

mp.dps = 60
SOURCE = (Path(__file__).parent.parent / "assembly" / "math.ts").read_text()


def rest_of_exp(r):
    """(e^r - 1 - r) / r^2; 60 digits leave enough after the cancellation, except next to 0."""
    return (expm1(r) - r) / r**2 if abs(r) > mpf("1e-15") else mpf(1) / 2 + r / 6


def main():
    half_width = log(2) / 2 * mpf("1.0005")
    missing = 0
    for dtype, count, digits in (("f32", 5, 12), ("f64", 10, 20)):
        # chebyfit gives the highest power first; the tables hold the constant term first.
        coefficients, error = chebyfit(rest_of_exp, [-half_width, half_width], count, error=True)
        print(f"exp, {dtype}: {count} coefficients, constant term first; error {nstr(error, 3)}")
        for coefficient in reversed(coefficients):
            text = nstr(coefficient, digits)
            found = f"{text}," in SOURCE
            missing += not found
            print(f"  {text}{'' if found else '   NOT IN assembly/math.ts'}")
    raise SystemExit(1 if missing else 0)


main()
