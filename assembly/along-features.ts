/**
 * A block of logistic regression whose samples are columns of contiguous features: a vector holds lanes of features.
 * The order of every sum is that of along-samples.ts.
 */
import { at, bytes, lanes, loadPart, loadSplat, madd, maskPart, splat } from "./vec";

/** z[j] = b + Σ_k w_k·x[k, j] for m samples; parameters [ w: n_x | b ]. */
export function logitsAlongFeatures<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_cs: i32,
  parameters: usize,
  z: usize,
): void {
  let j = 0;
  for (; j + 4 <= m; j += 4) {
    fourLogits<T>(n_x, at<T>(x, j * x_cs), bytes<T>(x_cs), parameters, at<T>(z, j), bytes<T>(1));
  }
  // Four times the same one, so that there is no second way to add.
  for (; j < m; j++) fourLogits<T>(n_x, at<T>(x, j * x_cs), 0, parameters, at<T>(z, j), 0);
}

/** Four samples `step` bytes apart, which share the loads of weights, to logits `z_step` bytes apart. */
function fourLogits<T extends number>(
  n_x: i32,
  x: usize,
  step: usize,
  parameters: usize,
  z: usize,
  z_step: usize,
): void {
  const L = lanes<T>();
  let a = v128.and(loadSplat<T>(at<T>(parameters, n_x)), maskPart<T>(1)),
    b = a,
    c = a,
    d = a;
  let x1 = x + step;
  let x2 = x1 + step;
  let x3 = x2 + step;
  const rest = n_x & (L - 1);
  if (rest) {
    const one = bytes<T>(1);
    const past = bytes<T>(n_x - rest);
    const w = loadPart<T>(parameters + past, one, rest);
    a = madd<T>(w, loadPart<T>(x + past, one, rest), a);
    b = madd<T>(w, loadPart<T>(x1 + past, one, rest), b);
    c = madd<T>(w, loadPart<T>(x2 + past, one, rest), c);
    d = madd<T>(w, loadPart<T>(x3 + past, one, rest), d);
  }
  const end = at<T>(parameters, n_x - rest);
  if ((n_x - rest) & L) {
    const w = v128.load(parameters);
    a = madd<T>(w, v128.load(x), a);
    b = madd<T>(w, v128.load(x1), b);
    c = madd<T>(w, v128.load(x2), c);
    d = madd<T>(w, v128.load(x3), d);
    parameters += 16;
    x += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
  }
  for (; parameters < end; parameters += 32) {
    const w0 = v128.load(parameters);
    a = madd<T>(w0, v128.load(x), a);
    b = madd<T>(w0, v128.load(x1), b);
    c = madd<T>(w0, v128.load(x2), c);
    d = madd<T>(w0, v128.load(x3), d);
    const w1 = v128.load(parameters, 16);
    a = madd<T>(w1, v128.load(x, 16), a);
    b = madd<T>(w1, v128.load(x1, 16), b);
    c = madd<T>(w1, v128.load(x2, 16), c);
    d = madd<T>(w1, v128.load(x3, 16), d);
    x += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  }
  if (sizeof<T>() == 4) {
    // Lanes 0 + 2 and 1 + 3 of two samples each, then both halves of all four.
    const ab = v128.add<T>(v128.shuffle<i64>(a, b, 0, 2), v128.shuffle<i64>(a, b, 1, 3));
    const cd = v128.add<T>(v128.shuffle<i64>(c, d, 0, 2), v128.shuffle<i64>(c, d, 1, 3));
    const sums = v128.add<T>(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7));
    v128.store32_lane(z, sums, 0);
    v128.store32_lane(z + z_step, sums, 1);
    v128.store32_lane(z + 2 * z_step, sums, 2);
    v128.store32_lane(z + 3 * z_step, sums, 3);
    return;
  }
  const ab = v128.add<T>(v128.shuffle<i64>(a, b, 0, 2), v128.shuffle<i64>(a, b, 1, 3));
  const cd = v128.add<T>(v128.shuffle<i64>(c, d, 0, 2), v128.shuffle<i64>(c, d, 1, 3));
  v128.store64_lane(z, ab, 0);
  v128.store64_lane(z + z_step, ab, 1);
  v128.store64_lane(z + 2 * z_step, cd, 0);
  v128.store64_lane(z + 3 * z_step, cd, 1);
}

/** gradient[k] += Σ_j dz[j]·x[k, j] for m samples and k < n_x, n_x >= 4. */
export function gradientAlongFeatures<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_cs: i32,
  dz: usize,
  gradient: usize,
): void {
  assert(n_x >= 4);
  const step = bytes<T>(x_cs);
  let k = 0;
  for (; k + 4 <= n_x; k += 4) fourFeatures<T>(m, at<T>(x, k), step, dz, at<T>(gradient, k));
  if (k == n_x) return;
  // The last four once more: the first of them are done and keep what they have.
  const last = n_x - 4;
  const p = at<T>(gradient, last);
  const g0 = load<T>(p);
  const g1 = load<T>(at<T>(p, 1));
  const g2 = load<T>(at<T>(p, 2));
  fourFeatures<T>(m, at<T>(x, last), step, dz, p);
  store<T>(p, g0);
  if (k > last + 1) store<T>(at<T>(p, 1), g1);
  if (k > last + 2) store<T>(at<T>(p, 2), g2);
}

