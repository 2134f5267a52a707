/**
 * A block of logistic regression whose features are rows of contiguous samples: a vector holds lanes of samples.
 * along-features.ts does the same for the other memory order, to the same bits, since both add in one order:
 *
 *   z_j   the products w_k·x_kj by k modulo lanes: as many sums, the first from the bias on, added as by `sumLanes`
 *   dw_k  the products dz_j·x_kj by j modulo two vectors, added in pairs and then as by `sumLanes`
 *
 * What is left over when groups of that size are full comes first, by its place in a vector: a branch between a loop
 * and the use of its sums makes V8 keep them on the stack.
 */
import { at, bytes, lanes, loadPart, loadSplat, madd, splat, storePart, sumLanes } from "./vec";

/** z[j] = b + Σ_k w_k·x[k, j] for m samples; parameters [ w: n_x | b ]. */
export function logitsAlongSamples<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  parameters: usize,
  z: usize,
): void {
  let j = 0;
  for (; j + 8 <= m; j += 8) eightLogits<T>(n_x, at<T>(x, j), bytes<T>(x_rs), parameters, at<T>(z, j));
  for (; j < m; j += lanes<T>()) {
    vectorOfLogits<T>(n_x, min(m - j, lanes<T>()), at<T>(x, j), bytes<T>(x_rs), parameters, at<T>(z, j));
  }
}

/** The sum of four vectors in the order of `sumLanes`. */
function addFour<T extends number>(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.add<T>(v128.add<T>(a, c), v128.add<T>(b, d));
}

