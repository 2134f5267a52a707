/** Mini-batches of a dataset in a seeded order that changes with the epoch. */
import { Dataset } from "./dataset.ts";
import { ownedArray } from "./descent.ts";
import type { NDArray } from "./ndarray.ts";

/** Streams of the generator that a model's start uses; epoch e shuffles with stream SHUFFLE + e. */
export const SHUFFLE = 1n;

/** Copies of randomly chosen samples, one batch at a time. */
export class ShuffledBatches {
  readonly #data: Dataset;
  readonly #seed: bigint;
  /** Whole numbers of 32 bits; an array, so that those of a training that is dropped are collected. */
  readonly #order: NDArray;
  readonly #X: NDArray;
  readonly #Y: NDArray;
  readonly #S: NDArray;

  /** Batches of at most `size` samples. Takes 4 bytes a sample for the order, and the room of one batch. */
  constructor(data: Dataset, size: number, seed: number, who: string, owner: string) {
    this.#data = data;
    this.#seed = BigInt(seed);
    const { runtime, dtype, features, count } = data;
    const room = ownedArray(runtime, dtype, (features + 2) * size, who, owner);
    // Samples whose features are neighbours are copied whole, and stay so.
    const wholeSamples = data.X.strides[0] === 1 && features > 1;
    this.#X = room.view([features, size], wholeSamples ? [1, features] : [size, 1], 0);
    this.#Y = room.view([1, size], [size, 1], features * size);
    this.#S = room.view([1, size], [size, 1], (features + 1) * size);
    try {
      this.#order = ownedArray(runtime, "f32", count, who, owner);
    } catch (error) {
      room.storage.release();
      throw error;
    }
  }

  /** Draws the order of an epoch. */
  shuffle(epoch: number): void {
    const { count, runtime } = this.#data;
    runtime.kernel.permutation(count, this.#seed, SHUFFLE + BigInt(epoch), this.#order.pointer);
  }

  /** Samples start … start + count − 1 of the order, a dataset that the next call overwrites. */
  take(start: number, count: number): Dataset {
    const { X, Y, S, kernel, features } = this.#data;
    const index = this.#order.pointer + 4 * start;
    const copies = [
      [X, this.#X, features],
      [Y, this.#Y, 1],
      [S, this.#S, 1],
    ] as const;
    for (const [from, to, rows] of copies) {
      if (!from) continue;
      kernel.take_columns(
        rows,
        count,
        index,
        from.pointer,
        from.strides[0]!,
        from.strides[1]!,
        to.pointer,
        to.strides[0]!,
        to.strides[1]!,
      );
    }
    return new Dataset(this.#X.columns(0, count), this.#Y.columns(0, count), S && this.#S.columns(0, count));
  }

  /** Gives the memory back. */
  release(): void {
    this.#X.storage.release();
    this.#order.storage.release();
  }
}
