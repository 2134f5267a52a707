/** Epochs, batches, stopping: gradient descent for any model that can sum its gradient. */

import { ShuffledBatches } from "./batches.ts";
import { diverged } from "./check.ts";
import type { Dataset } from "./dataset.ts";
import type { Descent } from "./descent.ts";
import type { Watch } from "./early-stopping.ts";
import { type History, IN_CALL, type OnEpoch, Reporter } from "./history.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { NDArray } from "./ndarray.ts";
import { itemSize } from "./strided.ts";

/** What a training works with. */
export interface Subject {
  /** The method that was called, for errors. */
  who: string;
  /** The model's name, for errors about its memory. */
  owner: string;
  settings: Hyperparameters;
  data: Dataset;
  descent: Descent;
  /** Looks at other samples, if the training may stop early. */
  watch?: Watch | undefined;
}

/**
 * A training under way: yields the number of an epoch that is over, and undefined wherever else a thread may
 * do something in between; nothing depends on when it comes back. `next(false)` after an epoch stops there.
 */
export type Steps = Generator<number | undefined, void, boolean>;

/** The cost of each epoch, and undefined wherever else a thread may do something in between. */
type Costs = Generator<number | undefined, void>;

/** Trains until the epochs are over or there is a reason to stop. */
export class Training {
  /** Grows with the training. */
  readonly history: History;
  readonly #subject: Subject;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.history = {
      cost: [],
      epochs: 0,
      stopped: "epochs",
      warnings: warningsOf(subject.data),
      execution: IN_CALL,
    };
    if (subject.watch) this.history.validationCost = subject.watch.costs;
  }

  /** Runs it. @throws RangeError when the cost stops being finite. */
  *steps(): Steps {
    const { settings, data, descent, watch } = this.#subject;
    const { optimizer, l2 } = settings;
    const { history } = this;
    yield* descent.accumulate(data);
    this.#record(descent.cost(l2, data.count));
    if (watch) yield* watch.look();
    const costs =
      optimizer?.minimise?.(descent, data, l2, history) ??
      (settings.batchSize ? this.#miniBatches(settings.batchSize) : this.#fullBatch());
    for (const cost of costs) {
      if (cost === undefined) yield;
      else {
        this.#record(cost);
        if (watch) yield* watch.look();
        if (this.#isOver(yield history.epochs)) break;
      }
    }
    if (!watch) return;
    history.bestEpoch = watch.bestEpoch;
    watch.restore();
  }

  /** Runs it to the end. `onEpoch` is told of each epoch; false stops. */
  run(onEpoch: OnEpoch | undefined): History {
    const reporter = new Reporter(this.history, this.#subject.settings.epochs);
    const steps = this.steps();
    try {
      let step = steps.next(true);
      while (!step.done) {
        const epoch = step.value;
        step = steps.next(epoch === undefined || onEpoch?.(reporter.progress(epoch)) !== false);
      }
      return this.history;
    } finally {
      // Where onEpoch threw, the training still holds its batches.
      steps.return();
    }
  }

  *#fullBatch(): Costs {
    const { settings, data, descent } = this.#subject;
    for (;;) {
      descent.step(settings, data.count);
      yield* descent.accumulate(data);
      yield descent.cost(settings.l2, data.count);
    }
  }

  *#miniBatches(size: number): Costs {
    const { who, owner, settings, data, descent } = this.#subject;
    const m = data.count;
    const batches = settings.shuffle ? new ShuffledBatches(data, size, settings.seed, who, owner) : undefined;
    descent.clear();
    try {
      for (let epoch = 1; ; epoch++) {
        batches?.shuffle(epoch);
        let loss = 0;
        for (let start = 0; start < m; start += size) {
          const count = Math.min(size, m - start);
          if (batches) yield* descent.accumulate(batches.take(start, count));
          else yield* descent.accumulate(data, start, count);
          loss += descent.loss;
          descent.step(settings, m);
          if (start + size < m) yield;
        }
        // The epoch's cost was seen before its last steps, which may have gone too far.
        if (Number.isFinite(loss)) checkParameters(who, descent.parameters, epoch, settings.learningRate);
        yield loss / m + descent.penalty(settings.l2, m);
      }
    } finally {
      batches?.release();
    }
  }

  /** Writes an epoch's cost down. */
  #record(cost: number): void {
    const { who, settings } = this.#subject;
    const { history } = this;
    const epoch = history.cost.length;
    if (!Number.isFinite(cost)) diverged(who, "the cost", cost, `after epoch ${epoch}`, settings.learningRate);
    history.cost.push(cost);
    history.epochs = epoch;
  }

  /** Whether the epoch was the last one, and why. `goOn`: what the listener said. */
  #isOver(goOn: boolean): boolean {
    const { settings, watch } = this.#subject;
    const { history } = this;
    const { cost, epochs } = history;
    // The first epoch of mini-batches has seen the start itself: with one batch it always costs the same.
    const compares = epochs > 1 || settings.batchSize === undefined;
    const change = Math.abs(cost[epochs - 1]! - cost[epochs]!);
    if (!goOn) history.stopped = "onEpoch";
    else if (compares && change < settings.tolerance) history.stopped = "tolerance";
    else if (watch?.exhausted) history.stopped = "earlyStopping";
    else return epochs === settings.epochs;
    return true;
  }
}

/** Checks that an epoch's last steps did not go too far. @throws RangeError if a parameter is not finite. */
export function checkParameters(who: string, parameters: NDArray, epoch: number, learningRate: number): void {
  const { kernel } = parameters.runtime;
  const found = kernel[parameters.dtype].find_non_finite(1, parameters.size, parameters.pointer, 0, 1);
  if (found >= 0) diverged(who, "a parameter", parameters.item(found), `after epoch ${epoch}`, learningRate);
}

function warningsOf(data: Dataset): string[] {
  const { Y, kernel, runtime, count, dtype } = data;
  const result = runtime.memory.scratch(8, "fit");
  const [least, most] = (["min", "max"] as const).map((name) => {
    kernel[name](1, count, Y.pointer, 0, Y.strides[1]!, result, 1);
    return runtime.memory[dtype][result / itemSize(dtype)]!;
  });
  return least === most ? [`All ${count} labels are ${least}: the model can only learn to say ${least}.`] : [];
}
