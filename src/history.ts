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
  /** With `lbfgs()`: passes over all samples, the first and every trial of a step. */
  passes?: number;
  /** Why it ended. */
  stopped: "epochs" | "tolerance" | "earlyStopping" | "onEpoch";
  /** What a user should know, such as labels that are all the same. */
  warnings: string[];
  /** Where it ran. */
  execution: Execution;
}

/** The execution of a plain `fit`. */
export const IN_CALL: Execution = { mode: "call", threads: 1, reason: "fit runs until it returns" };

/** The execution of a fit in slices that was asked for. */
export const IN_SLICES: Execution = { mode: "slices", threads: 1, reason: "threads were not asked for" };

/** Turns a history into progress as it grows. */
export class Reporter {
  readonly #history: History;
  readonly #epochs: number;
  readonly #start = performance.now();
  /** The first epoch that was told, and when: until then the start was paid for, too. */
  #first: { epoch: number; elapsed: number } | undefined;

  /** `epochs`: how many there will be at most. */
  constructor(history: History, epochs: number) {
    this.#history = history;
    this.#epochs = epochs;
  }

  /** What is to be said about an epoch that is over. */
  progress(epoch: number): Progress {
    const { cost, validationCost } = this.#history;
    const elapsed = performance.now() - this.#start;
    const first = this.#first;
    this.#first ??= { epoch, elapsed };
    const pace = first ? (elapsed - first.elapsed) / (epoch - first.epoch) : elapsed / epoch;
    const progress: Progress = { epoch, cost: cost[epoch]!, elapsed, remaining: pace * (this.#epochs - epoch) };
    if (validationCost) progress.validationCost = validationCost[epoch]!;
    return progress;
  }
}

/** Tells `onEpoch` of epochs, not more often than asked for, and of the last one always. */
export class Herald {
  readonly #onEpoch: OnEpoch;
  readonly #reporter: Reporter;
  readonly #pause: number;
  readonly #epochs: number;
  #due = Number.NEGATIVE_INFINITY;
  #told = 0;

  /** `pause`: milliseconds between two epochs that are told. */
  constructor(onEpoch: OnEpoch, history: History, epochs: number, pause: number) {
    this.#onEpoch = onEpoch;
    this.#reporter = new Reporter(history, epochs);
    this.#pause = pause;
    this.#epochs = epochs;
  }

  /** Whether an epoch is to be told. */
  isDue(epoch: number): boolean {
    return epoch === this.#epochs || performance.now() >= this.#due;
  }

  /** Tells an epoch; returns the answer. */
  tell(epoch: number): unknown {
    this.#told = epoch;
    this.#due = performance.now() + this.#pause;
    return this.#onEpoch(this.#reporter.progress(epoch));
  }

  /** Tells the last epoch if that has not happened yet; returns the answer. */
  end(epoch: number): unknown {
    return epoch > this.#told ? this.tell(epoch) : undefined;
  }
}
