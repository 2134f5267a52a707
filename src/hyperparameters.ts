/** Hyperparameters that both models share: their meaning, defaults and checks. */

import type { DType } from "./abi.ts";
import {
  checkBatchSize,
  checkCallback,
  checkCount,
  checkDType,
  checkFinite,
  checkFlag,
  checkSeed,
} from "./check.ts";
import type { Dataset } from "./dataset.ts";
import type { OnEpoch } from "./history.ts";

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
  /**
   * Stop when an epoch changes the cost by less than this, >= 0; with mini-batches from the second on. Larger stops
   * earlier. Default 0: never.
   */
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
