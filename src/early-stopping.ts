/** Stopping when samples that are not trained on say that it is enough. */
import type { ArrayInput } from "./creation.ts";
import type { Dataset } from "./dataset.ts";
import { type Descent, ownedArray } from "./descent.ts";
import type { NDArray } from "./ndarray.ts";

/** When to stop, judged by samples that are not trained on; `trainTestSplit` sets some aside. */
export interface EarlyStopping {
  /** X (n_x, m) and Y (1, m). */
  validation: readonly [X: ArrayInput, Y: ArrayInput];
  /** Epochs without a better validation cost before it stops, >= 1. Larger waits longer. Default 10. */
  patience?: number;
  /** By how much a validation cost must be lower to be better, >= 0. Larger stops earlier. Default 0. */
  minDelta?: number;
  /** Give the model the parameters of the best epoch instead of the last one's. Default true. */
  restoreBest?: boolean;
}

/** Its numbers, with the defaults filled in. */
export type StoppingRule = Required<Omit<EarlyStopping, "validation">>;

/** Looks at the validation samples after each epoch. */
export class Watch {
  /** Mean loss at the start and after each epoch. */
  readonly costs: number[] = [];
  /** The epoch with the lowest. */
  bestEpoch = 0;
  readonly #validation: Dataset;
  readonly #rule: StoppingRule;
  readonly #descent: Descent;
  readonly #best: NDArray | undefined;

  /** Takes room for the best parameters if the rule restores them. */
  constructor(validation: Dataset, rule: StoppingRule, descent: Descent, who: string, owner: string) {
    this.#validation = validation;
    this.#rule = rule;
    this.#descent = descent;
    const { runtime, dtype, size } = descent.parameters;
    this.#best = rule.restoreBest ? ownedArray(runtime, dtype, size, who, owner) : undefined;
  }

  /** Judges the present parameters. */
  *look(): Generator<undefined, void> {
    const cost = yield* this.#descent.meanLoss(this.#validation);
    const epoch = this.costs.push(cost) - 1;
    if (epoch > 0 && !(cost < this.costs[this.bestEpoch]! - this.#rule.minDelta)) return;
    this.bestEpoch = epoch;
    this.#best?.data.set(this.#descent.parameters.data);
  }

  /** Whether the best epoch is too long ago. */
  get exhausted(): boolean {
    return this.costs.length - 1 - this.bestEpoch >= this.#rule.patience;
  }

  /** Puts the best parameters in the place of the last, if the rule says so. */
  restore(): void {
    if (this.#best) this.#descent.parameters.data.set(this.#best.data);
  }

  /** Gives the memory back. */
  release(): void {
    this.#best?.storage.release();
  }
}
