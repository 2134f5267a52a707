/** Comparisons of elements, as arrays of 1 and 0 in the operands' dtype, and of whole arrays. NaN equals nothing. */

import type { DType } from "./abi.ts";
import { checkFinite, checkFlag, checkOptions } from "./check.ts";
import type { NDArray } from "./ndarray.ts";
import { binary, type Operand, operands, sub } from "./operations.ts";
import { NONE, type OutOption } from "./output.ts";
import { broadcastShapes, broadcastTo, forEachMatrix, itemSize, type Matrix } from "./strided.ts";

/** 1 where a = b, else 0, with broadcasting. `out` may be a or b. */
export function equal<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("equal", "equal", a, b, options);
}

/** 1 where a ≠ b, and where either is NaN, else 0, with broadcasting. `out` may be a or b. */
export function notEqual<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  const out = binary("notEqual", "equal", a, b, options);
  return sub(1, out, { out });
}

/** 1 where a < b, else 0, with broadcasting. `out` may be a or b. */
export function less<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("less", "less", a, b, options);
}

/** 1 where a ≤ b, else 0, with broadcasting. `out` may be a or b. */
export function lessEqual<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("lessEqual", "less_equal", a, b, options);
}

/** 1 where a > b, else 0, with broadcasting. `out` may be a or b. */
export function greater<D extends DType>(a: Operand<D>, b: Operand<D>, options: OutOption<D> = NONE): NDArray<D> {
  return binary("greater", "less", a, b, options, true);
}

/** 1 where a ≥ b, else 0, with broadcasting. `out` may be a or b. */
export function greaterEqual<D extends DType>(
  a: Operand<D>,
  b: Operand<D>,
  options: OutOption<D> = NONE,
): NDArray<D> {
  return binary("greaterEqual", "less_equal", a, b, options, true);
}

/** How far apart numbers may be that `allClose` counts as equal; NumPy's names and defaults. */
export interface CloseOptions {
  /** Relative to |b|. Default 1e-5. */
  rtol?: number;
  /** Absolute. Default 1e-8. */
  atol?: number;
  /** Whether NaN equals NaN. Default false. */
  equalNaN?: boolean;
}

/** Whether |a − b| ≤ atol + rtol·|b| for all elements, with broadcasting; infinities equal only themselves. */
export function allClose(a: Operand, b: Operand, options: CloseOptions = {}): boolean {
  checkOptions("allClose", options, ["rtol", "atol", "equalNaN"]);
  const { rtol = 1e-5, atol = 1e-8, equalNaN = false } = options;
  checkFinite("allClose", "rtol", rtol, 0);
  checkFinite("allClose", "atol", atol, 0);
  checkFlag("allClose", "equalNaN", equalNaN);
  const [model, x, y] = operands("allClose", a, b);
  const shape = broadcastShapes("allClose", x.shape, y.shape);
  const elements = model.runtime.memory[model.dtype];
  const at = ({ pointer, rs, cs }: Matrix, i: number, j: number): number =>
    elements[pointer / itemSize(model.dtype) + i * rs + j * cs]!;
  let all = true;
  forEachMatrix([broadcastTo(x, shape), broadcastTo(y, shape)], (rows, cols, [p, q]) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; all && j < cols; j++) {
        const u = at(p!, i, j);
        const v = at(q!, i, j);
        const size = Math.abs(v);
        const near = size < Infinity && Math.abs(u - v) <= atol + rtol * size;
        all = u === v || near || (equalNaN && Number.isNaN(u) && Number.isNaN(v));
      }
    }
  });
  return all;
}
