import { describe, test } from "vitest";
import { dtypes, expectSame, expectWithin } from "../compare.ts";
import * as oracle from "../oracle.ts";
import { type Arena, everyBuild } from "./arena.ts";
import { optimizerStep } from "./calls.ts";
import { between, integers, type Operand, pick, shifts, vector } from "./data.ts";

const run = everyBuild(1 << 16);
// Vectors are 4 (f32) or 2 (f64) elements; weights and biases are updated apart.
const sizes = [0, 1, 2, 3, 4, 5, 8, 9, 17].flatMap((n) =>
  [0, 1, 2, 3, 4, 5, 8, 16].filter((n_w) => n_w <= n).map((n_w) => [n, n_w] as const),
);

interface Optimizer {
  name: "gradient_step" | "adam_step";
  twin: oracle.Step;
  /** Numbers that it keeps of each parameter. */
  keeps: number;
}

const gradient: Optimizer = { name: "gradient_step", twin: oracle.gradientStep, keeps: 0 };
const momentum: Optimizer = { name: "gradient_step", twin: oracle.momentumStep, keeps: 1 };
const adam: Optimizer = { name: "adam_step", twin: oracle.adamStep, keeps: 2 };

/** [ parameters | gradient | kept ] after a step, as it should be, or how far each number may be off. */
function expected(
  { keeps }: Optimizer,
  [p, g, kept]: readonly Operand[],
  n_w: number,
  of: (place: oracle.Place, isWeight: boolean) => number[],
): number[] {
  const n = p!.cols;
  const each = Array.from({ length: n }, (_, i) => {
    const place = { p: p!.values[i]!, g: g!.values[i]!, kept: count(keeps).map((k) => kept!.values[k * n + i]!) };
    return of(place, i < n_w);
  });
  const column = (k: number) => each.map((values) => values[k]!);
  return [...column(0), ...column(0).fill(0), ...count(keeps).flatMap((k) => column(k + 1))];
}

function count(n: number): number[] {
  return [...Array(n).keys()];
}

/** Parameters, their gradient and what is kept, from one source each. */
function operandsOf(
  dtype: "f32" | "f64",
  n: number,
  keeps: number,
  i: number,
  sources: (() => number)[],
): Operand[] {
  const [p, g, kept] = sources.map((source, k) =>
    vector(dtype, k < 2 ? n : keeps * n, 1, source, pick(shifts, i + k)),
  ) as [Operand, Operand, Operand];
  return keeps ? [p, g, kept] : [p, g];
}

describe.each(dtypes)("in %s", (dtype) => {
  test.each([
    ["gradient_step", gradient],
    ["gradient_step with momentum", momentum],
  ] as const)("%s decays the first n_w parameters only, exactly for whole numbers", (_, optimizer) => {
    const numbers = [0.5, 0.25, 2, 0.75].slice(0, 3 + optimizer.keeps);
    sizes.forEach(([n, n_w], i) => {
      const sources = count(3).map((k) => integers(n + k, 9));
      const operands = operandsOf(dtype, n, optimizer.keeps, i, sources);
      const want = expected(optimizer, operands, n_w, (place, isWeight) =>
        optimizer.twin.of(place, numbers, isWeight ? 2 : 0),
      );
      const step = (arena: Arena) => optimizerStep(arena, optimizer.name, dtype, n_w, numbers, operands);
      for (const got of run(`${n_w} of ${n}`, step)) {
        expectSame(got.values, want, `${n_w} of ${n} on ${got.build}`);
      }
    });
  });

  // rate, scale, decay; momentum, or beta1, beta2, epsilon, correction
  test.each<[string, number[], Optimizer]>([
    ["gradient_step", [0.1, 1 / 569, 0], gradient],
    ["gradient_step", [1.2, 1 / 400, 1 / 400], gradient],
    ["gradient_step", [0.01, 1, 0.3], gradient],
    ["gradient_step", [0, 1, 1], gradient],
    ["gradient_step with momentum", [0.1, 1 / 569, 0, 0.9], momentum],
    ["gradient_step with momentum", [0.3, 1, 0.7, 0.99], momentum],
    ["gradient_step with momentum", [0.3, 1, 0.7, 0], momentum],
    ["adam_step", [0.01, 1 / 569, 0, 0.9, 0.999, 1e-8, 31.6], adam],
    ["adam_step", [0.1, 1, 0.7, 0.9, 0.999, 1e-8, 1], adam],
    ["adam_step", [0.1, 1, 0.7, 0, 0, 0.1, 1], adam],
    ["adam_step", [0.1, 0.5, 3, 0.5, 0.25, 2, 1.5], adam],
  ])("%s of %j rounds a few times only, at every size", (_, numbers, optimizer) => {
    const decayOf = (isWeight: boolean) => (isWeight ? numbers[2]! : 0);
    sizes.forEach(([n, n_w], i) => {
      const sources = [between(i, -3, 3), between(i + 99, -100, 100), between(i + 7, 0, 9)];
      const operands = operandsOf(dtype, n, optimizer.keeps, i, sources);
      const { twin } = optimizer;
      const want = expected(optimizer, operands, n_w, (place, isWeight) =>
        twin.of(place, numbers, decayOf(isWeight)),
      );
      const bound = expected(optimizer, operands, n_w, (place, isWeight) =>
        twin.bound(dtype, place, numbers, decayOf(isWeight)),
      );
      const step = (arena: Arena) => optimizerStep(arena, optimizer.name, dtype, n_w, numbers, operands);
      for (const got of run(`${n_w} of ${n}`, step)) {
        expectWithin(got.values, want, bound, `${n_w} of ${n} on ${got.build}`);
      }
    });
  });

  test("adam_step of a gradient that is 0 from the start moves nothing", () => {
    const zero = (n: number) => vector(dtype, n, 1, () => 0);
    const p = vector(dtype, 7, 1, between(1, -3, 3));
    const want = [...p.values, ...Array(21).fill(0)];
    const numbers = [0.1, 1, 0, 0.9, 0.999, 1e-8, 31.6];
    const step = (arena: Arena) => optimizerStep(arena, "adam_step", dtype, 7, numbers, [p, zero(7), zero(14)]);
    for (const got of run("still", step)) expectSame(got.values, want, got.build);
  });
});
