/** Epochs, batches, stopping, history, progress: gradient descent for any model that can sum its gradient. */

import type { DType } from "./abi.ts";
import { ShuffledBatches } from "./batches.ts";
import {
  checkBatchSize,
  checkCallback,
  checkCount,
  checkDType,
  checkFinite,
  checkFlag,
  checkSeed,
  diverged,
} from "./check.ts";
import type { Dataset } from "./dataset.ts";
import type { Descent } from "./descent.ts";
import type { NDArray } from "./ndarray.ts";

/** What `onEpoch` hears. */
export interface Progress {
  /** Epochs finished, from 1. */
  epoch: number;
  /** The cost after it. */
  cost: number;
}

/** Hyperparameters that both models share. */
export interface TrainingOptions {
  /** Length of a step down the gradient, > 0. Larger learns faster until the cost rises or oscillates. Default 0.1. */
  learningRate?: number;
  /** Passes over all samples, >= 1. More lowers the training cost further. Default 1000. */
  epochs?: number;
  /**
   * Samples of a step, 1 … m. Smaller makes more, noisier steps an epoch. Default: all of them, whose cost
   * falls smoothly.
   */
  batchSize?: number;
  /** Draw each epoch's batches in a new seeded order. Default true; without batchSize it changes nothing. */
  shuffle?: boolean;
  /** Strength of the penalty l2/(2m)·‖weights‖², >= 0; biases are free. Larger means smaller weights. Default 0. */
  l2?: number;
  /** Stop when an epoch changes the cost by less than this, >= 0. Larger stops earlier. Default 0: never. */
  tolerance?: number;
  /** Go on from the parameters of the last fit instead of a new start. Default false. */
  warmStart?: boolean;
  /** Seed of the start and of the shuffles, an integer from 0 to 2^53 − 1. Default 0. */
  seed?: number;
  /** Type of the parameters. Default: that of X, "f32" for plain numbers. */
  dtype?: DType;
  /** Called after each epoch; returning false stops the training there. */
  onEpoch?: OnEpoch;
}

/** Hears of each epoch; returning false stops the training there. */
export type OnEpoch = (progress: Progress) => unknown;

/** What a fit tells. */
export interface History {
  /**
   * The cost before the first update, then one an epoch. Full batch: J of all samples after the epoch.
   * Mini-batches: the mean of the losses that the epoch's steps saw, with the penalty after it.
   */
  cost: number[];
  /** Epochs that were run: cost.length − 1. */
  epochs: number;
  /** Why it ended. */
  stopped: "epochs" | "tolerance" | "onEpoch";
  /** What a user should know, such as labels that are all the same. */
  warnings: string[];
}

/** Names of the shared hyperparameters. */
export const TRAINING_OPTIONS = [
  "learningRate",
  "epochs",
  "batchSize",
  "shuffle",
  "l2",
  "tolerance",
  "warmStart",
  "seed",
  "dtype",
  "onEpoch",
] as const;

const DEFAULTS = {
  learningRate: 0.1,
  epochs: 1000,
  shuffle: true,
  l2: 0,
  tolerance: 0,
  warmStart: false,
  seed: 0,
};

/** Shared hyperparameters with their defaults filled in. */
export type Hyperparameters = Required<Omit<TrainingOptions, "batchSize" | "dtype" | "onEpoch">> &
  Pick<TrainingOptions, "batchSize" | "dtype" | "onEpoch">;

/** Checks the shared hyperparameters for `who` and fills in the defaults. */
export function hyperparameters(who: string, options: TrainingOptions): Hyperparameters {
  const filled = { ...DEFAULTS, ...options };
  for (const name of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]) {
    if (filled[name] === undefined) Object.assign(filled, { [name]: DEFAULTS[name] });
  }
  checkFinite(who, "learningRate", filled.learningRate, 0, true);
  checkCount(who, "epochs", filled.epochs, 1);
  if (filled.batchSize !== undefined) checkCount(who, "batchSize", filled.batchSize, 1);
  checkFlag(who, "shuffle", filled.shuffle);
  checkFinite(who, "l2", filled.l2, 0);
  checkFinite(who, "tolerance", filled.tolerance, 0);
  checkFlag(who, "warmStart", filled.warmStart);
  checkSeed(who, filled.seed);
  if (filled.dtype !== undefined) checkDType(who, filled.dtype);
  if (filled.onEpoch !== undefined) checkCallback(who, "onEpoch", filled.onEpoch);
  return filled;
}

