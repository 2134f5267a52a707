/** Where results go: into a new array, or into `out`. */
import type { DType } from "./abi.ts";
import { checkOptions, checkOut, mixedRuntimes, overlapping } from "./check.ts";
import { checkOperand, empty, type NDArray } from "./ndarray.ts";
import { addressRange, broadcastTo, type Strided } from "./strided.ts";

/** Options of element-wise operations and products. */
export interface OutOption<D extends DType = DType> {
  /** Where the result goes, instead of a new array: same shape and dtype. It is also what is returned. */
  out?: NDArray<D>;
}

const OUT = ["out"];

/** The options of whoever gives none, the same object for all calls: it needs neither memory nor a check. */
export const NONE = {};

/** Rejects options other than `out`. */
export function checkOutOption(who: string, options: OutOption): void {
  if (options !== NONE) checkOptions(who, options, OUT);
}

/** The array that receives a result: a new one, or `out` if it fits and does not overlap the inputs x, y and z. */
export function destination<D extends DType>(
  who: string,
  { runtime, dtype }: NDArray<D>,
  shape: readonly number[],
  out: NDArray<D> | undefined,
  x: Strided,
  y: Strided,
  inPlace: boolean,
  z: Strided = y,
): NDArray<D> {
  // Reading the addresses finds freed inputs out before anything is taken.
  void x.pointer;
  void y.pointer;
  void z.pointer;
  if (out === undefined) return empty(shape, dtype, who, runtime);
  checkOperand(who, "out", out);
  checkOut(who, out.shape, out.dtype, shape, dtype);
  if (out.runtime !== runtime) mixedRuntimes(who);
  checkApart(who, out, inPlace ? broadcastTo(x, shape) : x, inPlace);
  if (y !== x) checkApart(who, out, inPlace ? broadcastTo(y, shape) : y, inPlace);
  if (z !== y) checkApart(who, out, broadcastTo(z, shape), inPlace);
  return out;
}

/** Rejects an input that shares bytes with `out`, unless it is `out`, element for element, and that is allowed. */
function checkApart(who: string, out: NDArray, input: Strided, inPlace: boolean): void {
  const [from, to] = addressRange(out);
  const [start, end] = addressRange(input);
  if (start === end || start >= to || from >= end) return;
  const same =
    inPlace && start === from && input.strides.every((step, i) => step === out.strides[i] || out.shape[i] === 1);
  if (!same) overlapping(who);
}
