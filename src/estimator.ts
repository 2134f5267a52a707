/** A model's parameters and sums: how long they live, and the three verbs on them. A model adds its pass. */

import type { DType } from "./abi.ts";
import {
  busyModel,
  checkCount,
  checkDType,
  checkOptions,
  checkPartWeight,
  checkStepwise,
  diverged,
  notFitted,
  nothingAccumulated,
} from "./check.ts";
import type { ArrayInput } from "./creation.ts";
import { type Dataset, type Samples, type Settled, withDataset, withSamples } from "./dataset.ts";
import { Descent, ownedArray } from "./descent.ts";
import { type Hyperparameters, hyperparameters, type TrainingOptions } from "./hyperparameters.ts";
import { empty, NDArray } from "./ndarray.ts";
import type { Pass } from "./passes.ts";
import { type Runtime, runtime } from "./runtime.ts";
import { scope } from "./storage.ts";
import type { Weighting } from "./weights.ts";

/** Options of `accumulate` and `gradient`. */
export type SampleWeight = Pick<Weighting, "sampleWeight">;

/** The gradient of a cost, by names of its own, and the cost. */
export interface Gradient {
  /** J. */
  cost: number;
}

/** Sums over samples. */
export interface Counted {
  /** How many samples are in them. */
  samples: number;
}

/** A model with parameters P that gradients G change: ∂J/∂name is called dname, and J cost. */
export abstract class Estimator<P extends object, G extends Gradient> {
  /** The class's name, for errors. */
  protected readonly name: string;
  protected readonly settings: Hyperparameters;
  /** Labels are 0 … classes − 1; undefined where the samples tell. */
  protected readonly classes: number | undefined;
  /** The method that trains at the moment. */
  protected busy: string | undefined;
  #theta: NDArray | undefined;
  #pass: Pass | undefined;
  #sums: Descent | undefined;

  /** Checks the hyperparameters, those that all models share and the names of the model's `own`. */
  constructor(name: string, options: TrainingOptions, own: readonly string[], classes: number | undefined) {
    this.name = name;
    this.settings = hyperparameters(name, options, own, classes ?? Infinity);
    this.classes = classes;
  }

  /** A flat array of parameters, or of their derivatives, by name: views of it, and numbers. */
  protected abstract split(flat: NDArray, features: number): P;

  /** The kernel calls for samples of n_x features and so many classes. */
  protected abstract pass(features: number, classes: number): Pass;

  /** Writes the parameters that a training starts from; throws before anything changed. */
  protected abstract start(who: string, parameters: NDArray, features: number): void;

  /**
   * Sets the parameters that a training on samples of n_x features would start from, so that `gradient`,
   * `forward` and the three verbs can work without a fit. Forgets what was learned and accumulated.
   */
  initialize(features: number, options: { dtype?: DType } = {}): this {
    const who = this.idle("initialize");
    checkCount(who, "features", features, 1);
    checkOptions(who, options, ["dtype"]);
    if (options.dtype !== undefined) checkDType(who, options.dtype);
    const pass = this.pass(features, this.knownClasses(who));
    this.#begin(who, pass, options.dtype ?? this.settings.dtype ?? "f32", runtime());
    return this;
  }

  /**
   * Adds the gradients and losses of these samples to the sums that the model keeps: the first of the
   * three verbs for data larger than memory. A model without parameters is initialised first.
   */
  accumulate(X: ArrayInput, Y: ArrayInput, options: SampleWeight = {}): void {
    const who = this.idle("accumulate");
    const weighting = this.weighting(who, options);
    checkPartWeight(who, weighting.classWeight);
    const settled = this.#theta ? this.#settled() : this.unsettled(this.knownClasses(who));
    const add = (data: Dataset): void => {
      const fresh = !this.#theta;
      const hadSums = this.#sums !== undefined;
      try {
        if (fresh) this.#begin(who, this.pass(data.features, this.classes!), data.dtype, data.runtime);
        const sums = this.sumsFor(who);
        for (const _ of sums.accumulate(data));
      } catch (error) {
        if (!hadSums) this.#dropSums();
        if (fresh) this.forget();
        throw error;
      }
    };
    withDataset(who, X, Y, settled, add, weighting);
  }

  /**
   * One update from the sums, which start anew: the second verb. The m of the penalty, l2/(2m)·‖weights‖², is
   * the number of accumulated samples; in the mini-batches of `fit` it is that of all samples.
   *
   * @returns the cost of the accumulated samples before the update.
   * @throws Error if nothing was accumulated; RangeError if the cost is not finite.
   */
  step(): number {
    const who = this.idle("step");
    checkStepwise(who, this.settings.optimizer);
    const sums = this.#sums;
    if (!sums || sums.samples === 0) nothingAccumulated(who, this.name);
    const { learningRate, l2 } = this.settings;
    const cost = sums.cost(l2, sums.samples);
    if (!Number.isFinite(cost)) diverged(who, "the cost", cost, "before this step", learningRate);
    sums.step(this.settings, sums.samples);
    return cost;
  }

  /** The learned parameters: views of the model's memory, changed by the next fit. @throws Error before fit. */
  get parameters(): P {
    const { parameters, features } = this.flat(`${this.name}.parameters`);
    return this.split(parameters, features);
  }

