import { describe, test } from "vitest";
import { dtypes, expectSame, expectWithin } from "../compare.ts";
import * as oracle from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { optimizerStep } from "./calls.ts";
import { between, integers, type Operand, pick, shifts, vector } from "./data.ts";

const run = everyBuild(1 << 16);
// Vectors are 4 (f32) or 2 (f64) elements; weights and biases are updated apart.
const sizes = [0, 1, 2, 3, 4, 5, 8, 9, 17].flatMap((n) =>
  [0, 1, 2, 3, 4, 5, 8, 16].filter((n_w) => n_w <= n).map((n_w) => [n, n_w] as const),
);

type Name = keyof typeof twins;
const twins = {
  gradient_step: oracle.gradientStep,
  momentum_step: oracle.momentumStep,
  adam_step: oracle.adamStep,
};
/** Arrays that an optimizer keeps. */
const keeps = { gradient_step: 0, momentum_step: 1, adam_step: 2 };
const names = Object.keys(twins) as Name[];

/** [ parameters | gradient | kept … ] after a step, as it should be, or how far each number may be off. */
function expected(
  operands: readonly Operand[],
  n_w: number,
  of: (place: oracle.Place, isWeight: boolean) => number[],
): number[] {
  const [p, g, ...kept] = operands.map(({ values }) => Array.from(values)) as [number[], number[], ...number[][]];
  const each = p.map((_, i) => of({ p: p[i]!, g: g[i]!, kept: kept.map((values) => values[i]!) }, i < n_w));
  const column = (k: number) => each.map((values) => values[k]!);
  return [...column(0), ...g.map(() => 0), ...kept.flatMap((_, k) => column(k + 1))];
}

describe.each(dtypes)("in %s", (dtype) => {
  test.each(["gradient_step", "momentum_step"] as const)(
    "%s decays the first n_w parameters only and clears the gradient, exactly for whole numbers",
    (name) => {
      sizes.forEach(([n, n_w], i) => {
        const operands = Array.from({ length: 2 + keeps[name] }, (_, k) =>
          vector(dtype, n, 1, integers(n + k, 9), pick(shifts, i + k)),
        );
        const numbers = [0.5, 0.25, 2, 0.75].slice(0, 3 + keeps[name]);
        const want = expected(operands, n_w, (place, isWeight) => twins[name].of(place, numbers, isWeight ? 2 : 0));
        for (const got of run(`${n_w} of ${n}`, (arena) =>
          optimizerStep(arena, name, dtype, n_w, numbers, operands),
        )) {
          expectSame(got.values, want, `${n_w} of ${n} on ${got.build}`);
        }
      });
    },
  );

  // rate, scale, decay; momentum, or beta1, beta2, epsilon, correction
  test.each<[Name, number[]]>([
    ["gradient_step", [0.1, 1 / 569, 0]],
    ["gradient_step", [1.2, 1 / 400, 1 / 400]],
    ["gradient_step", [0.01, 1, 0.3]],
    ["gradient_step", [0, 1, 1]],
    ["momentum_step", [0.1, 1 / 569, 0, 0.9]],
    ["momentum_step", [0.3, 1, 0.7, 0.99]],
    ["momentum_step", [0.3, 1, 0.7, 0]],
    ["adam_step", [0.01, 1 / 569, 0, 0.9, 0.999, 1e-8, 31.6]],
    ["adam_step", [0.1, 1, 0.7, 0.9, 0.999, 1e-8, 1]],
    ["adam_step", [0.1, 1, 0.7, 0, 0, 0.1, 1]],
    ["adam_step", [0.1, 0.5, 3, 0.5, 0.25, 2, 1.5]],
  ])("%s of %j rounds a few times only, at every size", (name, numbers) => {
    sizes.forEach(([n, n_w], i) => {
      const sources = [between(i, -3, 3), between(i + 99, -100, 100), between(i + 7, -2, 2), between(i + 8, 0, 9)];
      const operands = sources
        .slice(0, 2 + keeps[name])
        .map((source, k) => vector(dtype, n, 1, source, pick(shifts, i + k)));
      const twin = twins[name];
      const decayOf = (isWeight: boolean) => (isWeight ? numbers[2]! : 0);
      const want = expected(operands, n_w, (place, isWeight) => twin.of(place, numbers, decayOf(isWeight)));
      const bound = expected(operands, n_w, (place, isWeight) =>
        twin.bound(dtype, place, numbers, decayOf(isWeight)),
      );
      for (const got of run(`${n_w} of ${n}`, (arena) =>
        optimizerStep(arena, name, dtype, n_w, numbers, operands),
      )) {
        expectWithin(got.values, want, bound, `${n_w} of ${n} on ${got.build}`);
      }
    });
  });

  test.each(names)("%s of a gradient that is 0 from the start moves nothing", (name) => {
    const operands = [
      vector(dtype, 7, 1, between(1, -3, 3)),
      ...Array(1 + keeps[name]).fill(vector(dtype, 7, 1, () => 0)),
    ];
    const numbers = [0.1, 1, 0, 0.9, 0.999, 1e-8, 31.6].slice(
      0,
      { gradient_step: 3, momentum_step: 4, adam_step: 7 }[name],
    );
    const want = operands.flatMap(({ values }) => [...values]);
    for (const got of run("still", (arena) => optimizerStep(arena, name, dtype, 7, numbers, operands))) {
      expectSame(got.values, want, got.build);
    }
  });
});
