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

// 0 one   1 two   2 the sign bit
const COMMON_F32 = memory.data<f32>([1.0, 2.0, -0.0]);
const COMMON_F64 = memory.data<f64>([1.0, 2.0, -0.0]);

/** 1 in every lane. */
export function one<T extends number>(): v128 {
  return constant<T>(COMMON_F32, COMMON_F64, 0);
}

function two<T extends number>(): v128 {
  return constant<T>(COMMON_F32, COMMON_F64, 1);
}

/** The sign bit of every lane. */
export function signBit<T extends number>(): v128 {
  return constant<T>(COMMON_F32, COMMON_F64, 2);
}

// ---- exp ------------------------------------------------------------------------------------------

// 0 log2(e)   1, 2 ln 2 in two parts, the first with so few bits that n·part is exact (Cephes expf.c
// C1, C2; fdlibm e_exp.c ln2HI, ln2LO)   3, 4 the domain: beyond it the result is 0 or infinity
// 5… shifters 1.5·2^(mantissa bits) + b: adding one to y leaves n + b in the low bits, n the integer nearest to y:
// 5 b = twice the exponent bias   6 b = the bias + s   7 b = the bias   8 2^−s
// 9… on |r| <= ln(2)/2, by scripts/polynomials.py: f32 (e^r − 1 − r)/r² by powers of r, f64 (r·coth(r/2) − 2)/r²
// by powers of r²
const EXP_F32 = memory.data<f32>([
  1.4426950408889634, 0.693359375, -2.1219444e-4, 89.0, -104.0, 12583166.0, 12583103.0, 12583039.0,
  5.421010862427522e-20, 0.5, 0.16666576846, 0.0416665544377, 0.00836320297158, 0.00139262134663,
]);
const EXP_F64 = memory.data<f64>([
  1.4426950408889634, 6.9314718036912381649e-1, 1.90821492927058770002e-10, 710.0, -746.0, 6755399441057790.0,
  6755399441057279.0, 6755399441056767.0, 7.458340731200207e-155, 0.1666666666666666152, -0.0027777777777563718966,
  0.000066137564712822211589, -1.6534059504897808903e-6, 4.143741134418731658e-8,
]);

/** Entry i of exp's table. */
export function expConstant<T extends number>(i: usize): v128 {
  return constant<T>(EXP_F32, EXP_F64, i);
}

/** 2^(b − bias) for the integer b in the low bits of `shifted`. */
function powerOfTwo<T extends number>(shifted: v128): v128 {
  if (sizeof<T>() == 4) return i32x4.shl(shifted, 23);
  return i64x2.shl(shifted, 52);
}

/** e^r − 1 for r = x − n·ln 2, n the integer nearest to x/ln 2, |r| <= ln(2)/2; in f32 mostly side by side (Estrin). */
function expMinus1Fraction<T extends number>(x: v128, n: v128): v128 {
  let r = nmadd<T>(n, expConstant<T>(1), x);
  r = nmadd<T>(n, expConstant<T>(2), r);
  if (sizeof<T>() == 4) {
    const square = v128.mul<T>(r, r);
    let p = madd<T>(r, expConstant<T>(13), expConstant<T>(12));
    p = madd<T>(square, p, madd<T>(r, expConstant<T>(11), expConstant<T>(10)));
    p = madd<T>(r, p, expConstant<T>(9));
    return madd<T>(square, p, r);
  }
  return v128.add<T>(r, expBeyond(r));
}

/** e^r − 1 − r, f64: r·c/(2 − c), c = 2 + r − r·coth(r/2), as in fdlibm's e_exp.c: five terms and a division for ten. */
export function expBeyond(r: v128): v128 {
  const square = f64x2.mul(r, r);
  const w = f64x2.mul(square, square);
  const odd = madd<f64>(expConstant<f64>(12), w, expConstant<f64>(10));
  let even = madd<f64>(expConstant<f64>(13), w, expConstant<f64>(11));
  even = madd<f64>(even, w, expConstant<f64>(9));
  const c = nmadd<f64>(madd<f64>(odd, square, even), square, r);
  return f64x2.div(f64x2.mul(r, c), f64x2.sub(two<f64>(), c));
}

