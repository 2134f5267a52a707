/** Softmax regression and softmax: against their slow twin, in classes, refusals. What all models share is tested with models. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { array, LogisticRegression, softmax } from "../src/index.ts";
import { SoftmaxRegression } from "../src/softmax-regression.ts";
import { dtypes, expectSame, expectWithin } from "./compare.ts";
import { inOrder, noisy, orders, type Rows, samples, transpose } from "./fixtures.ts";
import {
  builds,
  elements,
  expectRefusal,
  expectUntouched,
  held,
  parametersOf,
  rowsOf,
  useBuild,
} from "./model-state.ts";
import { softmaxOf, softmax as twin } from "./oracle-softmax.ts";

/** m samples of n_x features in K classes, each of which occurs. */
function classed(n_x: number, K: number, m: number, seed = 1): { X: Rows; Y: Rows } {
  const X = noisy(n_x, m, seed, 2);
  return { X, Y: [X[0]!.map((x, j) => (j < K ? j : Math.floor(((x + 2) / 4.01) * K)))] };
}

/** A model in double precision that stands at these parameters. */
function modelAt(W: Rows, b: Rows, l2 = 0): SoftmaxRegression {
  const model = new SoftmaxRegression({ classes: W.length, l2, dtype: "f64" }).initialize(W[0]!.length);
  model.parameters.W.data.set(W.flat());
  model.parameters.b.data.set(b.flat());
  return model;
}

describe.each(builds)("SoftmaxRegression against its slow twin on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  test.each([
    [1, 2, 3, 0],
    [3, 3, 17, 0.5],
    [30, 10, 64, 0],
    [5, 4, 5000, 2],
  ])("%i features, %i classes, %i samples, l2 %d: forward, predictions and gradient", (n_x, K, m, l2) => {
    const { X, Y } = classed(n_x, K, m);
    const [W, b] = [noisy(K, n_x, 7), noisy(K, 1, 8)];
    const parameters = [...W.flat(), ...b.flat()];
    const want = twin.gradient({ n_x, n_k: K, parameters }, m, X.flat(), Y[0]!);
    const Z = W.map((row, k) => transpose(X).map((x) => x.reduce((sum, v, i) => sum + v * row[i]!, b[k]![0]!)));
    const A = transpose(transpose(Z).map((z) => softmaxOf(z, 0).p));
    using model = modelAt(W, b, l2);
    const close = (actual: readonly number[], expected: readonly number[], label: string) =>
      expectWithin(
        actual,
        expected,
        expected.map((v) => 1e-12 * (1 + Math.abs(v))),
        label,
      );
    for (const order of orders) {
      const given = inOrder(X, order, "f64");
      const forward = model.forward(given);
      close(elements(forward.Z.assertShape(K, m)), Z.flat(), "Z");
      close(elements(forward.A.assertShape(K, m)), A.flat(), "A");
      expectSame(elements(model.predictProbability(given)), elements(forward.A), "probability");
      const likeliest = transpose(Z).map((z) => z.indexOf(Math.max(...z)));
      expectSame(elements(model.predict(given).assertShape(1, m)), likeliest, "predict");
      const right = likeliest.filter((k, j) => k === Y[0]![j]).length;
      expect(model.score(given, Y)).toBe(right / m);
      const { dW, db, cost } = model.gradient(given, Y);
      const weights = W.flat();
      const slopes = Array.from(want.gradient, (g, i) => g / m + (l2 / m) * (weights[i] ?? 0));
      close([...elements(dW.assertShape(K, n_x)), ...elements(db.assertShape(K, 1))], slopes, "gradient");
      const penalty = (l2 / (2 * m)) * weights.reduce((sum, w) => sum + w * w, 0);
      close([cost], [want.loss / m + penalty], "J");
    }
  });
});

