import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { array, LogisticRegression } from "../src/index.ts";
import { expectSame, expectWithin } from "./compare.ts";
import { inOrder, noisy, orders, type Rows, samples } from "./fixtures.ts";
import { builds, elements, held, useBuild } from "./model-state.ts";
import { type Logistic, logistic } from "./twin.ts";

/** A model that stands at these parameters. */
function modelAt({ w, b }: Logistic, l2 = 0): LogisticRegression {
  return new LogisticRegression({ initialization: { w, b }, l2, dtype: "f64" }).initialize(w.length);
}

function closeTo(actual: readonly number[], expected: Rows, label: string): void {
  const flat = expected.flat();
  expectWithin(
    actual,
    flat,
    flat.map((x) => 1e-12 * (1 + Math.abs(x))),
    label,
  );
}

describe.each(builds)("LogisticRegression against its slow twin on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  test.each([
    [1, 1, 0],
    [1, 2, 1],
    [3, 17, 0.5],
    [30, 64, 0],
    [5, 1000, 2],
  ])("forward and gradient of %i features, %i samples, l2 %d are the course's, X in either order", (n_x, m, l2) => {
    const { X, Y } = samples(n_x, m);
    const parameters = { w: noisy(n_x, 1, 7), b: 0.3 };
    const model = modelAt(parameters, l2);
    const want = logistic.gradient(parameters, X, Y, l2);
    for (const order of orders) {
      const given = inOrder(X, order, "f64");
      const { Z, A } = model.forward(given);
      const { dw, db, cost } = model.gradient(given, array(Y, { dtype: "f64" }));
      closeTo(elements(Z.assertShape(1, m)), logistic.forward(parameters, X).Z, "Z");
      closeTo(elements(A.assertShape(1, m)), logistic.forward(parameters, X).A, "A");
      closeTo(elements(dw.assertShape(n_x, 1)), want.dw, "dw");
      closeTo([db, cost], [[want.db, logistic.cost(parameters, X, Y, l2)]], "db, J");
    }
    model.free();
  });

  test("50,000 samples of 3 features, 16 chunks: gradient and cost are the course's", () => {
    const { X, Y } = samples(3, 50_000);
    const parameters = { w: [[0.5], [-1], [0.25]], b: -0.1 };
    const model = modelAt(parameters, 10);
    const { dw, db, cost } = model.gradient(array(X, { dtype: "f64" }), Y);
    const want = logistic.gradient(parameters, X, Y, 10);
    closeTo([...elements(dw), db], [...want.dw, [want.db]], "gradient");
    closeTo([cost], [[logistic.cost(parameters, X, Y, 10)]], "J");
    model.free();
  });

  test("five iterations are the course's, with l2 on the weights and not on the bias", () => {
    const { X, Y } = samples(4, 33);
    const model = new LogisticRegression({ learningRate: 0.7, epochs: 5, l2: 3, dtype: "f64" });
    const { cost } = model.fit(X, Y);
    let twin: Logistic = { w: [[0], [0], [0], [0]], b: 0 };
    const costs = [logistic.cost(twin, X, Y, 3)];
    for (let i = 0; i < 5; i++) {
      twin = logistic.step(twin, logistic.gradient(twin, X, Y, 3), 0.7);
      costs.push(logistic.cost(twin, X, Y, 3));
    }
    closeTo([...elements(model.w), model.b], [...twin.w, [twin.b]], "parameters");
    closeTo(cost, [costs], "cost");
    model.free();
  });

  test("the gradient is the slope of the cost, by central differences, with l2", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 20 }), fc.nat(1000), (n_x, m, seed) => {
        const { X, Y } = samples(n_x, m, seed);
        const at = [...noisy(n_x, 1, seed + 1).flat(), 0.2];
        const costAt = (theta: number[]): number => {
          using model = modelAt({ w: theta.slice(0, -1).map((w) => [w]), b: theta.at(-1)! }, 1.5);
          return model.gradient(X, Y).cost;
        };
        using model = modelAt({ w: at.slice(0, -1).map((w) => [w]), b: at.at(-1)! }, 1.5);
        const { dw, db } = model.gradient(X, Y);
        const h = 1e-5;
        [...elements(dw), db].forEach((slope, k) => {
          const shifted = (by: number) => costAt(at.map((p, i) => (i === k ? p + by : p)));
          expect(Math.abs((shifted(h) - shifted(-h)) / (2 * h) - slope)).toBeLessThan(1e-8);
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe("LogisticRegression predicts", () => {
  let model: LogisticRegression;
  beforeAll(() => {
    model = modelAt({ w: [[1], [-2]], b: 0 });
  });
  const X = [
    [3, 0, 2, -1],
    [0, 3, 1, -0.5],
  ];

  test("1 where the logit is positive, 0 where it is negative or exactly 0", () => {
    expect(elements(model.forward(array(X, { dtype: "f64" })).Z)).toEqual([3, -6, 0, 0]);
    expect(elements(model.predict(X).assertShape(1, 4))).toEqual([1, 0, 0, 0]);
  });

  test("P(y = 1 | x) = σ(wᵀx + b)", () => {
    const probability = model.predictProbability(X).assertShape(1, 4);
    closeTo(elements(probability), logistic.forward({ w: [[1], [-2]], b: 0 }, X).A, "probability");
  });

  test("the same from samples in either memory order, and from a part of the columns", () => {
    const all = noisy(2, 700, 3, 2);
    const whole = elements(model.predictProbability(array(all, { dtype: "f64" })));
    for (const order of orders) {
      const given = inOrder(all, order, "f64");
      expectSame(elements(model.predictProbability(given)), whole, order);
      expectSame(elements(model.predictProbability(given.columns(3, 601))), whole.slice(3, 601), `${order}, part`);
    }
  });

  test.each([
    [[[1, 0, 0, 0]], 1],
    [[[0, 0, 0, 0]], 0.75],
    [[[0, 1, 1, 1]], 0],
  ])("score of labels %j is the share predicted correctly, %d", (Y, share) => {
    expect(model.score(X, Y)).toBe(share);
  });

  test("in arrays of the model's dtype that are the caller's to free", () => {
    const before = held();
    const { Z, A } = model.forward(X);
    const { dw } = model.gradient(X, [[1, 0, 0, 1]]);
    const results = [model.predict(X), model.predictProbability(X), Z, A, dw];
    expect(results.map((result) => result.dtype)).toEqual(Array(5).fill("f64"));
    for (const result of results) result.free();
    expect(held()).toEqual(before);
  });

  test("with `parameters` and `w` that are views of what was learned", () => {
    expect(model.parameters.b).toBe(0);
    expectSame(elements(model.parameters.w), [1, -2], "w");
    expect(model.w.storage).toBe(model.parameters.w.storage);
    expect(model.w.shape).toEqual([2, 1]);
  });
});

describe("LogisticRegression starts", () => {
  test("from zeros: the first cost is ln 2, whatever the data", () => {
    const { X, Y } = samples(3, 21);
    for (const dtype of ["f32", "f64"] as const) {
      using model = new LogisticRegression({ epochs: 1, dtype });
      expect(model.fit(X, Y).cost[0]).toBeCloseTo(Math.LN2, dtype === "f64" ? 14 : 6);
    }
  });

  test.each(["nested", "typed", "NDArray"] as const)("from values given as %s", (form) => {
    const w = {
      nested: [[1], [2]],
      typed: { data: Float64Array.of(1, 2), shape: [2, 1] },
      NDArray: array([[1, 2]]).T,
    };
    using model = new LogisticRegression({ initialization: { w: w[form], b: -3 }, dtype: "f64" });
    model.initialize(2);
    expectSame([...elements(model.w), model.b], [1, 2, -3], form);
  });

  test("from the named start after initialize, which forgets what was learned", () => {
    const { X, Y } = samples(3, 21);
    using model = new LogisticRegression({ epochs: 5, dtype: "f64" });
    model.fit(X, Y);
    expect(model.initialize(3)).toBe(model);
    expectSame([...elements(model.w), model.b], [0, 0, 0, 0], "start");
  });
});
