/** Cross-entropy from logits: the value and the gradient in one pass, without ever taking log(0). */
import { expOfMinusAbs, log, lossFrom, sigmoidFrom } from "./math";
import { at, bytes, lanes, loadPart, madd, maskPart, splat, storePart, sumLanes } from "./vec";

/** Vectors whose losses share one logarithm. Products of as many numbers up to 2 stay far from infinity. */
export const GROUP: i32 = 32;

/**
 * Σ s[i]·loss(z[i], y[i]), and dz[i] = s[i]·(σ(z[i]) − y[i]). dz may be z. s: the samples' weights, or 0 where all are 1.
 *
 * loss(z, y) = −y·log σ(z) − (1 − y)·log(1 − σ(z)) = max(z, 0) − y·z + log(1 + e), e = e^−|z|.
 *
 * The sum begins with `total`. A group of losses may be taken in pieces of whole vectors: `from`, unless it is 0, points to
 * what has been summed of it, and `to`, unless it is 0, to where that goes if more follows; 32 bytes.
 */
export function crossEntropy<T extends number>(
  total: f64,
  n: i32,
  z: usize,
  z_s: i32,
  y: usize,
  y_s: i32,
  s: usize,
  s_s: i32,
  dz: usize,
  dz_s: i32,
  from: usize,
  to: usize,
): f64 {
  assert(n >= 0 && dz >= __heap_base);
  // Only one sample's loss in a lane can have a weight of its own.
  const size = s ? lanes<T>() : GROUP * lanes<T>();
  for (let i = 0; i < n; i += size) {
    total += groupLoss<T>(
      min(n - i, size),
      at<T>(z, i * z_s),
      z_s,
      at<T>(y, i * y_s),
      y_s,
      s && at<T>(s, i * s_s),
      s_s,
      at<T>(dz, i * dz_s),
      dz_s,
      from,
      to,
    );
  }
  return total;
}

/**
 * crossEntropy of at most GROUP vectors, or of one with weights. Instead of log(1 + e) of each,
 * q = (1 + e0)·(1 + e1)·… − 1 grows from sample to sample, by sums and products of what is not negative: it is as exact
 * as the sum of the logarithms would be, however small they are.
 */
function groupLoss<T extends number>(
  n: i32,
  z: usize,
  z_s: i32,
  y: usize,
  y_s: i32,
  s: usize,
  s_s: i32,
  dz: usize,
  dz_s: i32,
  from: usize,
  to: usize,
): f64 {
  const L = lanes<T>();
  const zero = splat<T>(0);
  const one = splat<T>(1);
  let linear = zero;
  let q = zero;
  if (from) {
    linear = v128.load(from);
    q = v128.load(from, 16);
  }
  let weights = one;
  let i = 0;
  if (z_s == 1 && y_s == 1 && dz_s == 1 && !s) {
    // Each turn begins the next vector's e and then ends this one's: from z to dz it is so long a chain of operations that
    // processors hold too few of them to fill the waiting.
    const end = n & ~(L - 1);
    let zs = zero;
    let e = zero;
    for (i = -L; i < end; i += L) {
      let nextZ = zs;
      let nextE = e;
      if (i + L < end) {
        nextZ = v128.load(at<T>(z, i + L));
        nextE = expOfMinusAbs<T>(nextZ);
      }
      if (i >= 0) {
        const ys = v128.load(at<T>(y, i));
        linear = v128.add<T>(linear, v128.sub<T>(v128.pmax<T>(zs, zero), v128.mul<T>(ys, zs)));
        q = madd<T>(e, v128.add<T>(one, q), q);
        v128.store(at<T>(dz, i), v128.sub<T>(sigmoidFrom<T>(zs, e), ys));
      }
      zs = nextZ;
      e = nextE;
    }
  }
  for (; i < n; i += L) {
    const count = min(n - i, L);
    const zs = loadPart<T>(at<T>(z, i * z_s), bytes<T>(z_s), count);
    const ys = loadPart<T>(at<T>(y, i * y_s), bytes<T>(y_s), count);
    if (s) weights = loadPart<T>(s, bytes<T>(s_s), count);
    const e = expOfMinusAbs<T>(zs);
    linear = v128.add<T>(linear, v128.sub<T>(v128.pmax<T>(zs, zero), v128.mul<T>(ys, zs)));
    q = madd<T>(v128.and(e, maskPart<T>(count)), v128.add<T>(one, q), q);
    const d = v128.mul<T>(weights, v128.sub<T>(sigmoidFrom<T>(zs, e), ys));
    storePart<T>(at<T>(dz, i * dz_s), d, bytes<T>(dz_s), count);
  }
  if (to) {
    v128.store(to, linear);
    v128.store(to, q, 16);
    return 0;
  }
  return sumLanes<T>(v128.mul<T>(weights, v128.add<T>(linear, logOf1Plus<T>(q))));
}

/** log(1 + q) for q >= 0, with full relative precision where q is small. */
export function logOf1Plus<T extends number>(q: v128): v128 {
  const zero = splat<T>(0);
  const one = splat<T>(1);
  return v128.bitselect(lossFrom<T>(zero, zero, q), log<T>(v128.add<T>(one, q)), v128.le<T>(q, one));
}
