/** Training on data that comes batch by batch, however much it is. */
import { checkIterable, checkPair, diverged, emptySource } from "../check.ts";
import type { ArrayInput } from "../creation.ts";
import type { Settled } from "../dataset.ts";
import type { Descent } from "../descent.ts";
import type { FitStreamOptions } from "../fit-options.ts";
import type { Learner } from "../fitting.ts";
import { Herald, type History, IN_SLICES } from "../history.ts";
import type { NDArray } from "../ndarray.ts";
import type { Pass } from "../passes.ts";
import { checkParameters } from "../training.ts";
import { answerOf, finish, Slices } from "./driving.ts";
import { adopt, Kept } from "./fits.ts";
import { type Filled, filled } from "./options.ts";

/** Samples X (n_x, m) with their labels Y (1, m), and perhaps weights (1, m). */
export type Batch = readonly [X: ArrayInput, Y: ArrayInput, sampleWeight?: ArrayInput | undefined];

/** Begins a pass over the data: called once an epoch, it gives the batches anew. */
export type Source = () => Iterable<Batch> | AsyncIterable<Batch>;

/** Runs a fit over a stream. */
export async function runStream(
  who: string,
  learner: Learner,
  source: Source,
  given: FitStreamOptions,
): Promise<History> {
  const options = filled(who, given);
  const stream = new Stream(who, learner, options);
  try {
    await stream.run(source, given);
    const { parameters, pass } = stream.learned!;
    adopt(learner, who, parameters, pass);
    return stream.history;
  } catch (error) {
    const { kept } = stream;
    if (kept && options.signal?.aborted) {
      adopt(learner, who, kept.parameters, kept.pass);
      answerOf(kept.tell?.(), options.signal);
    }
    throw error;
  } finally {
    stream.release();
  }
}

/** A fit over a stream: its parameters, and how it goes on. */
class Stream {
  readonly history: History = { cost: [], epochs: 0, stopped: "epochs", warnings: [], execution: IN_SLICES };
  readonly #who: string;
  readonly #learner: Learner;
  readonly #options: Filled;
  readonly #slices: Slices;
  #descent: Descent | undefined;
  readonly #kept = new Kept();

  constructor(who: string, learner: Learner, options: Filled) {
    this.#who = who;
    this.#learner = learner;
    this.#options = options;
    this.#slices = new Slices(options.sliceMs);
  }

  /** The parameters as they are, and what they are for; undefined before the first batch. */
  get learned(): { parameters: NDArray; pass: Pass } | undefined {
    return this.#descent;
  }

  /** Those after the last epoch that was over, if the options ask to keep them. */
  get kept(): { parameters: NDArray; pass: Pass; tell: Kept["tell"] } | undefined {
    const { parameters, tell } = this.#kept;
    return parameters && { parameters, pass: this.#descent!.pass, tell };
  }

  /** Goes through the source `epochs` times, a step a batch. */
  async run(source: Source, given: FitStreamOptions): Promise<void> {
    const { history } = this;
    const { settings } = this.#learner;
    const { signal, onAbort, progressMs } = this.#options;
    const { epochs = settings.epochs, onEpoch = settings.onEpoch } = given;
    const herald = onEpoch && new Herald(onEpoch, history, epochs, progressMs);
    this.#kept.tell = () => herald?.end(this.#kept.epoch);
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const cost = await this.#pass(source, epoch);
      const before = history.cost[epoch - 1]!;
      history.cost.push(cost);
      history.epochs = epoch;
      if (signal && onAbort === "keep") {
        this.#kept.keep(this.#learner, this.#who, this.#descent!.parameters, epoch);
      }
      if (herald?.isDue(epoch) && (await answerOf(herald.tell(epoch), signal)) === false)
        history.stopped = "onEpoch";
      // The first pass has seen the start itself: with one batch it always costs the same.
      else if (epoch > 1 && Math.abs(before - cost) < settings.tolerance) history.stopped = "tolerance";
      signal?.throwIfAborted();
      if (history.stopped !== "epochs") break;
    }
    await answerOf(herald?.end(history.epochs), signal);
    signal?.throwIfAborted();
  }

  /** One pass: the mean of the losses that its steps saw, with the penalty after it. */
  async #pass(source: Source, epoch: number): Promise<number> {
    const { settings } = this.#learner;
    const who = this.#who;
    let loss = 0;
    let samples = 0;
    for await (const batch of this.#batches(source)) {
      checkPair(who, "a batch", batch, "sampleWeight");
      const [X, Y, sampleWeight] = batch;
      const { classWeight } = settings;
      const loan = this.#learner.borrow(who, X, Y, this.#settled(), { sampleWeight, classWeight });
      try {
        await this.#breathing(loan.look());
        // The first batch says how many features there are.
        this.#descent ??= this.#learner.descend(who, this.#learner, loan.data);
        const descent = this.#descent;
        await this.#breathing(descent.accumulate(loan.data));
        const { count } = loan.data;
        if (this.history.cost.length === 0) this.history.cost.push(descent.cost(settings.l2, count));
        loss += descent.loss;
        samples += count;
        if (!Number.isFinite(loss)) diverged(who, "the cost", loss, `in epoch ${epoch}`, settings.learningRate);
        descent.step(settings, count);
      } finally {
        loan.release();
      }
    }
    if (samples === 0) emptySource(who, epoch);
    const descent = this.#descent!;
    checkParameters(who, descent.parameters, epoch, settings.learningRate);
    return loss / samples + descent.penalty(settings.l2, samples);
  }

  /** The batches of a pass. Ends with the signal's reason, also while the source is waited for. */
  async *#batches(source: Source): AsyncGenerator<Batch, void> {
    const given = source();
    checkIterable(this.#who, given);
    const iterator = Symbol.asyncIterator in given ? given[Symbol.asyncIterator]() : given[Symbol.iterator]();
    const { signal } = this.#options;
    let giveUp: ((reason: unknown) => void) | undefined;
    const abort = (): void => giveUp?.(signal!.reason);
    signal?.addEventListener("abort", abort);
    let asked = false;
    try {
      for (;;) {
        signal?.throwIfAborted();
        asked = true;
        // A race with one promise of the abort would keep every batch alive until the pass is over.
        const next = await new Promise<IteratorResult<Batch>>((resolve, reject) => {
          giveUp = reject;
          Promise.resolve(iterator.next()).then(resolve, reject);
        });
        if (next.done) return;
        asked = false;
        yield next.value;
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      // A source that ended or failed by itself has nothing to close. Not awaited: one that hangs never answers.
      if (!asked || signal?.aborted) new Promise((resolve) => resolve(iterator.return?.())).catch(() => {});
    }
  }

  #settled(): Settled {
    if (!this.#descent) return this.#learner.settled;
    const { parameters, pass } = this.#descent;
    const { dtype, runtime } = parameters;
    return { dtype, features: pass.spec.n_x, runtime, classes: pass.classes };
  }

  #breathing(steps: Generator<undefined, void>): Promise<void> {
    return finish(steps, this.#slices, () => this.#options.signal?.throwIfAborted());
  }

  /** Gives everything back. */
  release(): void {
    this.#kept.release();
    this.#descent?.parameters.storage.release();
    this.#descent?.release();
  }
}
