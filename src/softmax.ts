/** Numbers as shares of one: what softmax regression makes of its logits. */
import type { DType } from "./abi.ts";
import { checkAxis, checkOptions } from "./check.ts";
import { checkOperand, type NDArray } from "./ndarray.ts";
import { div, exp, sub } from "./operations.ts";
import { max, sum } from "./reductions.ts";
import { scope } from "./storage.ts";

/** Options of `softmax`. */
export interface SoftmaxOptions {
  /** The axis along which the results add up to 1; counted from the end if negative. Default 0: in each column. */
  axis?: number;
}

/** e^z/Σ e^z along an axis: a new array of z's shape. Computed with z − max z, so that nothing overflows. */
export function softmax<D extends DType>(z: NDArray<D>, options: SoftmaxOptions = {}): NDArray<D> {
  checkOptions("softmax", options, ["axis"]);
  checkOperand("softmax", "z", z);
  const along = { axis: checkAxis("softmax", options.axis ?? 0, z.shape), keepDims: true } as const;
  if (z.size === 0) return z.copy();
  return scope(() => {
    const e = sub(z, max(z, along)) as NDArray<D>;
    exp(e, { out: e });
    div(e, sum(e, along), { out: e });
    return e;
  });
}