/** Checks what only the data can show to be wrong. */
export function checkAgainstData(who: string, settings: Hyperparameters, data: Dataset): void {
  if (settings.batchSize !== undefined) checkBatchSize(who, settings.batchSize, data.count);
}

/**
 * Trains until the epochs are over or a reason to stop is met. Yields between chunks of samples, where a
 * caller may do something else; nothing depends on when it comes back.
 *
 * @throws RangeError when the cost stops being finite.
 */
export function* train(
  who: string,
  owner: string,
  settings: Hyperparameters,
  data: Dataset,
  descent: Descent,
): Generator<void, History> {
  const history: History = { cost: [], epochs: 0, stopped: "epochs", warnings: warningsOf(data) };
  yield* descent.accumulate(data);
  record(who, settings, data, descent, history, descent.meanLoss);
  if (settings.batchSize === undefined) yield* fullBatch(who, settings, data, descent, history);
  else yield* miniBatches(who, owner, settings, settings.batchSize, data, descent, history);
  return history;
}

function* fullBatch(
  who: string,
  settings: Hyperparameters,
  data: Dataset,
  descent: Descent,
  history: History,
): Generator<void, void> {
  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    descent.step(settings.learningRate, settings.l2, data.count);
    yield* descent.accumulate(data);
    if (record(who, settings, data, descent, history, descent.meanLoss)) return;
  }
}

function* miniBatches(
  who: string,
  owner: string,
  settings: Hyperparameters,
  size: number,
  data: Dataset,
  descent: Descent,
  history: History,
): Generator<void, void> {
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
        descent.step(settings.learningRate, settings.l2, m);
      }
      // The epoch's cost was seen before its last steps, which may have gone too far.
      if (Number.isFinite(loss)) checkParameters(who, descent.parameters, epoch, settings.learningRate);
      if (record(who, settings, data, descent, history, loss / m)) return;
    }
  } finally {
    batches?.release();
  }
}

function checkParameters(who: string, parameters: NDArray, epoch: number, learningRate: number): void {
  const { kernel } = parameters.runtime;
  const found = kernel[parameters.dtype].find_non_finite(1, parameters.size, parameters.pointer, 0, 1);
  if (found >= 0) diverged(who, "a parameter", parameters.item(found), `after epoch ${epoch}`, learningRate);
}

/** Writes an epoch's cost down; true if the training should stop. */
function record(
  who: string,
  settings: Hyperparameters,
  data: Dataset,
  descent: Descent,
  history: History,
  meanLoss: number,
): boolean {
  const cost = meanLoss + descent.penalty(settings.l2, data.count);
  const epoch = history.cost.length;
  if (!Number.isFinite(cost)) diverged(who, "the cost", cost, `after epoch ${epoch}`, settings.learningRate);
  const change = epoch > 0 ? Math.abs(history.cost[epoch - 1]! - cost) : Number.POSITIVE_INFINITY;
  history.cost.push(cost);
  history.epochs = epoch;
  if (epoch === 0) return false;
  if (settings.onEpoch?.({ epoch, cost }) === false) {
    history.stopped = "onEpoch";
    return true;
  }
  if (change < settings.tolerance) {
    history.stopped = "tolerance";
    return true;
  }
  return false;
}

function warningsOf(data: Dataset): string[] {
  const { Y, kernel, runtime, count } = data;
  const result = runtime.memory.scratch(8, "fit");
  kernel.mean(1, count, Y.pointer, 0, Y.strides[1]!, result, 1);
  const share = runtime.memory[data.dtype][result / (data.dtype === "f32" ? 4 : 8)]!;
  if (share !== 0 && share !== 1) return [];
  return [`All ${count} labels are ${share}: the model can only learn to say ${share}.`];
}
