/** What a benchmark asks of an implementation: each piece of work as a closure over its own copy of the inputs. */

/** A product C = A·B of n × n matrices in f32. */
export interface Product {
  name: "gemm";
  n: number;
}

/** A function of 10^6 numbers in f32. */
export interface Mapping {
  name: "sigmoid" | "tanh";
  n: number;
}

/** Iterations of a two-layer network in f32: forward, cost, backward, update. */
export interface Network {
  name: "two-layer";
  n_x: number;
  n_1: number;
  m: number;
}

/** A piece of work with its sizes. */
export type Work = Product | Mapping | Network;

/** Work made ready: `run` does it once, `result` is a number that every contender must agree on. */
export interface Prepared {
  run(): void;
  result(): number;
}

/** An implementation that takes part. */
export interface Contender {
  name: string;
  prepare(work: Work): Prepared;
}

/** The inputs: the same numbers for everyone, from a small generator (Numerical Recipes' ranqd1). */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Labels 0 and 1 in turn. */
export function labels(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => i % 2);
}
