/**
 * Elementary functions of one vector, f32 and f64: exp, log, log1p, tanh, sigmoid, and the sine and
 * cosine that normal deviates need. Error bounds are measured in docs/accuracy.md.
 *
 * Every constant sits in a table in memory with its source beside it. A table because a vector constant
 * in the code is rebuilt from integer registers on every turn of a loop, while a broadcasting load is
 * one instruction.
 */
import { madd, nmadd, splat } from "./vec";

/** Entry i of the table for T, in every lane. */
function constant<T extends number>(f32Table: usize, f64Table: usize, i: usize): v128 {
  if (sizeof<T>() == 4) return v128.load32_splat(f32Table + 4 * i);
  return v128.load64_splat(f64Table + 8 * i);
}

// ---- exp ------------------------------------------------------------------------------------------

// 0 log2(e)   1, 2 ln 2 in two parts, the first with so few bits that n·part is exact (Cephes expf.c
// C1, C2; fdlibm e_exp.c ln2HI, ln2LO)   3, 4 the domain: beyond it the result is 0 or infinity
// 5 the rounding shifter 1.5·2^(mantissa bits): adding it leaves the nearest integer in the low bits
// 6 the shifter plus the exponent bias   7, 8 the exponents of normal numbers
// 9… coefficients of (e^r − 1 − r)/r² on |r| <= ln(2)/2, constant term first: Chebyshev fits by
// scripts/polynomials.py
const EXP_F32 = memory.data<f32>([
  1.4426950408889634, 0.693359375, -2.1219444e-4, 89.0, -104.0, 12582912.0, 12583039.0, -126.0, 127.0, 0.5,
  0.16666576846, 0.0416665544377, 0.00836320297158, 0.00139262134663,
]);
const EXP_F64 = memory.data<f64>([
  1.4426950408889634, 6.9314718036912381649e-1, 1.90821492927058770002e-10, 710.0, -746.0, 6755399441055744.0,
  6755399441056767.0, -1022.0, 1023.0, 0.50000000000000010262, 0.16666666666666667456, 0.041666666666623991516,
  0.0083333333333300513464, 0.0013888888917281793308, 0.00019841269863105968748, 0.000024801521190217727651,
  2.7557268378684192873e-6, 2.7620138719733995569e-7, 2.5100424157005066788e-8,
]);

function expConstant<T extends number>(i: usize): v128 {
  return constant<T>(EXP_F32, EXP_F64, i);
}

/** 2^n for the integer n that lies in the low bits of shifted = n + (shifter + bias). */
function powerOfTwo<T extends number>(shifted: v128): v128 {
  if (sizeof<T>() == 4) return i32x4.shl(shifted, 23);
  return i64x2.shl(shifted, 52);
}

/** e^r − 1 for r = x − n·ln 2, n the integer nearest to x/ln 2, |r| <= ln(2)/2. */
function expMinus1Fraction<T extends number>(x: v128, n: v128): v128 {
  let r = nmadd<T>(n, expConstant<T>(1), x);
  r = nmadd<T>(n, expConstant<T>(2), r);
  let p: v128;
  if (sizeof<T>() == 4) {
    p = expConstant<T>(13);
  } else {
    p = expConstant<T>(18);
    p = madd<T>(p, r, expConstant<T>(17));
    p = madd<T>(p, r, expConstant<T>(16));
    p = madd<T>(p, r, expConstant<T>(15));
    p = madd<T>(p, r, expConstant<T>(14));
    p = madd<T>(p, r, expConstant<T>(13));
  }
  p = madd<T>(p, r, expConstant<T>(12));
  p = madd<T>(p, r, expConstant<T>(11));
  p = madd<T>(p, r, expConstant<T>(10));
  p = madd<T>(p, r, expConstant<T>(9));
  return madd<T>(v128.mul<T>(p, r), r, r);
}

/** e^r for the same r. */
function expFraction<T extends number>(x: v128, n: v128): v128 {
  return v128.add<T>(expMinus1Fraction<T>(x, n), splat<T>(1));
}

