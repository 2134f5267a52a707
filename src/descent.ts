/**
 * Gradients are sums: accumulate over samples, in a fixed order, then step.
 *
 * Samples fall into chunks whose number and bounds follow from how many samples there are and from
 * nothing else. Each chunk's sums start from zero and join the total in the order of the chunks, so the
 * result has the same bits whoever computes which chunk.
 */

import type { DType, KernelFunctions } from "./abi.ts";
import type { Dataset, Samples } from "./dataset.ts";
import { NDArray } from "./ndarray.ts";
import type { Runtime } from "./runtime.ts";
import { Storage } from "./storage.ts";
import { itemSize } from "./strided.ts";

/** A model's kernel calls, on a flat array of parameters whose weights come first. */
export interface Pass {
  /** Parameters in all. */
  readonly size: number;
  /** How many of them are weights, which l2 penalises. */
  readonly weights: number;
  /** Bytes of scratch that both calls need. */
  scratch(kernel: KernelFunctions): number;
  /** Adds the gradient sums of samples start … start + count − 1 to `gradient`; returns their summed loss. */
  gradient(
    data: Dataset,
    start: number,
    count: number,
    parameters: NDArray,
    gradient: NDArray,
    scratch: number,
  ): number;
  /** z (1, m): the logit of every sample. */
  logits(data: Samples, parameters: NDArray, z: NDArray, scratch: number): void;
}

/** Chunks have at least this many samples, and there are at most 16 of them. */
const CHUNK = 1024;
const MOST_CHUNKS = 16;

/** Samples in a chunk when there are m: all up to twice CHUNK, else an equal share, rounded up to 16. */
export function chunkSize(m: number): number {
  let chunks = 1;
  while (chunks < MOST_CHUNKS && m >= 2 * chunks * CHUNK) chunks *= 2;
  return Math.ceil(m / chunks / 16) * 16;
}

/** A new flat array that only its model frees. */
export function ownedArray(where: Runtime, dtype: DType, size: number, who: string, owner: string): NDArray {
  return new NDArray(new Storage(where, size * itemSize(dtype), who, owner), dtype, [size], [1]);
}

/** Parameters on their way down: the gradient's sums so far, and the step that uses them up. */
export class Descent {
  readonly parameters: NDArray;
  readonly gradient: NDArray;
  /** Samples in the sums. */
  samples = 0;
  /** Sum of their losses. */
  loss = 0;
  readonly #pass: Pass;
  readonly #who: string;
  readonly #owner: string;
  #partial: NDArray | undefined;

  /** Starts with empty sums. `parameters` (pass.size) are updated in place; they stay the caller's. */
  constructor(pass: Pass, parameters: NDArray, who: string, owner: string) {
    this.#pass = pass;
    this.#who = who;
    this.#owner = owner;
    this.parameters = parameters;
    this.gradient = ownedArray(parameters.runtime, parameters.dtype, pass.size, who, owner);
    this.gradient.data.fill(0);
  }

  /** Adds samples start … start + count − 1 to the sums, chunk by chunk. Yields between chunks. */
  *accumulate(data: Dataset, start = 0, count = data.count): Generator<void, void> {
    this.reserve(data, count);
    const size = chunkSize(count);
    for (let done = 0; done < count; done += size) {
      this.#addChunk(data, start + done, Math.min(size, count - done));
      yield;
    }
  }

  /** Takes now the memory that accumulating this data will need, so that it cannot run out halfway. */
  reserve(data: Dataset, count: number): void {
    const { runtime, dtype, kernel } = data;
    runtime.memory.scratch(this.#pass.scratch(kernel), this.#who);
    if (this.samples === 0 && count <= chunkSize(count)) return;
    this.#partial ??= ownedArray(runtime, dtype, this.#pass.size, this.#who, this.#owner);
  }

  #addChunk(data: Dataset, start: number, count: number): void {
    const { kernel, runtime } = data;
    const scratch = runtime.memory.scratch(this.#pass.scratch(kernel), this.#who);
    if (this.samples === 0) {
      this.loss = this.#pass.gradient(data, start, count, this.parameters, this.gradient, scratch);
    } else {
      const partial = this.#partial!;
      partial.data.fill(0);
      this.loss += this.#pass.gradient(data, start, count, this.parameters, partial, scratch);
      const total = this.gradient.pointer;
      kernel.add(1, this.#pass.size, total, 0, 1, partial.pointer, 0, 1, total, 0, 1);
    }
    this.samples += count;
  }

  /** Mean loss of the samples in the sums, without penalty. */
  get meanLoss(): number {
    return this.loss / this.samples;
  }

  /** l2/(2m)·‖weights‖². */
  penalty(l2: number, m: number): number {
    if (l2 === 0) return 0;
    const { pointer, runtime, dtype } = this.parameters;
    const squares = runtime.kernel[dtype].dot(this.#pass.weights, pointer, 1, pointer, 1);
    return (l2 / (2 * m)) * squares;
  }

  /** parameters −= rate·(gradient of the mean loss + l2/m·weights); the sums start anew. */
  step(rate: number, l2: number, m: number): void {
    const { runtime, dtype } = this.parameters;
    const { size, weights } = this.#pass;
    const kernel = runtime.kernel[dtype];
    kernel.gradient_step(
      size,
      weights,
      rate,
      1 / this.samples,
      l2 / m,
      this.parameters.pointer,
      this.gradient.pointer,
    );
    this.samples = 0;
    this.loss = 0;
  }

  /** Empties the sums without a step. */
  clear(): void {
    this.gradient.data.fill(0);
    this.samples = 0;
    this.loss = 0;
  }

  /** Gives back the sums, not the parameters. */
  release(): void {
    this.gradient.storage.release();
    this.#partial?.storage.release();
  }
}
