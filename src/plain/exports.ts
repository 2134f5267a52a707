/**
 * The kernel in plain JavaScript: a memory and, over it, every function of the ABI under its name, as an instance of the
 * wasm kernel exports them. What they mean stands in assembly/index.ts. Here alone pointers become arrays.
 */
import type { DType, KernelFunctions, UnaryName } from "../abi.ts";
import { activations } from "./activations.ts";
import { copy, takeColumns } from "./copy.ts";
import { type Binary, binaries, binary, type Unary, unaries, unary } from "./elementwise.ts";
import { gemm, gemmScratch } from "./gemm.ts";
import { logisticBlock, logisticGradient, logisticLogits, logisticScratch } from "./logistic.ts";
import { crossEntropy } from "./loss.ts";
import { LinearMemory, type Pointer } from "./memory.ts";
import { adamStep, gradientStep } from "./optimizer.ts";
import { normal, permutation, randomWords, uniform } from "./random.ts";
import { dot, type Reduction, reduceRows, reductions } from "./reduce.ts";
import { findNonClass, findNonFinite } from "./search.ts";
import { where } from "./selection.ts";
import { softmaxBlock, softmaxGradient, softmaxScratch } from "./softmax.ts";
import { twoLayerBlock, twoLayerGradient, twoLayerLogits, twoLayerScratch } from "./two-layer.ts";

/** Where the caller's memory begins. Nothing lies below; an address of 0 has to mean none. */
const HEAP_BASE = 1024;

/** What an instance of the kernel exports. */
export type Exports = { memory: LinearMemory; __heap_base: { value: number } } & Record<string, unknown>;

/** An object with the same keys and f of each value. */
function mapped<K extends string, V, W>(values: Record<K, V>, f: (value: V, name: K) => W): Record<K, W> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, f(value as V, name as K)]),
  ) as Record<K, W>;
}

