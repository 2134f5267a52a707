/** Joining arrays. */

import { checkAxis, checkJoin, checkList, checkOptions } from "./check.ts";
import { checkOperand, copyElements, type NDArray } from "./ndarray.ts";
import { checkTogether } from "./operations.ts";
import { destination, type OutOption } from "./output.ts";

/** Options of `concatenate`. */
export interface ConcatenateOptions extends OutOption {
  /** The axis along which the arrays follow each other; counted from the end if negative. Default 0. */
  axis?: number;
}

/** The arrays one after the other along an axis; their other extents and dtypes are equal. `out` overlaps none. */
export function concatenate<D extends NDArray>(arrays: readonly D[], options: ConcatenateOptions = {}): D {
  const who = "concatenate";
  checkOptions(who, options, ["axis", "out"]);
  checkList(who, arrays);
  const first = arrays[0]!;
  checkOperand(who, "arrays[0]", first);
  const axis = checkAxis(who, options.axis ?? 0, first.shape);
  const shape = [...first.shape];
  shape[axis] = 0;
  arrays.forEach((a, i) => {
    checkOperand(who, `arrays[${i}]`, a);
    checkTogether(who, "arrays[0]", first, `arrays[${i}]`, a);
    checkJoin(who, first.shape, i, a.shape, axis);
    void a.pointer; // throws for a freed array before anything is taken
    shape[axis]! += a.shape[axis]!;
  });
  let out: NDArray | undefined = options.out;
  for (const a of arrays) out = destination(who, first, shape, out, a, a, false);
  let start = 0;
  for (const a of arrays) {
    copyElements(a, out!.view(a.shape, out!.strides, start * out!.strides[axis]!));
    start += a.shape[axis]!;
  }
  return out as D;
}
