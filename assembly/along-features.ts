/**
 * A block of logistic regression whose samples are columns of contiguous features: a vector holds lanes of features.
 * The order of every sum is that of along-samples.ts.
 */
import { GROUP_BYTES, storeGroup } from "./along-samples";
import { at, bytes, lanes, loadSplat, madd, maskPart } from "./vec";

/** Writes the sums of the lanes of four vectors: lanes 0 + 2 and 1 + 3 of two each, then both halves of all four. */
function addLanes<T extends number>(z: usize, sums: usize): void {
  const a = v128.load(sums);
  const b = v128.load(sums, 16);
  const c = v128.load(sums, 32);
  const d = v128.load(sums, 48);
  const ab = v128.add<T>(v128.shuffle<i64>(a, b, 0, 2), v128.shuffle<i64>(a, b, 1, 3));
  const cd = v128.add<T>(v128.shuffle<i64>(c, d, 0, 2), v128.shuffle<i64>(c, d, 1, 3));
  if (sizeof<T>() == 4) {
    v128.store(z, v128.add<T>(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7)));
  } else {
    v128.store(z, ab);
    v128.store(z, cd, 16);
  }
}

/**
 * z[j] = b + Σ_k w_k·x[k, j] for m samples; parameters [ w: n_x | b ]; n_x >= lanes; sums: GROUP_BYTES of scratch; z has
 * room for seven samples more.
 */
export function logitsAlongFeatures<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_cs: i32,
  parameters: usize,
  z: usize,
  sums: usize,
): void {
  assert(n_x >= lanes<T>());
  const L = lanes<T>();
  const bias = v128.and(loadSplat<T>(at<T>(parameters, n_x)), maskPart<T>(1));
  const rest = n_x & (L - 1);
  const whole = at<T>(parameters, n_x - rest);
  // So few samples are taken one by one, each eight times over: there is no second way to add.
  const few = m < 8;
  const step = few ? 0 : bytes<T>(x_cs);
  for (let j = 0; j < m; j += few ? 1 : 8) {
    if (!few) j = min(j, m - 8);
    let x0 = at<T>(x, j * x_cs);
    let x1 = x0 + step;
    let x2 = x1 + step;
    let x3 = x2 + step;
    let x4 = x3 + step;
    let x5 = x4 + step;
    let x6 = x5 + step;
    let x7 = x6 + step;
    let a = bias,
      b = bias,
      c = bias,
      d = bias,
      e = bias,
      f = bias,
      g = bias,
      h = bias;
    // What is left over lies in the last lanes of the last vector; those before have their turn in the loop.
    if (rest) {
      const past = bytes<T>(n_x - L);
      const w = v128.andnot(v128.load(parameters + past), maskPart<T>(L - rest));
      a = madd<T>(w, v128.load(x0 + past), a);
      b = madd<T>(w, v128.load(x1 + past), b);
      c = madd<T>(w, v128.load(x2 + past), c);
      d = madd<T>(w, v128.load(x3 + past), d);
      e = madd<T>(w, v128.load(x4 + past), e);
      f = madd<T>(w, v128.load(x5 + past), f);
      g = madd<T>(w, v128.load(x6 + past), g);
      h = madd<T>(w, v128.load(x7 + past), h);
    }
    let p = parameters;
    if ((n_x - rest) & L) {
      const w = v128.load(p);
      a = madd<T>(w, v128.load(x0), a);
      b = madd<T>(w, v128.load(x1), b);
      c = madd<T>(w, v128.load(x2), c);
      d = madd<T>(w, v128.load(x3), d);
      e = madd<T>(w, v128.load(x4), e);
      f = madd<T>(w, v128.load(x5), f);
      g = madd<T>(w, v128.load(x6), g);
      h = madd<T>(w, v128.load(x7), h);
      p += 16;
      x0 += 16;
      x1 += 16;
      x2 += 16;
      x3 += 16;
      x4 += 16;
      x5 += 16;
      x6 += 16;
      x7 += 16;
    }
    for (; p < whole; p += 32) {
      const w0 = v128.load(p);
      const w1 = v128.load(p, 16);
      a = madd<T>(w0, v128.load(x0), a);
      a = madd<T>(w1, v128.load(x0, 16), a);
      x0 += 32;
      b = madd<T>(w0, v128.load(x1), b);
      b = madd<T>(w1, v128.load(x1, 16), b);
      x1 += 32;
      c = madd<T>(w0, v128.load(x2), c);
      c = madd<T>(w1, v128.load(x2, 16), c);
      x2 += 32;
      d = madd<T>(w0, v128.load(x3), d);
      d = madd<T>(w1, v128.load(x3, 16), d);
      x3 += 32;
      e = madd<T>(w0, v128.load(x4), e);
      e = madd<T>(w1, v128.load(x4, 16), e);
      x4 += 32;
      f = madd<T>(w0, v128.load(x5), f);
      f = madd<T>(w1, v128.load(x5, 16), f);
      x5 += 32;
      g = madd<T>(w0, v128.load(x6), g);
      g = madd<T>(w1, v128.load(x6, 16), g);
      x6 += 32;
      h = madd<T>(w0, v128.load(x7), h);
      h = madd<T>(w1, v128.load(x7, 16), h);
      x7 += 32;
    }
    storeGroup(sums, a, b, c, d, e, f, g, h);
    addLanes<T>(at<T>(z, j), sums);
    addLanes<T>(at<T>(z, j + 4), sums + 64);
  }
}

