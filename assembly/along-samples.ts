/**
 * A block of logistic regression whose features are rows of contiguous samples: a vector holds lanes of samples.
 * along-features.ts does the same for the other memory order, to the same bits, since both add in one order:
 *
 *   z_j   the products w_k·x_kj by k modulo lanes: as many sums, the first from the bias on, added as by `sumLanes`
 *   dw_k  the products dz_j·x_kj of a block by j modulo 4, those of f64 added in pairs, and then as by `sumLanes`
 *
 * Features that are left over when vectors are full come first, in the last lanes.
 */
import { at, bytes, lanes, loadPart, loadSplat, madd, splat, sumLanes } from "./vec";

/** Bytes for the sums of features that share dz: eight vectors. */
export const GROUP_BYTES: usize = 128;

/**
 * Stores the sums of a loop, given in the order in which it adds to them. Nothing else may use them: else V8 moves all
 * loads of a turn before its multiplications, and some of the sums go through the stack.
 */
export function storeGroup(
  sums: usize,
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  e: v128,
  f: v128,
  g: v128,
  h: v128,
): void {
  v128.store(sums, a);
  v128.store(sums, b, 16);
  v128.store(sums, c, 32);
  v128.store(sums, d, 48);
  v128.store(sums, e, 64);
  v128.store(sums, f, 80);
  v128.store(sums, g, 96);
  v128.store(sums, h, 112);
}

/**
 * z[j] = b + Σ_k w_k·x[k, j] for m samples; parameters [ w: n_x | b ]. Of fewer than eight samples, rows of x have places for
 * eight; so has z.
 */
export function logitsAlongSamples<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  parameters: usize,
  z: usize,
): void {
  for (let j = 0; j < m; j += 8) {
    // The last eight may begin before the others end.
    j = max(min(j, m - 8), 0);
    eightLogits<T>(n_x, at<T>(x, j), bytes<T>(x_rs), parameters, at<T>(z, j));
  }
}

/** The sum of four vectors in the order of `sumLanes`. */
function addFour<T extends number>(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.add<T>(v128.add<T>(a, c), v128.add<T>(b, d));
}

/** Two vectors of f32 or four of f64: eight sums, and loads of weights that are shared. */
function eightLogits<T extends number>(n_x: i32, x: usize, step: usize, parameters: usize, z: usize): void {
  const bias = loadSplat<T>(at<T>(parameters, n_x));
  const zero = splat<T>(0);
  const rest = n_x & (lanes<T>() - 1);
  const end = at<T>(parameters, n_x - rest);
  let w = end;
  let p = x + <usize>(n_x - rest) * step;
  let a = bias,
    b = zero,
    c = sizeof<T>() == 4 ? zero : bias,
    d = zero,
    e = bias,
    f = zero,
    g = sizeof<T>() == 4 ? zero : bias,
    h = zero;
  if (sizeof<T>() == 4) {
    for (let i = rest; i > 0; i--, w += 4, p += step) {
      const last = loadSplat<T>(w);
      b = c;
      c = d;
      d = madd<T>(last, v128.load(p), zero);
      f = g;
      g = h;
      h = madd<T>(last, v128.load(p, 16), zero);
    }
    for (w = parameters; w < end; w += 16) {
      const w0 = loadSplat<T>(w);
      a = madd<T>(w0, v128.load(x), a);
      e = madd<T>(w0, v128.load(x, 16), e);
      x += step;
      const w1 = loadSplat<T>(w + 4);
      b = madd<T>(w1, v128.load(x), b);
      f = madd<T>(w1, v128.load(x, 16), f);
      x += step;
      const w2 = loadSplat<T>(w + 8);
      c = madd<T>(w2, v128.load(x), c);
      g = madd<T>(w2, v128.load(x, 16), g);
      x += step;
      const w3 = loadSplat<T>(w + 12);
      d = madd<T>(w3, v128.load(x), d);
      h = madd<T>(w3, v128.load(x, 16), h);
      x += step;
    }
    v128.store(z, addFour<T>(a, b, c, d));
    v128.store(z, addFour<T>(e, f, g, h), 16);
    return;
  }
  if (rest > 0) {
    const w1 = loadSplat<T>(w);
    b = madd<T>(w1, v128.load(p), b);
    d = madd<T>(w1, v128.load(p, 16), d);
    f = madd<T>(w1, v128.load(p, 32), f);
    h = madd<T>(w1, v128.load(p, 48), h);
  }
  for (w = parameters; w < end; w += 16) {
    const w0 = loadSplat<T>(w);
    a = madd<T>(w0, v128.load(x), a);
    c = madd<T>(w0, v128.load(x, 16), c);
    e = madd<T>(w0, v128.load(x, 32), e);
    g = madd<T>(w0, v128.load(x, 48), g);
    x += step;
    const w1 = loadSplat<T>(w + 8);
    b = madd<T>(w1, v128.load(x), b);
    d = madd<T>(w1, v128.load(x, 16), d);
    f = madd<T>(w1, v128.load(x, 32), f);
    h = madd<T>(w1, v128.load(x, 48), h);
    x += step;
  }
  v128.store(z, v128.add<T>(a, b));
  v128.store(z, v128.add<T>(c, d), 16);
  v128.store(z, v128.add<T>(e, f), 32);
  v128.store(z, v128.add<T>(g, h), 48);
}

