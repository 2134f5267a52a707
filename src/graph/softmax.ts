/** Numbers as shares of one: what softmax regression makes of its logits. */
import * as core from "../index.ts";
import { unary } from "./operation.ts";
import type { Operand, Variable } from "./variable.ts";

/** y = e^z/Σ e^z along an axis, 0 unless told. dz = y·(g − Σ g·y), since the shares of one grow at the others' cost. */
export function softmax(z: Operand, options: core.SoftmaxOptions = {}): Variable {
  return unary(
    "softmax",
    z,
    (z) => core.softmax(z, options),
    ({ g, y }) => core.mul(y, core.sub(g, core.sum(core.mul(g, y), { axis: options.axis ?? 0, keepDims: true }))),
  );
}
