/** Epochs, batches, stopping: gradient descent for any model that can sum its gradient. */

import { ShuffledBatches } from "./batches.ts";
import { diverged } from "./check.ts";
import type { Dataset } from "./dataset.ts";
import type { Descent } from "./descent.ts";
import type { Watch } from "./early-stopping.ts";
import { type History, IN_CALL } from "./history.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { Lbfgs, type Point } from "./lbfgs.ts";
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
    yield* descent.accumulate(data);
    this.#record(descent.mean);
    if (watch) yield* watch.look();
    if (settings.batchSize === undefined) yield* this.#fullBatch();
    else yield* this.#miniBatches(settings.batchSize);
    if (!watch) return;
    this.history.bestEpoch = watch.bestEpoch;
    watch.restore();
  }

  /** Runs it to the end. `hear` is told of each epoch; false stops. */
  run(hear?: (epoch: number) => unknown): History {
    const steps = this.steps();
    try {
      let step = steps.next(true);
      while (!step.done) step = steps.next(step.value === undefined || hear?.(step.value) !== false);
      return this.history;
    } finally {
      // Where hear threw, the training still holds its batches.
      steps.return();
    }
  }

  *#fullBatch(): Steps {
    const { settings, data, descent, watch } = this.#subject;
    const search = settings.optimizer === "lbfgs" ? this.#quasiNewton() : undefined;
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      if (search) {
        const end = yield* search.iterate();
        // What was tried last may lie elsewhere.
        descent.parameters.data.set(search.point.x);
        if (end) return this.#end(end, epoch - 1);
        this.#record(search.point.f, 0);
      } else {
        descent.step(settings, data.count);
        yield* descent.accumulate(data);
        this.#record(descent.mean);
      }
      if (watch) yield* watch.look();
      if (this.#isOver(epoch, yield epoch)) return;
    }
  }

  /** L-BFGS from the present parameters, of which the sums are there. */
  #quasiNewton(): Lbfgs {
    const { settings, data, descent } = this.#subject;
    const { l2 } = settings;
    const { history } = this;
    const point = (): Point => {
      const x = Float64Array.from(descent.parameters.data);
      const f = descent.mean + descent.penalty(l2, data.count);
      const g = descent.meanGradient(l2, data.count, new Float64Array(x.length));
      descent.clear();
      history.passes = (history.passes ?? 0) + 1;
      return { x, f, g };
    };
    const evaluate = function* (x: Float64Array): Generator<undefined, Point> {
      descent.parameters.data.set(x);
      yield* descent.accumulate(data);
      yield;
      return point();
    };
    return new Lbfgs(evaluate, point(), data.dtype === "f32" ? 2 ** -22 : 2 ** -51);
  }

  /** The end of L-BFGS after an epoch. */
  #end(why: "converged" | "stuck", epoch: number): void {
    this.history.stopped = "tolerance";
    if (why === "converged") return;
    this.history.warnings.push(
      `After epoch ${epoch}, lbfgs found no step that lowers the cost: standardise X with StandardScaler.`,
    );
  }

  *#miniBatches(size: number): Steps {
    const { who, owner, settings, data, descent, watch } = this.#subject;
    const m = data.count;
    const batches = settings.shuffle ? new ShuffledBatches(data, size, settings.seed, who, owner) : undefined;
    descent.clear();
    try {
      for (let epoch = 1; epoch <= settings.epochs; epoch++) {
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
        this.#record(loss / m);
        if (watch) yield* watch.look();
        if (this.#isOver(epoch, yield epoch)) return;
      }
    } finally {
      batches?.release();
    }
  }

  /** Writes an epoch's cost down. */
  #record(meanLoss: number, penalty?: number): void {
    const { who, settings, data, descent } = this.#subject;
    const { history } = this;
    const cost = meanLoss + (penalty ?? descent.penalty(settings.l2, data.count));
    const epoch = history.cost.length;
    if (!Number.isFinite(cost)) diverged(who, "the cost", cost, `after epoch ${epoch}`, settings.learningRate);
    history.cost.push(cost);
    history.epochs = epoch;
  }

  /** Whether an epoch was the last one, and why. `goOn`: what the listener said. */
  #isOver(epoch: number, goOn: boolean): boolean {
    const { settings, watch } = this.#subject;
    const { cost } = this.history;
    // The first epoch of mini-batches has seen the start itself: with one batch it always costs the same.
    const compares = epoch > 1 || settings.batchSize === undefined;
    const change = Math.abs(cost[epoch - 1]! - cost[epoch]!);
    if (!goOn) this.history.stopped = "onEpoch";
    else if (compares && change < settings.tolerance) this.history.stopped = "tolerance";
    else if (watch?.exhausted) this.history.stopped = "earlyStopping";
    else return false;
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
