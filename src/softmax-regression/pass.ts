/** The fused pass of softmax regression; a worker has it, too. */
import type { Pass } from "../index.ts";

/** Softmax regression; parameters [ W: classes × n_x | b: classes ]. */
export function softmaxPass(n_x: number, classes: number): Pass {
  return {
    spec: { model: "softmax", n_x, classes },
    size: classes * (n_x + 1),
    weights: classes * n_x,
    classes,
    block: (kernel) => kernel.softmax_block(classes),
    scratch: (kernel) => kernel.softmax_scratch(n_x, classes),
    gradient(kernel, { x, x_rs, x_cs, y, y_s, s, s_s }, count, parameters, gradient, scratch) {
      const samples = [x, x_rs, x_cs, y, y_s, s, s_s] as const;
      return kernel.softmax_gradient(n_x, classes, count, ...samples, parameters, gradient, scratch);
    },
  };
}
