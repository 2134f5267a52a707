/**
 * Loads the kernel as a module that the host has compiled, for hosts that compile nothing at run time: workerd and edge
 * runtimes. It is the simd build, which all of them run: a module that one cannot compile would stop the whole program.
 */
import { relaxedUnavailable } from "../check.ts";
import code from "../kernel.simd.wasm";
import { type Build, Kernel } from "../kernel.ts";

/** Whether this is the way to the kernel in plain JavaScript. */
export const plain = false;

const REASON = "this host takes kernels as modules, and the package gives it the one that runs everywhere";

/** Rejects the relaxed build. */
export function choose(wanted: Build | undefined): void {
  if (wanted === "relaxed") relaxedUnavailable("here the package has only the simd build; init takes others");
}

/** Instantiates the kernel, which no host refuses to do at once. */
export function loadKernel(_wanted: Build | undefined): Kernel {
  return new Kernel({ instance: new WebAssembly.Instance(code, {}), code }, REASON, "simd");
}
