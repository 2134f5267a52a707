/** Softmax regression: hyperparameters, fit, predict. */
import {
  type ArrayInput,
  add,
  argmax,
  Classifier,
  type Dataset,
  matmul,
  type NDArray,
  type Pass,
  scope,
  softmax,
  type TrainingOptions,
} from "../index.ts";
import { classesOf } from "./classes.ts";
import { checkClasses, unknownClasses } from "./errors.ts";
import { softmaxPass } from "./pass.ts";

/** Hyperparameters of softmax regression. */
export interface SoftmaxRegressionOptions extends TrainingOptions {
  /**
   * Number of classes K, >= 2; labels are 0 … K − 1. Default: as many as the labels of a fit have. `fitStream`,
   * `accumulate` and `initialize` must be told.
   */
  classes?: number;
}

/** What softmax regression learns: views of its memory, changed by the next fit. */
export interface SoftmaxParameters {
  /** Weights (K, n_x). */
  W: NDArray;
  /** Biases (K, 1). */
  b: NDArray;
}

/** The gradient of the cost with respect to each parameter, of its shape, and the cost. */
export interface SoftmaxGradient {
  /** ∂J/∂W (K, n_x). */
  dW: NDArray;
  /** ∂J/∂b (K, 1). */
  db: NDArray;
  /** J. */
  cost: number;
}

/** Sums over the samples that `accumulate` has seen since the last `step`; divide by `samples` for means. */
export interface SoftmaxSums extends SoftmaxGradient {
  /** How many samples they are of. */
  samples: number;
}

/** Every intermediate of the forward pass. */
export interface SoftmaxForward {
  /** Logits W·X + b (K, m). */
  Z: NDArray;
  /** softmax(Z), the probability of each class (K, m). */
  A: NDArray;
}

/**
 * Softmax (multinomial logistic) regression: Z = W·X + b, A = e^Z/Σ e^Z in each column = P(class | x).
 *
 * J(W, b) = −1/m Σ log A[y, j] + l2/(2m)·‖W‖². Training starts from zeros: the cost is convex, any start will do.
 */
export class SoftmaxRegression extends Classifier<SoftmaxParameters, SoftmaxGradient> {
  /** Stays, where tools shorten names. */
  static override readonly name = "SoftmaxRegression";

  /** Takes hyperparameters and rejects bad ones at once. */
  constructor(options: SoftmaxRegressionOptions = {}) {
    const who = "SoftmaxRegression";
    const classes = options?.classes;
    if (classes !== undefined) checkClasses(who, classes);
    super(who, options, ["classes"], classes);
  }

  /** Z = W·X + b and A = softmax(Z), both (K, m). */
  forward(X: ArrayInput): SoftmaxForward {
    return this.#logits("forward", X, (Z) => ({ Z, A: softmax(Z) }));
  }

  /** P(class | x) of every class and sample: (K, m), each column adds up to 1. */
  predictProbability(X: ArrayInput): NDArray {
    return this.#logits("predictProbability", X, (Z) => softmax(Z));
  }

  /** The likeliest class of every sample: (1, m) of class numbers; the first where several are equally likely. */
  override predict(X: ArrayInput): NDArray {
    return this.#logits("predict", X, (Z) => argmax(Z, { axis: 0, keepDims: true }).astype(Z.dtype));
  }

  #logits<R>(method: string, X: ArrayInput, finish: (Z: NDArray) => R): R {
    return this.onSamples(`SoftmaxRegression.${method}`, X, (samples) =>
      scope(() => {
        const { W, b } = this.parameters;
        const Z = matmul(W, samples.X);
        return finish(add(Z, b, { out: Z }));
      }),
    );
  }

  protected override split(flat: NDArray, n_x: number): SoftmaxParameters {
    const K = flat.size / (n_x + 1);
    return { W: flat.view([K, n_x], [n_x, 1], 0), b: flat.view([K, 1], [1, 1], K * n_x) };
  }

  protected override knownClasses(who: string): number {
    return this.classes ?? unknownClasses(who);
  }

  protected override classesOf(who: string, data: Dataset): number {
    return this.classes ?? classesOf(who, data);
  }

  protected override pass(features: number, classes: number): Pass {
    return softmaxPass(features, classes);
  }

  protected override start(_who: string, parameters: NDArray): void {
    parameters.data.fill(0);
  }
}
