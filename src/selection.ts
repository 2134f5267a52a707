/** Choosing elements of two arrays. */

import { checkOperand } from "./check.ts";
import { NDArray } from "./ndarray.ts";
import { checkTogether, type Operand, strided } from "./operations.ts";
import { checkOutOption, destination, NONE, type OutOption } from "./output.ts";
import { broadcastShapes, broadcastTo, forEachMatrix, itemSize } from "./strided.ts";

/**
 * a where the condition is not 0, else b; NaN is not 0. All three broadcast and have one dtype. `out` may be any
 * of them.
 */
export function where(condition: NDArray, a: Operand, b: Operand, options: OutOption = NONE): NDArray {
  checkOutOption("where", options);
  checkOperand("where", "condition", condition instanceof NDArray, condition);
  for (const [name, operand] of [
    ["a", a],
    ["b", b],
  ] as const) {
    if (typeof operand === "number") continue;
    checkOperand("where", name, operand instanceof NDArray, operand);
    checkTogether("where", name, operand, "condition", condition);
  }
  const x = strided(a, condition, "where");
  const y = strided(b, condition, "where", 1);
  const both = broadcastShapes("where", x.shape, y.shape);
  const shape = broadcastShapes("where", condition.shape, both, "condition", "a with b");
  const out = destination("where", condition, shape, options.out, x, y, true, condition);
  const size = itemSize(out.dtype);
  const kernel = out.runtime.kernel[out.dtype];
  forEachMatrix([...[condition, x, y].map((input) => broadcastTo(input, shape)), out], (rows, cols, matrices) => {
    for (let i = 0; i < rows; i++) {
      const [c, p, q, r] = matrices.map(({ pointer, rs }) => pointer + i * rs * size);
      const [c_s, p_s, q_s, r_s] = matrices.map(({ cs }) => cs);
      kernel.where(cols, c!, c_s!, p!, p_s!, q!, q_s!, r!, r_s!);
    }
  });
  return out;
}
