/**
 * Elementary functions to about 30 digits: a number is the unevaluated sum of two doubles, high + low.
 *
 * The sum and product without error are Knuth's (TAOCP 2, 4.2.2) and Dekker's (Numer. Math. 18, 1971).
 * Results must be far from overflow and from the subnormal numbers, where low could not be held.
 */

/** high + low, |low| <= half an ULP of high. */
export type Pair = readonly [high: number, low: number];

function sumOf(a: number, b: number): Pair {
  const s = a + b;
  const t = s - a;
  return [s, a - (s - t) + (b - t)];
}

const SPLIT = 2 ** 27 + 1;

function productOf(a: number, b: number): Pair {
  const p = a * b;
  const aHigh = a * SPLIT - (a * SPLIT - a);
  const bHigh = b * SPLIT - (b * SPLIT - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return [p, aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

export function add(a: Pair, b: Pair): Pair {
  const [s, e] = sumOf(a[0], b[0]);
  const [t, f] = sumOf(a[1], b[1]);
  const [high, low] = sumOf(s, e + t);
  return sumOf(high, low + f);
}

export function multiply(a: Pair, b: Pair): Pair {
  const [p, e] = productOf(a[0], b[0]);
  return sumOf(p, e + (a[0] * b[1] + a[1] * b[0]));
}

/** The quotient of doubles, and what is left over it: Newton's step in pairs. */
export function divide(a: Pair, b: Pair): Pair {
  const q = a[0] / b[0];
  const rest = add(a, multiply(b, [-q, 0]));
  const r = rest[0] / b[0];
  const rest2 = add(rest, multiply(b, [-r, 0]));
  return add(sumOf(q, r), [rest2[0] / b[0], 0]);
}

const scale = (a: Pair, by: number): Pair => [a[0] * by, a[1] * by]; // by a power of two
const negate = (a: Pair): Pair => [-a[0], -a[1]];
const one: Pair = [1, 0];

// ln 2 in three parts; the first has 20 trailing zero bits, so that its product with a whole number below
// 2^20 is exact. The first is fdlibm's ln2HI; the others continue it (printed by mpmath to 60 digits).
const LN2_HIGH = 0.6931471803691238;
const LN2_REST: Pair = [1.9082149292705877e-10, 1.1612227229362532e-26];
// 1/13! … 1/1!. Factorials up to 18! are exact.
const INVERSE_FACTORIALS = Array.from({ length: 13 }, (_, i) => {
  let factorial = 1;
  for (let n = 2; n <= 13 - i; n++) factorial *= n;
  return divide(one, [factorial, 0]);
});

/** e^x − 1 for |x| <= 1, of full relative precision: Taylor's series at x/64, then (1 + m)² − 1 = 2m + m². */
function expm1Small(x: Pair): Pair {
  const r = scale(x, 1 / 64);
  let m: Pair = [0, 0];
  for (const f of INVERSE_FACTORIALS) m = multiply(add(m, f), r);
  for (let i = 0; i < 6; i++) m = add(scale(m, 2), multiply(m, m));
  return m;
}

/** e^x = 2^k·(1 + m). */
function expParts(x: number): [k: number, m: Pair] {
  const k = Math.round(x / Math.LN2);
  const r = add(sumOf(x, -k * LN2_HIGH), multiply([-k, 0], LN2_REST));
  return [k, expm1Small(r)];
}

export function exp(x: number): Pair {
  const [k, m] = expParts(x);
  return scale(add(one, m), 2 ** k);
}

function expm1(x: number): Pair {
  const [k, m] = expParts(x);
  return k === 0 ? m : add(scale(add(one, m), 2 ** k), [-1, 0]);
}

/** log(1 + e): the double-precision value y, corrected by log((1 + e)·e^−y). */
function log1p(e: Pair): Pair {
  const y = Math.log1p(e[0]);
  const m = expm1(-y);
  const t = add(add(e, m), multiply(e, m));
  return add([y, 0], add(t, scale(multiply(t, t), -0.5)));
}

/** The mantissa near 1, then k·ln 2 added. */
export function log(x: number): Pair {
  const k = Math.round(Math.log2(x));
  const mantissa = x / 2 ** Math.trunc(k / 2) / 2 ** (k - Math.trunc(k / 2));
  return add(add([k * LN2_HIGH, 0], multiply([k, 0], LN2_REST)), log1p(sumOf(mantissa, -1)));
}

/** x^y for x > 0. */
export function power(x: number, y: number): Pair {
  const p = multiply(log(x), [y, 0]);
  const e = exp(p[0]);
  return add(e, [e[0] * p[1], 0]); // no product of pairs, whose halves overflow before e does
}

export function sigmoid(x: number): Pair {
  const e = exp(-Math.abs(x));
  return divide(x < 0 ? e : one, add(one, e));
}

export function sigmoidDerivative(x: number): Pair {
  return multiply(sigmoid(x), sigmoid(-x));
}

export function tanh(x: number): Pair {
  const m = expm1(-2 * Math.abs(x));
  const y = divide(negate(m), add(m, [2, 0]));
  return x < 0 ? negate(y) : y;
}

export function tanhDerivative(x: number): Pair {
  return scale(sigmoidDerivative(2 * x), 4);
}

/** The cross-entropy of the logit x with the label 1. */
export function loss(x: number): Pair {
  return add([Math.max(-x, 0), 0], log1p(exp(-Math.abs(x))));
}
