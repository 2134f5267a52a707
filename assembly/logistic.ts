/**
 * Logistic regression in one pass over X: logits, loss and gradient of a block of samples while the
 * block is in cache.
 *
 * Parameters are one flat array, as is the gradient: [ w: n_x | b: 1 ].
 *
 * X is read where it is when its rows (x_cs = 1) or columns (x_rs = 1) are contiguous, and copied block by
 * block into scratch otherwise; every memory order gives the same bits.
 */
import { gradientAlongFeatures, logitsAlongFeatures } from "./along-features";
import { gradientAlongSamples, logitsAlongSamples } from "./along-samples";
import { copy } from "./copy";
import { crossEntropy } from "./loss";
import { CACHED, RUNS, touchRows } from "./touch";
import { at, bytes, lanes, loadPart, splat, sumLanes } from "./vec";

/** Bytes of X that are read ahead of their blocks where hardware does not: a part of the second-level cache. */
const AHEAD: i32 = 1 << 18;

/** Samples in a block: so few that reading X and computing with it take turns quickly, and overlap. */
export function logisticBlock<T extends number>(n_x: i32): i32 {
  const fit = 8192 / (<i32>sizeof<T>() * max(n_x, 1));
  return min(max(fit & ~15, 16), 256);
}

/** Bytes of scratch: one transposed block of X and its logits. */
export function logisticScratch<T extends number>(n_x: i32): usize {
  return bytes<T>((n_x + 1) * logisticBlock<T>(n_x));
}

/** The number at p grows by the sum of n contiguous elements. */
export function addSum<T extends number>(n: i32, x: usize, p: usize): void {
  const end = n & ~(lanes<T>() - 1);
  let sum = splat<T>(0);
  for (let i = 0; i < end; i += lanes<T>()) sum = v128.add<T>(sum, v128.load(at<T>(x, i)));
  if (end < n) sum = v128.add<T>(sum, loadPart<T>(at<T>(x, end), bytes<T>(1), n - end));
  store<T>(p, <T>(<f64>load<T>(p) + sumLanes<T>(sum)));
}

/** Adds the gradient sums of m samples, weighted by s unless it is 0, to `gradient` (n_x + 1); returns that of their losses. */
export function logisticGradient<T extends number>(
  n_x: i32,
  m: i32,
  x: usize,
  x_rs: i32,
  x_cs: i32,
  y: usize,
  y_s: i32,
  s: usize,
  s_s: i32,
  parameters: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  assert(n_x >= 0 && m >= 0 && gradient >= __heap_base && scratch >= __heap_base);
  const size = logisticBlock<T>(n_x);
  const byFeatures = x_rs == 1 && n_x >= 4;
  const z = at<T>(scratch, n_x * size);
  let loss: f64 = 0;
  // Runs of few blocks are too short for hardware to fetch ahead in, as are blocks of many rows at once.
  const ahead = max(AHEAD / <i32>bytes<T>(n_x * size + 1), 1) * size;
  const touches = x_cs == 1 && !byFeatures && n_x > RUNS && bytes<T>(n_x) * <usize>x_rs > CACHED;
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    if (touches && start % ahead == 0) {
      touchRows(n_x, at<T>(x, start), bytes<T>(x_rs), bytes<T>(min(m - start, ahead)));
    }
    let block = at<T>(x, start * x_cs);
    let block_rs = x_rs;
    if (!byFeatures && x_cs != 1) {
      copy<T>(n_x, count, block, x_rs, x_cs, scratch, size, 1);
      block = scratch;
      block_rs = size;
    }
    if (byFeatures) logitsAlongFeatures<T>(n_x, count, block, x_cs, parameters, z);
    else logitsAlongSamples<T>(n_x, count, block, block_rs, parameters, z);
    loss += crossEntropy<T>(count, z, 1, at<T>(y, start * y_s), y_s, s && at<T>(s, start * s_s), s_s, z, 1);
    if (byFeatures) gradientAlongFeatures<T>(n_x, count, block, x_cs, z, gradient);
    else gradientAlongSamples<T>(n_x, count, block, block_rs, z, gradient);
    addSum<T>(count, z, at<T>(gradient, n_x));
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
  const size = logisticBlock<T>(n_x);
  const byFeatures = x_rs == 1 && n_x >= 4;
  const row = at<T>(scratch, n_x * size);
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    const block = at<T>(x, start * x_cs);
    if (byFeatures) {
      logitsAlongFeatures<T>(n_x, count, block, x_cs, parameters, row);
    } else if (x_cs == 1) {
      logitsAlongSamples<T>(n_x, count, block, x_rs, parameters, row);
    } else {
      copy<T>(n_x, count, block, x_rs, x_cs, scratch, size, 1);
      logitsAlongSamples<T>(n_x, count, scratch, size, parameters, row);
    }
    copy<T>(1, count, row, 0, 1, at<T>(z, start * z_s), 0, z_s);
  }
}
