/** The two-layer neural network: hyperparameters, fit, predict. */
import { checkCount, checkInitialization, checkOneOf, checkParameterValues, checkSameShape } from "./check.ts";
import { BinaryClassifier } from "./classifier.ts";
import { type ArrayInput, arrayFor } from "./creation.ts";
import type { TrainingOptions } from "./hyperparameters.ts";
import type { NDArray } from "./ndarray.ts";
import { add, leakyRelu, matmul, relu, sigmoid, tanh } from "./operations.ts";
import { ACTIVATIONS, type Activation, type Pass, twoLayerPass } from "./passes.ts";
import { scope } from "./storage.ts";

/** Starts by name. */
const INITIALIZATIONS = ["normal", "zeros", "he", "xavier"] as const;

/** Values to start from. */
export interface TwoLayerStart {
  /** (n_1, n_x). */
  W1: ArrayInput;
  /** (n_1, 1). */
  b1: ArrayInput;
  /** (1, n_1). */
  W2: ArrayInput;
  /** (1, 1). */
  b2: ArrayInput;
}

/** Hyperparameters of the two-layer network. */
export interface TwoLayerNetworkOptions extends TrainingOptions {
  /** Hidden units n_1, >= 1. More can separate more intricate classes, and take longer. Default 4. */
  hidden?: number;
  /** Activation of the hidden units. Default "tanh"; the output's is always the sigmoid. */
  activation?: Activation;
  /**
   * Where training starts; biases start at 0, weights normally distributed. "normal" (default): randn·0.01, as in the
   * course. "he": deviation √(2/fan-in), for relu (He et al., 2015; PyTorch's kaiming_normal_). "xavier":
   * √(2/(fan-in + fan-out)), for tanh (Glorot and Bengio, 2010; xavier_normal_). "zeros": never breaks the symmetry of the hidden units. Or values.
   */
  initialization?: (typeof INITIALIZATIONS)[number] | TwoLayerStart;
}

/** What the network learns: views of its memory, changed by the next fit. */
export interface TwoLayerParameters {
  /** (n_1, n_x). */
  W1: NDArray;
  /** (n_1, 1). */
  b1: NDArray;
  /** (1, n_1). */
  W2: NDArray;
  /** (1, 1). */
  b2: NDArray;
}

/** The gradient of the cost with respect to each parameter, of its shape, and the cost. */
export interface TwoLayerGradient {
  /** ∂J/∂W1 (n_1, n_x). */
  dW1: NDArray;
  /** ∂J/∂b1 (n_1, 1). */
  db1: NDArray;
  /** ∂J/∂W2 (1, n_1). */
  dW2: NDArray;
  /** ∂J/∂b2 (1, 1). */
  db2: NDArray;
  /** J. */
  cost: number;
}

/** Sums over the samples that `accumulate` has seen since the last `step`; divide by `samples` for means. */
export interface TwoLayerSums extends TwoLayerGradient {
  /** How many samples there were. */
  samples: number;
}

/** Every intermediate of the forward pass. */
export interface TwoLayerForward {
  /** W1·X + b1 (n_1, m). */
  Z1: NDArray;
  /** Hidden activations g(Z1) (n_1, m). */
  A1: NDArray;
  /** Logits W2·A1 + b2 (1, m). */
  Z2: NDArray;
  /** Probabilities σ(Z2) (1, m). */
  A2: NDArray;
}

/**
 * A network with one hidden layer, trained by back-propagation and gradient descent:
 *
 * Z1 = W1·X + b1, A1 = g(Z1), Z2 = W2·A1 + b2, A2 = σ(Z2) = ŷ.
 *
 * J = 1/m Σ loss(ŷ, y) + l2/(2m)·(‖W1‖² + ‖W2‖²). Week three of the course.
 */
export class TwoLayerNetwork extends BinaryClassifier<TwoLayerParameters, TwoLayerGradient> {
  /** Stays, where tools shorten names. */
  static override readonly name = "TwoLayerNetwork";
  readonly #hidden: number;
  readonly #activation: Activation;
  readonly #initialization: NonNullable<TwoLayerNetworkOptions["initialization"]>;

