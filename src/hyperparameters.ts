/** Hyperparameters that both models share: their meaning, defaults and checks. */

import type { DType } from "./abi.ts";
import {
  checkBatchSize,
  checkCallback,
  checkClassWeight,
  checkCount,
  checkDType,
  checkFinite,
  checkFlag,
  checkOneOf,
  checkSeed,
  checkStepwise,
  unusedOption,
} from "./check.ts";
import type { Dataset } from "./dataset.ts";
import type { OnEpoch } from "./history.ts";
import type { ClassWeight } from "./weights.ts";

/** How a gradient becomes a step. */
export const OPTIMIZERS = ["gradient-descent", "momentum", "adam", "lbfgs"] as const;

/** Name of an optimizer. */
export type Optimizer = (typeof OPTIMIZERS)[number];

/** Hyperparameters that both models share. */
export interface TrainingOptions {
  /**
   * Length of a step down the gradient, > 0. Larger learns faster until the cost rises or oscillates. Default 0.1,
   * with "adam" 0.001; "lbfgs" finds its own.
   */
  learningRate?: number;
  /**
   * What a step is made of. "gradient-descent" (default): the gradient alone. "momentum": a velocity that gathers
   * gradients (Polyak, 1964). "adam": their running mean, each parameter's scaled by its own running size (Kingma and
   * Ba, 2015). "lbfgs": all samples at once, and what the last gradients tell of the cost's curvature (Nocedal, 1980);
   * it needs no rate, some fifty times fewer epochs, and ends with `stopped` "tolerance" where rounding hides any further
   * descent. Each fit starts them from zero, also with `warmStart`; those of `step` last until the next fit.
   */
  optimizer?: Optimizer;
  /** With "momentum": share of the velocity that a step keeps, 0 <= momentum < 1. Larger is smoother and turns later. Default 0.9. */
  momentum?: number;
  /** With "adam": share of the running mean that a step keeps, 0 <= beta1 < 1. Larger is smoother and turns later. Default 0.9. */
  beta1?: number;
  /** With "adam": share of the running square that a step keeps, 0 <= beta2 < 1. Larger adapts later. Default 0.999. */
  beta2?: number;
  /** With "adam": added to a gradient's size before it divides, > 0. Larger makes steps of small gradients smaller. Default 1e-8. */
  epsilon?: number;
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
  learningRate: 0.1,
  optimizer: "gradient-descent" as Optimizer,
  momentum: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  epochs: 1000,
  shuffle: true,
  l2: 0,
  tolerance: 0,
  warmStart: false,
  seed: 0,
};

/** Names of the shared hyperparameters. */
export const TRAINING_OPTIONS = [...Object.keys(DEFAULTS), "batchSize", "classWeight", "dtype", "onEpoch"];

/** The optimizer that a hyperparameter is for. */
const ONLY_FOR = { momentum: "momentum", beta1: "adam", beta2: "adam", epsilon: "adam" } as const;

/** What has no default. */
type Optional = "batchSize" | "classWeight" | "dtype" | "onEpoch";

/** Shared hyperparameters with their defaults filled in. */
export type Hyperparameters = Required<Omit<TrainingOptions, Optional>> & Pick<TrainingOptions, Optional>;

/** Checks the shared hyperparameters for `who` and fills in the defaults. */
export function hyperparameters(who: string, options: TrainingOptions, classes = 2): Hyperparameters {
  const filled = { ...DEFAULTS, ...options };
  if (options.learningRate === undefined && options.optimizer === "adam") filled.learningRate = 0.001;
  for (const name of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]) {
    if (filled[name] === undefined) Object.assign(filled, { [name]: DEFAULTS[name] });
  }
  checkFinite(who, "learningRate", filled.learningRate, 0, true);
  checkOneOf(who, "optimizer", filled.optimizer, OPTIMIZERS);
  for (const name of Object.keys(ONLY_FOR) as (keyof typeof ONLY_FOR)[]) {
    checkFinite(who, name, filled[name], 0, name === "epsilon", name === "epsilon" ? undefined : 1);
    if (options[name] === undefined || filled.optimizer === ONLY_FOR[name]) continue;
    unusedOption(who, name, options[name], filled.optimizer, ONLY_FOR[name]);
  }
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

/** Checks what only the data can show to be wrong. */
export function checkAgainstData(who: string, settings: Hyperparameters, data: Dataset): void {
  if (settings.batchSize !== undefined) checkBatchSize(who, settings.batchSize, data.count);
}