  /** What `accumulate` has summed since the last `step`: views of the model's memory. Divide by `samples` for means. */
  get sums(): G & Counted {
    const { gradient, loss, samples } = this.sumsFor(`${this.name}.sums`);
    return { ...this.#derivatives(gradient, loss, (view) => view), samples };
  }

  /** The gradient of the cost at the present parameters: new arrays. */
  gradient(X: ArrayInput, Y: ArrayInput, options: SampleWeight = {}): G {
    const who = `${this.name}.gradient`;
    const weighting = this.weighting(who, options);
    const meanOf = (data: Dataset): G => {
      const theta = this.#parameters(who);
      const descent = new Descent(this.#pass!, theta, who, this.name);
      try {
        for (const _ of descent.accumulate(data));
        const { l2 } = this.settings;
        return scope(() => {
          const mean = empty([theta.size], theta.dtype, who, theta.runtime);
          descent.meanGradient(l2, data.count, mean.data);
          // Copies, so that each can be freed on its own.
          return this.#derivatives(mean, descent.cost(l2, data.count), (view) => view.copy());
        });
      } finally {
        descent.release();
      }
    };
    return withDataset(who, X, Y, this.settled(who), meanOf, weighting);
  }

  #derivatives(flat: NDArray, cost: number, take: (view: NDArray) => NDArray): G {
    const named = Object.entries(this.split(flat, this.#pass!.spec.n_x)).map(([name, value]) => [
      `d${name}`,
      value instanceof NDArray ? take(value) : value,
    ]);
    return { ...Object.fromEntries(named), cost };
  }

  /** Gives the parameters' memory back; the model is then as if never fitted. */
  free(): void {
    this.idle("free");
    this.forget();
  }

  /** Gives the parameters and sums back. */
  protected forget(): void {
    this.#dropSums();
    this.#theta?.storage.release();
    this.#theta = undefined;
  }

  /** `using model = …` frees the parameters at the end of the block. */
  [Symbol.dispose](): void {
    this.free();
  }

  /** The name of a method that trains. @throws Error while another one does. */
  protected idle(method: string): string {
    const who = `${this.name}.${method}`;
    if (this.busy) busyModel(who, this.name, this.busy);
    return who;
  }

  /** What the parameters settle about samples. @throws Error before fit. */
  protected settled(who: string): Settled {
    this.#parameters(who);
    return this.#settled();
  }

  /** What is settled about samples without parameters. */
  protected unsettled(classes = this.classes): Settled {
    return { dtype: this.settings.dtype, classes };
  }

  /** How many classes there are, where no data tells. */
  protected knownClasses(_who: string): number {
    return this.classes!;
  }

  /** How many classes there are, where all data of a fit is there. */
  protected classesOf(who: string, _data: Dataset): number {
    return this.knownClasses(who);
  }

  /** The parameters and what they settle, if there are any. */
  protected get learned(): { parameters: NDArray; pass: Pass; settled: Settled } | undefined {
    return this.#theta && { parameters: this.#theta, pass: this.#pass!, settled: this.#settled() };
  }

  /** All parameters in one flat array. @throws Error before fit. */
  protected flat(who: string): { parameters: NDArray; features: number } {
    return { parameters: this.#parameters(who), features: this.#pass!.spec.n_x };
  }

  /** The accumulated sums, empty ones if there are none. */
  protected sumsFor(who: string): Descent {
    const theta = this.#parameters(who);
    this.#sums ??= new Descent(this.#pass!, theta, who, this.name);
    return this.#sums;
  }

  /** Runs `body` with samples that are checked against the parameters. */
  protected onSamples<R>(who: string, X: ArrayInput, body: (samples: Samples) => R): R {
    return withSamples(who, X, this.settled(who), body);
  }

  /** What the losses of these samples are multiplied with. */
  protected weighting(who: string, options: SampleWeight): Weighting {
    checkOptions(who, options, ["sampleWeight"]);
    return { ...options, classWeight: this.settings.classWeight };
  }

  #begin(who: string, pass: Pass, dtype: DType, where: Runtime): void {
    const theta = ownedArray(where, dtype, pass.size, who, this.name);
    try {
      this.start(who, theta, pass.spec.n_x);
    } catch (error) {
      theta.storage.release();
      throw error;
    }
    this.keep(theta, pass);
  }

  /** Makes these the model's parameters; where they fit into the old ones' place, views stay good and the array goes. */
  protected keep(theta: NDArray, pass: Pass): void {
    this.#dropSums();
    const old = this.#theta;
    const fits = old && old.size === theta.size && old.dtype === theta.dtype && old.runtime === theta.runtime;
    // Sizes alone do not tell: classes and features may have changed places.
    if (fits && pass.spec.n_x === this.#pass!.spec.n_x) {
      old.data.set(theta.data);
      theta.storage.release();
      return;
    }
    old?.storage.release();
    this.#theta = theta;
    this.#pass = pass;
  }

  #dropSums(): void {
    this.#sums?.release();
    this.#sums = undefined;
  }

  #parameters(who: string): NDArray {
    return this.#theta ?? notFitted(who, this.name);
  }

  #settled(): Settled {
    const { dtype, runtime } = this.#theta!;
    const { spec, classes } = this.#pass!;
    return { dtype, features: spec.n_x, runtime, classes };
  }
}
