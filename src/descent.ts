/** Gradients are sums: accumulate over samples, in a fixed order (chunks.ts), then step. */

import type { DType } from "./abi.ts";
import { chunkSize, Summation, type Task } from "./chunks.ts";
import type { Dataset } from "./dataset.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { NDArray } from "./ndarray.ts";
import type { Step, Sums } from "./optimizer.ts";
import { type Pass, placeFrom } from "./passes.ts";
import type { Runtime } from "./runtime.ts";
import { Storage } from "./storage.ts";
import { itemSize } from "./strided.ts";

/** Others who compute chunks at the same time. */
export interface Crew {
  /** Has all chunks of a task summed, by whoever has time. @returns the loss of each. */
  sum(task: Task, chunks: number): Generator<undefined, ArrayLike<number>>;
}

/** A new flat array that only its model frees. */
export function ownedArray(where: Runtime, dtype: DType, size: number, who: string, owner: string): NDArray {
  return new NDArray(new Storage(where, size * itemSize(dtype), who, owner), dtype, [size], [1]);
}

/** The step of the course. */
const gradientStep: Step = (kernel, n, n_w, rate, scale, decay, parameters, gradient) =>
  kernel.gradient_step(n, n_w, rate, scale, decay, 0, parameters, gradient, 0);

/** Steps of what was done at once: another generator for each would take a tenth of a small step's time. */
const OVER = (function* (): Generator<undefined, void> {})();

/** Parameters on their way down: the gradient's sums so far, and the step that uses them up. */
export class Descent implements Sums {
  readonly pass: Pass;
  readonly parameters: NDArray;
  readonly gradient: NDArray;
  /** Samples in the sums. */
  samples = 0;
  /** Sum of their losses. */
  loss = 0;
  readonly #summation: Summation;
  readonly #who: string;
  readonly #owner: string;
  readonly #crew: Crew | undefined;
  readonly #scratch: () => number;
  /** Room for chunks that cannot add to `gradient` itself. */
  #partial: NDArray | undefined;
  /** What the optimizer keeps from step to step, and the next step. */
  #state: NDArray | undefined;
  #step = gradientStep;

  /** Starts with empty sums. `parameters` (pass.size) are updated in place; they stay the caller's. */
  constructor(pass: Pass, parameters: NDArray, who: string, owner: string, crew?: Crew) {
    const { runtime, dtype } = parameters;
    this.#summation = new Summation(pass, runtime.kernel[dtype]);
    this.pass = pass;
    this.#who = who;
    this.#owner = owner;
    this.#crew = crew;
    // Scratch may move while others work in between, so each piece asks anew.
    this.#scratch = () => runtime.memory.scratch(this.#summation.scratch, who);
    this.parameters = parameters;
    this.gradient = ownedArray(runtime, dtype, pass.size, who, owner);
    this.gradient.data.fill(0);
  }

