/** Loads no kernel: `fourlane/load` has only the one that `init` is given. */
import { noKernel } from "../check.ts";
import type { Build, Kernel } from "../kernel.ts";

/** Whether this is the way to the kernel in plain JavaScript. */
export const plain = false;

/** Any build may be asked for; whether it is there, `init` tells. */
export function choose(_wanted: Build | undefined): void {}

/** @throws Error, since there is none. */
export function loadKernel(_wanted: Build | undefined): Kernel {
  return noKernel();
}

/** The same. */
export async function loadKernelAsync(_wanted: Build | undefined): Promise<Kernel> {
  return noKernel();
}
