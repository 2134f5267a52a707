/**
 * A row vector times a matrix, without packing: c (1, n) = a (1, k)·B (k, n), or c += a·B with `add`.
 *
 * The terms of each sum are added in the order of k, block by block of `kc`, as in every other path of gemm.
 *
 * There is as much of B as arithmetic on it, so what counts is how B is read: several long runs of memory at
 * once, since processors fetch ahead in each on its own, and one alone keeps too few lines on their way.
 */
import { at, bytes, gather, lanes, loadPart, loadSplat, madd, splat, storePart } from "./vec";

/** Columns whose sums stay in the first-level cache while rows stream past them: 16 KB, four pages of each row. */
function strip<T extends number>(): i32 {
  return 16384 / <i32>sizeof<T>();
}

/** B with contiguous rows. `sums`: room for min(n, room) elements. */
export function vectorByRows<T extends number>(
  n: i32,
  k: i32,
  kc: i32,
  a: usize,
  a_cs: i32,
  b: usize,
  b_rs: i32,
  add: bool,
  c: usize,
  sums: usize,
  room: i32,
): void {
  const step = min(strip<T>(), room);
  for (let j = 0; j < n; j += step) {
    const count = min(n - j, step);
    const out = at<T>(c, j);
    for (let p = 0; p < k; p += kc) {
      const keep = add || p > 0;
      const block = at<T>(b, p * b_rs + j);
      const to = keep ? sums : out;
      sumOfRows<T>(count, min(k - p, kc), at<T>(a, p * a_cs), bytes<T>(a_cs), block, bytes<T>(b_rs), to);
      if (keep) addTo<T>(count, sums, out);
    }
  }
}

/** out += x for n elements. */
function addTo<T extends number>(n: i32, x: usize, out: usize): void {
  const end = out + bytes<T>(n & ~(lanes<T>() - 1));
  for (; out < end; out += 16, x += 16) v128.store(out, v128.add<T>(v128.load(out), v128.load(x)));
  const rest = n & (lanes<T>() - 1);
  const one = bytes<T>(1);
  if (rest) storePart<T>(out, v128.add<T>(loadPart<T>(out, one, rest), loadPart<T>(x, one, rest)), one, rest);
}

/** out = Σ a_p·B_p over k rows of n elements, rows `b_step` bytes apart. */
function sumOfRows<T extends number>(
  n: i32,
  k: i32,
  a: usize,
  a_step: usize,
  b: usize,
  b_step: usize,
  out: usize,
): void {
  let p = 0;
  for (; p + 8 <= k; p += 8, a += 8 * a_step, b += 8 * b_step) eightRows<T>(n, a, a_step, b, b_step, p > 0, out);
  for (; p + 4 <= k; p += 4, a += 4 * a_step, b += 4 * b_step) fourRows<T>(n, a, a_step, b, b_step, p > 0, out);
  for (; p + 2 <= k; p += 2, a += 2 * a_step, b += 2 * b_step) twoRows<T>(n, a, a_step, b, b_step, p > 0, out);
  for (; p < k; p++, a += a_step, b += b_step) oneRow<T>(n, a, b, p > 0, out);
}

/** out = (keep ? out : 0) + a0·B0 + … + a3·B3, from left to right. */
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
  const a1 = loadSplat<T>(a + 1 * a_step);
  const a2 = loadSplat<T>(a + 2 * a_step);
  const a3 = loadSplat<T>(a + 3 * a_step);
  let b1 = b + b_step;
  let b2 = b1 + b_step;
  let b3 = b2 + b_step;
  const zero = splat<T>(0);
  const one = bytes<T>(1);
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

