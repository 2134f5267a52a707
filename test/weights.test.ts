/** Weights of samples and of classes: scikit-learn's optima, what they stand for, and what is refused. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  type ArrayInput,
  array,
  type ClassWeight,
  type EarlyStopping,
  LogisticRegression,
  type NDArray,
  scope,
  type TrainingOptions,
} from "../src/index.ts";
import { adam, momentum } from "../src/optimizers.ts";
import { AT_ONCE, expectSameHistory } from "./async-cases.ts";
import { dtypes, expectSame, expectWithin } from "./compare.ts";
import { breastCancer, golden, type Rows, samples } from "./fixtures.ts";
import {
  builds,
  elements,
  expectRefusal,
  expectSameParameters,
  expectUntouched,
  held,
  type Kind,
  models,
  parametersOf,
  useBuild,
} from "./model-state.ts";

interface Optimum {
  classWeight: ClassWeight | null;
  sampleWeight: number[] | null;
  cost: number;
  w: number[];
  b: number;
}

const { l2, cases } = golden<{ l2: number; cases: Optimum[] }>("weights");
const m = 300;
const { X, Y } = samples(5, m);
/** 0 to 3, and all of them in both classes. */
const S = [Y[0]!.map((_, j) => (j * 7) % 4)];

describe.each(builds)("breast cancer, standardised, on the %s build", (build) => {
  const data = breastCancer();
  beforeAll(() => useBuild(build));

  const rows = cases.map(({ classWeight, sampleWeight, ...optimum }) => {
    const options = classWeight ? { l2, classWeight, dtype: "f64" as const } : { l2, dtype: "f64" as const };
    const fit = sampleWeight ? { sampleWeight: [sampleWeight] } : {};
    return { ...optimum, classWeight, weighted: sampleWeight !== null, options, fit };
  });

  test.each(rows)(
    "classWeight $classWeight, own weights: $weighted: reaches scikit-learn's optimum to 1e-6",
    (row) => {
      const training = { optimizer: momentum(), learningRate: 0.15, epochs: 12_000 };
      using model = new LogisticRegression({ ...row.options, ...training });
      const { cost } = model.fit(data.X, data.Y, row.fit);
      const wanted = [...row.w, row.b];
      expectWithin(parametersOf(model), wanted, Array(31).fill(1e-6), "w, b");
      expect(Math.abs(cost.at(-1)! - row.cost)).toBeLessThan(1e-12);
    },
  );

  test.each(rows)("classWeight $classWeight, own weights: $weighted: has no slope there", (row) => {
    const initialization = { w: row.w.map((w) => [w]), b: row.b };
    using model = new LogisticRegression({ ...row.options, initialization }).initialize(30);
    const { dw, db, cost } = model.gradient(data.X, data.Y, row.fit);
    expectWithin([...dw.data, db], Array(31).fill(0), Array(31).fill(1e-13), "gradient");
    expect(cost).toBeCloseTo(row.cost, 13);
  });
});

