/** The fused passes of the two models: arrays become the kernel's pointers and strides. */
import type { Dataset, Samples } from "./dataset.ts";
import type { Pass } from "./descent.ts";
import type { NDArray } from "./ndarray.ts";
import { itemSize } from "./strided.ts";

/** Hidden activations, in the order of their numbers in the ABI. */
export const ACTIVATIONS = ["sigmoid", "tanh", "relu", "leakyRelu", "identity"] as const;

/** Name of a hidden activation. */
export type Activation = (typeof ACTIVATIONS)[number];

/** Address of column `start` of a matrix. */
function columnAddress(a: NDArray, start: number): number {
  return a.pointer + start * a.strides[1]! * itemSize(a.dtype);
}

/** Logistic regression; parameters [ w: n_x | b: 1 ]. */
export function logisticPass(n_x: number): Pass {
  return {
    size: n_x + 1,
    weights: n_x,
    scratch: (kernel) => kernel.logistic_scratch(n_x),
    gradient({ X, Y, kernel }: Dataset, start, count, parameters, gradient, scratch) {
      return kernel.logistic_gradient(
        n_x,
        count,
        columnAddress(X, start),
        X.strides[0]!,
        X.strides[1]!,
        columnAddress(Y, start),
        Y.strides[1]!,
        parameters.pointer,
        gradient.pointer,
        scratch,
      );
    },
    logits({ X, kernel, count }: Samples, parameters, z, scratch) {
      kernel.logistic_logits(
        n_x,
        count,
        X.pointer,
        X.strides[0]!,
        X.strides[1]!,
        parameters.pointer,
        z.pointer,
        z.strides[1]!,
        scratch,
      );
    },
  };
}

/** The two-layer network; parameters [ W1: n_1 × n_x | W2: n_1 | b1: n_1 | b2: 1 ]. */
export function twoLayerPass(n_x: number, n_1: number, activation: Activation): Pass {
  const g = ACTIVATIONS.indexOf(activation);
  return {
    size: n_1 * (n_x + 2) + 1,
    weights: n_1 * (n_x + 1),
    scratch: (kernel) => kernel.two_layer_scratch(n_x, n_1),
    gradient({ X, Y, kernel }: Dataset, start, count, parameters, gradient, scratch) {
      return kernel.two_layer_gradient(
        n_x,
        n_1,
        count,
        columnAddress(X, start),
        X.strides[0]!,
        X.strides[1]!,
        columnAddress(Y, start),
        Y.strides[1]!,
        parameters.pointer,
        g,
        gradient.pointer,
        scratch,
      );
    },
    logits({ X, kernel, count }: Samples, parameters, z, scratch) {
      kernel.two_layer_logits(
        n_x,
        n_1,
        count,
        X.pointer,
        X.strides[0]!,
        X.strides[1]!,
        parameters.pointer,
        g,
        z.pointer,
        z.strides[1]!,
        scratch,
      );
    },
  };
}
