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
  const fit = 65536 / (<i32>sizeof<T>() * max(n_x, 1));
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
  const L = lanes<T>();
  const one = bytes<T>(1);
  for (let k = 0; k <= n_x; k++) {
    const row = at<T>(x, k * x_rs);
    let s0 = splat<T>(0),
      s1 = s0;
    let j = 0;
    if (k < n_x) {
      for (; j + 2 * L <= m; j += 2 * L) {
        s0 = madd<T>(v128.load(at<T>(dz, j)), v128.load(at<T>(row, j)), s0);
        s1 = madd<T>(v128.load(at<T>(dz, j), 16), v128.load(at<T>(row, j), 16), s1);
      }
      for (; j < m; j += L) {
        const count = min(m - j, L);
        s0 = madd<T>(loadPart<T>(at<T>(dz, j), one, count), loadPart<T>(at<T>(row, j), one, count), s0);
      }
    } else {
      for (; j < m; j += L) s0 = v128.add<T>(s0, loadPart<T>(at<T>(dz, j), one, min(m - j, L)));
    }
    const g = at<T>(gradient, k);
    store<T>(g, <T>(<f64>load<T>(g) + sumLanes<T>(v128.add<T>(s0, s1))));
  }
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
