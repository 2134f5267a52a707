/** The golden files: what NumPy and scikit-learn got from the same data. test/golden has the scripts and notes. */
import { beforeAll, describe, expect, test } from "vitest";
import { accuracy, array, type History, LogisticRegression, TwoLayerNetwork } from "../src/index.ts";
import { expectWithin } from "./compare.ts";
import { breastCancer, flower, golden, inOrder, orders, type Rows } from "./fixtures.ts";
import { builds, parametersOf, useBuild } from "./model-state.ts";
import type { Network } from "./twin.ts";

interface PlanarTwoLayer {
  X: Rows;
  Y: Rows;
  init: Network;
  learningRate: number;
  after100: Network;
  costEvery1000: number[];
  accuracyAfter10000: number;
}

interface BreastCancerDescent {
  costEvery100: number[];
  w: number[];
  b: number;
  accuracy: number;
}

interface BreastCancerOptimum {
  l2: number;
  cost: number;
  w: number[];
  b: number;
}

function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  label: string,
): void {
  expectWithin(
    actual,
    expected,
    expected.map(() => tolerance),
    label,
  );
}

describe.each(builds)("planar flower on the %s build", (build) => {
  const planar = golden<PlanarTwoLayer>("planar-two-layer");
  const { learningRate, init: initialization } = planar;
  beforeAll(() => useBuild(build));

  test("data/planar-flower.csv holds the golden file's samples", () => {
    expect(flower()).toEqual({ X: planar.X, Y: planar.Y });
  });

  test("f64, the given start, rate 1.2: parameters after 100 iterations within 1e-10", () => {
    const model = new TwoLayerNetwork({ learningRate, initialization, epochs: 100, dtype: "f64" });
    model.fit(planar.X, planar.Y);
    const { W1, b1, W2, b2 } = planar.after100;
    expectClose(parametersOf(model), [W1, b1, W2, b2].flat(2), 1e-10, "after 100");
    model.free();
  });

  test.each(orders)(
    "f64, X %s after each other: cost every 1,000 within 1e-6 up to 5,000, accuracy 0.9075 ± 0.005 after 10,000",
    (order) => {
      const model = new TwoLayerNetwork({ learningRate, initialization, epochs: 10_000 });
      const X = inOrder(planar.X, order, "f64");
      const Y = array(planar.Y, { dtype: "f64" });
      const history = model.fit(X, Y);
      expect(history.cost).toHaveLength(10_001);
      expectClose(every(1000, history).slice(0, 6), planar.costEvery1000.slice(0, 6), 1e-6, "cost");
      expect(Math.abs(model.score(X, Y) - planar.accuracyAfter10000)).toBeLessThanOrEqual(0.005);
      expect(planar.accuracyAfter10000).toBe(0.9075);
      model.free();
    },
  );

  test("f32: the same accuracy after 10,000 iterations", () => {
    const model = new TwoLayerNetwork({ learningRate, initialization, epochs: 10_000, dtype: "f32" });
    model.fit(planar.X, planar.Y);
    expect(model.parameters.W1.dtype).toBe("f32");
    expect(Math.abs(model.score(planar.X, planar.Y) - planar.accuracyAfter10000)).toBeLessThanOrEqual(0.005);
    model.free();
  });
});

describe.each(builds)("breast cancer, f64, standardised, rate 0.1, 1,000 iterations on the %s build", (build) => {
  const expected = golden<BreastCancerDescent>("breast-cancer-gd");
  const { X, Y } = breastCancer();
  const options = { learningRate: 0.1, epochs: 1000 };
  beforeAll(() => useBuild(build));

  function expectGolden(model: LogisticRegression, cost: readonly number[]): void {
    expectClose(parametersOf(model), [...expected.w, expected.b], 1e-9, "w, b");
    expectClose(cost, expected.costEvery100, 1e-9, "cost");
    expect(accuracy(Y, model.predict(array(X, { dtype: "f64" })))).toBeCloseTo(expected.accuracy, 12);
  }

  test("w, b and every cost within 1e-9 with X as (30, 569)", () => {
    const model = new LogisticRegression(options);
    const given = inOrder(X, "rows", "f64");
    expect(given.assertShape(30, 569).strides).toEqual([569, 1]);
    expectGolden(model, every(100, model.fit(given, array(Y, { dtype: "f64" }))).slice(0, 10));
    model.free();
  });

  test("w, b and every cost within 1e-9 with X as the transposed view of (569, 30)", () => {
    const model = new LogisticRegression(options);
    const given = inOrder(X, "columns", "f64");
    expect(given.assertShape(30, 569).strides).toEqual([1, 30]);
    expectGolden(model, every(100, model.fit(given, array(Y, { dtype: "f64" }))).slice(0, 10));
    model.free();
  });

  test.each(orders)(
    "w, b and every cost within 1e-9 streamed in seven uneven pieces, X %s after each other",
    (order) => {
      const model = new LogisticRegression(options);
      const all = inOrder(X, order, "f64");
      const labels = array(Y, { dtype: "f64" });
      const bounds = [0, 1, 3, 67, 200, 333, 500, 569];
      const cost: number[] = [];
      for (let round = 0; round < 1000; round++) {
        for (let i = 0; i < 7; i++) {
          model.accumulate(all.columns(bounds[i]!, bounds[i + 1]), labels.columns(bounds[i]!, bounds[i + 1]));
        }
        const before = model.step();
        if (round % 100 === 0) cost.push(before);
      }
      expectGolden(model, cost);
      model.free();
    },
  );
});

describe.each(builds)("breast cancer, standardised, l2 = 1 on the %s build", (build) => {
  const optimum = golden<BreastCancerOptimum>("breast-cancer-l2");
  const { X, Y } = breastCancer();
  beforeAll(() => useBuild(build));

  test("reaches the optimum of scikit-learn's LogisticRegression(C=1, solver='newton-cholesky') to 1e-6", () => {
    const model = new LogisticRegression({ learningRate: 0.6, epochs: 20_000, l2: optimum.l2, dtype: "f64" });
    const history = model.fit(X, Y);
    expectClose(parametersOf(model), [...optimum.w, optimum.b], 1e-6, "w, b");
    expect(Math.abs(history.cost.at(-1)! - optimum.cost)).toBeLessThan(1e-12);
    model.free();
  });

  test("has no slope at that optimum: the penalty and its gradient are scikit-learn's, and spare the bias", () => {
    const initialization = { w: optimum.w.map((w) => [w]), b: optimum.b };
    using model = new LogisticRegression({ initialization, l2: optimum.l2, dtype: "f64" });
    model.initialize(30);
    const { dw, db, cost } = model.gradient(X, Y);
    expectClose([...dw.data, db], Array(31).fill(0), 1e-14, "gradient");
    expect(cost).toBeCloseTo(optimum.cost, 14);
  });
});

/** The costs before iteration 0, step, 2·step, … */
function every(step: number, { cost }: History): number[] {
  return cost.filter((_, epoch) => epoch % step === 0);
}
