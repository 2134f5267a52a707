/**
 * The fused passes of the models, on addresses alone: whoever has the kernel, its memory and these few numbers can
 * compute them, in whatever thread.
 */
import type { KernelFunctions } from "./abi.ts";

/** Hidden activations, in the order of their numbers in the ABI. */
export const ACTIVATIONS = ["sigmoid", "tanh", "relu", "leakyRelu", "identity"] as const;

/** Name of a hidden activation. */
export type Activation = (typeof ACTIVATIONS)[number];

/** Where samples lie: addresses of X (n_x, m), Y (1, m) and their weights S (1, m), 0 for none; strides in elements. */
export interface Place {
  readonly x: number;
  readonly x_rs: number;
  readonly x_cs: number;
  readonly y: number;
  readonly y_s: number;
  readonly s: number;
  readonly s_s: number;
  /** Bytes of an element. */
  readonly itemSize: number;
}

/** What tells a model's passes from another's; can be sent to another thread (threads/spec.ts makes passes of it). */
export type PassSpec =
  | { readonly model: "logistic"; readonly n_x: number }
  | { readonly model: "two-layer"; readonly n_x: number; readonly n_1: number; readonly activation: Activation }
  | { readonly model: "softmax"; readonly n_x: number; readonly classes: number };

/** A model's kernel calls, on a flat array of parameters whose weights come first. */
export interface Pass {
  /** What it is a pass of. */
  readonly spec: PassSpec;
  /** Parameters in all. */
  readonly size: number;
  /** How many of them are weights, which l2 penalises. */
  readonly weights: number;
  /** Labels are 0 … classes − 1. */
  readonly classes: number;
  /** Samples that the kernel takes at once: calls that begin at multiples of it add up to the same bits. */
  block(kernel: KernelFunctions): number;
  /** Bytes of scratch that both calls need. */
  scratch(kernel: KernelFunctions): number;
  /**
   * Adds the gradient sums of `count` samples to `gradient`, unless that is 0; returns their summed loss.
   */
  gradient(
    kernel: KernelFunctions,
    place: Place,
    count: number,
    parameters: number,
    gradient: number,
    scratch: number,
  ): number;
  /** z[0 … count − 1]: the logits of samples, stride z_s; for two classes. */
  logits?(
    kernel: KernelFunctions,
    place: Place,
    count: number,
    parameters: number,
    z: number,
    z_s: number,
    scratch: number,
  ): void;
}

/** The place of samples from `start` on. */
export function placeFrom(place: Place, start: number): Place {
  if (start === 0) return place;
  const { x, x_cs, y, y_s, s, s_s } = place;
  const at = (first: number, stride: number): number => first + start * stride * place.itemSize;
  return { ...place, x: at(x, x_cs), y: at(y, y_s), s: s && at(s, s_s) };
}

/** Logistic regression; parameters [ w: n_x | b: 1 ]. */
export function logisticPass(n_x: number): Pass {
  return {
    spec: { model: "logistic", n_x },
    size: n_x + 1,
    weights: n_x,
    classes: 2,
    block: (kernel) => kernel.logistic_block(n_x),
    scratch: (kernel) => kernel.logistic_scratch(n_x),
    gradient(kernel, { x, x_rs, x_cs, y, y_s, s, s_s }, count, parameters, gradient, scratch) {
      return kernel.logistic_gradient(n_x, count, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch);
    },
    logits(kernel, { x, x_rs, x_cs }, count, parameters, z, z_s, scratch) {
      kernel.logistic_logits(n_x, count, x, x_rs, x_cs, parameters, z, z_s, scratch);
    },
  };
}

/** The two-layer network; parameters [ W1: n_1 × n_x | W2: n_1 | b1: n_1 | b2: 1 ]. */
export function twoLayerPass(n_x: number, n_1: number, activation: Activation): Pass {
  const g = ACTIVATIONS.indexOf(activation);
  return {
    spec: { model: "two-layer", n_x, n_1, activation },
    size: n_1 * (n_x + 2) + 1,
    weights: n_1 * (n_x + 1),
    classes: 2,
    block: (kernel) => kernel.two_layer_block(n_1),
    scratch: (kernel) => kernel.two_layer_scratch(n_x, n_1),
    gradient(kernel, { x, x_rs, x_cs, y, y_s, s, s_s }, count, parameters, gradient, scratch) {
      return kernel.two_layer_gradient(
        n_x,
        n_1,
        count,
        x,
        x_rs,
        x_cs,
        y,
        y_s,
        s,
        s_s,
        parameters,
        g,
        gradient,
        scratch,
      );
    },
    logits(kernel, { x, x_rs, x_cs }, count, parameters, z, z_s, scratch) {
      kernel.two_layer_logits(n_x, n_1, count, x, x_rs, x_cs, parameters, g, z, z_s, scratch);
    },
  };
}
