/**
 * Logistic regression in one pass over X: logits, loss and gradient of a block of samples while the
 * block is in cache.
 *
 * Parameters are one flat array, as is the gradient: [ w: n_x | b: 1 ].
 *
 * X is read where it is when its rows (x_cs = 1) or columns (x_rs = 1) are contiguous, and copied block by
 * block into scratch otherwise; every memory order gives the same bits.
 */
import { gradientAlongFeatures, logitsAlongFeatures, sumAlongFeatures } from "./along-features";
import { GROUP_BYTES, gradientAlongSamples, logitsAlongSamples } from "./along-samples";
import { copy } from "./copy";
import { crossEntropy, GROUP } from "./loss";
import { CACHED, RUNS, touchRows } from "./touch";
import { at, bytes, lanes, loadPart, splat, sumLanes } from "./vec";

/** Bytes of X that are read ahead of their blocks where hardware does not: a part of the second-level cache. */
const AHEAD: i32 = 1 << 18;

/** Samples in a block: copied, they fit into the first-level cache, or are two cache lines of a row. */
export function logisticBlock<T extends number>(n_x: i32): i32 {
  const fit = 16384 / (<i32>sizeof<T>() * max(n_x, 1));
  return min(max(fit & ~15, 32), 256);
}

/** Samples in a piece of a block, a power of two: so few that reading X and computing with it take turns quickly, and overlap. */
function logisticPiece<T extends number>(n_x: i32): i32 {
  let piece = 16;
  while (bytes<T>(piece * n_x) <= 2048 && piece < GROUP * lanes<T>()) piece *= 2;
  return piece;
}

/** Bytes of scratch: one transposed block of X or sums along features; logits, sums of a group, of a group's losses. */
export function logisticScratch<T extends number>(n_x: i32): usize {
  return blockBytes<T>(n_x) + bytes<T>(logisticBlock<T>(n_x)) + GROUP_BYTES + 32;
}

/** Bytes of a transposed block, which are enough for the sums along features: a block has 32 samples at least. */
function blockBytes<T extends number>(n_x: i32): usize {
  return bytes<T>(n_x * logisticBlock<T>(n_x));
}

/** The number at p grows by the sum of n contiguous elements. */
export function addSum<T extends number>(n: i32, x: usize, p: usize): void {
  const end = n & ~(lanes<T>() - 1);
  let sum = splat<T>(0);
  for (let i = 0; i < end; i += lanes<T>()) sum = v128.add<T>(sum, v128.load(at<T>(x, i)));
  if (end < n) sum = v128.add<T>(sum, loadPart<T>(at<T>(x, end), bytes<T>(1), n - end));
  store<T>(p, <T>(<f64>load<T>(p) + sumLanes<T>(sum)));
}

/**
 * Adds the gradient sums of m samples, weighted by s unless it is 0, to `gradient` (n_x + 1), unless that is 0; returns the sum
 * of their losses.
 */
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
  assert(n_x >= 0 && m >= 0 && (!gradient || gradient >= __heap_base) && scratch >= __heap_base);
  const size = logisticBlock<T>(n_x);
  const along = alongFeatures<T>(n_x, x_rs);
  const piece = along ? logisticPiece<T>(n_x) : size;
  const z = scratch + blockBytes<T>(n_x);
  const sums = at<T>(z, size);
  const state = sums + GROUP_BYTES;
  const group = GROUP * lanes<T>() - 1;
  // Four sums a feature; the last group may be full of others.
  const zeros = at<T>(scratch, 4 * n_x) + GROUP_BYTES;
  let loss: f64 = 0;
  // Runs of few blocks are too short for hardware to fetch ahead in, as are blocks of many rows at once.
  const ahead = max(AHEAD / <i32>bytes<T>(n_x * size + 1), 1) * size;
  const touches = x_cs == 1 && !along && n_x > RUNS && bytes<T>(n_x) * <usize>x_rs > CACHED;
  for (let start = 0; start < m; start += size) {
    const end = min(start + size, m);
    if (touches && start % ahead == 0) {
      touchRows(n_x, at<T>(x, start), bytes<T>(x_rs), bytes<T>(min(m - start, ahead)));
    }
    if (along) for (let p = scratch; p < zeros; p += 16) v128.store(p, splat<T>(0));
    for (let j = start; j < end; j += piece) {
      const count = min(end - j, piece);
      const dz = at<T>(z, j - start);
      let block = at<T>(x, j * x_cs);
      let block_rs = x_rs;
      if (along) {
        logitsAlongFeatures<T>(n_x, count, block, x_cs, parameters, dz, sums);
      } else {
        if (x_cs != 1 || count < 8) {
          copy<T>(n_x, count, block, x_rs, x_cs, scratch, size, 1);
          block = scratch;
          block_rs = size;
        }
        logitsAlongSamples<T>(n_x, count, block, block_rs, parameters, dz);
      }
      const from = !s && (j - start) & group ? state : 0;
      const to = !s && (j - start + piece) & group && j + piece < end ? state : 0;
      const weights = s && at<T>(s, j * s_s);
      loss = crossEntropy<T>(loss, count, dz, 1, at<T>(y, j * y_s), y_s, weights, s_s, dz, 1, from, to);
      if (!gradient) continue;
      if (along) sumAlongFeatures<T>(n_x, count, block, x_cs, dz, scratch);
      else gradientAlongSamples<T>(n_x, count, block, block_rs, dz, gradient, 1, sums);
    }
    if (!gradient) continue;
    if (along) gradientAlongFeatures<T>(n_x, scratch, gradient);
    addSum<T>(end - start, z, at<T>(gradient, n_x));
  }
  return loss;
}

/** Whether vectors hold features: they have to be contiguous, and enough for a group. */
function alongFeatures<T extends number>(n_x: i32, x_rs: i32): bool {
  return x_rs == 1 && n_x >= 2 * lanes<T>();
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
  const row = at<T>(scratch, n_x * size);
  const sums = at<T>(row, size);
  for (let start = 0; start < m; start += size) {
    const count = min(m - start, size);
    const block = at<T>(x, start * x_cs);
    if (alongFeatures<T>(n_x, x_rs)) {
      logitsAlongFeatures<T>(n_x, count, block, x_cs, parameters, row, sums);
    } else if (x_cs == 1 && count >= 8) {
      logitsAlongSamples<T>(n_x, count, block, x_rs, parameters, row);
    } else {
      copy<T>(n_x, count, block, x_rs, x_cs, scratch, size, 1);
      logitsAlongSamples<T>(n_x, count, scratch, size, parameters, row);
    }
    copy<T>(1, count, row, 0, 1, at<T>(z, start * z_s), 0, z_s);
  }
}