/** The functions of one dtype over a memory. */
function functionsOver(memory: LinearMemory, dtype: DType): KernelFunctions {
  const at = (p: number): Pointer => memory.pointer(dtype, p);
  /** Nothing at address 0. */
  const maybe = (p: number): Pointer | undefined => (p === 0 ? undefined : at(p));
  const words = (p: number): Pointer<Uint32Array> => memory.words(p);
  const scratchAt = (p: number): Float64Array => memory.scratch(p);
  const width = dtype === "f32" ? 1 : 2;
  const rounded = dtype === "f32" ? Math.fround : (x: number): number => x;
  return {
    ...mapped({ ...unaries, ...activations } as Record<Exclude<UnaryName, "copy">, Unary>, (f) => {
      return (
        rows: number,
        cols: number,
        x: number,
        x_rs: number,
        x_cs: number,
        out: number,
        out_rs: number,
        out_cs: number,
      ) => unary(f, rows, cols, at(x), x_rs, x_cs, at(out), out_rs, out_cs);
    }),
    ...mapped(binaries, (f: Binary) => {
      return (
        rows: number,
        cols: number,
        a: number,
        a_rs: number,
        a_cs: number,
        b: number,
        b_rs: number,
        b_cs: number,
        out: number,
        out_rs: number,
        out_cs: number,
      ) => binary(f, rows, cols, at(a), a_rs, a_cs, at(b), b_rs, b_cs, at(out), out_rs, out_cs);
    }),
    ...mapped(reductions, (f: Reduction, name) => {
      // Positions are f64 in both dtypes.
      const to = name === "argmax" ? "f64" : dtype;
      return (rows: number, cols: number, x: number, x_rs: number, x_cs: number, out: number, out_s: number) =>
        reduceRows(f, rows, cols, at(x), x_rs, x_cs, memory.pointer(to, out), out_s);
    }),
    copy: (rows, cols, x, x_rs, x_cs, out, out_rs, out_cs) =>
      copy(width, rows, cols, words(x), x_rs, x_cs, words(out), out_rs, out_cs),
    take_columns: (rows, count, index, x, x_rs, x_cs, out, out_rs, out_cs) =>
      takeColumns(width, rows, count, words(index), words(x), x_rs, x_cs, words(out), out_rs, out_cs),
    gemm_scratch: (m, n, k) => gemmScratch(m, n, k),
    gemm: (m, n, k, a, a_rs, a_cs, b, b_rs, b_cs, alpha, beta, c, c_rs, c_cs, scratch) =>
      gemm(
        m,
        n,
        k,
        at(a),
        a_rs,
        a_cs,
        at(b),
        b_rs,
        b_cs,
        rounded(alpha),
        rounded(beta),
        at(c),
        c_rs,
        c_cs,
        scratchAt(scratch),
      ),
    where: (n, c, c_s, a, a_s, b, b_s, out, out_s) => where(n, at(c), c_s, at(a), a_s, at(b), b_s, at(out), out_s),
    dot: (n, x, x_s, y, y_s) => dot(n, at(x), x_s, at(y), y_s),
    find_non_finite: (rows, cols, x, x_rs, x_cs) => findNonFinite(rows, cols, at(x), x_rs, x_cs),
    find_non_class: (n, classes, y, y_s) => findNonClass(n, classes, at(y), y_s),
    cross_entropy: (n, z, z_s, y, y_s, s, s_s, dz, dz_s) =>
      crossEntropy(n, at(z), z_s, at(y), y_s, maybe(s), s_s, at(dz), dz_s),
    logistic_block: (n_x) => logisticBlock(n_x),
    logistic_scratch: (n_x) => logisticScratch(n_x),
    logistic_gradient: (n_x, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch) =>
      logisticGradient(
        n_x,
        m,
        at(x),
        x_rs,
        x_cs,
        at(y),
        y_s,
        maybe(s),
        s_s,
        at(parameters),
        maybe(gradient),
        scratchAt(scratch),
      ),
    logistic_logits: (n_x, m, x, x_rs, x_cs, parameters, z, z_s, scratch) =>
      logisticLogits(n_x, m, at(x), x_rs, x_cs, at(parameters), at(z), z_s, scratchAt(scratch)),
    two_layer_block: (n_1) => twoLayerBlock(n_1),
    two_layer_scratch: (n_x, n_1) => twoLayerScratch(n_x, n_1),
    two_layer_gradient: (n_x, n_1, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, activation, gradient, scratch) =>
      twoLayerGradient(
        n_x,
        n_1,
        m,
        at(x),
        x_rs,
        x_cs,
        at(y),
        y_s,
        maybe(s),
        s_s,
        at(parameters),
        activation,
        maybe(gradient),
        scratchAt(scratch),
      ),
    two_layer_logits: (n_x, n_1, m, x, x_rs, x_cs, parameters, activation, z, z_s, scratch) =>
      twoLayerLogits(n_x, n_1, m, at(x), x_rs, x_cs, at(parameters), activation, at(z), z_s, scratchAt(scratch)),
    softmax_block: (n_k) => softmaxBlock(n_k),
    softmax_scratch: (n_x, n_k) => softmaxScratch(n_x, n_k),
    softmax_gradient: (n_x, n_k, m, x, x_rs, x_cs, y, y_s, s, s_s, parameters, gradient, scratch) =>
      softmaxGradient(
        n_x,
        n_k,
        m,
        at(x),
        x_rs,
        x_cs,
        at(y),
        y_s,
        maybe(s),
        s_s,
        at(parameters),
        maybe(gradient),
        scratchAt(scratch),
      ),
    gradient_step: (n, n_w, rate, scale, decay, momentum, parameters, gradient, velocity) =>
      gradientStep(n, n_w, rate, scale, decay, momentum, at(parameters), at(gradient), maybe(velocity)),
    adam_step: (n, n_w, rate, scale, decay, beta1, beta2, epsilon, correction, parameters, gradient, moments) =>
      adamStep(
        n,
        n_w,
        rate,
        scale,
        decay,
        beta1,
        beta2,
        epsilon,
        correction,
        at(parameters),
        at(gradient),
        at(moments),
      ),
    uniform: (n, low, high, seed, stream, out) => uniform(dtype, n, low, high, seed, stream, at(out)),
    normal: (n, mean, deviation, seed, stream, out) => normal(n, mean, deviation, seed, stream, at(out)),
  };
}

/** A kernel with a memory of its own. */
export function plainExports(): Exports {
  const memory = new LinearMemory();
  const exports: Exports = {
    memory,
    __heap_base: { value: HEAP_BASE },
    random_words: (n: number, seed: bigint, stream: bigint, out: number) =>
      randomWords(n, seed, stream, memory.words(out)),
    permutation: (n: number, seed: bigint, stream: bigint, out: number) =>
      permutation(n, seed, stream, memory.words(out)),
  };
  for (const dtype of ["f32", "f64"] as const) {
    for (const [name, f] of Object.entries(functionsOver(memory, dtype))) exports[`${name}_${dtype}`] = f;
  }
  return exports;
}
