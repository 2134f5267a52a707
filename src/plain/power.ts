/**
 * x^y = e^(y·log x), with the logarithm in two parts: y multiplies its error by up to 745.
 *
 * log x = ⅔·(k·1.5·ln 2 + s·(3 + s² + r)) for x = 2^k·m, s = (m − 1)/(m + 1), as in fdlibm's e_pow.c; the factor ⅔ waits
 * until the multiple of ln 2 is out of the product with y. Products of two numbers of 26 bits are exact. Step by step it
 * is assembly/power.ts, so both give the same bits.
 */
import { expBeyond, exponent, mantissa, nearest, scaled, upper } from "./math.ts";

// 1.5·ln 2 in two parts, those of exp times 1.5, and 1/(1.5·ln 2).
const HIGH = 1.0397207705536857;
const LOW = 2.8623223939058813e-10;
const INVERSE = 0.9617966939259756;
const TWO_THIRDS = 0.6666666666666666;
// The domain of exp times 1.5; more than FAR as y leads every x but 1 past it.
const MOST = 1065;
const LEAST = -1119;
const FAR = 18446744073709551616;
// r/s⁴ by powers of s², for m in [√½, √2], by scripts/polynomials.py, the last first.
const R = [
  0.17585533857345581055, 0.17559280991554260254, 0.20002210140228271484, 0.23076892393476165226,
  0.27272727503560079372, 0.33333333332481750932, 0.42857142857144052747, 0.59999999999999999725,
];

/** 1.5·log a in two parts, the first of 26 bits, for a > 0. */
function logInParts(a: number): [high: number, low: number] {
  const subnormal = a < 2.2250738585072014e-308;
  const lifted = subnormal ? a * 18014398509481984 : a;
  const k = exponent(lifted) - (subnormal ? 54 : 0);
  const m = mantissa(lifted);
  const f = m - 1;
  const d = m + 1;
  const inverse = 1 / d;
  const s = f * inverse;
  const s1 = upper(s);
  const d1 = upper(d);
  const d2 = m - (d1 - 1);
  const s2 = (f - s1 * d1 - s1 * d2) * inverse;
  const square = s1 * s1;
  const small = s2 * (s1 + s);
  const z = square + small;
  let p = R[0]!;
  for (let i = 1; i < R.length; i++) p = p * z + R[i]!;
  const r = z * z * p + small;
  const t1 = upper(square + 3 + r);
  const t2 = r - (t1 - 3 - square);
  const main = s1 * t1;
  const sum = k * HIGH + main;
  const rest = k * LOW + (s2 * t1 + t2 * s);
  const log1 = upper(sum);
  const lost = main - (sum - k * HIGH);
  return [log1, sum - log1 + (lost + rest)];
}

/** x^y, as C's pow: 1 for y = 0 and for x = 1, NaN for x < 0 unless y is whole. */
export function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  const a = Math.abs(x);
  // 0 and infinity, the only numbers that are their own doubles, have no logarithm: there y counts as infinite.
  const edge = a === a + a;
  const whole = y === Math.trunc(y);
  if (Number.isNaN(x) || Number.isNaN(y) || (x < 0 && !edge && !whole)) return NaN;
  const by = edge ? y * Infinity : y;
  const size = ofLogarithm(a, by > FAR ? FAR : by < -FAR ? -FAR : by);
  const odd = whole && y / 2 !== Math.trunc(y / 2);
  return odd && (x < 0 || Object.is(x, -0)) ? -size : size;
}

/** e^(y·log a). */
function ofLogarithm(a: number, y: number): number {
  const [log1, log2] = a === 0 ? [-FAR, 0] : a === Infinity ? [FAR, 0] : logInParts(a);
  const y1 = upper(y);
  const product1 = y1 * log1;
  const product2 = (y - y1) * log1 + y * log2;
  const product = product1 + product2;
  const inside = product > MOST ? MOST : product < LEAST ? LEAST : product;
  const low = product === inside ? product1 - product + product2 : 0;

  const n = nearest(inside * INVERSE);
  const left1 = inside - n * HIGH;
  const left2 = low - n * LOW;
  const q = (left1 + left2) * TWO_THIRDS;
  // What q lacks of ⅔·left: both differences are exact.
  const lack = left1 - q - q * 0.5 + left2;
  return scaled(1, q + (lack * TWO_THIRDS + expBeyond(q)), n);
}