/**
 * gradient[k] += Σ_j dz[j]·x[k, j] for m samples and k < n_x; entries of the gradient lie g_s apart. sums: GROUP_BYTES of
 * scratch.
 */
export function gradientAlongSamples<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  dz: usize,
  gradient: usize,
  g_s: i32,
  sums: usize,
): void {
  const L = lanes<T>();
  const group = 2 * L;
  const rest = m & 3;
  for (let k = 0; k < n_x; k += group) {
    const rows = min(n_x - k, group);
    sumGroup<T>(rows, m - rest, at<T>(x, k * x_rs), bytes<T>(x_rs), dz, sums);
    for (let i = 0; i < rows; i++) {
      const p = sums + <usize>(i * vectorsOfFour<T>()) * 16;
      const q = at<T>(gradient, (k + i) * g_s);
      let sum = v128.load(p);
      if (rest) sum = addProduct<T>(min(rest, L), at<T>(dz, m - rest), at<T>(x, (k + i) * x_rs + m - rest), sum);
      if (vectorsOfFour<T>() == 2) {
        let more = v128.load(p, 16);
        if (rest > L)
          more = addProduct<T>(rest - L, at<T>(dz, m - rest + L), at<T>(x, (k + i) * x_rs + m - rest + L), more);
        sum = v128.add<T>(sum, more);
      }
      store<T>(q, <T>(<f64>load<T>(q) + sumLanes<T>(sum)));
    }
  }
}

/** The sum grows by the products of `count` elements. */
function addProduct<T extends number>(count: i32, x: usize, y: usize, sum: v128): v128 {
  const one = bytes<T>(1);
  return madd<T>(loadPart<T>(x, one, count), loadPart<T>(y, one, count), sum);
}

/** Vectors of four samples. */
function vectorsOfFour<T extends number>(): i32 {
  return 4 / lanes<T>();
}

/** Where vector i of a group of `rows` rows begins; the last row stands in for those that are missing. */
function vectorOfGroup<T extends number>(i: i32, rows: i32, x: usize, step: usize): usize {
  return x + <usize>min(i / vectorsOfFour<T>(), rows - 1) * step + <usize>(i % vectorsOfFour<T>()) * 16;
}

/** The sums by j modulo 4, m % 4 = 0, of up to as many features as two vectors have lanes: they share dz. */
function sumGroup<T extends number>(rows: i32, m: i32, x: usize, step: usize, dz: usize, sums: usize): void {
  const two = vectorsOfFour<T>() == 2;
  let a = splat<T>(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  let x0 = x;
  let x1 = vectorOfGroup<T>(1, rows, x, step);
  let x2 = vectorOfGroup<T>(2, rows, x, step);
  let x3 = vectorOfGroup<T>(3, rows, x, step);
  let x4 = vectorOfGroup<T>(4, rows, x, step);
  let x5 = vectorOfGroup<T>(5, rows, x, step);
  let x6 = vectorOfGroup<T>(6, rows, x, step);
  let x7 = vectorOfGroup<T>(7, rows, x, step);
  const end = at<T>(dz, m);
  for (; dz < end; dz += bytes<T>(4)) {
    const d0 = v128.load(dz);
    const d1 = two ? v128.load(dz, 16) : d0;
    a = madd<T>(d0, v128.load(x0), a);
    b = madd<T>(d1, v128.load(x1), b);
    c = madd<T>(d0, v128.load(x2), c);
    d = madd<T>(d1, v128.load(x3), d);
    e = madd<T>(d0, v128.load(x4), e);
    f = madd<T>(d1, v128.load(x5), f);
    g = madd<T>(d0, v128.load(x6), g);
    h = madd<T>(d1, v128.load(x7), h);
    x0 += bytes<T>(4);
    x1 += bytes<T>(4);
    x2 += bytes<T>(4);
    x3 += bytes<T>(4);
    x4 += bytes<T>(4);
    x5 += bytes<T>(4);
    x6 += bytes<T>(4);
    x7 += bytes<T>(4);
  }
  storeGroup(sums, a, b, c, d, e, f, g, h);
}
