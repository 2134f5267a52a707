/** Gradient descent that gathers speed. */
import type { Optimizer } from "../index.ts";
import { checkOptions, checkShare } from "./errors.ts";

/** Options of `momentum`. */
export interface MomentumOptions {
  /** Share of the velocity that a step keeps, 0 <= momentum < 1. Larger is smoother and turns later. Default 0.9. */
  momentum?: number;
}

/**
 * Steps along a velocity that gathers gradients: v = momentum·v + d, parameters −= learningRate·v, d being the gradient.
 *
 * Polyak, 1964, in the form of PyTorch's SGD without dampening. Along a slope that stays the same its steps grow to
 * 1/(1 − momentum) times the gradient's, so take a smaller learning rate if the cost rises. Momentum 0 is gradient descent.
 */
export function momentum(options: MomentumOptions = {}): Optimizer {
  checkOptions("momentum", options, ["momentum"]);
  const { momentum = 0.9 } = options;
  checkShare("momentum", "momentum", momentum);
  return Object.freeze<Optimizer>({
    name: "momentum",
    options: Object.freeze({ momentum }),
    arrays: 1,
    begin: () => (kernel, n, n_w, rate, scale, decay, parameters, gradient, velocity) =>
      kernel.gradient_step(n, n_w, rate, scale, decay, momentum, parameters, gradient, velocity),
  });
}
