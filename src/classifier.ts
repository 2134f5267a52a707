/** What the models share: fit in all its forms, predictions. A model adds its parameters and its pass. */
import type { Source } from "./async/stream.ts";
import { checkCallback, checkPartWeight, checkStepwise } from "./check.ts";
import type { ArrayInput } from "./creation.ts";
import { borrow, withDataset } from "./dataset.ts";
import { loadAsync } from "./deferred.ts";
import { ownedArray } from "./descent.ts";
import { Estimator, type Gradient } from "./estimator.ts";
import {
  ASYNC,
  checkFitOptions,
  type EpochsOptions,
  type FitAsyncOptions,
  type FitOptions,
  type FitStreamOptions,
} from "./fit-options.ts";
import { descend, Fit, type Learner } from "./fitting.ts";
import type { History, OnEpoch, Progress } from "./history.ts";
import type { TrainingOptions } from "./hyperparameters.ts";
import { accuracy } from "./metrics.ts";
import { empty, type NDArray } from "./ndarray.ts";
import { sigmoid } from "./operations.ts";
import { workerScript } from "./runtime.ts";

/** What all models share: a classifier that learns by gradient descent. */
export abstract class Classifier<P extends object, G extends Gradient> extends Estimator<P, G> {
  /** Stays, where tools shorten names. */
  static override readonly name: string = "Classifier";

  /**
   * Learns from X (n_x, m) and Y (1, m), labels 0 and 1, or class numbers. Forgets earlier fits unless `warmStart` is set;
   * keeps no data. When it throws, the model is what it was before.
   *
   * @returns the history, `cost[0]` being the cost before the first update.
   */
  fit(X: ArrayInput, Y: ArrayInput, options: FitOptions = {}): History {
    const who = this.idle("fit");
    checkFitOptions(who, options, ["onEpoch", "sampleWeight", "earlyStopping"]);
    const fit = new Fit(who, this.#learner(), X, Y, options);
    this.busy = who;
    try {
      return fit.run(options.onEpoch ?? this.settings.onEpoch);
    } finally {
      this.busy = undefined;
      fit.release();
    }
  }

  /**
   * `fit` without keeping the calling thread from anything else: in slices of a few milliseconds, or with `threads` in
   * workers. The weights and the history are those of `fit`, to the last bit. Until it settles, the model predicts
   * as before and cannot be trained otherwise; X and Y must not change, but may be freed.
   *
   * Nested arrays are converted in one go, some 20 ms for a million numbers. Typed arrays are copied in a twentieth of that
   * and NDArrays used as they are: large data belong in these.
   *
   * @returns a promise of the history; rejected like `fit` throws, or with the signal's reason.
   */
  fitAsync(X: ArrayInput, Y: ArrayInput, options: FitAsyncOptions = {}): Promise<History> {
    return this.#train("fitAsync", X, Y, options);
  }

  /**
   * `fitAsync` as a loop: `for await (const { epoch, cost } of model.epochs(X, Y))`. The training waits while the
   * loop's body runs, and the model predicts with the parameters of that epoch; leaving the loop ends the training there.
   *
   * @returns the history, for who reads the iterator by hand.
   */
  async *epochs(
    X: ArrayInput,
    Y: ArrayInput,
    options: EpochsOptions = {},
  ): AsyncGenerator<Progress, History, void> {
    const who = this.idle("epochs");
    checkFitOptions(who, options, ["sampleWeight", "threads", "earlyStopping", ...ASYNC]);
    this.busy = who;
    let handOver: Awaited<ReturnType<typeof loadAsync>>["handOver"];
    try {
      ({ handOver } = await loadAsync());
    } finally {
      // The training takes over before anybody else has a turn.
      this.busy = undefined;
    }
    return yield* handOver((hear) => this.#train("epochs", X, Y, { ...options, progressMs: 0 }, hear));
  }

  /**
   * Learns from data that comes batch by batch: `source()` gives them anew each epoch, as an iterable or async iterable
   * of [X, Y] or [X, Y, sampleWeight]. Each batch is one step, whose penalty counts that batch's samples; `batchSize` and `shuffle` mean nothing
   * here. Memory holds one batch at a time. Otherwise like `fitAsync`.
   *
   * @returns the history; `cost[0]` is the cost of the first batch before the first step, so that no pass is spent on
   * it.
   */
  async fitStream(source: Source, options: FitStreamOptions = {}): Promise<History> {
    const who = this.idle("fitStream");
    checkCallback(who, "source", source);
    checkPartWeight(who, this.settings.classWeight);
    checkFitOptions(who, options, ["onEpoch", "progressMs", "epochs", ...ASYNC]);
    const given = { ...options };
    const learner = this.#learner();
    checkStepwise(who, this.settings.optimizer);
    if (!learner.warm) this.knownClasses(who);
    this.busy = who;
    try {
      const { runStream } = await loadAsync();
      return await runStream(who, learner, source, given);
    } finally {
      this.busy = undefined;
    }
  }

  /** Trains asynchronously. `hear` is told of epochs instead of `onEpoch`; the model then takes the parameters of each. */
  async #train(
    method: string,
    X: ArrayInput,
    Y: ArrayInput,
    options: FitAsyncOptions,
    hear?: OnEpoch,
  ): Promise<History> {
    const who = this.idle(method);
    // A list joined with ASYNC would take as long as an epoch of few samples.
    checkFitOptions(who, options, [
      "onEpoch",
      "sampleWeight",
      "progressMs",
      "threads",
      "earlyStopping",
      "signal",
      "onAbort",
      "sliceMs",
    ]);
    const given = { ...options };
    const fit = new Fit(who, this.#learner(), X, Y, given);
    this.busy = who;
    try {
      const { runFit } = await loadAsync();
      const history = runFit(fit, given, hear, workerScript());
      // What is there is given back at once: a turn later the collector would have to be told of it.
      return "cost" in history ? history : await history;
    } finally {
      this.busy = undefined;
      fit.release();
    }
  }

  #copy(who: string, parameters: NDArray): NDArray {
    const { runtime, dtype, size } = parameters;
    const copy = ownedArray(runtime, dtype, size, who, this.name);
    // Making room may have grown the memory: only views taken now are good.
    copy.data.set(parameters.data);
    return copy;
  }

  /** What a fit needs to know of this model. */
  #learner(): Learner {
    const { learned, settings } = this;
    const warm = settings.warmStart ? learned : undefined;
    return {
      name: this.name,
      settings,
      learned,
      warm: warm?.parameters,
      settled: warm?.settled ?? this.unsettled(),
      pass: (who, data) => warm?.pass ?? this.pass(data.features, this.classesOf(who, data)),
      start: (who, parameters, features) => this.start(who, parameters, features),
      copy: (who, parameters) => this.#copy(who, parameters),
      keep: (parameters, pass) => this.keep(parameters, pass),
      forget: () => this.forget(),
      borrow,
      descend,
    };
  }