/** e^x, with subnormal results, infinity past the range, NaN for NaN. */
export function exp<T extends number>(x: v128): v128 {
  x = v128.pmax<T>(v128.pmin<T>(x, expConstant<T>(3)), expConstant<T>(4));
  const n = v128.sub<T>(madd<T>(x, expConstant<T>(0), expConstant<T>(5)), expConstant<T>(5));
  // 2^n in two factors, the first always a normal number: one alone would overflow for the largest
  // results and round twice, or vanish, for the subnormal ones.
  const n1 = v128.pmax<T>(v128.pmin<T>(n, expConstant<T>(8)), expConstant<T>(7));
  const n2 = v128.sub<T>(n, n1);
  const y = v128.mul<T>(expFraction<T>(x, n), powerOfTwo<T>(v128.add<T>(n1, expConstant<T>(6))));
  return v128.mul<T>(y, powerOfTwo<T>(v128.add<T>(n2, expConstant<T>(6))));
}

// ---- log ------------------------------------------------------------------------------------------

// 0 smallest normal number   1, 2 the factor 2^t that lifts subnormal numbers, and t   3 infinity
// 4 2^(mantissa bits): its bits or'ed with an integer k are the number 2^(mantissa bits) + k
// 5 the same plus the exponent bias   6, 7 ln 2 in two parts   8… Lg1, Lg2, …
// Sources of 6…: fdlibm e_log.c (f64) and FreeBSD e_logf.c (f32)
const LOG_F32 = memory.data<f32>([
  1.17549435e-38,
  33554432.0,
  25.0,
  Infinity,
  8388608.0,
  8388735.0,
  6.9313812256e-1,
  9.0580006145e-6,
  0.66666662693,
  0.40000972152,
  0.28498786688,
  0.24279078841,
]);
const LOG_F64 = memory.data<f64>([
  2.2250738585072014e-308,
  18014398509481984.0,
  54.0,
  Infinity,
  4503599627370496.0,
  4503599627371519.0,
  6.9314718036912381649e-1,
  1.90821492927058770002e-10,
  6.66666666666673513e-1,
  3.999999999940941908e-1,
  2.857142874366239149e-1,
  2.222219843214978396e-1,
  1.818357216161805012e-1,
  1.531383769920937332e-1,
  1.479819860511658591e-1,
]);

function logConstant<T extends number>(i: usize): v128 {
  return constant<T>(LOG_F32, LOG_F64, i);
}

/** k·ln 2 + log(1 + f) for 1 + f in [√½, √2]: log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)), s = f/(2 + f). */
function logFromParts<T extends number>(k: v128, f: v128): v128 {
  const s = v128.div<T>(f, v128.add<T>(splat<T>(2), f));
  const z = v128.mul<T>(s, s);
  let R: v128;
  if (sizeof<T>() == 4) {
    R = logConstant<T>(11);
  } else {
    R = logConstant<T>(14);
    R = madd<T>(R, z, logConstant<T>(13));
    R = madd<T>(R, z, logConstant<T>(12));
    R = madd<T>(R, z, logConstant<T>(11));
  }
  R = madd<T>(R, z, logConstant<T>(10));
  R = madd<T>(R, z, logConstant<T>(9));
  R = madd<T>(R, z, logConstant<T>(8));
  R = v128.mul<T>(R, z);
  const halfSquare = v128.mul<T>(v128.mul<T>(f, f), splat<T>(0.5));
  let y = madd<T>(k, logConstant<T>(7), v128.mul<T>(s, v128.add<T>(halfSquare, R)));
  y = v128.add<T>(v128.sub<T>(y, halfSquare), f);
  return madd<T>(k, logConstant<T>(6), y);
}

