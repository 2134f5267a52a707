/** What a training tells, while it runs and afterwards. */

/** What `onEpoch` hears. */
export interface Progress {
  /** Epochs finished, from 1. */
  epoch: number;
  /** The cost after it. */
  cost: number;
  /** The mean loss of the validation samples after it, where there are any. */
  validationCost?: number;
  /** Milliseconds since the training began. */
  elapsed: number;
  /** Milliseconds until all epochs are over if they go on as before; stopping early makes it less. */
  remaining: number;
}

/** Hears of each epoch; returning false stops the training there. */
export type OnEpoch = (progress: Progress) => unknown;

/** Where a training ran, and why there. */
export interface Execution {
  /**
   * "call": in `fit`, until it returned. "slices": on the calling thread, a few milliseconds at a time.
   * "worker": in a worker with a copy of the samples. "threads": in several workers over one shared memory.
   */
  mode: "call" | "slices" | "worker" | "threads";
  /** Threads that computed. */
  threads: number;
  /** Why not more, with the remedy where there is one. */
  reason: string;
}

/** What a fit tells. */
export interface History {
  /**
   * The cost before the first update, then one an epoch. Full batch: J of all samples after the epoch.
   * Mini-batches: the mean of the losses that the epoch's steps saw, with the penalty after it.
   */
  cost: number[];
  /** With `earlyStopping`: the mean loss of the validation samples, without penalty, at the same moments. */
  validationCost?: number[];
  /** With `earlyStopping`: the epoch with the lowest validation cost, 0 for the start. */
  bestEpoch?: number;
  /** Epochs that were run: cost.length − 1. */
  epochs: number;
  /** Why it ended. */
  stopped: "epochs" | "tolerance" | "earlyStopping" | "onEpoch";
  /** What a user should know, such as labels that are all the same. */
  warnings: string[];
  /** Where it ran. */
  execution: Execution;
}

/** The execution of a plain `fit`. */
export const IN_CALL: Execution = { mode: "call", threads: 1, reason: "fit runs until it returns" };

/** Turns a history into progress as it grows. */
export class Reporter {
  readonly #history: History;
  readonly #epochs: number;
  readonly #start = performance.now();

  /** `epochs`: how many there will be at most. */
  constructor(history: History, epochs: number) {
    this.#history = history;
    this.#epochs = epochs;
  }

  /** What is to be said about an epoch that is over. */
  progress(epoch: number): Progress {
    const { cost, validationCost } = this.#history;
    const elapsed = performance.now() - this.#start;
    const progress: Progress = {
      epoch,
      cost: cost[epoch]!,
      elapsed,
      remaining: (elapsed / epoch) * (this.#epochs - epoch),
    };
    if (validationCost) progress.validationCost = validationCost[epoch]!;
    return progress;
  }
}
