/** Steps that each parameter scales for itself. */
import type { Optimizer } from "../index.ts";
import { checkOptions, checkPositive, checkShare } from "./errors.ts";

/** Options of `adam`. */
export interface AdamOptions {
  /** Share of the running mean that a step keeps, 0 <= beta1 < 1. Larger is smoother and turns later. Default 0.9. */
  beta1?: number;
  /** Share of the running square that a step keeps, 0 <= beta2 < 1. Larger adapts later. Default 0.999. */
  beta2?: number;
  /** Added to a gradient's size before it divides, > 0. Larger makes steps of small gradients smaller. Default 1e-8. */
  epsilon?: number;
}

/**
 * Adam (Kingma and Ba, 2015): the running mean u of the gradients d over their running size,
 *
 *   u = beta1·u + (1 − beta1)·d,  v = beta2·v + (1 − beta2)·d²,
 *   parameters −= learningRate·û/(√v̂ + epsilon), where û = u/(1 − beta1^t) and v̂ = v/(1 − beta2^t) at step t.
 *
 * A step changes no parameter by much more than the learning rate, whose default is 0.001 here. The penalty l2 is part of
 * d; that is not AdamW's decay.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptions("adam", options, ["beta1", "beta2", "epsilon"]);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkShare("adam", "beta1", beta1);
  checkShare("adam", "beta2", beta2);
  checkPositive("adam", "epsilon", epsilon);
  return Object.freeze<Optimizer>({
    name: "adam",
    options: Object.freeze({ beta1, beta2, epsilon }),
    learningRate: 0.001,
    arrays: 2,
    begin() {
      // Products, since Math.pow is not the same on every host.
      let power1 = 1;
      let power2 = 1;
      return (kernel, n, n_w, learningRate, scale, decay, parameters, gradient, moments) => {
        power1 *= beta1;
        power2 *= beta2;
        const rate = learningRate / (1 - power1);
        const numbers = [rate, scale, decay, beta1, beta2, epsilon, 1 / Math.sqrt(1 - power2)] as const;
        kernel.adam_step(n, n_w, ...numbers, parameters, gradient, moments);
      };
    },
  });
}