/** Natural logarithm: log(0) = −∞, log(x < 0) = NaN, log(∞) = ∞; subnormal numbers are exact. */
export function log<T extends number>(x: v128): v128 {
  const subnormal = v128.lt<T>(x, logConstant<T>(0));
  const lifted = v128.bitselect(v128.mul<T>(x, logConstant<T>(1)), x, subnormal);
  // Shift the exponent's step from powers of two to √½·2^k, so that the rest lies around 1.
  let exponent: v128;
  let mantissa: v128;
  if (sizeof<T>() == 4) {
    const bits = i32x4.add(lifted, i32x4.splat(0x3f800000 - 0x3f3504f3));
    exponent = i32x4.shr_u(bits, 23);
    mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  } else {
    const bits = i64x2.add(lifted, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd));
    exponent = i64x2.shr_u(bits, 52);
    mantissa = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e667f3bcd));
  }
  let k = v128.sub<T>(v128.or(exponent, logConstant<T>(4)), logConstant<T>(5));
  k = v128.sub<T>(k, v128.and(subnormal, logConstant<T>(2)));
  let y = logFromParts<T>(k, v128.sub<T>(mantissa, splat<T>(1)));
  y = v128.bitselect(y, x, v128.lt<T>(x, logConstant<T>(3))); // infinity and NaN stay themselves
  const zero = splat<T>(0);
  y = v128.bitselect(v128.neg<T>(logConstant<T>(3)), y, v128.eq<T>(x, zero));
  return v128.or(y, v128.lt<T>(x, zero)); // all bits set is a NaN
}

/** log(1 + e) for 0 <= e <= 1, with full relative precision however small e is. */
function log1p<T extends number>(e: v128): v128 {
  // Past √2 − 1 halve: log(1 + e) = ln 2 + log(1 + (e − 1)/2), and e − 1 is exact enough there.
  const one = splat<T>(1);
  const large = v128.gt<T>(e, splat<T>(0.41421356237309503));
  const halved = v128.mul<T>(v128.sub<T>(e, one), splat<T>(0.5));
  return logFromParts<T>(v128.and(large, one), v128.bitselect(halved, e, large));
}

// ---- sigmoid and the loss -------------------------------------------------------------------------

// 0 the shifter plus the exponent bias plus s   1 2^−s
const DOWN_F32 = memory.data<f32>([12583103.0, 5.421010862427522e-20]);
const DOWN_F64 = memory.data<f64>([6755399441057279.0, 7.458340731200207e-155]);

/** e^−|z|, which both the sigmoid and the loss of z need. */
export function expOfMinusAbs<T extends number>(z: v128): v128 {
  const x = v128.pmax<T>(v128.neg<T>(v128.abs<T>(z)), expConstant<T>(4));
  const n = v128.sub<T>(madd<T>(x, expConstant<T>(0), expConstant<T>(5)), expConstant<T>(5));
  // Only small results can occur: lifted by 2^s all are normal, and coming down rounds once.
  const lifted = powerOfTwo<T>(v128.add<T>(n, constant<T>(DOWN_F32, DOWN_F64, 0)));
  return v128.mul<T>(v128.mul<T>(expFraction<T>(x, n), lifted), constant<T>(DOWN_F32, DOWN_F64, 1));
}

/** σ(z) from z and e = e^−|z|: 1/(1 + e) for z >= 0, e/(1 + e) below, so both tails keep precision. */
export function sigmoidFrom<T extends number>(z: v128, e: v128): v128 {
  const one = splat<T>(1);
  const negative = v128.lt<T>(z, splat<T>(0));
  return v128.div<T>(v128.bitselect(e, one, negative), v128.add<T>(one, e));
}

/**
 * −y·log σ(z) − (1 − y)·log(1 − σ(z)) = max(z, 0) − y·z + log(1 + e), e = e^−|z|: no log(0) anywhere. An
 * infinite z gives infinity or NaN.
 */
export function lossFrom<T extends number>(z: v128, y: v128, e: v128): v128 {
  const positive = v128.pmax<T>(z, splat<T>(0));
  return v128.add<T>(v128.sub<T>(positive, v128.mul<T>(y, z)), log1p<T>(e));
}

// ---- tanh -----------------------------------------------------------------------------------------

// Beyond this |x|, tanh is 1.
const TANH_F32 = memory.data<f32>([10.0]);
const TANH_F64 = memory.data<f64>([20.0]);

