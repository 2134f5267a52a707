/** Cross-entropy from logits: the value and the gradient in one pass, without ever taking log(0). */
import { expOfMinusAbs, lossFrom, sigmoidFrom } from "./math.ts";
import type { Numbers } from "./memory.ts";

/**
 * Σ s[i]·loss(z[i], y[i]), and dz[i] = s[i]·(σ(z[i]) − y[i]). dz may be z. s: the samples' weights, or undefined where all
 * are 1.
 *
 * loss(z, y) = −y·log σ(z) − (1 − y)·log(1 − σ(z)) = max(z, 0) − y·z + log(1 + e), e = e^−|z|.
 */
export function crossEntropy(
  n: number,
  z: Numbers,
  z_s: number,
  y: Numbers,
  y_s: number,
  s: Numbers | undefined,
  s_s: number,
  dz: Numbers,
  dz_s: number,
): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const logit = z[i * z_s]!;
    const label = y[i * y_s]!;
    const weight = s ? s[i * s_s]! : 1;
    const e = expOfMinusAbs(logit);
    total += weight * lossFrom(logit, label, e);
    dz[i * dz_s] = weight * (sigmoidFrom(logit, e) - label);
  }
  return total;
}
