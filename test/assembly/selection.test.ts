import { describe, test } from "vitest";
import { dtypes, expectSame } from "../compare.ts";
import { where as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { where } from "./calls.ts";
import { between, blankVector, cycle, pick, shifts, vector } from "./data.ts";

const run = everyBuild(1 << 14);
const conditions = [1, 0, -0, Number.NaN, 0, 1e-42, -3, 0, Number.POSITIVE_INFINITY, 0, 0];
const values = [1, -0, Number.NaN, 5, Number.NEGATIVE_INFINITY, 0.1, 0];

describe.each(dtypes)("where in %s", (dtype) => {
  test("chooses by the condition, NaN being no 0, at every size, stride and alignment", () => {
    let i = 0;
    for (let n = 0; n < 20; n++) {
      for (const strides of [
        [1, 1, 1, 1],
        [1, 0, 0, 1],
        [0, 1, 2, 1],
        [3, 1, 0, 2],
        [1, 1, 1, 3],
      ] as const) {
        const [c_s, a_s, b_s, out_s] = strides;
        const c = vector(dtype, n, c_s, cycle([...conditions.slice(n % 7), ...conditions]), pick(shifts, i++));
        const a = vector(dtype, n, a_s, between(i, -9, 9), pick(shifts, i / 2));
        const b = vector(dtype, n, b_s, cycle(values), pick(shifts, i / 3));
        const out = blankVector(n, out_s, pick(shifts, i / 5));
        const want = Float64Array.from(c.values, (v, k) => oracle(v, a.values[k]!, b.values[k]!));
        const label = `${n} with strides ${strides}`;
        for (const got of run(label, (arena) => where(arena, dtype, c, a, b, out))) {
          expectSame(got.values, want, `${label} on ${got.build}`);
        }
      }
    }
  });

  test("may write over any input", () => {
    for (const over of [0, 1, 2]) {
      const inputs = [cycle(conditions), between(1, -9, 9), cycle(values)].map((source) =>
        vector(dtype, 11, 2, source),
      );
      const [c, a, b] = inputs.map((x) => x.values) as [Float64Array, Float64Array, Float64Array];
      const want = c.map((v, k) => oracle(v, a[k]!, b[k]!));
      for (const got of run(`over ${over}`, (arena) => {
        const out = arena.output(dtype, inputs[over]!);
        const at = inputs.flatMap((x, i) => [i === over ? out.at : arena.input(dtype, x), x.cs]);
        arena.call(`where_${dtype}`, 11, ...at, out.at, 2);
        return out.read();
      })) {
        expectSame(got.values, want, `over input ${over} on ${got.build}`);
      }
    }
  });
});
