import { describe, expect, test } from "vitest";
import { type Dtype, dtypes, epsilon, expectEqual, expectSame, expectWithin } from "../compare.ts";
import { activations, twoLayer as oracle } from "../oracle.ts";
import { everyBuild } from "./arena.ts";
import { twoLayerGradient, twoLayerLogits } from "./calls.ts";
import {
  between,
  blankVector,
  broadcasts,
  columnsOf,
  cycle,
  integers,
  type Layout,
  labels,
  layouts,
  operand,
  pick,
  relaid,
  shifts,
  vector,
} from "./data.ts";

const run = everyBuild(3 << 19);
const runLarge = everyBuild(1 << 21);
const rows = layouts[0] as Layout;
const numbered = activations.map(({ name }, activation) => [name, activation] as const);

// A block is 512 samples of up to 64 (f32) or 32 (f64) hidden units, fewer of wider layers, 16 at least.
const sizes: [n_x: number, n_1: number, m: number][] = [
  [0, 0, 0],
  [0, 3, 5],
  [3, 0, 5],
  [3, 2, 0],
  ...[1, 2, 3, 4, 5, 7, 8, 15, 16, 17].map((m) => [2, 4, m] as [number, number, number]),
  ...[1, 4, 5, 16, 17, 300].map((n_x) => [n_x, 7, 21] as [number, number, number]),
  ...[1, 2, 5, 6, 9, 33].map((n_1) => [3, n_1, 21] as [number, number, number]),
  ...[511, 512, 513, 1030].map((m) => [2, 4, m] as [number, number, number]),
  ...[111, 112, 113, 239, 240, 241, 260].map((m) => [3, 130, m] as [number, number, number]),
  ...[15, 16, 17, 33].map((m) => [1, 2100, m] as [number, number, number]),
];

function data(dtype: Dtype, [n_x, n_1, m]: readonly [number, number, number], layout = rows, shift = 0) {
  const count = n_1 * (n_x + 2) + 1;
  return {
    n_1,
    x: operand(dtype, n_x, m, layout, between(n_x + m, -2, 2), shift),
    y: vector(dtype, m, 1, labels(m), pick(shifts, m)),
    parameters: vector(dtype, count, 1, between(m + n_1, -0.6, 0.6), pick(shifts, n_x)),
    zero: vector(dtype, count, 1, () => 0, pick(shifts, n_x + m)),
  };
}

/** The loss and gradient sums of a case, in one array, and how far each may be off. */
function expected(
  dtype: Dtype,
  { n_1, x, y, parameters }: ReturnType<typeof data>,
  activation: number,
  s?: Float64Array,
) {
  const network = { n_x: x.rows, n_1, activation, parameters: parameters.values };
  const want = oracle.gradient(network, x.cols, x.values, y.values, s);
  const bound = oracle.bound(dtype, network, x.cols, x.values, y.values, s);
  return { want: [want.loss, ...want.gradient], bound: [bound.loss, ...bound.gradient] };
}

