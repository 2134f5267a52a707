/**
 * The one order in which gradients and losses over samples are summed.
 *
 * Samples fall into chunks whose number and bounds follow from how many samples there are and from
 * nothing else. Each chunk's sums start from zero and join the total in the order of the chunks, so the
 * result has the same bits whoever computes which chunk. A chunk is computed in pieces, between which a
 * thread may do something else.
 */
import type { KernelFunctions } from "./abi.ts";
import { type Pass, type Place, placeFrom } from "./passes.ts";

/** Up to 16 chunks have at least so many samples, more have four times as many, so that only large data pays for them. */
const CHUNK = 1024;
/** There are at most this many chunks. */
export const MOST_CHUNKS = 64;
/** Parameters times samples of a piece, about: a fraction of a millisecond, and much more than a call costs. */
const PIECE = 2 ** 20;

/** Samples in a chunk when there are m: twice as many chunks as long as each keeps enough, rounded up to 16. */
export function chunkSize(m: number): number {
  let chunks = 1;
  while (chunks < MOST_CHUNKS && m >= 2 * chunks * CHUNK * (chunks < 16 ? 1 : 4)) chunks *= 2;
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
  /** Samples of a piece. */
  readonly piece: number;
  /** Bytes of scratch. */
  readonly scratch: number;
  readonly #kernel: KernelFunctions;

  constructor(pass: Pass, kernel: KernelFunctions) {
    const block = pass.block(kernel);
    const blocks = Math.max(1, Math.floor(PIECE / (block * pass.size)));
    this.pass = pass;
    this.#kernel = kernel;
    this.piece = block * blocks;
    this.scratch = pass.scratch(kernel);
  }

  /** The loss of one chunk, and its gradient where the task wants it; yields between pieces. */
  *chunk(task: Task, chunk: number, scratch: () => number): Generator<undefined, number> {
    const size = chunkSize(task.count);
    const end = Math.min((chunk + 1) * size, task.count);
    const { piece } = this;
    const gradient = task.gradientOf?.(chunk) ?? 0;
    let loss = 0;
    for (let done = chunk * size; done < end; done += piece) {
      const count = Math.min(piece, end - done);
      const place = placeFrom(task.place, task.start + done);
      loss += this.pass.gradient(this.#kernel, place, count, task.parameters, gradient, scratch());
      if (done + piece < end) yield;
    }
    return loss;
  }
}
