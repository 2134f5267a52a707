/**
 * fourlane/npy: arrays from NumPy's files and into them.
 *
 * @module fourlane/npy
 */

export { type ReadNpyOptions, readNpy, writeNpy } from "./npy/npy.ts";
export { type ReadNpzOptions, readNpz, type WriteNpzOptions, writeNpz } from "./npy/npz.ts";