/**
 * Adds dz[j]·x[k, j] of m samples, but for the last m modulo 4, to the sums of all features, which are groups of two
 * vectors; n_x has one at least. sums: GROUP_BYTES for each group.
 */
export function sumAlongFeatures<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_cs: i32,
  dz: usize,
  sums: usize,
): void {
  const group = 2 * lanes<T>();
  assert(n_x >= group);
  const rest = m & 3;
  for (let k = 0; k < n_x; k += group, sums += GROUP_BYTES) {
    // The last group may begin before the others end.
    let p = at<T>(x, min(k, n_x - group));
    const step = bytes<T>(x_cs);
    sumGroup<T>(m - rest, p, step, dz, sums);
    p += <usize>(m - rest) * step;
    for (let j = 0; j < rest; j++, p += step) {
      const d = loadSplat<T>(at<T>(dz, m - rest + j));
      const q = sums + 32 * j;
      v128.store(q, madd<T>(d, v128.load(p), v128.load(q)));
      v128.store(q, madd<T>(d, v128.load(p, 16), v128.load(q, 16)), 16);
    }
  }
}

/** gradient[k] += the sums of feature k. */
export function gradientAlongFeatures<T extends number>(n_x: i32, sums: usize, gradient: usize): void {
  const L = lanes<T>();
  for (let k = 0; k < n_x; k += 2 * L, sums += GROUP_BYTES) {
    // The first features of the last group may be done.
    const first = min(k, n_x - 2 * L);
    for (let i = 0; i < 2; i++) increase<T>(at<T>(gradient, first + i * L), sums + 16 * i, k - first - i * L);
  }
}

/** The sums of two neighbouring vectors of features, by j modulo 4, grow by those of m samples, m % 4 = 0. */
function sumGroup<T extends number>(m: i32, x: usize, step: usize, dz: usize, sums: usize): void {
  let a = v128.load(sums);
  let b = v128.load(sums, 16);
  let c = v128.load(sums, 32);
  let d = v128.load(sums, 48);
  let e = v128.load(sums, 64);
  let f = v128.load(sums, 80);
  let g = v128.load(sums, 96);
  let h = v128.load(sums, 112);
  for (const end = at<T>(dz, m); dz < end; dz += bytes<T>(4)) {
    const u = v128.load(dz);
    const v = sizeof<T>() == 4 ? u : v128.load(dz, 16);
    const d0 = sizeof<T>() == 4 ? v128.shuffle<i32>(u, u, 0, 0, 0, 0) : v128.shuffle<i64>(u, u, 0, 0);
    a = madd<T>(d0, v128.load(x), a);
    b = madd<T>(d0, v128.load(x, 16), b);
    x += step;
    const d1 = sizeof<T>() == 4 ? v128.shuffle<i32>(u, u, 1, 1, 1, 1) : v128.shuffle<i64>(u, u, 1, 1);
    c = madd<T>(d1, v128.load(x), c);
    d = madd<T>(d1, v128.load(x, 16), d);
    x += step;
    const d2 = sizeof<T>() == 4 ? v128.shuffle<i32>(u, u, 2, 2, 2, 2) : v128.shuffle<i64>(v, v, 0, 0);
    e = madd<T>(d2, v128.load(x), e);
    f = madd<T>(d2, v128.load(x, 16), f);
    x += step;
    const d3 = sizeof<T>() == 4 ? v128.shuffle<i32>(u, u, 3, 3, 3, 3) : v128.shuffle<i64>(v, v, 1, 1);
    g = madd<T>(d3, v128.load(x), g);
    h = madd<T>(d3, v128.load(x, 16), h);
    x += step;
  }
  storeGroup(sums, a, b, c, d, e, f, g, h);
}

/** The vector at p, but for its first `done` lanes, grows by the sum of four, in the order of `sumLanes`. */
function increase<T extends number>(p: usize, sums: usize, done: i32): void {
  const a = v128.load(sums);
  const b = v128.load(sums, 32);
  const c = v128.load(sums, 64);
  const d = v128.load(sums, 96);
  const old = v128.load(p);
  let sum: v128;
  if (sizeof<T>() == 8) {
    sum = v128.add<T>(old, v128.add<T>(v128.add<T>(a, c), v128.add<T>(b, d)));
  } else {
    const low = v128.add<f64>(v128.promote_low<f32>(old), addHalves(a, b, c, d));
    const high = v128.add<f64>(
      v128.promote_low<f32>(upper(old)),
      addHalves(upper(a), upper(b), upper(c), upper(d)),
    );
    sum = v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
  }
  v128.store(p, v128.bitselect(old, sum, maskPart<T>(done)));
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
