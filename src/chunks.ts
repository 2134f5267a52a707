/**
 * The one order in which gradients and losses over samples are summed.
 *
 * Samples fall into chunks whose number and bounds follow from how many samples there are and from
 * nothing else. Each chunk's sums start from zero and join the total in the order of the chunks, so the
 * result has the same bits whoever computes which chunk. A chunk is computed in pieces, between which a
 * thread may do something else.
 */
import type { KernelFunctions } from "./abi.ts";
import { type Pass, type Place, sAt, yAt } from "./passes.ts";

/** Chunks have at least this many samples. */
const CHUNK = 1024;
/** There are at most this many chunks. */
export const MOST_CHUNKS = 16;
/** Parameters times samples of a piece, about: a fraction of a millisecond, and much more than a call costs. */
const PIECE = 2 ** 20;
/** Blocks whose losses are summed at once, at most: their logits need room. */
const LOSS_BLOCKS = 16;

/** Samples in a chunk when there are m: all up to twice CHUNK, else an equal share, rounded up to 16. */
export function chunkSize(m: number): number {
  let chunks = 1;
  while (chunks < MOST_CHUNKS && m >= 2 * chunks * CHUNK) chunks *= 2;
  return Math.ceil(m / chunks / 16) * 16;
}

/** What is summed over samples start … start + count − 1: their gradients and losses, or their losses alone. */
export interface Task {
  readonly place: Place;
  readonly start: number;
  readonly count: number;
  /** Address of the parameters. */
  readonly parameters: number;
  /** Address where a chunk's gradient goes, zeros to begin with; undefined where only losses are wanted. */
  readonly gradientOf: ((chunk: number) => number) | undefined;
}

/** A model's sums with one kernel: what a thread needs to take part. */
export class Summation {
  readonly pass: Pass;
  /** Bytes of scratch. */
  readonly scratch: number;
  readonly #kernel: KernelFunctions;
  readonly #piece: number;
  readonly #lossPiece: number;
  readonly #z: number;

  constructor(pass: Pass, kernel: KernelFunctions, itemSize: number) {
    const block = pass.block(kernel);
    const blocks = Math.max(1, Math.floor(PIECE / (block * pass.size)));
    this.pass = pass;
    this.#kernel = kernel;
    this.#piece = block * blocks;
    this.#lossPiece = block * Math.min(blocks, LOSS_BLOCKS);
    this.#z = Math.ceil(pass.scratch(kernel) / 16) * 16;
    this.scratch = this.#z + this.#lossPiece * itemSize;
  }

  /** The loss of one chunk, and its gradient where the task wants it; yields between pieces. */
  *chunk(task: Task, chunk: number, scratch: () => number): Generator<undefined, number> {
    const size = chunkSize(task.count);
    const end = Math.min((chunk + 1) * size, task.count);
    const piece = task.gradientOf ? this.#piece : this.#lossPiece;
    const gradient = task.gradientOf?.(chunk);
    let loss = 0;
    for (let done = chunk * size; done < end; done += piece) {
      const start = task.start + done;
      const count = Math.min(piece, end - done);
      loss +=
        gradient === undefined
          ? this.#lossOf(task, start, count, scratch())
          : this.pass.gradient(this.#kernel, task.place, start, count, task.parameters, gradient, scratch());
      if (done + piece < end) yield;
    }
    return loss;
  }

  /** Adds the gradient of so few samples that they are one piece; returns their loss. Undefined if they are more. */
  addFew(
    place: Place,
    start: number,
    count: number,
    parameters: number,
    gradient: number,
    scratch: number,
  ): number | undefined {
    if (count > this.#piece) return undefined;
    return this.pass.gradient(this.#kernel, place, start, count, parameters, gradient, scratch);
  }

  #lossOf({ place, parameters }: Task, start: number, count: number, scratch: number): number {
    const z = scratch + this.#z;
    if (!this.pass.logits) return this.pass.gradient(this.#kernel, place, start, count, parameters, 0, scratch);
    this.pass.logits(this.#kernel, place, start, count, parameters, z, 1, scratch);
    const [y, s] = [yAt(place, start), sAt(place, start)];
    return this.#kernel.cross_entropy(count, z, 1, y, place.y_s, s, place.s_s, z, 1);
  }
}
