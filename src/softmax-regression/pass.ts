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
    gradient(kernel, place, start, count, parameters, gradient, scratch) {
      const { x_rs, x_cs, y_s, s_s } = place;
      const at = (first: number, stride: number): number => first + start * stride * place.itemSize;
      const [x, y, s] = [at(place.x, x_cs), at(place.y, y_s), place.s && at(place.s, s_s)];
      const samples = [x, x_rs, x_cs, y, y_s, s, s_s] as const;
      return kernel.softmax_gradient(n_x, classes, count, ...samples, parameters, gradient, scratch);
    },
  };
}