describe.each(dtypes)("two_layer_gradient_%s", (dtype) => {
  test.each(numbered)("weighs the samples at every size, with %s", (_, activation) => {
    sizes.forEach((size, i) => {
      const given = data(dtype, size, pick(layouts, i + activation), pick(shifts, i));
      const { n_1, x, y, parameters, zero } = given;
      const s = vector(dtype, x.cols, pick([1, 2, 0], i), cycle([0.3, 0, 2, 1, 7.7]), pick(shifts, i));
      const { want, bound } = expected(dtype, given, activation, s.values);
      const label = size.join(", ");
      const results = run(label, (arena) => {
        return twoLayerGradient(arena, dtype, n_1, activation, x, y, parameters, zero, s);
      });
      for (const got of results) expectWithin(got.values, want, bound, `${label} on ${got.build}`);
    });
  });

  test.each(numbered)("gives the sums of losses and gradients at every size, with %s", (_, activation) => {
    sizes.forEach((size, i) => {
      const layout = pick([...layouts, ...broadcasts], i + activation);
      const given = data(dtype, size, layout, pick(shifts, i));
      const { n_1, x, y, parameters, zero } = given;
      const { want, bound } = expected(dtype, given, activation);
      const label = `${size.join(", ")} in ${layout.name}`;
      const results = run(label, (arena) => {
        return twoLayerGradient(arena, dtype, n_1, activation, x, y, parameters, zero);
      });
      for (const got of results) expectWithin(got.values, want, bound, `${label} on ${got.build}`);
    });
  });

  test("sums the losses alone to the same bits where there is no gradient", () => {
    sizes.forEach((size, i) => {
      const { n_1, x, y, parameters, zero } = data(dtype, size, pick(layouts, i));
      const whole = run("both", (arena) => twoLayerGradient(arena, dtype, n_1, 1, x, y, parameters, zero));
      const alone = run("losses", (arena) => twoLayerGradient(arena, dtype, n_1, 1, x, y, parameters));
      alone.forEach((got, build) => {
        expectSame(got.values, [whole[build]!.values[0]!], `${size} on ${got.build}`);
      });
    });
  });

  test("keeps within its scratch where the products fill all of it", () => {
    // More features than samples in a block, 240 or 112 of them, and more units than gemm packs at once.
    const given = data(dtype, [248, 130, 241]);
    const { n_1, x, y, parameters, zero } = given;
    const { want, bound } = expected(dtype, given, 2);
    for (const got of runLarge("full", (arena) => twoLayerGradient(arena, dtype, n_1, 2, x, y, parameters, zero))) {
      expectWithin(got.values, want, bound, got.build);
    }
  });

  test.each(["relu", "identity"])("counts every sample, unit and feature once: sums are exact with %s", (name) => {
    const activation = activations.findIndex((a) => a.name === name);
    sizes.forEach((size, i) => {
      // Pairs of equal units whose weights W2 cancel: Z2 = 0, dZ2 = ±½, and yet every gradient has its say.
      const [n_x, n_1, m] = size;
      const random = integers(i, 3);
      const W1: number[] = [];
      for (let u = 0; u < n_1; u++) {
        for (let k = 0; k < n_x; k++) W1.push(u % 2 ? W1[(u - 1) * n_x + k]! : random());
      }
      const W2 = Array.from({ length: n_1 }, (_, u) => (u === n_1 - 1 && u % 2 === 0 ? 0 : u % 2 ? -2 : 2));
      const b1 = Array.from({ length: n_1 }, (_, u) => (Math.floor(u / 2) % 3) - 1);
      const parameters = vector(dtype, n_1 * (n_x + 2) + 1, 1, cycle([...W1, ...W2, ...b1, 0]));
      const x = operand(dtype, n_x, m, pick(layouts, i), integers(i, 3), pick(shifts, i));
      const y = vector(dtype, m, pick([1, 2, 3], i), labels(i), 4);
      const zero = vector(dtype, parameters.cols, 1, () => 0, 8);
      const network = { n_x, n_1, activation, parameters: parameters.values };
      const { gradient } = oracle.gradient(network, m, x.values, y.values);
      const results = run(name, (arena) => twoLayerGradient(arena, dtype, n_1, activation, x, y, parameters, zero));
      for (const got of results) expectEqual(got.values.slice(1), gradient, `${size} on ${got.build}`);
    });
  });

  test.each(numbered)("gives the same bits for X in every memory order, with %s", (_, activation) => {
    for (const size of [
      [1, 3, 7],
      [5, 9, 37],
      [33, 20, 520],
      [3, 130, 250],
    ] as const) {
      const { n_1, x, y, parameters, zero } = data(dtype, size);
      const plain = run("rows", (arena) => {
        return twoLayerGradient(arena, dtype, n_1, activation, x, y, parameters, zero);
      });
      for (const layout of layouts) {
        const other = relaid(x, layout, 4);
        const results = run(layout.name, (arena) => {
          return twoLayerGradient(arena, dtype, n_1, activation, other, y, parameters, zero);
        });
        results.forEach((got, build) => {
          expectSame(got.values, plain[build]!.values, `${size} in ${layout.name} on ${got.build}`);
        });
      }
    }
  });

  test("adds to the gradient it is given, so two halves make the whole", () => {
    const given = data(dtype, [3, 5, 700]);
    const { n_1, x, y, parameters, zero } = given;
    const { want, bound } = expected(dtype, given, 1);
    const before = [0, ...vector(dtype, zero.cols, 1, integers(3, 9)).values];
    for (const cut of [0, 1, 333, 512, 700]) {
      const results = run(`cut at ${cut}`, (arena) => {
        const part = (start: number, end: number, sums: Float64Array) => {
          arena.clear();
          const samples = [columnsOf(x, start, end, rows), columnsOf(y, start, end, rows)] as const;
          return twoLayerGradient(arena, dtype, n_1, 1, ...samples, parameters, { ...zero, values: sums });
        };
        const first = part(0, cut, Float64Array.from(before.slice(1)));
        const both = part(cut, 700, first.slice(1));
        return Float64Array.of(first[0]! + both[0]!, ...both.slice(1));
      });
      const allowed = bound.map((e, i) => e + 4 * epsilon[dtype] * Math.abs(before[i]!));
      for (const got of results) {
        const wanted = want.map((g, i) => g + before[i]!);
        expectWithin(got.values, wanted, allowed, `cut at ${cut} on ${got.build}`);
      }
    }
  });
});