  /** The likeliest label of every sample: (1, m). */
  abstract predict(X: ArrayInput): NDArray;

  /** The share of samples whose label is predicted, whatever their weights. */
  score(X: ArrayInput, Y: ArrayInput): number {
    const who = `${this.name}.score`;
    return withDataset(who, X, Y, this.settled(who), (data) => {
      const predicted = this.predict(data.X);
      try {
        return accuracy(data.Y, predicted);
      } finally {
        predicted.free();
      }
    });
  }
}

/** A classifier of labels 0 and 1. */
export abstract class BinaryClassifier<P extends object, G extends Gradient> extends Classifier<P, G> {
  constructor(name: string, options: TrainingOptions, own: readonly string[]) {
    super(name, options, own, 2);
  }

  /** P(y = 1 | x) of every sample: (1, m). */
  predictProbability(X: ArrayInput): NDArray {
    const who = `${this.name}.predictProbability`;
    return this.#logits(who, X, (z) => sigmoid(z, { out: z }));
  }

  /** The likelier label of every sample: (1, m) of 0 and 1; 0 where both are equally likely. */
  override predict(X: ArrayInput): NDArray {
    return this.#logits(`${this.name}.predict`, X, threshold);
  }

  #logits(who: string, X: ArrayInput, finish: (z: NDArray) => NDArray): NDArray {
    return this.onSamples(who, X, (samples) => {
      const { kernel, place, count, runtime, dtype } = samples;
      const { parameters, pass } = this.learned!;
      const scratch = runtime.memory.scratch(pass.scratch(kernel), who);
      const z = empty([1, count], dtype, who, runtime);
      pass.logits!(kernel, place, count, parameters.pointer, z.pointer, 1, scratch);
      return finish(z);
    });
  }
}

/** z becomes 1 where positive, else 0. */
function threshold(z: NDArray): NDArray {
  const values = z.data;
  for (let i = 0; i < values.length; i++) values[i] = values[i]! > 0 ? 1 : 0;
  return z;
}