/** out = (keep ? out : 0) + a0·B0 + … + a7·B7, from left to right. */
function eightRows<T extends number>(
  n: i32,
  a: usize,
  a_step: usize,
  b: usize,
  b_step: usize,
  keep: bool,
  out: usize,
): void {
  const a0 = loadSplat<T>(a);
  const a1 = loadSplat<T>(a + 1 * a_step);
  const a2 = loadSplat<T>(a + 2 * a_step);
  const a3 = loadSplat<T>(a + 3 * a_step);
  const a4 = loadSplat<T>(a + 4 * a_step);
  const a5 = loadSplat<T>(a + 5 * a_step);
  const a6 = loadSplat<T>(a + 6 * a_step);
  const a7 = loadSplat<T>(a + 7 * a_step);
  let b1 = b + b_step;
  let b2 = b1 + b_step;
  let b3 = b2 + b_step;
  let b4 = b3 + b_step;
  let b5 = b4 + b_step;
  let b6 = b5 + b_step;
  let b7 = b6 + b_step;
  const zero = splat<T>(0);
  const one = bytes<T>(1);
  const end = out + bytes<T>(n & ~(lanes<T>() - 1));
  for (; out < end; out += 16, b += 16, b1 += 16, b2 += 16, b3 += 16, b4 += 16, b5 += 16, b6 += 16, b7 += 16) {
    let sum = madd<T>(a0, v128.load(b), keep ? v128.load(out) : zero);
    sum = madd<T>(a1, v128.load(b1), sum);
    sum = madd<T>(a2, v128.load(b2), sum);
    sum = madd<T>(a3, v128.load(b3), sum);
    sum = madd<T>(a4, v128.load(b4), sum);
    sum = madd<T>(a5, v128.load(b5), sum);
    sum = madd<T>(a6, v128.load(b6), sum);
    v128.store(out, madd<T>(a7, v128.load(b7), sum));
  }
  const rest = n & (lanes<T>() - 1);
  if (rest == 0) return;
  let sum = madd<T>(a0, loadPart<T>(b, one, rest), keep ? loadPart<T>(out, one, rest) : zero);
  sum = madd<T>(a1, loadPart<T>(b1, one, rest), sum);
  sum = madd<T>(a2, loadPart<T>(b2, one, rest), sum);
  sum = madd<T>(a3, loadPart<T>(b3, one, rest), sum);
  sum = madd<T>(a4, loadPart<T>(b4, one, rest), sum);
  sum = madd<T>(a5, loadPart<T>(b5, one, rest), sum);
  sum = madd<T>(a6, loadPart<T>(b6, one, rest), sum);
  storePart<T>(out, madd<T>(a7, loadPart<T>(b7, one, rest), sum), one, rest);
}

