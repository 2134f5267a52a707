/** Logistic regression: hyperparameters, fit, predict. */
import { checkInitialization, checkParameterValues, checkSameShape } from "./check.ts";
import { BinaryClassifier } from "./classifier.ts";
import { type ArrayInput, arrayFor } from "./creation.ts";
import type { TrainingOptions } from "./hyperparameters.ts";
import type { NDArray } from "./ndarray.ts";
import { add, matmul, sigmoid } from "./operations.ts";
import { logisticPass, type Pass } from "./passes.ts";
import { scope } from "./storage.ts";

/** Hyperparameters of logistic regression. */
export interface LogisticRegressionOptions extends TrainingOptions {
  /** Where training starts: zeros (default; the cost is convex, any start will do), or values. */
  initialization?: "zeros" | { w: ArrayInput; b: number };
}

/** What logistic regression learns. */
export interface LogisticParameters {
  /** Weights (n_x, 1): a view of the model's memory. */
  w: NDArray;
  /** Bias. */
  b: number;
}

/** The gradient of the cost with respect to each parameter, and the cost. */
export interface LogisticGradient {
  /** ∂J/∂w (n_x, 1). */
  dw: NDArray;
  /** ∂J/∂b. */
  db: number;
  /** J. */
  cost: number;
}

/** Sums over the samples that `accumulate` has seen since the last `step`; divide by `samples` for means. */
export interface LogisticSums extends LogisticGradient {
  samples: number;
}

/**
 * Logistic regression by gradient descent: ŷ = σ(wᵀx + b).
 *
 * J(w, b) = 1/m Σ loss(ŷ, y) + l2/(2m)·‖w‖², loss = −y·log ŷ − (1 − y)·log(1 − ŷ). Sections 2.2 to 2.14
 * of the course.
 */
export class LogisticRegression extends BinaryClassifier<LogisticParameters, LogisticGradient> {
  /** Stays, where tools shorten names. */
  static override readonly name = "LogisticRegression";
  readonly #initialization: NonNullable<LogisticRegressionOptions["initialization"]>;

  /** Takes hyperparameters and rejects bad ones at once. */
  constructor(options: LogisticRegressionOptions = {}) {
    const who = "LogisticRegression";
    super(who, options, ["initialization"]);
    const { initialization = "zeros" } = options;
    checkInitialization(who, initialization, ["zeros"], ["w", "b"]);
    this.#initialization = initialization;
  }

  /** Learned weights (n_x, 1): a view of the model's memory, changed by the next fit. @throws Error before fit. */
  get w(): NDArray {
    return this.#learned("w").w;
  }

  /** Learned bias. @throws Error before fit. */
  get b(): number {
    return this.#learned("b").b;
  }

  #learned(name: string): LogisticParameters {
    const { parameters, features } = this.flat(`LogisticRegression.${name}`);
    return this.split(parameters, features);
  }

  /** Z = wᵀX + b and A = σ(Z), both (1, m). */
  forward(X: ArrayInput): { Z: NDArray; A: NDArray } {
    return this.onSamples("LogisticRegression.forward", X, (samples) =>
      scope(() => {
        const Z = matmul(this.w.T, samples.X);
        add(Z, this.b, { out: Z });
        return { Z, A: sigmoid(Z) };
      }),
    );
  }

  protected override split(flat: NDArray, features: number): LogisticParameters {
    return { w: flat.view([features, 1], [1, 1], 0), b: flat.item(features) };
  }

  protected override pass(features: number): Pass {
    return logisticPass(features);
  }

  protected override start(who: string, parameters: NDArray, features: number): void {
    parameters.data.fill(0);
    if (this.#initialization === "zeros") return;
    const { w, b } = this.#initialization;
    const given = arrayFor(who, "initialization.w", w, { dtype: parameters.dtype });
    try {
      checkSameShape(who, "initialization.w", given.shape, [features, 1]);
      checkParameterValues(who, "w", given.data, 1);
      // Copying w may have grown the memory: only a view taken now is good.
      parameters.data.set(given.data);
      parameters.data[features] = b;
    } finally {
      given.free();
    }
  }
}
