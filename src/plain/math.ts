/**
 * Elementary functions of one number in double precision: exp, log, log(1 + x), the sigmoid, tanh, and the sine and
 * cosine that normal deviates need. JavaScript's own differ from engine to engine; these are sums, products, quotients
 * and bits, which do not. Step by step they are those of assembly/math.ts in f64, so both give the same bits.
 */

/** A number of double precision seen as bits: its upper word is at 0, its lower at 4. */
const bits = new DataView(new ArrayBuffer(8));

/** 2^n for a whole n from −1022 to 1023. */
function powerOfTwo(n: number): number {
  bits.setUint32(0, (n + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** The whole number nearest to x, the even one of two, for |x| < 2^51: beyond 1.5·2^52 numbers have no fraction. */
export function nearest(x: number): number {
  return x + SHIFTER - SHIFTER;
}

const SHIFTER = 6755399441055744; // 1.5·2^52

/** x without the last 27 bits of its mantissa. */
export function upper(x: number): number {
  bits.setFloat64(0, x);
  bits.setUint32(4, bits.getUint32(4) & 0xf8000000);
  return bits.getFloat64(0);
}

// ---- exp ------------------------------------------------------------------------------------------

const LOG2_E = 1.4426950408889634;
// ln 2 in two parts, the first with so few bits that n·part is exact. Source: fdlibm e_exp.c, ln2HI and ln2LO.
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
// Beyond it, e^x is infinity or 0.
const EXP_MOST = 710;
const EXP_LEAST = -746;
// (r·coth(r/2) − 2)/r² by powers of r² on |r| <= ln(2)/2, by scripts/polynomials.py.
const P1 = 0.1666666666666666152;
const P2 = -0.0027777777777563718966;
const P3 = 0.000066137564712822211589;
const P4 = -1.6534059504897808903e-6;
const P5 = 4.143741134418731658e-8;

/** e^r − 1 − r for |r| <= ln(2)/2: r·c/(2 − c), c = 2 + r − r·coth(r/2), as in fdlibm's e_exp.c. */
export function expBeyond(r: number): number {
  const square = r * r;
  const w = square * square;
  const odd = P4 * w + P2;
  const even = (P5 * w + P3) * w + P1;
  const c = r - (odd * square + even) * square;
  return (r * c) / (2 - c);
}

/** e^r − 1 for r = x − n·ln 2. */
function expMinus1Fraction(x: number, n: number): number {
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  return r + expBeyond(r);
}

/** e^x, with subnormal results, infinity past the range, NaN for NaN. */
export function exp(x: number): number {
  const inside = x > EXP_MOST ? EXP_MOST : x < EXP_LEAST ? EXP_LEAST : x;
  const n = nearest(inside * LOG2_E);
  return scaled(1, expMinus1Fraction(inside, n), n);
}

/**
 * (one + y)·2^n, in two factors of half the exponent: one alone would overflow for the largest results and round twice,
 * or vanish, for the subnormal ones.
 */
export function scaled(one: number, y: number, n: number): number {
  const half = Math.floor(n / 2);
  const power = powerOfTwo(half);
  return (power * y + power * one) * powerOfTwo(n - half);
}

// ---- log ------------------------------------------------------------------------------------------

const SMALLEST_NORMAL = 2.2250738585072014e-308;
// Lg1 … Lg7. Source: fdlibm e_log.c.
const L1 = 6.66666666666673513e-1;
const L2 = 3.999999999940941908e-1;
const L3 = 2.857142874366239149e-1;
const L4 = 2.222219843214978396e-1;
const L5 = 1.818357216161805012e-1;
const L6 = 1.531383769920937332e-1;
const L7 = 1.479819860511658591e-1;

/** k·ln 2 + log(1 + f) for 1 + f in [√½, √2]: log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)), s = f/(2 + f). */
function logFromParts(k: number, f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = ((L7 * w + L5) * w + L3) * w + L1;
  const odd = (L6 * w + L4) * w + L2;
  const halfSquare = f * f * 0.5;
  const R = (odd * z + even) * z + halfSquare;
  return k * LN2_HIGH + (k * LN2_LOW + s * R - halfSquare + f);
}

/** k of x = 2^k·m with m in [√½, √2), for a normal x > 0. `mantissa` gives m. */
export function exponent(x: number): number {
  const high = upperWord(x);
  const k = (high >>> 20) - 1023;
  return mantissaFrom(x, high) >= Math.SQRT2 ? k + 1 : k;
}

/** m of x = 2^k·m with m in [√½, √2). */
export function mantissa(x: number): number {
  const m = mantissaFrom(x, upperWord(x));
  return m >= Math.SQRT2 ? m / 2 : m;
}

function upperWord(x: number): number {
  bits.setFloat64(0, x);
  return bits.getUint32(0);
}

/** x scaled to [1, 2), given its upper word. */
function mantissaFrom(x: number, high: number): number {
  bits.setFloat64(0, x);
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  return bits.getFloat64(0);
}

/** Natural logarithm: log(0) = −∞, log(x < 0) = NaN, log(∞) = ∞; subnormal numbers are exact. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  // Subnormal numbers are lifted by 2^54.
  const lifted = x < SMALLEST_NORMAL ? x * 18014398509481984 : x;
  const k = exponent(lifted) - (x < SMALLEST_NORMAL ? 54 : 0);
  return logFromParts(k, mantissa(lifted) - 1);
}

/** log(1 + q) for q >= 0, with full relative precision however small q is. */
export function log1p(q: number): number {
  if (q > 1) return log(1 + q);
  // Past √2 − 1 halve: log(1 + q) = ln 2 + log(1 + (q − 1)/2), and q − 1 is exact enough there.
  return q > Math.SQRT2 - 1 ? logFromParts(1, (q - 1) * 0.5) : logFromParts(0, q);
}

// ---- sigmoid and the loss -------------------------------------------------------------------------

/** e^−|z|, which both the sigmoid and the loss of z need. */
export function expOfMinusAbs(z: number): number {
  const x = z > 0 ? -z : z;
  const inside = x < EXP_LEAST ? EXP_LEAST : x;
  const n = nearest(inside * LOG2_E);
  const y = expMinus1Fraction(inside, n);
  // Only small results can occur: lifted by 2^512 all are normal, and coming down rounds once.
  const power = powerOfTwo(n + 512);
  return (power * y + power) * 7.458340731200207e-155;
}

/** σ(z) from z and e = e^−|z|: 1/(1 + e) for z >= 0, e/(1 + e) below, so both tails keep precision. */
export function sigmoidFrom(z: number, e: number): number {
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** −y·log σ(z) − (1 − y)·log(1 − σ(z)) = max(z, 0) − y·z + log(1 + e), e = e^−|z|: no log(0) anywhere. */
export function lossFrom(z: number, y: number, e: number): number {
  return (z < 0 ? 0 : z) - y * z + log1p(e);
}

// ---- tanh -----------------------------------------------------------------------------------------

// Beyond it, tanh is 1.
const TANH_MOST = 20;
// (tanh(r)/r − 1)/r² by powers of r² on |r| <= ln(2)/4, by scripts/polynomials.py.
const T1 = -0.33333333333333282777;
const T2 = 0.13333333333212213945;
const T3 = -0.053968253497737117512;
const T4 = 0.021869421627089052851;
const T5 = -0.0088589277002946188601;
const T6 = 0.003463792430078149383;

/** tanh r for |r| <= ln(2)/4. */
function tanhFraction(r: number): number {
  const z = r * r;
  const w = z * z;
  const odd = (T6 * w + T4) * w + T2;
  const even = (T5 * w + T3) * w + T1;
  return (odd * z + even) * z * r + r;
}

/**
 * tanh(x), from |x| = n·ln(2)/2 + r by the addition theorem:
 * (T + t)/(1 + T·t) = ((2^n − 1) + t·(2^n + 1))/((2^n + 1) + t·(2^n − 1)), T = tanh(n·ln(2)/2), t = tanh r.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  const a = size > TANH_MOST ? TANH_MOST : size;
  const n = nearest(a * (2 * LOG2_E));
  const t = tanhFraction(a - n * (LN2_HIGH / 2) - n * (LN2_LOW / 2));
  const power = powerOfTwo(n);
  const [less, more] = [power - 1, power + 1];
  const result = (t * more + less) / (t * less + more);
  return x > 0 ? result : x < 0 ? -result : x; // 0 keeps its sign, NaN stays
}

// ---- sine and cosine of whole turns ---------------------------------------------------------------

// S1 … S6 and C1 … C6. Sources: fdlibm k_sin.c, k_cos.c.
const S1 = -1.66666666666666324348e-1;
const S2 = 8.33333333332248946124e-3;
const S3 = -1.98412698298579493134e-4;
const S4 = 2.75573137070700676789e-6;
const S5 = -2.50507602534068634195e-8;
const S6 = 1.58969099521155010221e-10;
const C1 = 4.16666666666666019037e-2;
const C2 = -1.38888888888741095749e-3;
const C3 = 2.48015872894767294178e-5;
const C4 = -2.75573143513906633035e-7;
const C5 = 2.0875723212981748279e-9;
const C6 = -1.13596475577881948265e-11;

/** sin(q·π/2) for 0 <= q < 5: the nearest whole quarter picks sine or cosine and the sign, the rest is in ±π/4. */
function sinQuarters(q: number): number {
  const quarter = nearest(q);
  const r = (q - quarter) * (Math.PI / 2);
  const z = r * r;
  const sine = (((((S6 * z + S5) * z + S4) * z + S3) * z + S2) * z + S1) * z * r + r;
  const cosine = (((((C6 * z + C5) * z + C4) * z + C3) * z + C2) * z + C1) * z * z + (1 - 0.5 * z);
  const value = quarter % 2 === 1 ? cosine : sine;
  return quarter === 2 || quarter === 3 ? -value : value;
}

/** sin(2π·turns) for 0 <= turns < 1. */
export function sinTurns(turns: number): number {
  return sinQuarters(turns * 4);
}

/** cos(2π·turns) for 0 <= turns < 1: the sine a quarter of a turn later. */
export function cosTurns(turns: number): number {
  return sinQuarters(turns * 4 + 1);
}
