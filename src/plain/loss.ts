/** Cross-entropy from logits: the value and the gradient in one pass, without ever taking log(0). */
import { expOfMinusAbs, lossFrom, sigmoidFrom } from "./math.ts";
import type { Pointer } from "./memory.ts";

/**
 * Σ s[i]·loss(z[i], y[i]), and dz[i] = s[i]·(σ(z[i]) − y[i]). dz may be z. s: the samples' weights, or undefined where all
 * are 1.
 *
 * loss(z, y) = −y·log σ(z) − (1 − y)·log(1 − σ(z)) = max(z, 0) − y·z + log(1 + e), e = e^−|z|.
 */
export function crossEntropy(
  n: number,
  { memory: Z, at: z }: Pointer,
  z_s: number,
  { memory: Y, at: y }: Pointer,
  y_s: number,
  s: Pointer | undefined,
  s_s: number,
  { memory: DZ, at: dz }: Pointer,
  dz_s: number,
): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const logit = Z[z + i * z_s]!;
    const label = Y[y + i * y_s]!;
    const weight = s ? s.memory[s.at + i * s_s]! : 1;
    const e = expOfMinusAbs(logit);
    total += weight * lossFrom(logit, label, e);
    DZ[dz + i * dz_s] = weight * (sigmoidFrom(logit, e) - label);
  }
  return total;
}
