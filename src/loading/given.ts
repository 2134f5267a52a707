/**
 * Loads no kernel by itself: `fourlane/load` has the one that `init` is given. Entries that have a way of their own to a
 * kernel are load.js with that way provided, so that all of them share one host, and what stands on top of it.
 */
import { noKernel } from "../check.ts";
import type { Build, Kernel } from "../kernel.ts";

/** A way to a kernel: what another file of this folder exports. */
interface Way {
  readonly plain: boolean;
  choose(wanted: Build | undefined): void;
  loadKernel(wanted: Build | undefined): Kernel;
}

let way: Way | undefined;

/** Whether this is the way to the kernel in plain JavaScript. */
export let plain = false;

/** Says where kernels come from; of several, the first counts. */
export function provide(given: Way): void {
  way ??= given;
  plain = way.plain;
}

/** Without a way, any build may be asked for; whether it is there, `init` tells. */
export function choose(wanted: Build | undefined): void {
  way?.choose(wanted);
}

/** A kernel, if there is a way to one. @throws Error otherwise. */
export function loadKernel(wanted: Build | undefined): Kernel {
  return way?.loadKernel(wanted) ?? noKernel();
}

/** The same. */
export async function loadKernelAsync(wanted: Build | undefined): Promise<Kernel> {
  return loadKernel(wanted);
}