/** out = (keep ? out : 0) + a0·B0 + a1·B1, from left to right. */
function twoRows<T extends number>(
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
  let b1 = b + b_step;
  const zero = splat<T>(0);
  const one = bytes<T>(1);
  const end = out + bytes<T>(n & ~(lanes<T>() - 1));
  for (; out < end; out += 16, b += 16, b1 += 16) {
    v128.store(out, madd<T>(a1, v128.load(b1), madd<T>(a0, v128.load(b), keep ? v128.load(out) : zero)));
  }
  const rest = n & (lanes<T>() - 1);
  if (rest == 0) return;
  const sum = madd<T>(a0, loadPart<T>(b, one, rest), keep ? loadPart<T>(out, one, rest) : zero);
  storePart<T>(out, madd<T>(a1, loadPart<T>(b1, one, rest), sum), one, rest);
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
 * than a vector.
 */
export function vectorByColumns<T extends number>(
  n: i32,
  k: i32,
  kc: i32,
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
  for (; j + 4 * L <= n; j += 4 * L) {
    for (let p = 0; p < k; p += kc) {
      const block = at<T>(b, j * b_cs + p);
      fourVectors<T>(min(k - p, kc), at<T>(a, p * a_cs), a_step, block, column, add || p > 0, at<T>(c, j));
    }
  }
  for (; j + L <= n; j += L) {
    for (let p = 0; p < k; p += kc) {
      const block = at<T>(b, j * b_cs + p);
      oneVector<T>(min(k - p, kc), at<T>(a, p * a_cs), a_step, block, column, add || p > 0, at<T>(c, j));
    }
  }
  return j;
}

/** c (4 vectors) = (keep ? c : 0) + a·B for columns of k elements. */
function fourVectors<T extends number>(
  k: i32,
  a: usize,
  a_step: usize,
  b: usize,
  column: usize,
  keep: bool,
  c: usize,
): void {
  const L = lanes<T>();
  const group = <usize>L * column;
  let s0 = splat<T>(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  for (; k >= L; k -= L, a += <usize>L * a_step, b += 16) {
    const a0 = loadSplat<T>(a);
    const a1 = loadSplat<T>(a + a_step);
    const a2 = sizeof<T>() == 4 ? loadSplat<T>(a + 2 * a_step) : a0;
    const a3 = sizeof<T>() == 4 ? loadSplat<T>(a + 3 * a_step) : a0;
    let q = b;
    s0 = tileTerms<T>(a0, a1, a2, a3, q, column, s0);
    q += group;
    s1 = tileTerms<T>(a0, a1, a2, a3, q, column, s1);
    q += group;
    s2 = tileTerms<T>(a0, a1, a2, a3, q, column, s2);
    q += group;
    s3 = tileTerms<T>(a0, a1, a2, a3, q, column, s3);
  }
  for (; k > 0; k--, a += a_step, b += bytes<T>(1)) {
    const a0 = loadSplat<T>(a);
    s0 = madd<T>(a0, gather<T>(b, column), s0);
    s1 = madd<T>(a0, gather<T>(b + group, column), s1);
    s2 = madd<T>(a0, gather<T>(b + 2 * group, column), s2);
    s3 = madd<T>(a0, gather<T>(b + 3 * group, column), s3);
  }
  if (keep) {
    s0 = v128.add<T>(v128.load(c), s0);
    s1 = v128.add<T>(v128.load(c, 16), s1);
    s2 = v128.add<T>(v128.load(c, 32), s2);
    s3 = v128.add<T>(v128.load(c, 48), s3);
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
}

/** c (one vector) = (keep ? c : 0) + a·B for columns of k elements. */
function oneVector<T extends number>(
  k: i32,
  a: usize,
  a_step: usize,
  b: usize,
  column: usize,
  keep: bool,
  c: usize,
): void {
  const L = lanes<T>();
  let sum = splat<T>(0);
  for (; k >= L; k -= L, a += <usize>L * a_step, b += 16) {
    const a0 = loadSplat<T>(a);
    const a1 = loadSplat<T>(a + a_step);
    const a2 = sizeof<T>() == 4 ? loadSplat<T>(a + 2 * a_step) : a0;
    const a3 = sizeof<T>() == 4 ? loadSplat<T>(a + 3 * a_step) : a0;
    sum = tileTerms<T>(a0, a1, a2, a3, b, column, sum);
  }
  for (; k > 0; k--, a += a_step, b += bytes<T>(1)) sum = madd<T>(loadSplat<T>(a), gather<T>(b, column), sum);
  v128.store(c, keep ? v128.add<T>(v128.load(c), sum) : sum);
}

/** sum + a0·B0 + … for a tile of L columns, `column` bytes apart, and L terms. */
function tileTerms<T extends number>(
  a0: v128,
  a1: v128,
  a2: v128,
  a3: v128,
  b: usize,
  column: usize,
  sum: v128,
): v128 {
  const r0 = v128.load(b);
  const r1 = v128.load(b + column);
  if (sizeof<T>() == 8) {
    sum = madd<T>(a0, v128.shuffle<f64>(r0, r1, 0, 2), sum);
    return madd<T>(a1, v128.shuffle<f64>(r0, r1, 1, 3), sum);
  }
  const r2 = v128.load(b + 2 * column);
  const r3 = v128.load(b + 3 * column);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  sum = madd<T>(a0, v128.shuffle<f64>(low01, low23, 0, 2), sum);
  sum = madd<T>(a1, v128.shuffle<f64>(low01, low23, 1, 3), sum);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  sum = madd<T>(a2, v128.shuffle<f64>(high01, high23, 0, 2), sum);
  return madd<T>(a3, v128.shuffle<f64>(high01, high23, 1, 3), sum);
}
