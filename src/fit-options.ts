/** Options of one fit: who hears of it, what may end it, where it runs. */
import { checkCallback, checkCount, checkFinite, checkFlag, checkOptions, checkPair } from "./check.ts";
import type { ArrayInput } from "./creation.ts";
import type { EarlyStopping, StoppingRule } from "./early-stopping.ts";
import type { OnEpoch } from "./history.ts";

/** Options of one fit. */
export interface FitOptions {
  /** Called after each epoch instead of the model's own `onEpoch`; returning false stops the training. */
  onEpoch?: OnEpoch | undefined;
  /** Factors of the samples' losses (1, m), finite and >= 0. Larger makes a sample's error cost more. Default: 1 for each. */
  sampleWeight?: ArrayInput | undefined;
  /** Stop when samples that are not trained on say that it is enough; their weights are all 1. */
  earlyStopping?: EarlyStopping | undefined;
}

/** Options of a fit that lets the calling thread do other things meanwhile. */
export interface AsyncOptions {
  /**
   * Gives the fit up: the promise is rejected with the signal's reason within about one slice, even while `onEpoch` has
   * promised an answer that has not come.
   */
  signal?: AbortSignal | undefined;
  /**
   * What an abort leaves: the model as it was ("restore", the default), or with the parameters of the last epoch that
   * was over ("keep"), of which `onEpoch` hears before the promise is rejected, if it has not yet.
   */
  onAbort?: "keep" | "restore" | undefined;
  /**
   * Milliseconds between two calls of `onEpoch`, >= 0; the last epoch is always told. Larger disturbs less. Default 50.
   * With 0 every epoch is told, and the next begins when `onEpoch` has answered (or its promise has).
   */
  progressMs?: number | undefined;
  /**
   * Milliseconds of work on the calling thread between two breaths, > 0. Larger is faster and less smooth. Default 8, and
   * never more than 2 for what it prepares for workers.
   */
  sliceMs?: number | undefined;
}

/** Options of `fitAsync` and `epochs`. */
export interface FitAsyncOptions extends FitOptions, AsyncOptions {
  /**
   * Workers that train, at most; "auto": as many as there are processors. Where more than one cannot gain, fewer are
   * used. Default: none, the training runs in slices on the calling thread.
   */
  threads?: number | "auto" | undefined;
}

/** Options of `epochs`, whose loop hears of every epoch. */
export type EpochsOptions = Omit<FitAsyncOptions, "onEpoch" | "progressMs">;

/** Options of `fitStream`. */
export interface FitStreamOptions extends AsyncOptions {
  /** Passes over the source, instead of the model's own `epochs`. */
  epochs?: number | undefined;
  /** Called after each epoch instead of the model's own `onEpoch`; returning false stops the training. */
  onEpoch?: OnEpoch | undefined;
}

/** Options of everything that runs asynchronously. Their values are checked where they are used, in src/async. */
export const ASYNC = ["signal", "onAbort", "sliceMs"] as const;

/** Checks for `who` that options have these names, and the values that every fit knows. */
export function checkFitOptions(who: string, options: FitOptions, names: readonly string[]): void {
  checkOptions(who, options, names);
  const { onEpoch, earlyStopping } = options;
  if (onEpoch !== undefined) checkCallback(who, "onEpoch", onEpoch);
  if (earlyStopping === undefined) return;
  checkOptions(who, earlyStopping, ["validation", "patience", "minDelta", "restoreBest"], "earlyStopping");
  checkPair(who, "earlyStopping.validation", earlyStopping.validation);
  stoppingRule(who, earlyStopping);
}

/** The numbers of `earlyStopping`, checked, with the defaults filled in. */
export function stoppingRule(who: string, options: EarlyStopping): StoppingRule {
  const { patience = 10, minDelta = 0, restoreBest = true } = options;
  checkCount(who, "earlyStopping.patience", patience, 1);
  checkFinite(who, "earlyStopping.minDelta", minDelta, 0);
  checkFlag(who, "earlyStopping.restoreBest", restoreBest);
  return { patience, minDelta, restoreBest };
}
