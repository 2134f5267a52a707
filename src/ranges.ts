/** Evenly spaced numbers, and grids of them. */

import type { DType } from "./abi.ts";
import { checkCount, checkDType, checkFinite, checkFlag, checkOptions, checkStep } from "./check.ts";
import { checkOperand, empty, type NDArray } from "./ndarray.ts";
import { checkTogether } from "./operations.ts";
import { broadcastTo } from "./strided.ts";

/** Options of `arange`. */
export interface RangeOptions<D extends DType = DType> {
  /** Type of the elements. Default "f32". */
  dtype?: D;
}

/** Options of `linspace`. */
export interface LinspaceOptions<D extends DType = DType> extends RangeOptions<D> {
  /** Whether `stop` is the last number. Default true. */
  endpoint?: boolean;
}

/** (count) numbers of a function of the index. */
function filled<D extends DType>(who: string, count: number, dtype: D, of: (i: number) => number): NDArray<D> {
  checkDType(who, dtype);
  const result = empty([count], dtype, who);
  const { data } = result;
  for (let i = 0; i < count; i++) data[i] = of(i);
  return result;
}

/** `count` numbers from start to stop at equal distances; without `endpoint` the next one would be stop. */
export function linspace<D extends DType = "f32">(
  start: number,
  stop: number,
  count = 50,
  options: LinspaceOptions<D> = {},
): NDArray<D> {
  const who = "linspace";
  checkOptions(who, options, ["dtype", "endpoint"]);
  const { dtype = "f32" as D, endpoint = true } = options;
  checkFinite(who, "start", start);
  checkFinite(who, "stop", stop);
  checkCount(who, "count", count, 0);
  checkFlag(who, "endpoint", endpoint);
  const parts = endpoint ? count - 1 : count;
  const step = (stop - start) / parts;
  return filled(who, count, dtype, (i) => (i === 0 ? start : i < parts ? start + i * step : stop));
}

/** start, start + step, … short of stop; `arange(n)` is 0 … n − 1. */
export function arange<D extends DType = "f32">(
  start: number,
  stop?: number,
  step = 1,
  options: RangeOptions<D> = {},
): NDArray<D> {
  const who = "arange";
  if (stop === undefined) [start, stop] = [0, start];
  checkOptions(who, options, ["dtype"]);
  checkFinite(who, "start", start);
  checkFinite(who, "stop", stop);
  checkFinite(who, "step", step);
  checkStep(who, step);
  const count = Math.max(Math.ceil((stop - start) / step), 0);
  return filled(who, count, options.dtype ?? ("f32" as D), (i) => start + i * step);
}

/**
 * [X, Y], both (n, m), of x with m and y with n elements: X[i, j] = x[j], Y[i, j] = y[i]. NumPy's order "xy".
 */
export function meshgrid<D extends DType>(x: NDArray<D>, y: NDArray<D>): [X: NDArray<D>, Y: NDArray<D>] {
  checkOperand("meshgrid", "x", x);
  checkOperand("meshgrid", "y", y);
  checkTogether("meshgrid", "x", x, "y", y);
  const shape = [y.size, x.size];
  const grid = (a: NDArray<D>): NDArray<D> => a.view(shape, broadcastTo(a, shape).strides, 0).copy();
  const [across, down] = [x.reshape(1, x.size), y.reshape(y.size, 1)];
  return [grid(across), grid(down)];
}