/** Four neighbouring entries of the gradient. No branch may follow the loops: see along-samples.ts. */
function fourFeatures<T extends number>(m: i32, x: usize, step: usize, dz: usize, gradient: usize): void {
  let a = splat<T>(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const rest = m & (2 * lanes<T>() - 1);
  const whole = m - rest;
  let p = x + <usize>whole * step;
  let q = at<T>(dz, whole);
  const end = q;
  if (sizeof<T>() == 4) {
    for (let left = rest; left > 0; left -= 4, q += 16, p += 4 * step) {
      a = madd<T>(loadSplat<T>(q), v128.load(p), a);
      if (left > 1) b = madd<T>(loadSplat<T>(q + 4), v128.load(p + step), b);
      if (left > 2) c = madd<T>(loadSplat<T>(q + 8), v128.load(p + 2 * step), c);
      if (left > 3) d = madd<T>(loadSplat<T>(q + 12), v128.load(p + 3 * step), d);
    }
    for (; dz < end; dz += 32) {
      a = madd<T>(loadSplat<T>(dz), v128.load(x), a);
      x += step;
      b = madd<T>(loadSplat<T>(dz + 4), v128.load(x), b);
      x += step;
      c = madd<T>(loadSplat<T>(dz + 8), v128.load(x), c);
      x += step;
      d = madd<T>(loadSplat<T>(dz + 12), v128.load(x), d);
      x += step;
      e = madd<T>(loadSplat<T>(dz + 16), v128.load(x), e);
      x += step;
      f = madd<T>(loadSplat<T>(dz + 20), v128.load(x), f);
      x += step;
      g = madd<T>(loadSplat<T>(dz + 24), v128.load(x), g);
      x += step;
      h = madd<T>(loadSplat<T>(dz + 28), v128.load(x), h);
      x += step;
    }
    a = v128.add<T>(a, e);
    b = v128.add<T>(b, f);
    c = v128.add<T>(c, g);
    d = v128.add<T>(d, h);
    const old = v128.load(gradient);
    const low = v128.add<f64>(v128.promote_low<f32>(old), addHalves(a, b, c, d));
    const high = v128.add<f64>(
      v128.promote_low<f32>(upper(old)),
      addHalves(upper(a), upper(b), upper(c), upper(d)),
    );
    v128.store(gradient, v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2));
  } else {
    for (let left = rest; left > 0; left -= 2, q += 16, p += 2 * step) {
      const d0 = loadSplat<T>(q);
      a = madd<T>(d0, v128.load(p), a);
      e = madd<T>(d0, v128.load(p, 16), e);
      if (left > 1) {
        const d1 = loadSplat<T>(q + 8);
        b = madd<T>(d1, v128.load(p + step), b);
        f = madd<T>(d1, v128.load(p + step, 16), f);
      }
    }
    for (; dz < end; dz += 32) {
      const d0 = loadSplat<T>(dz);
      a = madd<T>(d0, v128.load(x), a);
      e = madd<T>(d0, v128.load(x, 16), e);
      x += step;
      const d1 = loadSplat<T>(dz + 8);
      b = madd<T>(d1, v128.load(x), b);
      f = madd<T>(d1, v128.load(x, 16), f);
      x += step;
      const d2 = loadSplat<T>(dz + 16);
      c = madd<T>(d2, v128.load(x), c);
      g = madd<T>(d2, v128.load(x, 16), g);
      x += step;
      const d3 = loadSplat<T>(dz + 24);
      d = madd<T>(d3, v128.load(x), d);
      h = madd<T>(d3, v128.load(x, 16), h);
      x += step;
    }
    const low = v128.add<T>(v128.add<T>(a, c), v128.add<T>(b, d));
    const high = v128.add<T>(v128.add<T>(e, g), v128.add<T>(f, h));
    v128.store(gradient, v128.add<T>(v128.load(gradient), low));
    v128.store(gradient, v128.add<T>(v128.load(gradient, 16), high), 16);
  }
}

/** The last two of four lanes. */
function upper(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 1);
}

/** The sum of the first two f32 lanes of four vectors in double precision, in the order of `sumLanes`. */
function addHalves(a: v128, b: v128, c: v128, d: v128): v128 {
  const ac = v128.add<f64>(v128.promote_low<f32>(a), v128.promote_low<f32>(c));
  return v128.add<f64>(ac, v128.add<f64>(v128.promote_low<f32>(b), v128.promote_low<f32>(d)));
}