describe("two_layer_gradient_f64", () => {
  test.each(numbered)("is the slope of its own loss, by central differences, with %s", (_, activation) => {
    const h = 1e-5;
    const { n_1, x, y, parameters, zero } = data("f64", [4, 6, 30]);
    const network = { n_x: 4, n_1, activation, parameters: parameters.values };
    const { Z1 } = oracle.forward(network, 30, x.values);
    // No unit of any sample is so near to relu's kink that h could carry it over.
    expect(Math.min(...Z1.map(Math.abs))).toBeGreaterThan(3 * h);
    const slopes = run("slope", (arena) => {
      const lossAt = (k: number, by: number) => {
        arena.clear();
        const moved = { ...parameters, values: parameters.values.map((p, i) => (i === k ? p + by : p)) };
        return twoLayerGradient(arena, "f64", n_1, activation, x, y, moved, zero)[0]!;
      };
      return zero.values.map((_, k) => (lossAt(k, h) - lossAt(k, -h)) / (2 * h));
    });
    const gradients = run("gradient", (arena) => {
      return twoLayerGradient(arena, "f64", n_1, activation, x, y, parameters, zero);
    });
    slopes.forEach((slope, build) => {
      // h²/6 times a third derivative of order m·2³, and the loss's rounding over h.
      const allowed = slope.values.map(() => 1e-8);
      expectWithin(gradients[build]!.values.slice(1), slope.values, allowed, slope.build);
    });
  });
});

describe.each(dtypes)("two_layer_logits_%s", (dtype) => {
  test.each(["relu", "identity"])("gives Z2 of every sample, exactly for whole numbers, with %s", (name) => {
    const activation = activations.findIndex((a) => a.name === name);
    sizes.forEach(([n_x, n_1, m], i) => {
      // The wide and long ones are there for the edges of blocks: one memory order each will do.
      for (const layout of n_1 * m > 1000 ? [pick(layouts, i)] : layouts) {
        const x = operand(dtype, n_x, m, layout, integers(i, 3), pick(shifts, i));
        const parameters = vector(dtype, n_1 * (n_x + 2) + 1, 1, integers(i + 1, 3), pick(shifts, i / 6));
        const z = blankVector(m, pick([1, 2, 5], i), pick(shifts, i / 2));
        const { Z2 } = oracle.forward({ n_x, n_1, activation, parameters: parameters.values }, m, x.values);
        const label = `${n_x}, ${n_1}, ${m} in ${layout.name}`;
        const results = run(label, (arena) => twoLayerLogits(arena, dtype, n_1, activation, x, parameters, z));
        for (const got of results) expectEqual(got.values, Z2, `${label} on ${got.build}`);
      }
    });
  });

  test.each(numbered)("is within its bound, a sample alone as among others, with %s", (_, activation) => {
    const { n_1, x, parameters } = data(dtype, [33, 130, 300]);
    const network = { n_x: 33, n_1, activation, parameters: parameters.values };
    const { Z2 } = oracle.forward(network, 300, x.values);
    const bound = oracle.forwardBound(dtype, network, 300, x.values).Z2;
    const whole = run("all", (arena) => {
      return twoLayerLogits(arena, dtype, n_1, activation, x, parameters, blankVector(300, 1));
    });
    for (const got of whole) expectWithin(got.values, Z2, bound, got.build);
    for (const j of [0, 1, 3, 15, 239, 240, 299]) {
      const alone = columnsOf(x, j, j + 1, rows);
      const results = run("one", (arena) => {
        return twoLayerLogits(arena, dtype, n_1, activation, alone, parameters, blankVector(1, 1));
      });
      results.forEach((got, build) => {
        expectSame(got.values, [whole[build]!.values[j]!], `sample ${j} on ${got.build}`);
      });
    }
  });
});
