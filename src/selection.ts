/** Choosing elements of two arrays. */

import type { DType } from "./abi.ts";
import { checkOperand, type NDArray } from "./ndarray.ts";
import { checkTogether, type Operand, strided } from "./operations.ts";
import { checkOutOption, destination, NONE, type OutOption } from "./output.ts";
import { broadcastShapes, broadcastTo, forEachMatrix, itemSize } from "./strided.ts";

/** Addresses and strides of condition, a, b and the result. */
type Vectors = [number, number, number, number, number, number, number, number];

/**
 * a where the condition is not 0, else b; NaN is not 0. All three broadcast and have one dtype. `out` may be any
 * of them.
 */
export function where<D extends DType>(
  condition: NDArray<D>,
  a: Operand<D>,
  b: Operand<D>,
  options: OutOption<D> = NONE,
): NDArray<D> {
  checkOutOption("where", options);
  checkOperand("where", "condition", condition);
  for (const [name, operand] of Object.entries({ a, b })) {
    if (typeof operand === "number") continue;
    checkOperand("where", name, operand);
    checkTogether("where", name, operand, "condition", condition);
  }
  const x = strided(a, condition, "where");
  const y = strided(b, condition, "where", 1);
  const both = broadcastShapes("where", x.shape, y.shape);
  const shape = broadcastShapes("where", condition.shape, both, "condition", "a with b");
  const out = destination("where", condition, shape, options.out, x, y, true, condition);
  const size = itemSize(out.dtype);
  const inputs = [condition, x, y].map((input) => broadcastTo(input, shape));
  forEachMatrix([...inputs, out], (rows, cols, matrices) => {
    for (let i = 0; i < rows; i++) {
      const vectors = matrices.flatMap(({ pointer, rs, cs }) => [pointer + i * rs * size, cs]);
      out.runtime.kernel[out.dtype].where(cols, ...(vectors as Vectors));
    }
  });
  return out;
}
