import { describe, expect, test } from "vitest";
import { type Dtype, dtypes, epsilon, expectEqual, expectSame, expectWithin } from "../compare.ts";
import { softmax as oracle } from "../oracle-softmax.ts";
import { everyBuild } from "./arena.ts";
import { logisticGradient, softmaxGradient } from "./calls.ts";
import {
  between,
  broadcasts,
  classNumbers,
  columnsOf,
  cycle,
  integers,
  type Layout,
  layouts,
  operand,
  pick,
  relaid,
  shifts,
  vector,
} from "./data.ts";

const run = everyBuild(3 << 19);
const rows = layouts[0] as Layout;

// A block is 512 samples of up to 64 (f32) or 32 (f64) classes, fewer of more, 16 at least.
const sizes: [n_x: number, n_k: number, m: number][] = [
  [0, 1, 0],
  [0, 3, 5],
  [3, 2, 0],
  ...[1, 2, 3, 4, 5, 7, 8, 15, 16, 17].map((m) => [2, 3, m] as [number, number, number]),
  ...[1, 4, 5, 16, 17, 64, 300].map((n_x) => [n_x, 10, 21] as [number, number, number]),
  ...[1, 2, 5, 6, 9, 33].map((n_k) => [3, n_k, 21] as [number, number, number]),
  ...[511, 512, 513, 1030].map((m) => [2, 3, m] as [number, number, number]),
  ...[111, 112, 113, 239, 240, 241, 260].map((m) => [3, 130, m] as [number, number, number]),
  ...[15, 16, 17, 33].map((m) => [1, 2100, m] as [number, number, number]),
];

function data(dtype: Dtype, [n_x, n_k, m]: readonly [number, number, number], layout = rows, shift = 0) {
  const count = n_k * (n_x + 1);
  return {
    n_k,
    x: operand(dtype, n_x, m, layout, between(n_x + m, -2, 2), shift),
    y: vector(dtype, m, pick([1, 2, 3], m), classNumbers(m, n_k), pick(shifts, m)),
    parameters: vector(dtype, count, 1, between(m + n_k, -0.6, 0.6), pick(shifts, n_x)),
    zero: vector(dtype, count, 1, () => 0, pick(shifts, n_x + m)),
  };
}

/** The loss and gradient sums of a case, in one array, and how far each may be off. */
function expected(dtype: Dtype, { n_k, x, y, parameters }: ReturnType<typeof data>) {
  const model = { n_x: x.rows, n_k, parameters: parameters.values };
  const want = oracle.gradient(model, x.cols, x.values, y.values);
  const bound = oracle.bound(dtype, model, x.cols, x.values, y.values);
  return { want: [want.loss, ...want.gradient], bound: [bound.loss, ...bound.gradient] };
}

