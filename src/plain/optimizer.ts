/** One update over one flat array of parameters: gradient descent with momentum, or Adam. */
import type { Pointer } from "./memory.ts";

/**
 * One step down the gradient, with momentum (Polyak, 1964; in this form PyTorch's SGD without dampening):
 *
 *   d = scale·g + decay·p,  v = momentum·v + d,  p −= rate·v
 *
 * without decay after the first n_w parameters, the weights. `velocity` (n) is 0 before the first step; undefined, there
 * is no momentum: p −= rate·d. Clears the gradient for the next sums.
 */
export function gradientStep(
  n: number,
  n_w: number,
  rate: number,
  scale: number,
  decay: number,
  momentum: number,
  { memory: P, at: parameters }: Pointer,
  { memory: G, at: gradient }: Pointer,
  velocity: Pointer | undefined,
): void {
  for (let i = 0; i < n; i++) {
    const p = P[parameters + i]!;
    let d = (i < n_w ? decay * p : 0) + scale * G[gradient + i]!;
    if (velocity) {
      d += momentum * velocity.memory[velocity.at + i]!;
      velocity.memory[velocity.at + i] = d;
    }
    P[parameters + i] = p - rate * d;
    G[gradient + i] = 0;
  }
}

/**
 * One step of Adam (Kingma and Ba, 2015, algorithm 1):
 *
 *   d = scale·g + decay·p,  u = beta1·u + (1 − beta1)·d,  v = beta2·v + (1 − beta2)·d²
 *   p −= rate·u/(correction·√v + epsilon)
 *
 * without decay after the first n_w parameters. `moments` [ u: n | v: n ] are 0 before the first step. The caller corrects
 * the bias of step t: rate = α/(1 − beta1^t), correction = 1/√(1 − beta2^t). Clears the gradient.
 */
export function adamStep(
  n: number,
  n_w: number,
  rate: number,
  scale: number,
  decay: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  correction: number,
  { memory: P, at: parameters }: Pointer,
  { memory: G, at: gradient }: Pointer,
  { memory: M, at: moments }: Pointer,
): void {
  for (let i = 0; i < n; i++) {
    const p = P[parameters + i]!;
    const d = (i < n_w ? decay * p : 0) + scale * G[gradient + i]!;
    const u = beta1 * M[moments + i]! + (1 - beta1) * d;
    const v = beta2 * M[moments + n + i]! + (1 - beta2) * d * d;
    M[moments + i] = u;
    M[moments + n + i] = v;
    P[parameters + i] = p - rate * (u / (correction * Math.sqrt(v) + epsilon));
    G[gradient + i] = 0;
  }
}