  /** Takes hyperparameters and rejects bad ones at once. */
  constructor(options: TwoLayerNetworkOptions = {}) {
    const who = "TwoLayerNetwork";
    super(who, options, ["hidden", "activation", "initialization"]);
    const { hidden = 4, activation = "tanh", initialization = "normal" } = options;
    checkCount(who, "hidden", hidden, 1);
    checkOneOf(who, "activation", activation, ACTIVATIONS);
    checkInitialization(who, initialization, INITIALIZATIONS, ["W1", "b1", "W2", "b2"]);
    this.#hidden = hidden;
    this.#activation = activation;
    this.#initialization = initialization;
  }

  /** Every intermediate of the forward pass: Z1, A1 (n_1, m), Z2, A2 (1, m). */
  forward(X: ArrayInput): TwoLayerForward {
    return this.onSamples("TwoLayerNetwork.forward", X, (samples) =>
      scope(() => {
        const { W1, b1, W2, b2 } = this.parameters;
        const Z1 = matmul(W1, samples.X);
        add(Z1, b1, { out: Z1 });
        const A1 = FUNCTIONS[this.#activation](Z1);
        const Z2 = matmul(W2, A1);
        add(Z2, b2, { out: Z2 });
        return { Z1, A1, Z2, A2: sigmoid(Z2) };
      }),
    );
  }

  protected override split(flat: NDArray, n_x: number): TwoLayerParameters {
    const n_1 = this.#hidden;
    const W2 = n_1 * n_x;
    return {
      W1: flat.view([n_1, n_x], [n_x, 1], 0),
      b1: flat.view([n_1, 1], [1, 1], W2 + n_1),
      W2: flat.view([1, n_1], [n_1, 1], W2),
      b2: flat.view([1, 1], [1, 1], W2 + 2 * n_1),
    };
  }

  protected override pass(features: number): Pass {
    return twoLayerPass(features, this.#hidden, this.#activation);
  }

  protected override start(who: string, parameters: NDArray, features: number): void {
    parameters.data.fill(0);
    const target = this.split(parameters, features);
    if (typeof this.#initialization !== "string") {
      copyStart(who, this.#initialization, target);
    } else if (this.#initialization !== "zeros") {
      const [std1, std2] = deviations(this.#initialization, features, this.#hidden);
      this.#draw(target.W1, std1, 0n);
      this.#draw(target.W2, std2, 1n);
    }
  }

  /** Fills an array with normal deviates from a stream of the model's seed. */
  #draw(target: NDArray, std: number, stream: bigint): void {
    const kernel = target.runtime.kernel[target.dtype];
    kernel.normal(target.size, 0, std, BigInt(this.settings.seed), stream, target.pointer);
  }
}

/** Standard deviations of W1 and W2. */
function deviations(name: "normal" | "he" | "xavier", n_x: number, n_1: number): [number, number] {
  if (name === "normal") return [0.01, 0.01];
  if (name === "he") return [Math.sqrt(2 / n_x), Math.sqrt(2 / n_1)];
  return [Math.sqrt(2 / (n_x + n_1)), Math.sqrt(2 / (n_1 + 1))];
}

function copyStart(who: string, start: TwoLayerStart, target: TwoLayerParameters): void {
  for (const name of ["W1", "b1", "W2", "b2"] as const) {
    const given = arrayFor(who, `initialization.${name}`, start[name], { dtype: target[name].dtype });
    try {
      checkSameShape(who, `initialization.${name}`, given.shape, target[name].shape);
      checkParameterValues(who, name, given.data, given.shape[1]!);
      target[name].data.set(given.data);
    } finally {
      given.free();
    }
  }
}

const IDENTITY = (Z: NDArray): NDArray => Z.copy();

const FUNCTIONS = { sigmoid, tanh, relu, leakyRelu, identity: IDENTITY };