describe.each(models)("$name", ({ name, make }) => {
  const trainings: TrainingOptions[] = [{}, { l2: 3 }, { batchSize: 64, seed: 3 }, { optimizer: adam(), l2: 1 }];
  const cases = dtypes.flatMap((dtype) => trainings.map((training) => ({ dtype, epochs: 5, ...training })));

  test.each(cases)("%j: weights of 1 train like none, to the bit", (options) => {
    using plain = make(options);
    using ones = make(options);
    const want = plain.fit(X, Y);
    const { cost } = ones.fit(X, Y, { sampleWeight: [Array(m).fill(1)] });
    expectSameParameters(ones, plain, "parameters");
    // A loss with a weight has a logarithm of its own.
    expectWithin(cost, want.cost, Array(6).fill(options.dtype === "f32" ? 1e-6 : 1e-14), "cost");
    using classes = make({ ...options, classWeight: {} });
    expectSame(classes.fit(X, Y).cost, cost, "classWeight {}");
  });

  test.each(cases)("%j: a class's weight is that of its samples, times their own", (options) => {
    for (const [classWeight, factors] of [
      [{ 0: 3, 1: 0.5 }, [3, 0.5]],
      [{ 1: 2 }, [1, 2]],
      [{ 0: 0 }, [0, 1]],
    ] as const) {
      for (const own of [undefined, S]) {
        using classes = make({ ...options, classWeight });
        using each = make(options);
        const sampleWeight = [Y[0]!.map((y, j) => factors[y]! * (own ? own[0]![j]! : 1))];
        const want = each.fit(X, Y, { sampleWeight });
        expectSame(classes.fit(X, Y, own ? { sampleWeight: own } : {}).cost, want.cost, "cost");
        expectSameParameters(classes, each, "parameters");
      }
    }
  });

  test("balanced: both classes weigh half of all, whatever each sample weighs", () => {
    for (const own of [undefined, S]) {
      const weightOf = (label: number) =>
        Y[0]!.reduce((total, y, j) => total + (y === label ? (own ? own[0]![j]! : 1) : 0), 0);
      const [no, yes] = [weightOf(0), weightOf(1)];
      expect(no).not.toBe(yes);
      const fit = own ? { sampleWeight: own } : {};
      const options = { dtype: "f64", epochs: 5 } as const;
      using balanced = make({ ...options, classWeight: "balanced" });
      using given = make({ ...options, classWeight: { 0: (no + yes) / (2 * no), 1: (no + yes) / (2 * yes) } });
      expectSame(balanced.fit(X, Y, fit).cost, given.fit(X, Y, fit).cost, "cost");
      expectSameParameters(balanced, given, "parameters");
    }
  });

  test("balanced: a class without samples, or without weight, changes nothing but the other's factor", () => {
    const ones = [Array(m).fill(1)];
    const onlyYes = [Y[0]!.map((y) => 2 * y)];
    const outcome = (labels: Rows, sampleWeight: Rows | undefined, classWeight: ClassWeight) => {
      using model = make({ dtype: "f64", epochs: 3, classWeight });
      return [...model.fit(X, labels, { sampleWeight }).cost, ...parametersOf(model)];
    };
    expectSame(outcome(ones, undefined, "balanced"), outcome(ones, undefined, { 1: 0.5 }), "no samples");
    expectSame(outcome(Y, onlyYes, "balanced"), outcome(Y, onlyYes, { 1: 0.5 }), "no weight");
  });

  // The second takes several chunks, each with weights of its own.
  test.each([m, 5000])("of %i samples, a whole weight is a sample that often: w times, or not at all", (count) => {
    const data = samples(5, count);
    const own = data.Y[0]!.map((_, j) => (j * j + (j >> 7)) % 4);
    const repeat = (rows: Rows) => rows.map((row) => row.flatMap((value, j) => Array(own[j]).fill(value)));
    const [X2, Y2] = [repeat(data.X), repeat(data.Y)];
    const total = Y2[0]!.length;
    const options = { dtype: "f64", epochs: 20, l2: 2 } as const;
    using weighted = make({ ...options, learningRate: 0.3 });
    using repeated = make({ ...options, learningRate: (0.3 * total) / count });
    const a = weighted.fit(data.X, data.Y, { sampleWeight: [own] }).cost.map((cost) => cost * count);
    const b = repeated.fit(X2, Y2).cost.map((cost) => cost * total);
    expectWithin(a, b, Array(21).fill(1e-9), "m·J");
    const wanted = parametersOf(repeated);
    expectWithin(parametersOf(weighted), wanted, Array(wanted.length).fill(1e-12), "parameters");
    expect(weighted.score(data.X, data.Y)).toBe(repeated.score(data.X, data.Y));
  });

  test.each(dtypes)("%s: batches in order are accumulate and step with their own weights", (dtype) => {
    const options = { dtype, epochs: 2, batchSize: 70, shuffle: false } as const;
    using fitted = make(options);
    fitted.fit(X, Y, { sampleWeight: S });
    using hand = make(options).initialize(5);
    for (let epoch = 0; epoch < 2; epoch++) {
      for (let start = 0; start < m; start += 70) {
        const [x, y, s] = [X, Y, S].map((rows) => rows.map((row) => row.slice(start, start + 70)));
        hand.accumulate(x!, y!, { sampleWeight: s! });
        hand.step();
      }
    }
    expectSameParameters(fitted, hand, "parameters");
  });

  test.each(dtypes)("%s: weights come in any form, at any stride, and are only read", (dtype) => {
    const options = { dtype, epochs: 3, batchSize: 50, classWeight: "balanced" } as const;
    using plain = make(options);
    const want = plain.fit(X, Y, { sampleWeight: S });
    const wide = array(
      S[0]!.map((s) => [s, 9]),
      { dtype },
    );
    const own = array(S, { dtype });
    const forms: ArrayInput[] = [own, wide.T.rows(0, 1), { data: Float64Array.from(S[0]!), shape: [1, m] }];
    for (const sampleWeight of forms) {
      using model = make(options);
      expectSame(model.fit(X, Y, { sampleWeight }).cost, want.cost, "cost");
      expectSameParameters(model, plain, "parameters");
    }
    expect(elements(own)).toEqual(S[0]);
    wide.free();
    own.free();
  });

  test.each(dtypes)("%s: fit is the three verbs, and gradient is their mean", (dtype) => {
    const options = { dtype, epochs: 3, classWeight: { 0: 2 } } as const;
    using fitted = make(options);
    const { cost } = fitted.fit(X, Y, { sampleWeight: S });
    using hand = make(options).initialize(5);
    const costs = [0, 1, 2].map(() => {
      const gradient = hand.gradient(X, Y, { sampleWeight: S });
      hand.accumulate(X, Y, { sampleWeight: S });
      const { sums } = hand;
      expect(gradient.cost).toBe(sums.cost / sums.samples);
      for (const key of Object.keys(gradient).filter((key) => key !== "cost") as (keyof typeof gradient)[]) {
        const numbers = (value: NDArray | number) => (typeof value === "number" ? [value] : elements(value));
        const [mean, sum] = [numbers(gradient[key]), numbers(sums[key as keyof typeof sums])];
        const tolerance = dtype === "f32" ? 1e-7 : 1e-16;
        expectWithin(
          mean,
          sum.map((value) => value / m),
          Array(sum.length).fill(tolerance),
          key,
        );
      }
      return hand.step();
    });
    expectSameParameters(hand, fitted, "parameters");
    expectSame(costs, cost.slice(0, 3), "costs");
  });

  test("fitStream takes them with each batch", async () => {
    const parts = [0, 100, 200].map((from) =>
      [X, Y, S].map((rows) => rows.map((row) => row.slice(from, from + 100))),
    );
    const options = { dtype: "f64", epochs: 2, classWeight: { 1: 3 } } as const;
    using streamed = make(options);
    // The last batch has none.
    await streamed.fitStream(() => parts.map(([x, y, s], i) => (i < 2 ? ([x!, y!, s!] as const) : [x!, y!])));
    using hand = make(options).initialize(5);
    for (let epoch = 0; epoch < 2; epoch++) {
      for (const [i, [x, y, s]] of parts.entries()) {
        hand.accumulate(x!, y!, i < 2 ? { sampleWeight: s } : {});
        hand.step();
      }
    }
    expectSameParameters(streamed, hand, "parameters");
  });

  test.each([{}, { batchSize: 64 }])("fitAsync is fit, and epochs too, with %j", async (batch) => {
    const options = { epochs: 4, classWeight: "balanced", ...batch } as const;
    using plain = make(options);
    const history = plain.fit(X, Y, { sampleWeight: S });
    using model = make(options);
    expectSameHistory(await model.fitAsync(X, Y, { sampleWeight: S, sliceMs: AT_ONCE }), history);
    expectSameParameters(model, plain, "fitAsync");
    using looped = make(options);
    const costs: number[] = [];
    for await (const { cost } of looped.epochs(X, Y, { sampleWeight: S })) costs.push(cost);
    expectSame(costs, history.cost.slice(1), "epochs");
    expectSameParameters(looped, plain, "epochs");
  });

  test("fitAsync keeps the weights that are freed meanwhile, and those that a scope was left with", async () => {
    const options = { epochs: 4, classWeight: { 0: 2 } } as const;
    using plain = make(options);
    plain.fit(X, Y, { sampleWeight: S });
    const before = held();
    for (const classWeight of [options.classWeight, undefined]) {
      using model = make(classWeight ? options : { epochs: 4 });
      const own = array(classWeight ? S : [S[0]!.map((s, j) => (Y[0]![j] === 0 ? 2 : 1) * s)]);
      const { fit } = scope(() => ({ fit: model.fitAsync(X, Y, { sampleWeight: own, sliceMs: AT_ONCE }) }));
      own.free();
      const others = [array(S), array(S)];
      await fit;
      for (const other of others) {
        expect(elements(other)).toEqual(S[0]);
        other.free();
      }
      expectSameParameters(model, plain, "parameters");
    }
    expect(held()).toEqual(before);
  });

  test("earlyStopping counts each validation sample once", () => {
    const validation: EarlyStopping["validation"] = [X, Y];
    using model = make({ dtype: "f64", epochs: 2, classWeight: { 0: 5, 1: 7 } });
    const { cost, validationCost } = model.fit(X, Y, { earlyStopping: { validation } });
    using plain = make({ dtype: "f64", epochs: 2 });
    expect(validationCost![0]).toBeCloseTo(plain.fit(X, Y).cost[0]!, 14);
    expect(cost[0]).toBeGreaterThan(4 * validationCost![0]!);
  });

  test("more samples than are weighed at once, in fit and in slices", async () => {
    const many = 2 ** 20 + 5;
    const typed = (of: (j: number) => number) => ({
      data: Float32Array.from({ length: many }, (_, j) => of(j)),
      shape: [1, many],
    });
    const [x, y] = [typed((j) => ((j * 13) % 101) / 50 - 1), typed((j) => (j % 3 === 0 ? 1 : 0))];
    using each = make({ epochs: 1 });
    each.fit(x, y, { sampleWeight: typed((j) => (j % 3 === 0 ? 2 : 0.5)) });
    using classes = make({ epochs: 1, classWeight: { 0: 0.5, 1: 2 } });
    classes.fit(x, y);
    expectSameParameters(classes, each, "fit");
    using sliced = make({ epochs: 1, classWeight: { 0: 0.5, 1: 2 } });
    await sliced.fitAsync(x, y, { sliceMs: AT_ONCE });
    expectSameParameters(sliced, each, "fitAsync");
    const bad = typed((j) => (j === many - 2 ? -1 : 1));
    const message = `${name}.fit: sampleWeight[0, ${many - 2}] is -1; expected a finite number >= 0.`;
    expectUntouched(each, () => each.fit(x, y, { sampleWeight: bad }), RangeError, message);
  });

  const bad: [claim: string, weights: () => unknown, kind: Kind, message: string][] = [
    [
      "a negative one",
      () => [[1, 1, -2, 1, 1]],
      RangeError,
      "sampleWeight[0, 2] is -2; expected a finite number >= 0.",
    ],
    [
      "NaN",
      () => [[1, Number.NaN, 1, 1, 1]],
      RangeError,
      "sampleWeight[0, 1] is NaN; expected a finite number >= 0.",
    ],
    [
      "infinity",
      () => [[1, 1, 1, 1, Number.POSITIVE_INFINITY]],
      RangeError,
      "sampleWeight[0, 4] is Infinity; expected a finite number >= 0.",
    ],
    ["too few", () => [[1, 1, 1, 1]], RangeError, "sampleWeight is (1, 4); expected (1, 5)."],
    ["a column", () => [[1], [1], [1], [1], [1]], RangeError, "sampleWeight is (5, 1); expected (1, 5)."],
    ["one axis", () => [1, 1, 1, 1, 1], RangeError, "sampleWeight is (5); expected (1, 5)."],
    [
      "another dtype",
      () => array([[1, 1, 1, 1, 1]], { dtype: "f64" }),
      TypeError,
      'X is f32 and sampleWeight is f64; expected one dtype. astype("f64") converts X.',
    ],
    [
      "no array",
      () => "balanced",
      TypeError,
      'sampleWeight is "balanced"; expected an NDArray, nested arrays of numbers, a typed array, or { data, shape }.',
    ],
  ];

  test.each(bad)("refuses %s, leaving model and memory as they were", (_, weights, kind, message) => {
    const few = samples(3, 5);
    for (const classWeight of [undefined, "balanced" as const]) {
      using model = make({ epochs: 1, ...(classWeight && { classWeight }) });
      model.fit(few.X, few.Y);
      const options = { sampleWeight: weights() as never };
      expectUntouched(model, () => model.fit(few.X, few.Y, options), kind, `${name}.fit: ${message}`);
      expectUntouched(model, () => model.gradient(few.X, few.Y, options), kind, `${name}.gradient: ${message}`);
      if (classWeight) continue;
      expectUntouched(model, () => model.accumulate(few.X, few.Y, options), kind, `${name}.accumulate: ${message}`);
    }
  });

  test("refuses other options beside sampleWeight in the verbs", () => {
    using model = make().initialize(5);
    const message = (verb: string) => `${name}.${verb}: option "weights" does not exist; expected "sampleWeight".`;
    for (const verb of ["accumulate", "gradient"] as const) {
      expectUntouched(model, () => model[verb](X, Y, { weights: S } as never), TypeError, message(verb));
    }
  });

  test("refuses to balance samples that come in parts", async () => {
    using model = make({ classWeight: "balanced" }).initialize(5);
    const message = (verb: string) =>
      `${name}.${verb}: classWeight is "balanced"; expected { 0: a, 1: b } for samples in parts.`;
    expectUntouched(model, () => model.accumulate(X, Y), Error, message("accumulate"));
    await expect(model.fitStream(() => [[X, Y]])).rejects.toThrow(message("fitStream"));
    expect(model.gradient(X, Y).cost).toBeGreaterThan(0);
    expectRefusal(
      () => model.step(),
      Error,
      `${name}.step: the ${name} has accumulated no samples. Call accumulate(X, Y) first.`,
    );
  });
});
