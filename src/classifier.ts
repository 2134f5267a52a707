/** What both models share: fit, the three verbs, predictions. A model adds its parameters and its pass. */

import type { DType } from "./abi.ts";
import {
  checkCallback,
  checkCount,
  checkDType,
  checkOptions,
  diverged,
  notFitted,
  nothingAccumulated,
} from "./check.ts";
import type { ArrayInput } from "./creation.ts";
import { type Samples, type Settled, withDataset, withSamples } from "./dataset.ts";
import { Descent, ownedArray, type Pass } from "./descent.ts";
import { accuracy } from "./metrics.ts";
import { empty, type NDArray } from "./ndarray.ts";
import { sigmoid } from "./operations.ts";
import { type Runtime, runtime } from "./runtime.ts";
import { checkAgainstData, type History, type Hyperparameters, type OnEpoch, train } from "./training.ts";

/** Options of one fit. */
export interface FitOptions {
  /** Called after each epoch instead of the model's own `onEpoch`; returning false stops the training. */
  onEpoch?: OnEpoch;
}

/** A binary classifier that learns by gradient descent. */
export abstract class BinaryClassifier {
  /** The class's name, for errors. */
  protected readonly name: string;
  protected readonly settings: Hyperparameters;
  #theta: NDArray | undefined;
  #features = 0;
  #sums: Descent | undefined;

  constructor(name: string, settings: Hyperparameters) {
    this.name = name;
    this.settings = settings;
  }

  /** The kernel calls for samples of n_x features. */
  protected abstract pass(features: number): Pass;

  /** Writes the parameters that a training starts from; throws before anything changed. */
  protected abstract start(who: string, parameters: NDArray, features: number): void;

