/**
 * x^y = e^(y·log x), with the logarithm in two parts: y multiplies its error by up to 745. f32 is computed in f64.
 *
 * log x = ⅔·(k·1.5·ln 2 + s·(3 + s² + r)) for x = 2^k·m, s = (m − 1)/(m + 1), as in fdlibm's e_pow.c; the factor ⅔ waits
 * until the multiple of ln 2 is out of the product with y. Products of two numbers of 26 bits are exact in both builds.
 */
import { Binary } from "./elementwise";
import { expBeyond, expConstant, expFrom, logBits, logConstant, one, signBit } from "./math";
import { madd, nmadd, splat } from "./vec";

// 0, 1 1.5·ln 2 in two parts, those of exp times 1.5   2 1/(1.5·ln 2)   3 ⅔   4, 5 the domain of exp times 1.5
// 6 more than this leads every x but 1 past the domain   7 three
// 8… r/s⁴ by powers of s², for m in [√½, √2], by scripts/polynomials.py
const POWER_F64 = memory.data<f64>([
  1.0397207705536857, 2.8623223939058813e-10, 0.9617966939259756, 0.6666666666666666, 1065.0, -1119.0,
  18446744073709551616.0, 3.0, 0.59999999999999999725, 0.42857142857144052747, 0.33333333332481750932,
  0.27272727503560079372, 0.23076892393476165226, 0.20002210140228271484, 0.17559280991554260254,
  0.17585533857345581055,
]);

function constant(i: usize): v128 {
  return v128.load64_splat(POWER_F64 + 8 * i);
}

/** The first 26 bits of the mantissa. */
function upper(x: v128): v128 {
  return v128.and(x, i64x2.splat(-0x8000000));
}

/** x^y of two f64, as C's pow: 1 for y = 0 and for x = 1, NaN for x < 0 unless y is whole. */
export function power(x: v128, y: v128): v128 {
  const a = v128.andnot(x, signBit<f64>());
  // log.ts's way to 2^k·m, m in [√½, √2].
  const subnormal = f64x2.lt(a, logConstant<f64>(3));
  const lifted = v128.bitselect(f64x2.mul(a, logConstant<f64>(0)), a, subnormal);
  const origin = f64x2.add(logConstant<f64>(5), v128.and(subnormal, logConstant<f64>(1)));
  const bits = i64x2.add(lifted, logBits<f64>(2));
  const m = i64x2.add(v128.and(bits, logBits<f64>(3)), logBits<f64>(4));
  const k = f64x2.sub(v128.or(i64x2.shr_u(bits, 52), logConstant<f64>(4)), origin);

  const f = f64x2.sub(m, one<f64>());
  const d = f64x2.add(m, one<f64>());
  const inverse = f64x2.div(one<f64>(), d);
  const s = f64x2.mul(f, inverse);
  const s1 = upper(s);
  const d1 = upper(d);
  const d2 = f64x2.sub(m, f64x2.sub(d1, one<f64>()));
  const s2 = f64x2.mul(nmadd<f64>(s1, d2, nmadd<f64>(s1, d1, f)), inverse);
  const square = f64x2.mul(s1, s1);
  const small = f64x2.mul(s2, f64x2.add(s1, s));
  const z = f64x2.add(square, small);
  let p = constant(15);
  for (let i = 14; i >= 8; i--) p = madd<f64>(p, z, constant(i));
  const r = madd<f64>(f64x2.mul(z, z), p, small);
  const t1 = upper(f64x2.add(f64x2.add(square, constant(7)), r));
  const t2 = f64x2.sub(r, f64x2.sub(f64x2.sub(t1, constant(7)), square));
  const main = f64x2.mul(s1, t1);
  const sum = madd<f64>(k, constant(0), main);
  const rest = madd<f64>(k, constant(1), madd<f64>(s2, t1, f64x2.mul(t2, s)));
  const log1 = upper(sum);
  const lost = f64x2.sub(main, nmadd<f64>(k, constant(0), sum));
  const log2 = f64x2.add(f64x2.sub(sum, log1), f64x2.add(lost, rest));

  // 0 and infinity, the only numbers that are their own doubles, have no logarithm: there y counts as infinite.
  const edge = f64x2.eq(a, f64x2.add(a, a));
  const far = constant(6);
  let by = f64x2.div(y, v128.andnot(one<f64>(), edge));
  by = f64x2.pmax(f64x2.pmin(by, far), f64x2.neg(far));
  const by1 = upper(by);
  const product1 = f64x2.mul(by1, log1);
  const product2 = madd<f64>(f64x2.sub(by, by1), log1, f64x2.mul(by, log2));
  const product = f64x2.add(product1, product2);
  const inside = f64x2.pmax(f64x2.pmin(product, constant(4)), constant(5));
  const low = v128.and(f64x2.add(f64x2.sub(product1, product), product2), f64x2.eq(product, inside));

  const shifter = expConstant<f64>(5);
  const shifted = madd<f64>(inside, constant(2), shifter);
  const n = f64x2.sub(shifted, shifter);
  const left1 = nmadd<f64>(n, constant(0), inside);
  const left2 = nmadd<f64>(n, constant(1), low);
  const q = f64x2.mul(f64x2.add(left1, left2), constant(3));
  // What q lacks of ⅔·left: both differences are exact.
  const lack = f64x2.add(f64x2.sub(f64x2.sub(left1, q), f64x2.mul(q, logConstant<f64>(8))), left2);
  let result = expFrom<f64>(f64x2.add(q, madd<f64>(lack, constant(3), expBeyond(q))), shifted);

  const isWhole = f64x2.eq(y, f64x2.trunc(y));
  const half = f64x2.mul(y, logConstant<f64>(8));
  const even = f64x2.eq(half, f64x2.trunc(half));
  result = v128.or(result, v128.andnot(v128.and(v128.and(x, signBit<f64>()), isWhole), even));
  const least = f64x2.min(x, y); // NaN if either is
  const none = v128.andnot(f64x2.lt(x, splat<f64>(0)), v128.or(edge, isWhole));
  result = v128.or(result, v128.or(f64x2.ne(least, least), none)); // all bits set is a NaN
  const unit = v128.or(f64x2.eq(y, splat<f64>(0)), f64x2.eq(x, one<f64>()));
  return v128.bitselect(one<f64>(), result, unit);
}

/** a^b; its error is stated in docs/accuracy.md. */
export class Power<T extends number> extends Binary<T> {
  of(a: v128, b: v128): v128 {
    if (sizeof<T>() == 8) return power(a, b);
    const low = power(v128.promote_low<f32>(a), v128.promote_low<f32>(b));
    const a2 = v128.shuffle<i64>(a, a, 1, 1);
    const b2 = v128.shuffle<i64>(b, b, 1, 1);
    const high = power(v128.promote_low<f32>(a2), v128.promote_low<f32>(b2));
    return v128.shuffle<i64>(v128.demote_zero<f64>(low), v128.demote_zero<f64>(high), 0, 2);
  }
}
