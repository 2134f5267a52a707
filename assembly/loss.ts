/** Cross-entropy from logits: the value and the gradient in one pass, without ever taking log(0). */
import { expOfMinusAbs, lossFrom, sigmoidFrom } from "./math";
import { at, bytes, lanes, loadPart, maskPart, splat, storePart, sumLanes } from "./vec";

/** Terms whose losses are added in T before they join the double-precision total. */
const BLOCK: i32 = 1024;

/**
 * Σ loss(z[i], y[i]), and dz[i] = σ(z[i]) − y[i]. dz may be z.
 *
 * loss(z, y) = −y·log σ(z) − (1 − y)·log(1 − σ(z)).
 */
export function crossEntropy<T extends number>(
  n: i32,
  z: usize,
  z_s: i32,
  y: usize,
  y_s: i32,
  dz: usize,
  dz_s: i32,
): f64 {
  assert(n >= 0 && dz >= __heap_base);
  const L = lanes<T>();
  const contiguous = z_s == 1 && y_s == 1 && dz_s == 1;
  let total: f64 = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const end = min(n, start + BLOCK);
    let sum = splat<T>(0);
    let i = start;
    if (contiguous) {
      for (; i + L <= end; i += L) {
        const zs = v128.load(at<T>(z, i));
        const ys = v128.load(at<T>(y, i));
        const e = expOfMinusAbs<T>(zs);
        sum = v128.add<T>(sum, lossFrom<T>(zs, ys, e));
        v128.store(at<T>(dz, i), v128.sub<T>(sigmoidFrom<T>(zs, e), ys));
      }
    }
    for (; i < end; i += L) {
      const count = min(end - i, L);
      const zs = loadPart<T>(at<T>(z, i * z_s), bytes<T>(z_s), count);
      const ys = loadPart<T>(at<T>(y, i * y_s), bytes<T>(y_s), count);
      const e = expOfMinusAbs<T>(zs);
      sum = v128.add<T>(sum, v128.and(lossFrom<T>(zs, ys, e), maskPart<T>(count)));
      storePart<T>(at<T>(dz, i * dz_s), v128.sub<T>(sigmoidFrom<T>(zs, e), ys), bytes<T>(dz_s), count);
    }
    total += sumLanes<T>(sum);
  }
  return total;
}