describe("SoftmaxRegression", () => {
  const { X, Y } = classed(4, 3, 60);

  test("starts from zeros: the first cost is ln K, and every class is as likely, the first one predicted", () => {
    using model = new SoftmaxRegression({ classes: 5, dtype: "f64", epochs: 1 });
    expect(model.initialize(4)).toBe(model);
    expectSame(elements(model.predictProbability(X)), Array(300).fill(0.2), "probability");
    expectSame(elements(model.predict(X)), Array(60).fill(0), "predict");
    expect(model.fit(X, Y).cost[0]).toBeCloseTo(Math.log(5), 14);
  });

  test("takes as many classes as the labels have, anew with each fit", () => {
    using model = new SoftmaxRegression({ epochs: 3 });
    model.fit(X, Y);
    expect(model.parameters.W.shape).toEqual([3, 4]);
    const more = classed(5, 4, 40);
    model.fit(more.X, more.Y);
    expect(model.parameters.W.shape).toEqual([4, 5]);
    // (3 + 1)·6 parameters, as many as before, in another form.
    const other = classed(3, 6, 40);
    model.fit(other.X, other.Y);
    expect(model.parameters.W.shape).toEqual([6, 3]);
    expect(model.parameters.b.shape).toEqual([6, 1]);
  });

  test("with `classes` knows classes that do not occur, and learns that they are unlikely", () => {
    using model = new SoftmaxRegression({ classes: 6, epochs: 50 });
    const history = model.fit(X, [Y[0]!.map((y) => y + 1)]);
    expect(history.warnings).toEqual([]);
    const likely = rowsOf(model.predictProbability(X)).map((row) => row.reduce((sum, p) => sum + p, 0) / 60);
    expect(Math.max(likely[0]!, likely[4]!, likely[5]!)).toBeLessThan(Math.min(...likely.slice(1, 4)));
  });

  test("warns of labels that are all the same, also where their mean is 1, and not of others whose mean is 1", () => {
    using model = new SoftmaxRegression({ classes: 3, epochs: 1 });
    const all = (label: number) => `All 2 labels are ${label}: the model can only learn to say ${label}.`;
    expect(model.fit([[1, 2]], [[1, 1]]).warnings).toEqual([all(1)]);
    expect(model.fit([[1, 2]], [[2, 2]]).warnings).toEqual([all(2)]);
    expect(model.fit([[1, 2]], [[0, 2]]).warnings).toEqual([]);
  });

  test("of two classes is logistic regression: weights ±w/2 with twice the rate and half the penalty", () => {
    const two = samples(4, 60);
    const shared = { epochs: 30, dtype: "f64" } as const;
    using soft = new SoftmaxRegression({ ...shared, learningRate: 0.3, l2: 2 });
    using logistic = new LogisticRegression({ ...shared, learningRate: 0.6, l2: 1 });
    const [softCost, cost] = [soft.fit(two.X, two.Y).cost, logistic.fit(two.X, two.Y).cost];
    const [[w0, w1], [b0, b1]] = [rowsOf(soft.parameters.W), elements(soft.parameters.b)] as [
      [number[], number[]],
      [number, number],
    ];
    const half = [...elements(logistic.w), logistic.b].map((v) => v / 2);
    expectWithin(
      [...w1, b1],
      half,
      half.map(() => 1e-13),
      "class 1",
    );
    expectWithin(
      [...w0, b0],
      half.map((v) => -v),
      half.map(() => 1e-13),
      "class 0",
    );
    expectWithin(
      softCost,
      cost,
      cost.map(() => 1e-13),
      "cost",
    );
    expectSame(elements(soft.predict(two.X)), elements(logistic.predict(two.X)), "labels");
  });

  test("weighs each of its classes: balanced is the samples over that of the class times the classes", () => {
    const counts = [0, 1, 2].map((k) => Y[0]!.filter((y) => y === k).length);
    expect(new Set(counts).size).toBeGreaterThan(1);
    const fitted = (options: object, fit: object = {}) => {
      using model = new SoftmaxRegression({ epochs: 5, dtype: "f64", ...options });
      model.fit(X, Y, fit);
      return parametersOf(model);
    };
    const factors = counts.map((count) => 60 / (3 * count));
    const weighed = fitted({}, { sampleWeight: [Y[0]!.map((y) => factors[y]!)] });
    expectSame(fitted({ classWeight: "balanced" }), weighed, "balanced");
    expectSame(fitted({ classWeight: "balanced", classes: 3 }), weighed, "balanced, 3 classes");
    expectSame(fitted({ classWeight: { ...factors } }), weighed, "by label");
    expect(fitted({ classWeight: { 2: 9 } })).not.toEqual(fitted({}));
    expectSame(fitted({ classWeight: { 2: 9 } }), fitted({ classWeight: { 0: 1, 1: 1, 2: 9 } }), "1 where missing");
    for (const label of ["3", "0.5", "-1", "cat"]) {
      const make = () => new SoftmaxRegression({ classes: 3, classWeight: { [label]: 1 } as never });
      const message = `SoftmaxRegression: option "${label}" does not exist; expected "0 … 2".`;
      expectRefusal(make, TypeError, message);
    }
  });

  test("warmStart keeps the classes: later labels may lack some, but not be others", () => {
    using model = new SoftmaxRegression({ epochs: 2, warmStart: true });
    model.fit(X, Y);
    model.fit(X, [Y[0]!.map((y) => Math.min(y, 1))]);
    expect(model.parameters.W.shape).toEqual([3, 4]);
    const message = "SoftmaxRegression.fit: Y[0, 0] is 3; expected class numbers 0, 1 … 2.";
    expectUntouched(model, () => model.fit(X, [Y[0]!.map((y) => y + 3)]), RangeError, message);
  });

  test("accumulates into the model's classes after a fit without `classes`", () => {
    using model = new SoftmaxRegression({ epochs: 2 });
    model.fit(X, Y);
    model.accumulate(
      X.map((row) => row.slice(0, 2)),
      [[0, 2]],
    );
    expect(model.sums.dW.shape).toEqual([3, 4]);
    expect(model.sums.samples).toBe(2);
    const message = "SoftmaxRegression.accumulate: Y[0, 0] is 3; expected class numbers 0, 1 … 2.";
    expectUntouched(
      model,
      () =>
        model.accumulate(
          X.map((row) => row.slice(0, 1)),
          [[3]],
        ),
      RangeError,
      message,
    );
  });

  test("gives arrays of the model's dtype that are the caller's to free", () => {
    for (const dtype of dtypes) {
      const before = held();
      const model = new SoftmaxRegression({ epochs: 1, dtype });
      model.fit(X, Y);
      const { Z, A } = model.forward(X);
      const { dW, db } = model.gradient(X, Y);
      const results = [model.predict(X), model.predictProbability(X), Z, A, dW, db];
      expect(results.map((result) => result.dtype)).toEqual(Array(6).fill(dtype));
      for (const result of results) result.free();
      model.free();
      expect(held()).toEqual(before);
    }
  });

  const gap = (k: number) =>
    `Y has no label ${k}; expected class numbers 0, 1 … without a gap. Say with classes how many there are.`;
  test.each([
    [[0, 1, 3], gap(2)],
    [[1, 2, 3], gap(0)],
    [[0, 0, 0], gap(1)],
    [[0, 1, 1e9], gap(2)],
    [[0, 1, 0.5], "Y[0, 2] is 0.5; expected class numbers 0, 1 …."],
    [[0, -1, 1], "Y[0, 1] is -1; expected class numbers 0, 1 …."],
    [[Number.NaN, 1, 0], "Y[0, 0] is NaN; expected class numbers 0, 1 …."],
    [[0, 1, Number.POSITIVE_INFINITY], "Y[0, 2] is Infinity; expected class numbers 0, 1 …."],
  ])("without `classes` refuses the labels %j", (labels, message) => {
    const model = new SoftmaxRegression({ epochs: 1 });
    const x = [labels.map((_, j) => j)];
    expectRefusal(() => model.fit(x, [labels]), RangeError, `SoftmaxRegression.fit: ${message}`);
    expect(() => model.parameters).toThrow("has no parameters yet");
  });

  test.each([
    [[0, 1, 4], "Y[0, 2] is 4; expected class numbers 0, 1 … 3."],
    [[0, 1.5, 1], "Y[0, 1] is 1.5; expected class numbers 0, 1 … 3."],
  ])("of 4 classes refuses the labels %j", (labels, message) => {
    const model = new SoftmaxRegression({ epochs: 1, classes: 4 });
    expectRefusal(() => model.fit([[1, 2, 3]], [labels]), RangeError, `SoftmaxRegression.fit: ${message}`);
    const validation = [[[1, 2, 3]], [labels]] as const;
    expectRefusal(
      () => model.fit([[1, 2, 3]], [[0, 1, 2]], { earlyStopping: { validation } }),
      RangeError,
      `SoftmaxRegression.fit: earlyStopping.validation: ${message}`,
    );
  });

  test("judges validation samples by the classes of the training's", () => {
    const model = new SoftmaxRegression({ epochs: 1 });
    const validation = [[[1, 2, 3]], [[0, 1, 3]]] as const;
    const message =
      "SoftmaxRegression.fit: earlyStopping.validation: Y[0, 2] is 3; expected class numbers 0, 1 … 2.";
    expectRefusal(
      () => model.fit([[1, 2, 3]], [[0, 1, 2]], { earlyStopping: { validation } }),
      RangeError,
      message,
    );
  });

  test.each([
    [1, RangeError, "classes is 1; expected a whole number from 2 to 2147483647."],
    [2.5, RangeError, "classes is 2.5; expected a whole number from 2 to 2147483647."],
    ["ten", TypeError, 'classes is "ten"; expected a whole number.'],
  ])("refuses classes: %j", (classes, kind, message) => {
    expectRefusal(() => new SoftmaxRegression({ classes } as never), kind, `SoftmaxRegression: ${message}`);
  });

  test("must be told its classes where not all samples come at once", async () => {
    const model = new SoftmaxRegression();
    const message = (verb: string) =>
      `SoftmaxRegression.${verb}: classes is undefined; expected a number where not all samples come at once.`;
    expectRefusal(() => model.initialize(4), Error, message("initialize"));
    expectRefusal(() => model.accumulate(X, Y), Error, message("accumulate"));
    await expect(model.fitStream(() => [[X, Y]])).rejects.toThrow(message("fitStream"));
    using warm = new SoftmaxRegression({ warmStart: true, epochs: 1 });
    warm.fit(X, Y);
    await warm.fitStream(() => [[X, Y]]);
    expect(parametersOf(warm)).toHaveLength(15);
    expect(() => model.predict(X)).toThrow("the SoftmaxRegression has no parameters yet");
  });

  test("a number of classes that no memory holds is refused as such", () => {
    const model = new SoftmaxRegression({ classes: 2 ** 31 - 1 });
    expect(() => model.fit(X, Y)).toThrow("SoftmaxRegression.fit: out of memory");
  });
});

