/** Powers of elements. */

import type { DType } from "./abi.ts";
import { checkOperand, type NDArray } from "./ndarray.ts";
import { binary, type Operand } from "./operations.ts";
import { NONE, type OutOption } from "./output.ts";

/** a². `out` may be a. */
export function square<D extends DType>(a: NDArray<D>, options: OutOption<D> = NONE): NDArray<D> {
  checkOperand("square", "a", a);
  return binary("square", "multiply", a, a, options);
}

/**
 * a^b, element by element with broadcasting. As C's pow: 1 for b = 0 and for a = 1, whatever the other is; NaN for
 * a < 0 unless b is whole; 0 to a negative power is infinity. Whole results are exact where the dtype holds them;
 * b = 2 is a·a. `out` may be a or b.
 */
export function power<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  if (b === 2) return binary("power", "multiply", a, a, options);
  return binary("power", "power", a, b, options);
}
