/**
 * The kernel in plain JavaScript, for `fourlane/js`: hosts that refuse WebAssembly, or have none. Nothing is compiled, and
 * nothing is to be chosen.
 */
import { onlyPlain } from "../check.ts";
import { type Build, Kernel } from "../kernel.ts";
import { plainExports } from "../plain/exports.ts";

/** Whether this is the way to the kernel in plain JavaScript. */
export const plain = true;

const REASON = "fourlane/js has the kernel in plain JavaScript";

/** Rejects the builds, which are those of the wasm kernel. */
export function choose(wanted: Build | undefined): void {
  if (wanted) onlyPlain("configure", `build is "${wanted}"`);
}

/** A kernel with a memory of its own. */
export function loadKernel(_wanted: Build | undefined): Kernel {
  return new Kernel({ instance: { exports: plainExports() }, code: undefined }, REASON, "js");
}