/**
 * tanh(x) = ±E/(E + 2) with the sign of x, E = e^y − 1, y = ±2|x|.
 *
 * E = 2^n·(e^r − 1) + (2^n − 1) for y = n·ln 2 + r: around 0, where n = 0, it is e^r − 1 itself and keeps its
 * relative precision without a second formula. The sign of y is free; measured, −2|x| is better in f32 (2.50
 * against 2.52 ULP) and 2|x| in f64 (2.46 against 2.53).
 */
export function tanh<T extends number>(x: v128): v128 {
  const a = v128.pmin<T>(v128.abs<T>(x), constant<T>(TANH_F32, TANH_F64, 0));
  let y = v128.add<T>(a, a);
  if (sizeof<T>() == 4) y = v128.neg<T>(y);
  const n = v128.sub<T>(madd<T>(y, expConstant<T>(0), expConstant<T>(5)), expConstant<T>(5));
  const power = powerOfTwo<T>(v128.add<T>(n, expConstant<T>(6)));
  const E = madd<T>(power, expMinus1Fraction<T>(y, n), v128.sub<T>(power, splat<T>(1)));
  return v128.bitselect(x, v128.div<T>(E, v128.add<T>(E, splat<T>(2))), splat<T>(-0.0));
}

// ---- sine and cosine of whole turns (f64) ---------------------------------------------------------

// 0 π/2   1… S1…S6   7… C1…C6. Sources: fdlibm k_sin.c, k_cos.c
const TURN_F64 = memory.data<f64>([
  1.5707963267948966, -1.66666666666666324348e-1, 8.33333333332248946124e-3, -1.98412698298579493134e-4,
  2.75573137070700676789e-6, -2.50507602534068634195e-8, 1.58969099521155010221e-10, 4.16666666666666019037e-2,
  -1.38888888888741095749e-3, 2.48015872894767294178e-5, -2.75573143513906633035e-7, 2.0875723212981748279e-9,
  -1.13596475577881948265e-11,
]);

function turnConstant(i: usize): v128 {
  return v128.load64_splat(TURN_F64 + 8 * i);
}

/** sin(2π·turns) for 0 <= turns < 1. */
export function sinTurns(turns: v128): v128 {
  return sinQuarters(f64x2.mul(turns, f64x2.splat(4)));
}

/** cos(2π·turns) for 0 <= turns < 1: the sine a quarter of a turn later. */
export function cosTurns(turns: v128): v128 {
  return sinQuarters(f64x2.add(f64x2.mul(turns, f64x2.splat(4)), f64x2.splat(1)));
}

/** sin(q·π/2): the nearest whole quarter picks sine or cosine and the sign, the rest is in ±π/4. */
function sinQuarters(q: v128): v128 {
  const whole = f64x2.nearest(q);
  const r = f64x2.mul(f64x2.sub(q, whole), turnConstant(0));
  const z = f64x2.mul(r, r);
  let s = turnConstant(6);
  s = madd<f64>(s, z, turnConstant(5));
  s = madd<f64>(s, z, turnConstant(4));
  s = madd<f64>(s, z, turnConstant(3));
  s = madd<f64>(s, z, turnConstant(2));
  s = madd<f64>(s, z, turnConstant(1));
  s = madd<f64>(f64x2.mul(s, z), r, r);
  let c = turnConstant(12);
  c = madd<f64>(c, z, turnConstant(11));
  c = madd<f64>(c, z, turnConstant(10));
  c = madd<f64>(c, z, turnConstant(9));
  c = madd<f64>(c, z, turnConstant(8));
  c = madd<f64>(c, z, turnConstant(7));
  c = madd<f64>(f64x2.mul(c, z), z, nmadd<f64>(f64x2.splat(0.5), z, f64x2.splat(1)));
  const quarter = i32x4.trunc_sat_f64x2_s_zero(whole);
  const wide = i64x2.extend_low_i32x4_s(quarter);
  const odd = i64x2.shl(wide, 63); // lane sign set for 1, 3
  const useCosine = i64x2.shr_s(odd, 63);
  const sign = v128.and(i64x2.shl(wide, 62), i64x2.splat(i64.MIN_VALUE)); // set for 2, 3
  return v128.xor(v128.bitselect(c, s, useCosine), sign);
}
