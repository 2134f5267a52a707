/**
 * A row vector times a matrix, without packing: c (1, n) = a (1, k)·B (k, n), or c += a·B with `add`.
 *
 * The terms of each sum are added in the order of k, as in every other path of gemm.
 */
import { at, bytes, gather, lanes, loadPart, loadSplat, madd, splat, storePart } from "./vec";

/** B with contiguous rows: four rows at a time stream past c. `sums`: room for n elements. */
export function vectorByRows<T extends number>(
  n: i32,
  k: i32,
  a: usize,
  a_cs: i32,
  b: usize,
  b_rs: i32,
  add: bool,
  c: usize,
  sums: usize,
): void {
  const out = add ? sums : c;
  const a_step = bytes<T>(a_cs);
  const b_step = bytes<T>(b_rs);
  let p = 0;
  for (; p + 4 <= k; p += 4, a += 4 * a_step, b += 4 * b_step) fourRows<T>(n, a, a_step, b, b_step, p > 0, out);
  for (; p < k; p++, a += a_step, b += b_step) oneRow<T>(n, a, b, p > 0, out);
  if (add) {
    let j = 0;
    for (; j + lanes<T>() <= n; j += lanes<T>()) {
      v128.store(at<T>(c, j), v128.add<T>(v128.load(at<T>(c, j)), v128.load(at<T>(sums, j))));
    }
    for (; j < n; j++) store<T>(at<T>(c, j), <T>(load<T>(at<T>(c, j)) + load<T>(at<T>(sums, j))));
  }
}

/** out = (keep ? out : 0) + a0·B0 + a1·B1 + a2·B2 + a3·B3, from left to right. */
function fourRows<T extends number>(
  n: i32,
  a: usize,
  a_step: usize,
  b: usize,
  b_step: usize,
  keep: bool,
  out: usize,
): void {
  const a0 = loadSplat<T>(a);
  const a1 = loadSplat<T>(a + a_step);
  const a2 = loadSplat<T>(a + 2 * a_step);
  const a3 = loadSplat<T>(a + 3 * a_step);
  const zero = splat<T>(0);
  const one = bytes<T>(1);
  let b1 = b + b_step;
  let b2 = b1 + b_step;
  let b3 = b2 + b_step;
  const end = out + bytes<T>(n & ~(lanes<T>() - 1));
  for (; out < end; out += 16, b += 16, b1 += 16, b2 += 16, b3 += 16) {
    let sum = madd<T>(a0, v128.load(b), keep ? v128.load(out) : zero);
    sum = madd<T>(a1, v128.load(b1), sum);
    sum = madd<T>(a2, v128.load(b2), sum);
    v128.store(out, madd<T>(a3, v128.load(b3), sum));
  }
  const rest = n & (lanes<T>() - 1);
  if (rest == 0) return;
  let sum = madd<T>(a0, loadPart<T>(b, one, rest), keep ? loadPart<T>(out, one, rest) : zero);
  sum = madd<T>(a1, loadPart<T>(b1, one, rest), sum);
  sum = madd<T>(a2, loadPart<T>(b2, one, rest), sum);
  storePart<T>(out, madd<T>(a3, loadPart<T>(b3, one, rest), sum), one, rest);
}

/** out = (keep ? out : 0) + a0·B0. */
function oneRow<T extends number>(n: i32, a: usize, b: usize, keep: bool, out: usize): void {
  const a0 = loadSplat<T>(a);
  const zero = splat<T>(0);
  const one = bytes<T>(1);
  const end = out + bytes<T>(n & ~(lanes<T>() - 1));
  for (; out < end; out += 16, b += 16) {
    v128.store(out, madd<T>(a0, v128.load(b), keep ? v128.load(out) : zero));
  }
  const rest = n & (lanes<T>() - 1);
  if (rest == 0) return;
  storePart<T>(out, madd<T>(a0, loadPart<T>(b, one, rest), keep ? loadPart<T>(out, one, rest) : zero), one, rest);
}

/**
 * B with contiguous columns, b_cs apart: tiles of lanes × lanes are transposed in registers, so that the
 * sums of neighbouring columns lie in one vector. Returns how many columns it did; the rest are fewer
 * than two vectors.
 */
export function vectorByColumns<T extends number>(
  n: i32,
  k: i32,
  a: usize,
  a_cs: i32,
  b: usize,
  b_cs: i32,
  add: bool,
  c: usize,
): i32 {
  const L = lanes<T>();
  const a_step = bytes<T>(a_cs);
  const column = bytes<T>(b_cs);
  let j = 0;
  for (; j + 2 * L <= n; j += 2 * L) {
    let s0 = splat<T>(0),
      s1 = s0;
    let x = a;
    let q = at<T>(b, j * b_cs);
    let r = q + <usize>L * column;
    let p = 0;
    for (; p + L <= k; p += L, q += 16, r += 16) {
      if (sizeof<T>() == 8) {
        const u0 = v128.load(q),
          u1 = v128.load(q + column);
        const w0 = v128.load(r),
          w1 = v128.load(r + column);
        const a0 = loadSplat<T>(x);
        s0 = madd<T>(a0, v128.shuffle<f64>(u0, u1, 0, 2), s0);
        s1 = madd<T>(a0, v128.shuffle<f64>(w0, w1, 0, 2), s1);
        const a1 = loadSplat<T>(x + a_step);
        s0 = madd<T>(a1, v128.shuffle<f64>(u0, u1, 1, 3), s0);
        s1 = madd<T>(a1, v128.shuffle<f64>(w0, w1, 1, 3), s1);
        x += 2 * a_step;
      } else {
        s0 = fourTerms<T>(x, a_step, q, column, s0);
        s1 = fourTerms<T>(x, a_step, r, column, s1);
        x += 4 * a_step;
      }
    }
    for (; p < k; p++, q += bytes<T>(1), r += bytes<T>(1), x += a_step) {
      s0 = madd<T>(loadSplat<T>(x), gather<T>(q, column), s0);
      s1 = madd<T>(loadSplat<T>(x), gather<T>(r, column), s1);
    }
    const out = at<T>(c, j);
    if (add) {
      s0 = v128.add<T>(v128.load(out), s0);
      s1 = v128.add<T>(v128.load(out, 16), s1);
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
  }
  return j;
}

/** sum + a0·B0 + … + a3·B3 for four f32 columns at q, `column` bytes apart. */
function fourTerms<T extends number>(x: usize, a_step: usize, q: usize, column: usize, sum: v128): v128 {
  const r0 = v128.load(q);
  const r1 = v128.load(q + column);
  const r2 = v128.load(q + 2 * column);
  const r3 = v128.load(q + 3 * column);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  sum = madd<T>(loadSplat<T>(x), v128.shuffle<f64>(low01, low23, 0, 2), sum);
  sum = madd<T>(loadSplat<T>(x + a_step), v128.shuffle<f64>(low01, low23, 1, 3), sum);
  sum = madd<T>(loadSplat<T>(x + 2 * a_step), v128.shuffle<f64>(high01, high23, 0, 2), sum);
  return madd<T>(loadSplat<T>(x + 3 * a_step), v128.shuffle<f64>(high01, high23, 1, 3), sum);
}
