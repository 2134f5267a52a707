/** What an optimizer is to a training. The core has none: `fourlane/optimizers` makes them. */
import type { KernelFunctions } from "./abi.ts";
import type { Dataset } from "./dataset.ts";
import type { History } from "./history.ts";
import type { NDArray } from "./ndarray.ts";

/**
 * One update of n parameters, of which the first n_w are weights, down d = scale·gradient + decay·weights. `gradient` (n)
 * becomes 0; `state` is the optimizer's own, zeros before the first step.
 */
export type Step = (
  kernel: KernelFunctions,
  n: number,
  n_w: number,
  rate: number,
  scale: number,
  decay: number,
  parameters: number,
  gradient: number,
  state: number,
) => void;

/** The sums over samples with which a search begins, and how they are made anew elsewhere. */
export interface Sums {
  /** What the sums are of: written to try others. Only a view taken now is good, since memory may grow. */
  readonly parameters: NDArray;
  /** Adds samples; yields in between. */
  accumulate(data: Dataset): Generator<undefined, void>;
  /** The mean loss with the penalty of strength l2 over m samples. */
  cost(l2: number, m: number): number;
  /** The gradient of that into `out` (n), which is returned. */
  meanGradient<A extends Float32Array | Float64Array>(l2: number, m: number, out: A): A;
  /** Empties the sums. */
  clear(): void;
}

/**
 * How gradients become better parameters, other than by the gradient alone: what `adam`, `momentum` and `lbfgs` of
 * `fourlane/optimizers` make. It keeps nothing of a training, so any number of models may have the same.
 */
export interface Optimizer {
  /** The function that makes it, */
  readonly name: string;
  /** and its numbers: with both, another thread makes it anew. */
  readonly options: Readonly<Record<string, number>>;
  /** The learning rate where the model is told none, if it is another than 0.1. */
  readonly learningRate?: number;
  /** How many arrays of the parameters' size the state of its steps takes. */
  readonly arrays?: number;
  /** Steps from the first one on, for any samples. */
  begin?(): Step;
  /**
   * Instead of steps, a search that needs all samples. It begins with their sums, yields undefined where a thread may do
   * something else, and the cost once an epoch is over, the parameters then being the epoch's. It ends where it finds
   * nothing better, and says in the history why.
   */
  minimise?(sums: Sums, data: Dataset, l2: number, history: History): Generator<number | undefined, void>;
}