/** e^x, with subnormal results, infinity past the range, NaN for NaN. */
export function exp<T extends number>(x: v128): v128 {
  x = v128.pmax<T>(v128.pmin<T>(x, expConstant<T>(3)), expConstant<T>(4));
  const shifter = expConstant<T>(5);
  const shifted = madd<T>(x, expConstant<T>(0), shifter);
  return expFrom<T>(expMinus1Fraction<T>(x, v128.sub<T>(shifted, shifter)), shifted);
}

/** 2^n·(1 + y), n in the low bits of `shifted` as entry 5 leaves it. */
export function expFrom<T extends number>(y: v128, shifted: v128): v128 {
  // 2^n in two factors of half the exponent: one alone would overflow for the largest results and round
  // twice, or vanish, for the subnormal ones.
  const half = sizeof<T>() == 4 ? i32x4.shr_u(shifted, 1) : i64x2.shr_u(shifted, 1);
  const rest = sizeof<T>() == 4 ? i32x4.sub(shifted, half) : i64x2.sub(shifted, half);
  const power = powerOfTwo<T>(half);
  return v128.mul<T>(madd<T>(power, y, power), powerOfTwo<T>(rest));
}

// ---- log ------------------------------------------------------------------------------------------

// 0, 1 the factor 2^t that lifts subnormal numbers, and t   2 √2 − 1   3 smallest normal number
// 4 2^(mantissa bits): its bits or'ed with an integer k are the number 2^(mantissa bits) + k
// 5 the same plus the exponent bias   6, 7 ln 2 in two parts   8 ½   9… Lg1, Lg2, …
// Sources of 6, 7, 9…: fdlibm e_log.c (f64) and FreeBSD e_logf.c (f32)
const LOG_F32 = memory.data<f32>([
  33554432.0, 25.0, 0.41421356237309503, 1.17549435e-38, 8388608.0, 8388735.0, 6.9313812256e-1, 9.0580006145e-6,
  0.5, 0.66666662693, 0.40000972152, 0.28498786688, 0.24279078841,
]);
const LOG_F64 = memory.data<f64>([
  18014398509481984.0, 54.0, 0.41421356237309503, 2.2250738585072014e-308, 4503599627370496.0, 4503599627371519.0,
  6.9314718036912381649e-1, 1.90821492927058770002e-10, 0.5, 6.66666666666673513e-1, 3.999999999940941908e-1,
  2.857142874366239149e-1, 2.222219843214978396e-1, 1.818357216161805012e-1, 1.531383769920937332e-1,
  1.479819860511658591e-1,
]);

// Bits. 0 those of infinity: added to the bits of a number they leave more than 1 does, both signed, unless it is
// normal and positive   2 the bits of 1 less those of √½   3 the mantissa   4 those of √½
const LOG_BITS_F32 = memory.data<i32>([0x7f800000, -0x1000001, 0x4afb0d, 0x7fffff, 0x3f3504f3]);
const LOG_BITS_F64 = memory.data<i64>([
  0x7ff0000000000000, -0x20000000000001, 0x95f619980c433, 0xfffffffffffff, 0x3fe6a09e667f3bcd,
]);

/** Entry i of log's table. */
export function logConstant<T extends number>(i: usize): v128 {
  return constant<T>(LOG_F32, LOG_F64, i);
}

/** Entry i of log's bits. */
export function logBits<T extends number>(i: usize): v128 {
  return constant<T>(LOG_BITS_F32, LOG_BITS_F64, i);
}

