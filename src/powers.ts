/** Powers of elements. */

import { checkOperand, type NDArray } from "./ndarray.ts";
import { binary, type Operand } from "./operations.ts";
import { NONE, type OutOption } from "./output.ts";

/** a². `out` may be a. */
export function square(a: NDArray, options: OutOption = NONE): NDArray {
  checkOperand("square", "a", a);
  return binary("square", "multiply", a, a, options);
}

/**
 * a^b, element by element with broadcasting. As C's pow: 1 for b = 0 and for a = 1, whatever the other is; NaN for
 * a < 0 unless b is whole; 0 to a negative power is infinity. Whole results are exact where the dtype holds them;
 * b = 2 is a·a. `out` may be a or b.
 */
export function power(a: Operand, b: Operand, options: OutOption = NONE): NDArray {
  if (b === 2) return binary("power", "multiply", a, a, options);
  return binary("power", "power", a, b, options);
}
