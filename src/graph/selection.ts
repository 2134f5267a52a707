/** Choosing and joining elements of several arrays. */
import * as core from "../index.ts";
import { checkOptions } from "./errors.ts";
import { operation } from "./operation.ts";
import type { Operand, Variable } from "./variable.ts";

/** a where the condition is not 0, else b, with broadcasting. The gradient goes where the element came from. */
export function where(condition: Operand, a: Operand, b: Operand): Variable {
  return operation(
    "where",
    { condition, a, b },
    (c, a, b) => core.where(c!, a!, b!),
    (_, c) => [
      // The condition decides by jumps: its derivative is 0.
      () => core.where(c!, 0, 0),
      (g) => core.where(c!, g, 0),
      (g) => core.where(c!, 0, g),
    ],
  );
}

/** Arrays one after the other along an axis, 0 unless told; their other extents are equal. Each gets its part of g. */
export function concatenate(arrays: readonly Operand[], options: { axis?: number } = {}): Variable {
  checkOptions("concatenate", options, ["axis"]);
  const given = Array.isArray(arrays) ? arrays.map((a, i): [string, Operand] => [`arrays[${i}]`, a]) : [];
  return operation(
    "concatenate",
    Object.fromEntries(given),
    (...values) => core.concatenate(values, options),
    (_, ...values) => {
      const axis = ((options.axis ?? 0) + values[0]!.ndim) % values[0]!.ndim;
      let stop = 0;
      return values.map(({ shape }) => {
        const start = stop;
        stop += shape[axis]!;
        const part = [start, stop];
        return (g) => g.slice(...shape.map((_, i) => (i === axis ? part : [])));
      });
    },
  );
}