/** k·ln 2 + log(1 + f) for 1 + f in [√½, √2]: log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)), s = f/(2 + f). */
function logFromParts<T extends number>(k: v128, f: v128): v128 {
  const s = v128.div<T>(f, v128.add<T>(two<T>(), f));
  const z = v128.mul<T>(s, s);
  const w = v128.mul<T>(z, z);
  let even: v128;
  let odd: v128;
  if (sizeof<T>() == 4) {
    odd = logConstant<T>(12);
    even = logConstant<T>(11);
  } else {
    even = madd<T>(logConstant<T>(15), w, logConstant<T>(13));
    odd = madd<T>(logConstant<T>(14), w, logConstant<T>(12));
    even = madd<T>(even, w, logConstant<T>(11));
  }
  odd = madd<T>(odd, w, logConstant<T>(10));
  even = madd<T>(even, w, logConstant<T>(9));
  const halfSquare = v128.mul<T>(v128.mul<T>(f, f), logConstant<T>(8));
  const R = madd<T>(madd<T>(odd, z, even), z, halfSquare);
  let y = madd<T>(k, logConstant<T>(7), v128.mul<T>(s, R));
  y = v128.add<T>(v128.sub<T>(y, halfSquare), f);
  return madd<T>(k, logConstant<T>(6), y);
}

/** Natural logarithm: log(0) = −∞, log(x < 0) = NaN, log(∞) = ∞; subnormal numbers are exact. */
export function log<T extends number>(x: v128): v128 {
  // One branch for all that is rare leaves six comparisons and selections out of the usual case.
  const unusual =
    sizeof<T>() == 4
      ? v128.any_true(i32x4.gt_s(i32x4.add(x, logBits<T>(0)), logBits<T>(1)))
      : v128.any_true(i64x2.gt_s(i64x2.add(x, logBits<T>(0)), logBits<T>(1)));
  let lifted = x;
  let origin = logConstant<T>(5);
  if (unusual) {
    const subnormal = v128.lt<T>(x, logConstant<T>(3));
    lifted = v128.bitselect(v128.mul<T>(x, logConstant<T>(0)), x, subnormal);
    origin = v128.add<T>(origin, v128.and(subnormal, logConstant<T>(1)));
  }
  // Shift the exponent's step from powers of two to √½·2^k, so that the rest lies around 1.
  let exponent: v128;
  let mantissa: v128;
  if (sizeof<T>() == 4) {
    const bits = i32x4.add(lifted, logBits<T>(2));
    exponent = i32x4.shr_u(bits, 23);
    mantissa = i32x4.add(v128.and(bits, logBits<T>(3)), logBits<T>(4));
  } else {
    const bits = i64x2.add(lifted, logBits<T>(2));
    exponent = i64x2.shr_u(bits, 52);
    mantissa = i64x2.add(v128.and(bits, logBits<T>(3)), logBits<T>(4));
  }
  const k = v128.sub<T>(v128.or(exponent, logConstant<T>(4)), origin);
  let y = logFromParts<T>(k, v128.sub<T>(mantissa, one<T>()));
  if (unusual) {
    const infinity = logBits<T>(0);
    y = v128.bitselect(y, x, v128.lt<T>(x, infinity)); // infinity and NaN stay themselves
    const zero = splat<T>(0);
    y = v128.bitselect(v128.neg<T>(infinity), y, v128.eq<T>(x, zero));
    y = v128.or(y, v128.lt<T>(x, zero)); // all bits set is a NaN
  }
  return y;
}

/** log(1 + e) for 0 <= e <= 1, with full relative precision however small e is. */
function log1p<T extends number>(e: v128): v128 {
  // Past √2 − 1 halve: log(1 + e) = ln 2 + log(1 + (e − 1)/2), and e − 1 is exact enough there.
  const large = v128.gt<T>(e, logConstant<T>(2));
  const halved = v128.mul<T>(v128.sub<T>(e, one<T>()), logConstant<T>(8));
  return logFromParts<T>(v128.and(large, one<T>()), v128.bitselect(halved, e, large));
}

// ---- sigmoid and the loss -------------------------------------------------------------------------

/** e^−|z|, which both the sigmoid and the loss of z need. */
export function expOfMinusAbs<T extends number>(z: v128): v128 {
  const x = v128.pmax<T>(v128.or(z, signBit<T>()), expConstant<T>(4));
  const shifter = expConstant<T>(6);
  const shifted = madd<T>(x, expConstant<T>(0), shifter);
  const y = expMinus1Fraction<T>(x, v128.sub<T>(shifted, shifter));
  // Only small results can occur: lifted by 2^s all are normal, and coming down rounds once.
  const power = powerOfTwo<T>(shifted);
  return v128.mul<T>(madd<T>(power, y, power), expConstant<T>(8));
}

