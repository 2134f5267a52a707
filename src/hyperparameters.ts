/** Hyperparameters that both models share: their meaning, defaults and checks. */

import type { DType } from "./abi.ts";
import {
  checkCallback,
  checkClassWeight,
  checkCount,
  checkDType,
  checkFinite,
  checkFlag,
  checkOptimizer,
  checkOptions,
  checkSeed,
  checkStepwise,
} from "./check.ts";
import type { OnEpoch } from "./history.ts";
import type { Optimizer } from "./optimizer.ts";
import type { ClassWeight } from "./weights.ts";

/** Hyperparameters that both models share. */
export interface TrainingOptions {
  /**
   * Length of a step down the gradient, > 0. Larger learns faster until the cost rises or oscillates. Default 0.1,
   * with `adam()` 0.001; `lbfgs()` finds its own.
   */
  learningRate?: number;
  /**
   * What a step is made of: `momentum()`, `adam()` or `lbfgs()` of `fourlane/optimizers`. Default: the gradient alone. Each
   * fit starts them from zero, also with `warmStart`; those of `step` last until the next fit.
   */
  optimizer?: Optimizer;
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
   * Factors of each class's losses, >= 0: `{ 0: a, 1: b }`, 1 where one is missing; or "balanced": all samples' weight over
   * that of the class's times the number of classes. Larger makes a class's errors cost more. Default: none.
   */
  classWeight?: ClassWeight;
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

const DEFAULTS = {
  epochs: 1000,
  shuffle: true,
  l2: 0,
  tolerance: 0,
  warmStart: false,
  seed: 0,
};

const NAMES = [
  "learningRate",
  "optimizer",
  ...Object.keys(DEFAULTS),
  "batchSize",
  "classWeight",
  "dtype",
  "onEpoch",
];

/** What has no default. */
type Optional = "optimizer" | "batchSize" | "classWeight" | "dtype" | "onEpoch";

/** Shared hyperparameters with their defaults filled in. */
export type Hyperparameters = Required<Omit<TrainingOptions, Optional>> & Pick<TrainingOptions, Optional>;

/** Checks the shared hyperparameters for `who`, whose others are `own`, and fills in the defaults. */
export function hyperparameters(
  who: string,
  options: TrainingOptions,
  own: readonly string[],
  classes: number,
): Hyperparameters {
  checkOptions(who, options, [...NAMES, ...own]);
  const isGiven = ([name, value]: [string, unknown]) => value !== undefined && !own.includes(name);
  const given = Object.fromEntries(Object.entries(options).filter(isGiven));
  const learningRate = options.optimizer?.learningRate ?? 0.1;
  const filled: Hyperparameters = { ...DEFAULTS, learningRate, ...given };
  if (filled.optimizer !== undefined) checkOptimizer(who, filled.optimizer);
  checkFinite(who, "learningRate", filled.learningRate, 0, true);
  checkCount(who, "epochs", filled.epochs, 1);
  if (filled.batchSize !== undefined) {
    checkCount(who, "batchSize", filled.batchSize, 1);
    checkStepwise(who, filled.optimizer);
  }
  checkFlag(who, "shuffle", filled.shuffle);
  checkFinite(who, "l2", filled.l2, 0);
  checkFinite(who, "tolerance", filled.tolerance, 0);
  checkFlag(who, "warmStart", filled.warmStart);
  checkSeed(who, filled.seed);
  if (filled.classWeight !== undefined) checkClassWeight(who, filled.classWeight, classes);
  if (filled.dtype !== undefined) checkDType(who, filled.dtype);
  if (filled.onEpoch !== undefined) checkCallback(who, "onEpoch", filled.onEpoch);
  return filled;
}