describe.each(dtypes)("softmax_gradient_%s", (dtype) => {
  test.each([...layouts, ...broadcasts])("gives the sums at every size, X in $name", (layout) => {
    sizes.forEach((size, i) => {
      const given = data(dtype, size, layout, pick(shifts, i));
      const { n_k, x, y, parameters, zero } = given;
      const { want, bound } = expected(dtype, given);
      const label = size.join(", ");
      for (const got of run(label, (arena) => softmaxGradient(arena, dtype, n_k, x, y, parameters, zero))) {
        expectWithin(got.values, want, bound, `${label} on ${got.build}`);
      }
    });
  });

  test("counts every sample, class and feature once: equal logits of a power of two of classes are exact", () => {
    for (const n_k of [1, 2, 4, 16]) {
      for (const [i, [n_x, , m]] of sizes.entries()) {
        // p = 1/n_k, so the sums are of whole numbers over n_k.
        const x = operand(dtype, n_x, m, pick(layouts, i), integers(i), pick(shifts, i));
        const y = vector(dtype, m, pick([1, 2, 3], i), classNumbers(i, n_k), 4);
        const zero = vector(dtype, n_k * (n_x + 1), 1, () => 0);
        const { gradient } = oracle.gradient({ n_x, n_k, parameters: zero.values }, m, x.values, y.values);
        for (const got of run("equal", (arena) => softmaxGradient(arena, dtype, n_k, x, y, zero, zero))) {
          expectEqual(got.values.slice(1), gradient, `${n_x}, ${n_k}, ${m} on ${got.build}`);
        }
      }
    }
  });

  test("multiplies each sample's loss and gradient with its weight, at every size", () => {
    sizes.forEach((size, i) => {
      const { n_k, x, y, parameters, zero } = data(dtype, size, pick(layouts, i));
      const m = x.cols;
      const s = vector(dtype, m, pick([1, 2, 0, 3], i), between(i, 0, 3), pick(shifts, i / 2));
      const model = { n_x: x.rows, n_k, parameters: parameters.values };
      const want = oracle.gradient(model, m, x.values, y.values, s.values);
      const bound = oracle.bound(dtype, model, m, x.values, y.values, s.values);
      const results = run("weights", (arena) => softmaxGradient(arena, dtype, n_k, x, y, parameters, zero, s));
      for (const got of results) {
        const allowed = [bound.loss, ...bound.gradient];
        expectWithin(got.values, [want.loss, ...want.gradient], allowed, `${size} on ${got.build}`);
      }
    });
  });

  test("sums the losses alone to the same bits where there is no gradient", () => {
    for (const size of sizes) {
      const { n_k, x, y, parameters, zero } = data(dtype, size);
      const whole = run("both", (arena) => softmaxGradient(arena, dtype, n_k, x, y, parameters, zero));
      run("losses", (arena) => softmaxGradient(arena, dtype, n_k, x, y, parameters)).forEach((got, build) => {
        expectSame(got.values, [whole[build]!.values[0]!], `${size} on ${got.build}`);
      });
    }
  });

  test("gives the same bits for X in every memory order", () => {
    for (const size of [
      [1, 3, 7],
      [5, 9, 37],
      [33, 10, 520],
      [3, 130, 250],
    ] as const) {
      const { n_k, x, y, parameters, zero } = data(dtype, size);
      const plain = run("rows", (arena) => softmaxGradient(arena, dtype, n_k, x, y, parameters, zero));
      for (const layout of layouts) {
        const other = relaid(x, layout, 4);
        const results = run(layout.name, (arena) => {
          return softmaxGradient(arena, dtype, n_k, other, y, parameters, zero);
        });
        results.forEach((got, build) => {
          expectSame(got.values, plain[build]!.values, `${size} in ${layout.name} on ${got.build}`);
        });
      }
    }
  });

  test("adds to the gradient it is given; cut where a block begins, two parts make the whole to the bit", () => {
    const given = data(dtype, [3, 5, 700]);
    const { n_k, x, y, parameters } = given;
    const before = vector(dtype, given.zero.cols, 1, integers(3, 9));
    const { want, bound } = expected(dtype, given);
    const start = [0, ...before.values];
    const allowed = bound.map((e, i) => e + 4 * epsilon[dtype] * Math.abs(start[i]!));
    const parts = [0, 1, 333, 512, 700].map((cut) =>
      run(`cut at ${cut}`, (arena) => {
        const part = (from: number, to: number, gradient: Float64Array) => {
          arena.clear();
          const samples = [columnsOf(x, from, to, rows), columnsOf(y, from, to, rows)] as const;
          return softmaxGradient(arena, dtype, n_k, ...samples, parameters, { ...before, values: gradient });
        };
        const first = part(0, cut, before.values);
        const both = part(cut, 700, first.slice(1));
        return Float64Array.of(first[0]! + both[0]!, ...both.slice(1));
      }),
    );
    const wanted = want.map((g, i) => g + start[i]!);
    for (const results of parts) {
      results.forEach((got, build) => {
        expectWithin(got.values, wanted, allowed, got.build);
        if (results === parts[3]) expectSame(got.values, parts[0]![build]!.values, got.build);
      });
    }
  });

  test("losses keep all their digits, however sure and right, and stay finite, however sure and wrong", () => {
    // The logits of class 0 are 0, those of the others −x and more.
    const large = dtype === "f32" ? 80 : 700;
    const values = [0.001, 1, 10, 40, large, 1000 * large];
    const x = operand(dtype, 1, values.length, rows, cycle(values));
    const parameters = vector(dtype, 6, 1, cycle([0, -1, -2, 0, 0, 0]));
    for (const label of [0, 1, 2]) {
      const y = vector(dtype, values.length, 1, () => label);
      values.forEach((_, j) => {
        const one = [columnsOf(x, j, j + 1, rows), columnsOf(y, j, j + 1, rows)] as const;
        const v = x.values[j]!;
        const want = label * v + Math.log1p(Math.exp(-v) + Math.exp(-2 * v));
        for (const got of run("sure", (arena) => softmaxGradient(arena, dtype, 3, ...one, parameters))) {
          expectWithin(got.values, [want], [8 * epsilon[dtype] * want], `label ${label}, ${v} on ${got.build}`);
        }
      });
    }
  });

  test("a logit that is not a number makes the loss none", () => {
    const { n_k, x, y, parameters } = data(dtype, [2, 3, 5]);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken = { ...parameters, values: parameters.values.map((p, i) => (i === 7 ? bad : p)) };
      for (const got of run("bad", (arena) => softmaxGradient(arena, dtype, n_k, x, y, broken))) {
        expectSame(got.values, [Number.NaN], got.build);
      }
    }
  });
});