/** σ(z) from z and e = e^−|z|: 1/(1 + e) for z >= 0, e/(1 + e) below, so both tails keep precision. */
export function sigmoidFrom<T extends number>(z: v128, e: v128): v128 {
  // e <= 1, so the larger of e and (z >= 0 ? 1 : 0) is the numerator.
  const unit = v128.and(v128.ge<T>(z, splat<T>(0)), one<T>());
  return v128.div<T>(v128.pmax<T>(unit, e), v128.add<T>(one<T>(), e));
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

// 0 beyond this |x|, tanh is 1   1 2/ln 2   2 ln(2)/2, and what it lacks at the end: in f64 halves of those of exp; in
// f32 nothing, since ln(2)/2 rounds by less than 10^−9, its product with n <= 8 is exact, and larger n need less
// 3… (tanh(r)/r − 1)/r² by powers of r² on |r| <= ln(2)/4, by scripts/polynomials.py
const TANH_F32 = memory.data<f32>([
  10.0, 2.885390081777927, 0.34657359028, -0.333333315108, 0.133322411756, -0.0529955606332,
]);
const TANH_F64 = memory.data<f64>([
  20.0, 2.885390081777927, 3.46573590184561908245e-1, -0.33333333333333282777, 0.13333333333212213945,
  -0.053968253497737117512, 0.021869421627089052851, -0.0088589277002946188601, 0.003463792430078149383,
  9.5410746463529385e-11,
]);

function tanhConstant<T extends number>(i: usize): v128 {
  return constant<T>(TANH_F32, TANH_F64, i);
}

/** tanh r for |r| <= ln(2)/4. */
function tanhFraction<T extends number>(r: v128): v128 {
  const z = v128.mul<T>(r, r);
  let p: v128;
  if (sizeof<T>() == 4) {
    p = madd<T>(tanhConstant<T>(5), z, tanhConstant<T>(4));
    p = madd<T>(p, z, tanhConstant<T>(3));
  } else {
    const w = v128.mul<T>(z, z);
    let odd = madd<T>(tanhConstant<T>(8), w, tanhConstant<T>(6));
    let even = madd<T>(tanhConstant<T>(7), w, tanhConstant<T>(5));
    odd = madd<T>(odd, w, tanhConstant<T>(4));
    even = madd<T>(even, w, tanhConstant<T>(3));
    p = madd<T>(odd, z, even);
  }
  return madd<T>(v128.mul<T>(p, z), r, r);
}

/**
 * tanh(x) with the sign of x, from |x| = n·ln(2)/2 + r by the addition theorem:
 * (T + t)/(1 + T·t) = ((2^n − 1) + t·(2^n + 1))/((2^n + 1) + t·(2^n − 1)), T = tanh(n·ln(2)/2), t = tanh r.
 *
 * Around 0, where n = 0, it is t itself.
 */
export function tanh<T extends number>(x: v128): v128 {
  const sign = signBit<T>();
  const a = v128.pmin<T>(v128.andnot(x, sign), tanhConstant<T>(0));
  const shifter = expConstant<T>(7);
  const shifted = madd<T>(a, tanhConstant<T>(1), shifter);
  const n = v128.sub<T>(shifted, shifter);
  let r = nmadd<T>(n, tanhConstant<T>(2), a);
  if (sizeof<T>() == 8) r = nmadd<T>(n, tanhConstant<T>(9), r);
  const t = tanhFraction<T>(r);
  const power = powerOfTwo<T>(shifted);
  const less = v128.sub<T>(power, one<T>());
  const more = v128.add<T>(power, one<T>());
  return v128.or(v128.div<T>(madd<T>(t, more, less), madd<T>(t, less, more)), v128.and(x, sign));
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