  /**
   * Learns from X (n_x, m) and Y (1, m), labels 0 and 1. Forgets earlier fits unless `warmStart` is set;
   * keeps no data. When it throws, the model is what it was before.
   *
   * @returns the history, `cost[0]` being the cost before the first update.
   */
  fit(X: ArrayInput, Y: ArrayInput, options: FitOptions = {}): History {
    const who = `${this.name}.fit`;
    checkOptions(who, options, ["onEpoch"]);
    if (options.onEpoch !== undefined) checkCallback(who, "onEpoch", options.onEpoch);
    const settings = options.onEpoch ? { ...this.settings, onEpoch: options.onEpoch } : this.settings;
    const warm = settings.warmStart && this.#theta !== undefined;
    return withDataset(who, X, Y, warm ? this.#settled() : { dtype: settings.dtype }, (data) => {
      checkAgainstData(who, settings, data);
      const pass = this.pass(data.features);
      const theta = ownedArray(data.runtime, data.dtype, pass.size, who, this.name);
      let descent: Descent | undefined;
      try {
        if (warm) theta.data.set(this.#parameters(who).data);
        else this.start(who, theta, data.features);
        descent = new Descent(pass, theta, who, this.name);
        const training = train(who, this.name, settings, data, descent);
        let step = training.next();
        while (!step.done) step = training.next();
        this.#keep(theta, data.features);
        return step.value;
      } finally {
        descent?.release();
        if (theta !== this.#theta) theta.storage.release();
      }
    });
  }

  /**
   * Sets the parameters that a training on samples of n_x features would start from, so that `gradient`,
   * `forward` and the three verbs can work without a fit. Forgets what was learned and accumulated.
   */
  initialize(features: number, options: { dtype?: DType } = {}): this {
    const who = `${this.name}.initialize`;
    checkCount(who, "features", features, 1);
    checkOptions(who, options, ["dtype"]);
    if (options.dtype !== undefined) checkDType(who, options.dtype);
    this.#begin(who, features, options.dtype ?? this.settings.dtype ?? "f32", runtime());
    return this;
  }

  /**
   * Adds the gradients and losses of these samples to the sums that the model keeps: the first of the
   * three verbs for data larger than memory. A model without parameters is initialised first.
   */
  accumulate(X: ArrayInput, Y: ArrayInput): void {
    const who = `${this.name}.accumulate`;
    const settled = this.#theta ? this.#settled() : { dtype: this.settings.dtype };
    withDataset(who, X, Y, settled, (data) => {
      const fresh = !this.#theta;
      const hadSums = this.#sums !== undefined;
      try {
        if (fresh) this.#begin(who, data.features, data.dtype, data.runtime);
        const sums = this.sumsFor(who);
        for (const _ of sums.accumulate(data));
      } catch (error) {
        if (!hadSums) this.#dropSums();
        if (fresh) this.free();
        throw error;
      }
    });
  }

  /**
   * One update from the sums, which start anew: the second verb. The m of the penalty, l2/(2m)·‖weights‖², is
   * the number of accumulated samples; in the mini-batches of `fit` it is that of all samples.
   *
   * @returns the cost of the accumulated samples before the update.
   * @throws Error if nothing was accumulated; RangeError if the cost is not finite.
   */
  step(): number {
    const who = `${this.name}.step`;
    const sums = this.#sums;
    if (!sums || sums.samples === 0) nothingAccumulated(who, this.name);
    const { learningRate, l2 } = this.settings;
    const cost = sums.meanLoss + sums.penalty(l2, sums.samples);
    if (!Number.isFinite(cost)) diverged(who, "the cost", cost, "before this step", learningRate);
    sums.step(learningRate, l2, sums.samples);
    return cost;
  }

  /** P(y = 1 | x) of every sample: (1, m). */
  predictProbability(X: ArrayInput): NDArray {
    const who = `${this.name}.predictProbability`;
    return this.#logits(who, X, (z) => sigmoid(z, { out: z }));
  }

  /** The likelier label of every sample: (1, m) of 0 and 1; 0 where both are equally likely. */
  predict(X: ArrayInput): NDArray {
    return this.#logits(`${this.name}.predict`, X, threshold);
  }

  /** The share of samples whose label is predicted. */
  score(X: ArrayInput, Y: ArrayInput): number {
    const who = `${this.name}.score`;
    const settled = this.#settledFor(who);
    return withDataset(who, X, Y, settled, (data) => {
      const predicted = this.predict(data.X);
      try {
        return accuracy(data.Y, predicted);
      } finally {
        predicted.free();
      }
    });
  }

  /** Gives the parameters' memory back; the model is then as if never fitted. */
  free(): void {
    this.#dropSums();
    this.#theta?.storage.release();
    this.#theta = undefined;
  }

  /** `using model = …` frees the parameters at the end of the block. */
  [Symbol.dispose](): void {
    this.free();
  }

  /** All parameters in one flat array. @throws Error before fit. */
  protected flat(who: string): { parameters: NDArray; features: number } {
    return { parameters: this.#parameters(who), features: this.#features };
  }

  /** The accumulated sums, empty ones if there are none. */
  protected sumsFor(who: string): Descent {
    this.#sums ??= new Descent(this.pass(this.#features), this.#parameters(who), who, this.name);
    return this.#sums;
  }

  /** Runs `body` with checked samples. */
  protected onSamples<R>(who: string, X: ArrayInput, body: (samples: Samples) => R): R {
    return withSamples(who, X, this.#settledFor(who), body);
  }

  /** The mean gradient with the penalty's, flat, and the cost. The array is the caller's. */
  protected meanGradient(who: string, X: ArrayInput, Y: ArrayInput): { gradient: NDArray; cost: number } {
    return withDataset(who, X, Y, this.#settledFor(who), (data) => {
      const theta = this.#parameters(who);
      const pass = this.pass(this.#features);
      const descent = new Descent(pass, theta, who, this.name);
      try {
        for (const _ of descent.accumulate(data));
        const { l2 } = this.settings;
        const gradient = empty([pass.size], theta.dtype, who, theta.runtime);
        const values = gradient.data;
        const sums = descent.gradient.data;
        const weights = theta.data;
        for (let i = 0; i < pass.size; i++) {
          values[i] = sums[i]! / data.count + (i < pass.weights ? (l2 / data.count) * weights[i]! : 0);
        }
        return { gradient, cost: descent.meanLoss + descent.penalty(l2, data.count) };
      } finally {
        descent.release();
      }
    });
  }

  #logits(who: string, X: ArrayInput, finish: (z: NDArray) => NDArray): NDArray {
    return this.onSamples(who, X, (samples) => {
      const pass = this.pass(this.#features);
      const scratch = samples.runtime.memory.scratch(pass.scratch(samples.kernel), who);
      const z = empty([1, samples.count], samples.dtype, who, samples.runtime);
      pass.logits(samples, this.#parameters(who), z, scratch);
      return finish(z);
    });
  }

  #begin(who: string, features: number, dtype: DType, where: Runtime): void {
    const theta = ownedArray(where, dtype, this.pass(features).size, who, this.name);
    try {
      this.start(who, theta, features);
    } catch (error) {
      theta.storage.release();
      throw error;
    }
    this.#keep(theta, features);
    if (theta !== this.#theta) theta.storage.release();
  }

  /** Makes these the model's parameters; where they fit into the old ones' place, views stay good. */
  #keep(theta: NDArray, features: number): void {
    this.#dropSums();
    const old = this.#theta;
    const fits = old && old.size === theta.size && old.dtype === theta.dtype && old.runtime === theta.runtime;
    if (fits && features === this.#features) {
      old.data.set(theta.data);
    } else {
      old?.storage.release();
      this.#theta = theta;
      this.#features = features;
    }
  }

  #dropSums(): void {
    this.#sums?.release();
    this.#sums = undefined;
  }

  #parameters(who: string): NDArray {
    return this.#theta ?? notFitted(who, this.name);
  }

  #settled(): Settled {
    return { dtype: this.#theta!.dtype, features: this.#features, runtime: this.#theta!.runtime };
  }

  #settledFor(who: string): Settled {
    this.#parameters(who);
    return this.#settled();
  }
}

/** z becomes 1 where positive, else 0. */
function threshold(z: NDArray): NDArray {
  const values = z.data;
  for (let i = 0; i < values.length; i++) values[i] = values[i]! > 0 ? 1 : 0;
  return z;
}
