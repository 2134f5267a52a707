/** Sums, means and extremes over one axis or over everything; over everything, a variable of no axes. */
import * as core from "../index.ts";
import { broadcast, reshaped } from "./arrays.ts";
import { operation } from "./operation.ts";
import type { Operand, Variable } from "./variable.ts";

type NDArray = core.NDArray;
type Options = core.AxisOptions | core.TotalOptions;

/** y = f(a) over an axis; `da` gets ∂J/∂y and y in a's shape, but for extent 1 where elements were reduced. */
function reduction(
  who: string,
  a: Operand,
  options: Options,
  f: (a: NDArray, options: Options) => NDArray | number,
  da: (at: { g: NDArray; y: NDArray; a: NDArray; axis: number | undefined }) => NDArray,
): Variable {
  return operation(
    who,
    { a },
    (a) => f(a!, options),
    (y, a) => {
      const shape = a!.shape;
      const axis = options.axis === undefined ? undefined : (options.axis + shape.length) % shape.length;
      const kept = shape.map((extent, i) => (axis === undefined || i === axis ? 1 : extent));
      return [(g) => da({ g: reshaped(g, kept), y: reshaped(y, kept), a: a!, axis })];
    },
  );
}

/** Σ a. */
export function sum(a: Operand, options: Options = {}): Variable {
  return reduction("sum", a, options, core.sum, ({ g, a }) => broadcast(g, a.shape));
}

/** The arithmetic mean. */
export function mean(a: Operand, options: Options = {}): Variable {
  return reduction("mean", a, options, core.mean, ({ g, a, axis }) =>
    broadcast(core.div(g, axis === undefined ? a.size : a.shape[axis]!), a.shape),
  );
}

/** The largest element. The gradient goes to it, in equal parts where several are the largest. */
export function max(a: Operand, options: Options = {}): Variable {
  return reduction("max", a, options, core.max, shared);
}

/** The smallest element. The gradient goes to it, in equal parts where several are the smallest. */
export function min(a: Operand, options: Options = {}): Variable {
  return reduction("min", a, options, core.min, shared);
}

function shared({ g, y, a, axis }: { g: NDArray; y: NDArray; a: NDArray; axis: number | undefined }): NDArray {
  const chosen = core.equal(a, y);
  const count = axis === undefined ? core.sum(chosen) : core.sum(chosen, { axis, keepDims: true });
  return core.mul(chosen, core.div(g, count));
}