describe("softmax", () => {
  test("makes shares of one along either axis, or of three, in both dtypes and any memory order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.nat(1000), (m, n, seed) => {
        const z = noisy(m, n, seed, 5);
        for (const dtype of dtypes) {
          const [eps, Z] = [dtype === "f32" ? 3e-6 : 1e-14, inOrder(z, orders[seed % 2]!, dtype)];
          const exact = rowsOf(Z);
          const rows = exact.map((row) => softmaxOf(row, 0).p);
          const columns = transpose(transpose(exact).map((column) => softmaxOf(column, 0).p));
          for (const [got, want] of [
            [softmax(Z), columns],
            [softmax(Z, { axis: 0 }), columns],
            [softmax(Z, { axis: 1 }), rows],
            [softmax(Z, { axis: -1 }), rows],
            [softmax(Z.copy().reshape(m, n, 1), { axis: 1 }), rows],
          ] as const) {
            expect(got.dtype).toBe(dtype);
            expectWithin(
              elements(got.reshape(m, n)),
              want.flat(),
              want.flat().map(() => eps),
              "softmax",
            );
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("neither overflows nor loses what is small; leaves z alone and nothing behind", () => {
    const before = held();
    const z = array([[1000], [999], [-1000]], { dtype: "f64" });
    const p = softmax(z);
    const e = Math.exp(-1);
    expectWithin(elements(p), [1 / (1 + e), e / (1 + e), 0], [1e-15, 1e-15, 0], "softmax");
    expectSame(elements(z), [1000, 999, -1000], "z");
    for (const made of [p, z]) made.free();
    expect(held()).toEqual(before);
  });

  test("of nothing is nothing, of NaN is NaN in that column only", () => {
    expect(softmax(array({ data: new Float32Array(0), shape: [0, 5] })).shape).toEqual([0, 5]);
    expect(softmax(array({ data: new Float32Array(0), shape: [5, 0] })).shape).toEqual([5, 0]);
    expectSame(
      elements(
        softmax(
          array([
            [Number.NaN, 0],
            [1, 0],
          ]),
        ),
      ),
      [Number.NaN, 0.5, Number.NaN, 0.5],
      "NaN",
    );
  });

  test.each([
    [() => softmax([[1]] as never), TypeError, "z is an array of 1; expected an NDArray. array(…) makes one."],
    [() => softmax(vector, { axis: 1 }), RangeError, "axis is 1; expected -1 to 0 for an array (2)."],
    [
      () => softmax(vector, { axes: 1 } as never),
      TypeError,
      'option "axes" does not exist; expected "axis". Did you mean "axis"?',
    ],
  ])("refuses what it cannot take: %#", (body, kind, message) => {
    expectRefusal(body, kind, `softmax: ${message}`);
  });
});

const vector = array([1, 2]);
