/**
 * Logistic regression in one pass over X: logits, loss and gradient of a block of samples while the
 * block is in cache.
 *
 * Parameters are one flat array, as is the gradient: [ w: n_x | b: 1 ].
 *
 * Samples lie along the vectors: X is read in place when its rows are contiguous (x_cs = 1) and
 * transposed block by block into scratch when its columns are, so both memory orders give the same bits.
 */
import { copy } from "./copy";
import { crossEntropy } from "./loss";
import { at, bytes, lanes, loadPart, loadSplat, madd, splat, storePart, sumLanes } from "./vec";

/** Samples in a block: the block of X stays in the first-level or near second-level cache. */
function blockSize<T extends number>(n_x: i32): i32 {
  const fit = 32768 / (<i32>sizeof<T>() * max(n_x, 1));
  return min(max(fit & ~15, 16), 512);
}

/** Bytes of scratch: one transposed block of X and its logits. */
export function logisticScratch<T extends number>(n_x: i32): usize {
  return bytes<T>((n_x + 1) * blockSize<T>(n_x));
}

/** z[j] = b + Σ_k w_k·x[k, j] for the m samples of a block, whose rows are contiguous. */
function blockLogits<T extends number>(n_x: i32, m: i32, x: usize, x_rs: i32, parameters: usize, z: usize): void {
  const L = lanes<T>();
  const bias = loadSplat<T>(at<T>(parameters, n_x));
  const step = bytes<T>(x_rs);
  const end = at<T>(parameters, n_x);
  let j = 0;
  for (; j + 4 * L <= m; j += 4 * L) {
    let z0 = bias,
      z1 = bias,
      z2 = bias,
      z3 = bias;
    let p = at<T>(x, j);
    for (let w = parameters; w < end; w += bytes<T>(1), p += step) {
      const weight = loadSplat<T>(w);
      z0 = madd<T>(weight, v128.load(p), z0);
      z1 = madd<T>(weight, v128.load(p, 16), z1);
      z2 = madd<T>(weight, v128.load(p, 32), z2);
      z3 = madd<T>(weight, v128.load(p, 48), z3);
    }
    const q = at<T>(z, j);
    v128.store(q, z0);
    v128.store(q, z1, 16);
    v128.store(q, z2, 32);
    v128.store(q, z3, 48);
  }
  for (; j < m; j += L) {
    const count = min(m - j, L);
    let z0 = bias;
    let p = at<T>(x, j);
    for (let w = parameters; w < end; w += bytes<T>(1), p += step) {
      z0 = madd<T>(loadSplat<T>(w), loadPart<T>(p, bytes<T>(1), count), z0);
    }
    storePart<T>(at<T>(z, j), z0, bytes<T>(1), count);
  }
}

/** gradient[k] += Σ_j dz[j]·x[k, j], gradient[n_x] += Σ_j dz[j] for the m samples of a block. */
function blockGradient<T extends number>(n_x: i32, m: i32, x: usize, x_rs: i32, dz: usize, gradient: usize): void {
  let k = 0;
  for (; k + 4 <= n_x; k += 4) fourSums<T>(m, at<T>(x, k * x_rs), bytes<T>(x_rs), dz, at<T>(gradient, k));
  for (; k < n_x; k++) oneSum<T>(m, at<T>(x, k * x_rs), dz, at<T>(gradient, k));
  const L = lanes<T>();
  let sum = splat<T>(0);
  for (let j = 0; j < m; j += L) sum = v128.add<T>(sum, loadPart<T>(at<T>(dz, j), bytes<T>(1), min(m - j, L)));
  increase<T>(at<T>(gradient, n_x), sum);
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
  let x1 = x + step;
  let x2 = x1 + step;
  let x3 = x2 + step;
  let j = 0;
  for (; j + 2 * L <= m; j += 2 * L) {
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
    dz += 32;
    x += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  }
  for (; j < m; j += L) {
    const count = min(m - j, L);
    const d = loadPart<T>(dz, one, count);
    s0 = madd<T>(d, loadPart<T>(x, one, count), s0);
    s1 = madd<T>(d, loadPart<T>(x1, one, count), s1);
    s2 = madd<T>(d, loadPart<T>(x2, one, count), s2);
    s3 = madd<T>(d, loadPart<T>(x3, one, count), s3);
    dz += 16;
    x += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
  }
  increase<T>(gradient, v128.add<T>(s0, t0));
  increase<T>(gradient + one, v128.add<T>(s1, t1));
  increase<T>(gradient + 2 * one, v128.add<T>(s2, t2));
  increase<T>(gradient + 3 * one, v128.add<T>(s3, t3));
}

/** One entry of the gradient, its terms in the same order as in fourSums. */
function oneSum<T extends number>(m: i32, x: usize, dz: usize, gradient: usize): void {
  const L = lanes<T>();
  const one = bytes<T>(1);
  let s = splat<T>(0),
    t = s;
  let j = 0;
  for (; j + 2 * L <= m; j += 2 * L, dz += 32, x += 32) {
    s = madd<T>(v128.load(dz), v128.load(x), s);
    t = madd<T>(v128.load(dz, 16), v128.load(x, 16), t);
  }
  for (; j < m; j += L, dz += 16, x += 16) {
    const count = min(m - j, L);
    s = madd<T>(loadPart<T>(dz, one, count), loadPart<T>(x, one, count), s);
  }
  increase<T>(gradient, v128.add<T>(s, t));
}

/** Adds the gradient sums of m samples to `gradient` (n_x + 1) and returns the sum of their losses. */
export function logisticGradient<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  y: usize,
  y_s: i32,
  parameters: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  assert(n_x >= 0 && m >= 0 && gradient >= __heap_base && scratch >= __heap_base);
  const size = blockSize<T>(n_x);
  const z = at<T>(scratch, n_x * size);
  let loss: f64 = 0;
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    let block = at<T>(x, start * x_cs);
    let block_rs = x_rs;
    if (x_cs != 1) {
      copy<T>(n_x, count, block, x_rs, x_cs, scratch, size, 1);
      block = scratch;
      block_rs = size;
    }
    blockLogits<T>(n_x, count, block, block_rs, parameters, z);
    loss += crossEntropy<T>(count, z, 1, at<T>(y, start * y_s), y_s, z, 1);
    blockGradient<T>(n_x, count, block, block_rs, z, gradient);
  }
  return loss;
}

/** z[j] = wᵀx^(j) + b for m samples. */
export function logisticLogits<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  parameters: usize,
  z: usize,
  z_s: i32,
  scratch: usize,
): void {
  const size = blockSize<T>(n_x);
  const row = at<T>(scratch, n_x * size);
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    let block = at<T>(x, start * x_cs);
    let block_rs = x_rs;
    if (x_cs != 1) {
      copy<T>(n_x, count, block, x_rs, x_cs, scratch, size, 1);
      block = scratch;
      block_rs = size;
    }
    blockLogits<T>(n_x, count, block, block_rs, parameters, row);
    copy<T>(1, count, row, 0, 1, at<T>(z, start * z_s), 0, z_s);
  }
}
