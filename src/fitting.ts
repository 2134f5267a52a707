/** One fit: what it takes, holds while it runs, and gives back. */

import { checkBatchSize } from "./check.ts";
import type { ArrayInput } from "./creation.ts";
import { borrow, type Dataset, type Loan, type Settled } from "./dataset.ts";
import { Descent, ownedArray } from "./descent.ts";
import { type StoppingRule, Watch } from "./early-stopping.ts";
import { type FitOptions, stoppingRule } from "./fit-options.ts";
import type { History, OnEpoch } from "./history.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { NDArray } from "./ndarray.ts";
import type { Pass } from "./passes.ts";
import { Training } from "./training.ts";
import type { Weighting } from "./weights.ts";

/** What a model brings into a fit. */
export interface Learner {
  readonly name: string;
  readonly settings: Hyperparameters;
  /** What the model knows before the fit. */
  readonly learned: { readonly parameters: NDArray; readonly pass: Pass } | undefined;
  /** Parameters to go on from. */
  readonly warm: NDArray | undefined;
  /** What is settled about the samples. */
  readonly settled: Settled;
  /** The pass for the first samples. */
  pass(who: string, data: Dataset): Pass;
  start(who: string, parameters: NDArray, features: number): void;
  /** A copy of parameters that only the model, or a fit of it, frees. */
  copy(who: string, parameters: NDArray): NDArray;
  /** Makes parameters the model's, and the array with them: only the model frees it. */
  keep(parameters: NDArray, pass: Pass): void;
  /** Leaves the model without parameters. */
  forget(): void;
  // What src/async cannot do itself, since it knows only the types of arrays: it must not hold their state twice.
  borrow: typeof borrow;
  descend: typeof descend;
}

/** A descent of its own from where a model starts on these samples: `release` it and its parameters. */
export function descend(who: string, learner: Learner, data: Dataset): Descent {
  const pass = learner.pass(who, data);
  const theta = startOf(who, learner, pass, data);
  try {
    return new Descent(pass, theta, who, learner.name);
  } catch (error) {
    theta.storage.release();
    throw error;
  }
}

/** The parameters from which a model starts on these samples. */
function startOf(who: string, { name, warm, start }: Learner, pass: Pass, data: Dataset): NDArray {
  const { features, dtype, runtime } = data;
  const theta = ownedArray(runtime, dtype, pass.size, who, name);
  try {
    if (warm) theta.data.set(warm.data);
    else start(who, theta, features);
    return theta;
  } catch (error) {
    theta.storage.release();
    throw error;
  }
}

/** A fit that is ready to run: everything is checked, and the model is still what it was. */
export class Fit {
  readonly who: string;
  readonly learner: Learner;
  readonly data: Dataset;
  readonly pass: Pass;
  /** Parameters of the fit's own, until the model takes them. */
  theta: NDArray | undefined;
  /** The samples that tell when to stop. */
  readonly validation: Dataset | undefined;
  /** The rule that tells it. */
  readonly rule: StoppingRule | undefined;
  readonly #loans: Loan[] = [];
  #descent: Descent | undefined;
  #watch: Watch | undefined;

  /** Checks the samples against the model, all but their values; `release` must follow. */
  constructor(who: string, learner: Learner, X: ArrayInput, Y: ArrayInput, options: FitOptions) {
    this.who = who;
    this.learner = learner;
    try {
      const weighting = { sampleWeight: options.sampleWeight, classWeight: learner.settings.classWeight };
      this.data = this.#borrow(who, X, Y, learner.settled, weighting);
      checkBatchSize(who, learner.settings.batchSize, this.data.count);
      const { features, dtype, runtime } = this.data;
      this.pass = learner.pass(who, this.data);
      const { earlyStopping } = options;
      if (earlyStopping) {
        const [vX, vY] = earlyStopping.validation;
        this.rule = stoppingRule(who, earlyStopping);
        const settled = { dtype, features, runtime, classes: this.pass.classes };
        this.validation = this.#borrow(`${who}: earlyStopping.validation`, vX, vY, settled);
      }
      this.theta = startOf(who, learner, this.pass, this.data);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  #borrow(who: string, X: ArrayInput, Y: ArrayInput, settled: Settled, weighting?: Weighting): Dataset {
    const loan = borrow(who, X, Y, settled, weighting);
    this.#loans.push(loan);
    return loan.data;
  }

  /** Checks every value, yielding in between. */
  *look(): Generator<undefined, void> {
    for (const loan of this.#loans) yield* loan.look();
  }

  /** The training of this fit in its own memory. */
  begin(): Training {
    const { who, learner, data } = this;
    const { name: owner, settings } = learner;
    const descent = new Descent(this.pass, this.theta!, who, owner);
    this.#descent = descent;
    if (this.validation) {
      this.#watch = new Watch(this.validation, this.rule!, descent, who, owner);
    }
    return new Training({ who, owner, settings, data, descent, watch: this.#watch });
  }

  /** Runs it to its end without a pause, and gives the model what was learned. `onEpoch` may stop it. */
  run(onEpoch?: OnEpoch): History {
    for (const _ of this.look());
    const history = this.begin().run(onEpoch);
    this.adopt();
    return history;
  }

  /** Gives the model the parameters. */
  adopt(): void {
    this.learner.keep(this.theta!, this.pass);
    this.theta = undefined;
  }

  /** Gives everything back that is still the fit's. */
  release(): void {
    this.#watch?.release();
    this.#descent?.release();
    this.theta?.storage.release();
    for (const loan of this.#loans) loan.release();
  }
}
