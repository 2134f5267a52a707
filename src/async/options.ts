/** Options of what runs asynchronously. */
import { checkCount, checkFinite, checkOneOf, checkSignal, checkThreads } from "../check.ts";
import type { AsyncOptions, FitAsyncOptions, FitStreamOptions } from "../fit-options.ts";

/** What all that runs asynchronously goes by: given, or the default. */
export interface Filled extends Pick<FitAsyncOptions, "signal" | "threads"> {
  onAbort: NonNullable<AsyncOptions["onAbort"]>;
  progressMs: number;
  sliceMs: number;
}

/** Checks options for `who`, whose names are checked, and fills in the defaults. @throws the signal's reason if it has one. */
export function filled(who: string, options: AsyncOptions): Filled {
  const { threads, epochs } = options as FitAsyncOptions & FitStreamOptions;
  const { signal, onAbort = "restore", progressMs = 50, sliceMs = 8 } = options;
  if (epochs !== undefined) checkCount(who, "epochs", epochs, 1);
  if (threads !== undefined) checkThreads(who, threads);
  if (signal !== undefined) checkSignal(who, signal);
  checkOneOf(who, "onAbort", onAbort, ["keep", "restore"]);
  checkFinite(who, "progressMs", progressMs, 0);
  checkFinite(who, "sliceMs", sliceMs, 0, true);
  signal?.throwIfAborted();
  // Name by name: spreading the given ones took two microseconds, where a small fit takes ten.
  return { signal, threads, onAbort, progressMs, sliceMs };
}