/** Two vectors of f32 or four of f64: eight sums, and loads of weights that are shared. */
function eightLogits<T extends number>(n_x: i32, x: usize, step: usize, parameters: usize, z: usize): void {
  const L = lanes<T>();
  const bias = loadSplat<T>(at<T>(parameters, n_x));
  const zero = splat<T>(0);
  const end = at<T>(parameters, n_x & ~(L - 1));
  const rest = n_x & (L - 1);
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
    if (rest > 0) {
      const w0 = loadSplat<T>(w);
      a = madd<T>(w0, v128.load(p), a);
      e = madd<T>(w0, v128.load(p, 16), e);
    }
    if (rest > 1) {
      p += step;
      const w1 = loadSplat<T>(w + 4);
      b = madd<T>(w1, v128.load(p), b);
      f = madd<T>(w1, v128.load(p, 16), f);
    }
    if (rest > 2) {
      p += step;
      const w2 = loadSplat<T>(w + 8);
      c = madd<T>(w2, v128.load(p), c);
      g = madd<T>(w2, v128.load(p, 16), g);
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
    const w0 = loadSplat<T>(w);
    a = madd<T>(w0, v128.load(p), a);
    c = madd<T>(w0, v128.load(p, 16), c);
    e = madd<T>(w0, v128.load(p, 32), e);
    g = madd<T>(w0, v128.load(p, 48), g);
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

/** The first `count` lanes of one vector. */
function vectorOfLogits<T extends number>(
  n_x: i32,
  count: i32,
  x: usize,
  step: usize,
  parameters: usize,
  z: usize,
): void {
  const one = bytes<T>(1);
  let a = loadSplat<T>(at<T>(parameters, n_x)),
    b = splat<T>(0),
    c = b,
    d = b;
  const whole = n_x & ~(lanes<T>() - 1);
  for (let i = 0; i < n_x; i++) {
    const k = i < n_x - whole ? whole + i : i - (n_x - whole);
    const r = k & (lanes<T>() - 1);
    const weight = loadSplat<T>(at<T>(parameters, k));
    const samples = loadPart<T>(x + <usize>k * step, one, count);
    if (r == 0) a = madd<T>(weight, samples, a);
    else if (r == 1) b = madd<T>(weight, samples, b);
    else if (r == 2) c = madd<T>(weight, samples, c);
    else d = madd<T>(weight, samples, d);
  }
  storePart<T>(z, sizeof<T>() == 4 ? addFour<T>(a, b, c, d) : v128.add<T>(a, b), one, count);
}

/** gradient[k] += Σ_j dz[j]·x[k, j] for m samples and k < n_x. */
export function gradientAlongSamples<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  dz: usize,
  gradient: usize,
): void {
  let k = 0;
  for (; k + 4 <= n_x; k += 4) fourSums<T>(m, at<T>(x, k * x_rs), bytes<T>(x_rs), dz, at<T>(gradient, k));
  for (; k < n_x; k++) oneSum<T>(m, at<T>(x, k * x_rs), dz, at<T>(gradient, k));
}

/** The number at p grows by the sum of the lanes. */
function increase<T extends number>(p: usize, lanes: v128): void {
  store<T>(p, <T>(<f64>load<T>(p) + sumLanes<T>(lanes)));
}

/** Four neighbouring entries of the gradient at once, since they share dz. */
function fourSums<T extends number>(m: i32, x: usize, step: usize, dz: usize, gradient: usize): void {
  const L = lanes<T>();
  const one = bytes<T>(1);
  let s0 = splat<T>(0),
    s1 = s0,
    s2 = s0,
    s3 = s0,
    t0 = s0,
    t1 = s0,
    t2 = s0,
    t3 = s0;
  const whole = m & ~(2 * L - 1);
  for (let j = whole; j < m; j += L) {
    const count = min(m - j, L);
    const d = loadPart<T>(at<T>(dz, j), one, count);
    const p = at<T>(x, j);
    s0 = madd<T>(d, loadPart<T>(p, one, count), s0);
    s1 = madd<T>(d, loadPart<T>(p + step, one, count), s1);
    s2 = madd<T>(d, loadPart<T>(p + 2 * step, one, count), s2);
    s3 = madd<T>(d, loadPart<T>(p + 3 * step, one, count), s3);
  }
  let x1 = x + step;
  let x2 = x1 + step;
  let x3 = x2 + step;
  for (const end = at<T>(dz, whole); dz < end; dz += 32) {
    const d = v128.load(dz);
    s0 = madd<T>(d, v128.load(x), s0);
    s1 = madd<T>(d, v128.load(x1), s1);
    s2 = madd<T>(d, v128.load(x2), s2);
    s3 = madd<T>(d, v128.load(x3), s3);
    const e = v128.load(dz, 16);
    t0 = madd<T>(e, v128.load(x, 16), t0);
    t1 = madd<T>(e, v128.load(x1, 16), t1);
    t2 = madd<T>(e, v128.load(x2, 16), t2);
    t3 = madd<T>(e, v128.load(x3, 16), t3);
    x += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  }
  increase<T>(gradient, v128.add<T>(s0, t0));
  increase<T>(gradient + one, v128.add<T>(s1, t1));
  increase<T>(gradient + 2 * one, v128.add<T>(s2, t2));
  increase<T>(gradient + 3 * one, v128.add<T>(s3, t3));
}

/** One entry of the gradient. */
function oneSum<T extends number>(m: i32, x: usize, dz: usize, gradient: usize): void {
  const L = lanes<T>();
  const one = bytes<T>(1);
  let s = splat<T>(0),
    t = s;
  const whole = m & ~(2 * L - 1);
  for (let j = whole; j < m; j += L) {
    const count = min(m - j, L);
    s = madd<T>(loadPart<T>(at<T>(dz, j), one, count), loadPart<T>(at<T>(x, j), one, count), s);
  }
  for (const end = at<T>(dz, whole); dz < end; dz += 32, x += 32) {
    s = madd<T>(v128.load(dz), v128.load(x), s);
    t = madd<T>(v128.load(dz, 16), v128.load(x, 16), t);
  }
  increase<T>(gradient, v128.add<T>(s, t));
}