  /** Adds samples start … start + count − 1 to the sums, chunk by chunk. Yields between pieces of them, where there are any. */
  accumulate(data: Dataset, start = 0, count = data.count): Generator<undefined, void> {
    const { place } = data;
    const { pointer, runtime, dtype } = this.parameters;
    const chunks = Math.ceil(count / chunkSize(count));
    if (chunks > 1 || this.samples > 0 || count > this.#summation.piece)
      return this.#accumulateChunks({ place, start, count, parameters: pointer }, chunks);
    // What most steps are: a single piece, straight into the total.
    this.loss = this.pass.gradient(
      runtime.kernel[dtype],
      placeFrom(place, start),
      count,
      pointer,
      this.gradient.pointer,
      this.#scratch(),
    );
    this.samples = count;
    return OVER;
  }

  *#accumulateChunks(task: Omit<Task, "gradientOf">, chunks: number): Generator<undefined, void> {
    const { size, dtype } = this.parameters;
    const total = this.gradient.pointer;
    const direct = this.samples === 0 ? 1 : 0;
    // Taken now, memory cannot run out halfway. Others need a room for each chunk that cannot add to the total itself.
    this.#scratch();
    const crew = this.#crewFor(chunks);
    const partial = this.#room(crew ? chunks - direct : Math.min(chunks - direct, 1));
    const apart = crew ? size * itemSize(dtype) : 0;
    const gradientOf = (chunk: number): number =>
      chunk < direct ? total : partial!.pointer + (chunk - direct) * apart;
    partial?.data.fill(0);
    yield* this.#sum({ ...task, gradientOf }, chunks, (loss, chunk) => {
      this.loss += loss;
      if (chunk < direct) return;
      this.#add(gradientOf(chunk));
      if (!crew) partial!.data.fill(0);
    });
    this.samples += task.count;
  }

  /** Mean loss of the samples at the present parameters; the sums stay as they are. */
  *meanLoss({ count, place }: Dataset): Generator<undefined, number> {
    this.#scratch();
    const task = { place, start: 0, count, parameters: this.parameters.pointer, gradientOf: undefined };
    let sum = 0;
    yield* this.#sum(task, Math.ceil(count / chunkSize(count)), (loss) => {
      sum += loss;
    });
    return sum / count;
  }

  /** Has chunks summed, and hears of them in their order. Yields between pieces. */
  *#sum(task: Task, chunks: number, hear: (loss: number, chunk: number) => void): Generator<undefined, void> {
    const crew = this.#crewFor(chunks);
    const losses = crew && (yield* crew.sum(task, chunks));
    for (let chunk = 0; chunk < chunks; chunk++) {
      if (chunk > 0 && !losses) yield;
      hear(losses?.[chunk] ?? (yield* this.#summation.chunk(task, chunk, this.#scratch)), chunk);
    }
  }

  #crewFor(chunks: number): Crew | undefined {
    return chunks > 1 ? this.#crew : undefined;
  }

  /** Room for so many partial sums, if any are needed. */
  #room(rooms: number): NDArray | undefined {
    const { size, runtime, dtype } = this.parameters;
    if ((this.#partial?.size ?? 0) < rooms * size) {
      this.#partial?.storage.release();
      this.#partial = undefined;
      this.#partial = ownedArray(runtime, dtype, rooms * size, this.#who, this.#owner);
    }
    return this.#partial;
  }

  /** gradient += the partial sums at an address. */
  #add(partial: number): void {
    const { runtime, dtype, size } = this.parameters;
    const total = this.gradient.pointer;
    runtime.kernel[dtype].add(1, size, total, 0, 1, partial, 0, 1, total, 0, 1);
  }

  /** The mean loss of the samples in the sums with its penalty. */
  cost(l2: number, m: number): number {
    return this.loss / this.samples + this.penalty(l2, m);
  }

  /** l2/(2m)·‖weights‖². */
  penalty(l2: number, m: number): number {
    if (l2 === 0) return 0;
    const { pointer, runtime, dtype } = this.parameters;
    return (l2 / (2 * m)) * runtime.kernel[dtype].dot(this.pass.weights, pointer, 1, pointer, 1);
  }

  /** The gradient of the mean loss with the penalty's, into an array, which is returned. */
  meanGradient<A extends Float32Array | Float64Array>(l2: number, m: number, out: A): A {
    const sums = this.gradient.data;
    const weights = this.parameters.data;
    for (let i = 0; i < out.length; i++) {
      out[i] = sums[i]! / this.samples + (i < this.pass.weights ? (l2 / m) * weights[i]! : 0);
    }
    return out;
  }

  /** One step of the optimizer down the gradient of mean loss + l2/m·weights; the sums start anew. */
  step({ optimizer, learningRate, l2 }: Hyperparameters, m: number): void {
    const { runtime, dtype, pointer } = this.parameters;
    const { size, weights } = this.pass;
    if (optimizer && !this.#state) {
      this.#state = ownedArray(runtime, dtype, optimizer.arrays! * size, this.#who, this.#owner);
      this.#state.data.fill(0);
      this.#step = optimizer.begin!();
    }
    // One by one: a spread list would take a tenth of a small step's time.
    this.#step(
      runtime.kernel[dtype],
      size,
      weights,
      learningRate,
      1 / this.samples,
      l2 / m,
      pointer,
      this.gradient.pointer,
      this.#state?.pointer ?? 0,
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
    this.#state?.storage.release();
  }
}