describe("softmax_gradient_f64", () => {
  test("is the slope of its own loss, by central differences", () => {
    const h = 1e-5;
    const { n_k, x, y, parameters, zero } = data("f64", [4, 6, 30]);
    const slopes = run("slope", (arena) => {
      const lossAt = (k: number, by: number) => {
        arena.clear();
        const moved = { ...parameters, values: parameters.values.map((p, i) => (i === k ? p + by : p)) };
        return softmaxGradient(arena, "f64", n_k, x, y, moved)[0]!;
      };
      return zero.values.map((_, k) => (lossAt(k, h) - lossAt(k, -h)) / (2 * h));
    });
    const gradients = run("gradient", (arena) => softmaxGradient(arena, "f64", n_k, x, y, parameters, zero));
    slopes.forEach((slope, build) => {
      // h²/6 times a third derivative of order m·2³, and the loss's rounding over h.
      const allowed = slope.values.map(() => 1e-8);
      expectWithin(gradients[build]!.values.slice(1), slope.values, allowed, slope.build);
    });
  });

  test("with two classes is logistic regression: W = (0, w) has its loss, and its gradient in class 1", () => {
    const { x, y, parameters } = data("f64", [5, 2, 700]);
    const w = vector("f64", 6, 1, cycle([...parameters.values.slice(0, 6)]));
    const [weights, bias] = [w.values.slice(0, 5), w.values[5]!];
    const both = vector("f64", 12, 1, cycle([0, 0, 0, 0, 0, ...weights, 0, bias]));
    const want = run("logistic", (arena) =>
      logisticGradient(
        arena,
        "f64",
        x,
        y,
        w,
        vector("f64", 6, 1, () => 0),
      ),
    );
    const zero = vector("f64", 12, 1, () => 0);
    run("softmax", (arena) => softmaxGradient(arena, "f64", 2, x, y, both, zero)).forEach((got, build) => {
      const [loss, ...g] = got.values;
      const other = want[build]!.values;
      const own = [loss!, ...g.slice(5, 10), g[11]!];
      expectWithin(
        own,
        other,
        own.map(() => 1e-11),
        got.build,
      );
      expectWithin(
        [...g.slice(0, 5), g[10]!],
        [...other.slice(1)].map((v) => -v),
        own.slice(1).map(() => 1e-11),
        got.build,
      );
      expect(Math.abs(loss!)).toBeGreaterThan(100);
    });
  });
});
