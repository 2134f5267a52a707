/** Options of what runs asynchronously. */
import { checkCount, checkFinite, checkOneOf, checkSignal, checkThreads } from "../check.ts";
import type { AsyncOptions, FitAsyncOptions, FitStreamOptions } from "../fit-options.ts";

/** What has a default. */
type Defaulted = { [Name in "onAbort" | "progressMs" | "sliceMs"]: NonNullable<AsyncOptions[Name]> };

/** The same options with the defaults filled in. */
export type Filled<O extends AsyncOptions> = Omit<O, keyof Defaulted> & Defaulted;

/** Checks options for `who`, whose names are checked, and fills in the defaults. @throws the signal's reason if it has one. */
export function filled<O extends AsyncOptions>(who: string, options: O): Filled<O> {
  const { threads, epochs } = options as FitAsyncOptions & FitStreamOptions;
  if (epochs !== undefined) checkCount(who, "epochs", epochs, 1);
  if (threads !== undefined) checkThreads(who, threads);
  if (options.signal !== undefined) checkSignal(who, options.signal);
  const { onAbort = "restore", progressMs = 50, sliceMs = 8 } = options;
  checkOneOf(who, "onAbort", onAbort, ["keep", "restore"]);
  checkFinite(who, "progressMs", progressMs, 0);
  checkFinite(who, "sliceMs", sliceMs, 0, true);
  options.signal?.throwIfAborted();
  return { ...options, onAbort, progressMs, sliceMs };
}
