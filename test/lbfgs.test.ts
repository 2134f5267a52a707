/** L-BFGS: the minimiser by itself, and as an optimizer of the models. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { Descent } from "../src/descent.ts";
import { array, type History, LogisticRegression, TwoLayerNetwork } from "../src/index.ts";
import { Minimiser, type Point } from "../src/optimizers/minimiser.ts";
import { lbfgs } from "../src/optimizers.ts";
import { SoftmaxRegression } from "../src/softmax-regression.ts";
import { AT_ONCE, expectSameHistory, rejectionOf } from "./async-cases.ts";
import { expectSame, expectWithin } from "./compare.ts";
import {
  breastCancer,
  digits,
  flower,
  golden,
  inOrder,
  type Labelled,
  orders,
  rawBreastCancer,
  samples,
} from "./fixtures.ts";
import {
  builds,
  elements,
  expectRefusal,
  expectSameParameters,
  expectUntouched,
  models,
  parametersOf,
  useBuild,
} from "./model-state.ts";
import { quietUsage } from "./usage.ts";

const meanGradient = Descent.prototype.meanGradient;

// ---- the minimiser ---------------------------------------------------------------------------------

type Gradient = (x: Float64Array) => [f: number, g: number[]];

/** Minimises from x: where and how it ended, after so many evaluations. */
function minimise(gradient: Gradient, x: number[], iterations = 500) {
  let evaluations = 1;
  const pointAt = (at: Float64Array): Point => {
    const [f, g] = gradient(at);
    return { x: at, f, g: Float64Array.from(g) };
  };
  const search = new Minimiser(
    function* (at) {
      evaluations++;
      yield;
      return pointAt(at);
    },
    pointAt(Float64Array.from(x)),
    2 ** -52,
    40,
  );
  const points = [search.point];
  const values = [search.point.f];
  let end: string | undefined;
  while (end === undefined && values.length <= iterations) {
    const steps = search.iterate();
    let step = steps.next();
    while (!step.done) step = steps.next();
    end = step.value;
    if (end !== undefined) break;
    points.push(search.point);
    values.push(search.point.f);
  }
  return { end, points, values, evaluations, x: Array.from(search.point.x) };
}

/** Σ 100·(x₁ − x₀²)² + (1 − x₀)² over pairs, plus 1: a bent valley (Rosenbrock, 1960). */
const valley: Gradient = (x) => {
  let f = 1;
  const g: number[] = [];
  for (let i = 0; i < x.length; i += 2) {
    const [a, b] = [x[i]!, x[i + 1]!];
    f += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    g.push(-400 * a * (b - a * a) - 2 * (1 - a), 200 * (b - a * a));
  }
  return [f, g];
};

describe("Minimiser", () => {
  test.each([2, 10, 100])("finds the end of Rosenbrock's valley in %i dimensions, never going up", (n) => {
    const start = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const { end, values, evaluations, x } = minimise(valley, start);
    expect(end).toBe("converged");
    expectWithin(x, Array(n).fill(1), Array(n).fill(1e-7), "x");
    expect(evaluations).toBeLessThan(70);
    // But for rounding, 1 being the least.
    for (let i = 1; i < values.length; i++) expect(values[i]! - values[i - 1]!).toBeLessThan(1e-15);
  });

  test("takes steps that fulfil the strong Wolfe conditions", () => {
    const { points } = minimise(valley, [-1.2, 1, -1.2, 1]);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    let seen = 0;
    for (let i = 1; i < points.length; i++) {
      const [from, to] = [points[i - 1]!, points[i]!];
      const step = to.x.map((v, k) => v - from.x[k]!);
      const [before, after] = [dot(from.g, step), dot(to.g, step)];
      // Nearer to the end rounding decides.
      if (before > -1e-12) continue;
      seen++;
      expect(to.f).toBeLessThanOrEqual(from.f + 1e-4 * before);
      expect(Math.abs(after)).toBeLessThanOrEqual(-0.9 * before);
    }
    expect(seen).toBeGreaterThan(15);
  });

  test("ends where the function is no more than the rounding of 1, instead of running after ever less", () => {
    const { end, values } = minimise(([x]) => [Math.exp(-x!), [-Math.exp(-x!)]], [0]);
    expect(end).toBe("converged");
    expect(values.at(-1)).toBeLessThanOrEqual(2 ** -52);
    expect(values.at(-2)).toBeGreaterThan(2 ** -52);
  });

  test.each([1e-9, 1, 1e9])("needs as many evaluations whatever the unit of x: %d", (unit) => {
    const bowl: Gradient = (x) => {
      const d = x.map((v, i) => (v / unit - i) * (i + 1));
      return [1 + d.reduce((sum, v) => sum + v * v, 0), Array.from(d, (v, i) => (2 * v * (i + 1)) / unit)];
    };
    const { end, evaluations, x } = minimise(bowl, Array(8).fill(0));
    expect(end).toBe("converged");
    expectWithin(
      x,
      Array.from(x, (_, i) => i * unit),
      Array(8).fill(1e-7 * unit),
      "x",
    );
    expect(evaluations).toBeLessThan(45);
  });

  test("steps back from where the function is no number or infinite", () => {
    // The minimum of x − log x is at 1; beside it lies what has no logarithm.
    const barrier: Gradient = ([x]) => [x! - Math.log(x!), [1 - 1 / x!]];
    expect(minimise(barrier, [1e-3]).x[0]).toBeCloseTo(1, 7);
    const wall: Gradient = ([x]) => [x! < 2 ? 3 - x! : Number.POSITIVE_INFINITY, [-1]];
    expect(minimise(wall, [0], 30).x[0]).toBeGreaterThan(1.9);
  });

  test("at a minimum says so at once, and where the slope lies says that it is stuck", () => {
    expect(minimise(([x]) => [1 + x! * x!, [2 * x!]], [0])).toMatchObject({ end: "converged", evaluations: 1 });
    expect(minimise(([x]) => [1 + Math.abs(x!), [-1]], [0])).toMatchObject({ end: "stuck", values: [1], x: [0] });
  });

  test("goes down a slope without end as far as it may", () => {
    const { end, values } = minimise(([x]) => [1 / (1 + x!), [-1 / (1 + x!) ** 2]], [0], 5);
    expect(end).toBeUndefined();
    expect(values).toHaveLength(6);
    for (let i = 1; i < 6; i++) expect(values[i]).toBeLessThan(values[i - 1]!);
  });
});

// ---- the models ------------------------------------------------------------------------------------

interface Optimum {
  l2: number;
  cost: number;
}

describe.each(builds)("lbfgs on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  describe("breast cancer, standardised, l2 = 1", () => {
    const optimum = golden<Optimum & { w: number[]; b: number }>("breast-cancer-l2");
    const { X, Y } = breastCancer();
    const want = [...optimum.w, optimum.b];

    test.each(orders)("reaches scikit-learn's optimum to 1e-6 in less than 50 passes, X in %s", (order) => {
      using model = new LogisticRegression({ optimizer: lbfgs(), l2: optimum.l2 });
      const history = model.fit(inOrder(X, order, "f64"), array(Y, { dtype: "f64" }));
      expectWithin(
        parametersOf(model),
        want,
        want.map(() => 1e-6),
        "w, b",
      );
      expect(history.passes).toBeLessThan(50);
      expect(history.passes).toBeGreaterThan(history.epochs);
      expect(history).toMatchObject({ stopped: "tolerance", warnings: [], epochs: history.cost.length - 1 });
      expect(history.cost[0]).toBeCloseTo(Math.LN2, 14);
      expect(Math.abs(history.cost.at(-1)! - optimum.cost)).toBeLessThan(1e-15);
      for (let i = 1; i < history.cost.length; i++)
        expect(history.cost[i]! - history.cost[i - 1]!).toBeLessThan(1e-15);
      expect(model.gradient(X, Y).cost).toBe(history.cost.at(-1));
    });

    test("needs fewer passes the more steps it remembers", () => {
      const passes = [1, 10, 40].map((historySize) => {
        using model = new LogisticRegression({ optimizer: lbfgs({ historySize }), l2: optimum.l2, dtype: "f64" });
        return model.fit(X, Y).passes!;
      });
      expect(passes[0]).toBeGreaterThan(passes[1]!);
      expect(passes[1]).toBeGreaterThan(1.2 * passes[2]!);
    });

    test("comes in f32 as near as its rounding shows: the cost to 1e-7, the parameters to 2e-3", () => {
      using model = new LogisticRegression({ optimizer: lbfgs(), l2: optimum.l2, dtype: "f32" });
      const { cost, passes, stopped, warnings } = model.fit(X, Y);
      expect({ stopped, warnings }).toEqual({ stopped: "tolerance", warnings: [] });
      expect(Math.abs(cost.at(-1)! - optimum.cost)).toBeLessThan(1e-7);
      expectWithin(
        parametersOf(model),
        want,
        want.map(() => 2e-3),
        "w, b",
      );
      expect(passes).toBeLessThan(50);
    });
  });

  describe("digits, l2 = 1, three samples of four", () => {
    const optimum = golden<
      Optimum & {
        W: number[][];
        b: number[];
        testProbability: number[][];
        trainAccuracy: number;
        testAccuracy: number;
      }
    >("digits-softmax");
    const all = digits();
    const part = ({ X, Y }: Labelled, tests: boolean): Labelled => {
      const keep = (row: number[]) => row.filter((_, j) => (j % 4 === 3) === tests);
      return { X: X.map(keep), Y: Y.map(keep) };
    };
    const [train, tests] = [part(all, false), part(all, true)];

    test("reaches the optimum of scikit-learn's multinomial LogisticRegression, and its accuracy", () => {
      using model = new SoftmaxRegression({ optimizer: lbfgs(), l2: optimum.l2, dtype: "f64" });
      const { cost, stopped, warnings } = model.fit(train.X, train.Y);
      expect({ stopped, warnings }).toEqual({ stopped: "tolerance", warnings: [] });
      expect(Math.abs(cost.at(-1)! - optimum.cost)).toBeLessThan(1e-13);
      const W = optimum.W.flat();
      expectWithin(
        elements(model.parameters.W),
        W,
        W.map(() => 1e-5),
        "W",
      );
      const b = elements(model.parameters.b);
      const mean = b.reduce((sum, v) => sum + v, 0) / 10;
      expectWithin(
        b.map((v) => v - mean),
        optimum.b,
        Array(10).fill(1e-5),
        "b",
      );
      const some = tests.X.map((row) => row.slice(0, 60));
      const p = optimum.testProbability.flat();
      expectWithin(
        elements(model.predictProbability(some).T),
        p,
        p.map(() => 1e-6),
        "probability",
      );
      expect(model.score(train.X, train.Y)).toBe(optimum.trainAccuracy);
      expect(model.score(tests.X, tests.Y)).toBe(optimum.testAccuracy);
      expect(optimum.testAccuracy).toBeGreaterThan(0.95);
    });

    test("has no slope at that optimum", () => {
      using model = new SoftmaxRegression({ classes: 10, l2: optimum.l2, dtype: "f64" }).initialize(64);
      model.parameters.W.data.set(optimum.W.flat());
      model.parameters.b.data.set(optimum.b);
      const { dW, db, cost } = model.gradient(train.X, train.Y);
      expectWithin([...dW.data, ...db.data], Array(650).fill(0), Array(650).fill(1e-14), "gradient");
      expect(cost).toBeCloseTo(optimum.cost, 14);
    });

    test("f32: the same accuracy, within a sample", () => {
      using model = new SoftmaxRegression({ optimizer: lbfgs(), l2: optimum.l2, dtype: "f32" });
      model.fit(train.X, train.Y);
      expect(Math.abs(model.score(tests.X, tests.Y) - optimum.testAccuracy) * 449).toBeLessThan(1.001);
    });
  });
});

describe("lbfgs without a penalty", () => {
  test.each(["f32", "f64"] as const)("%s: ends where separable classes leave no loss to speak of", (dtype) => {
    const { X, Y } = breastCancer();
    using model = new LogisticRegression({ optimizer: lbfgs(), dtype });
    const { stopped, cost, epochs } = model.fit(X, Y);
    expect(stopped).toBe("tolerance");
    expect(epochs).toBeLessThan(1000);
    expect(cost.at(-1)).toBeLessThan(dtype === "f32" ? 2 ** -22 : 2 ** -51);
    expect(model.score(X, Y)).toBe(1);
    expect(parametersOf(model).every(Number.isFinite)).toBe(true);
  });

  test("goes far down even where features differ by a factor of a million", () => {
    const { X, Y } = rawBreastCancer();
    using model = new LogisticRegression({ optimizer: lbfgs(), l2: 1, dtype: "f64", epochs: 3000 });
    const { stopped, cost, warnings } = model.fit(X, Y);
    expect({ stopped, warnings }).toEqual({ stopped: "tolerance", warnings: [] });
    const { dw, db } = model.gradient(X, Y);
    // Slopes of 1e-9 of those at the start.
    const slopes = (at: LogisticRegression) => {
      const g = at.gradient(X, Y);
      return Math.max(...elements(g.dw).map(Math.abs));
    };
    using start = new LogisticRegression({ l2: 1, dtype: "f64" }).initialize(30);
    expect(Math.max(...elements(dw).map(Math.abs), Math.abs(db))).toBeLessThan(1e-7 * slopes(start));
    expect(cost.at(-1)).toBeLessThan(0.0946);
  });

  test("trains the network too, which separates the flower", () => {
    const { X, Y } = flower();
    using model = new TwoLayerNetwork({ optimizer: lbfgs(), seed: 1, epochs: 200, dtype: "f64" });
    const { cost } = model.fit(X, Y);
    for (let i = 1; i < cost.length; i++) expect(cost[i]).toBeLessThan(cost[i - 1]! + 1e-15);
    expect(model.score(X, Y)).toBeGreaterThan(0.9);
  });
});

describe.each(models)("$name with lbfgs", ({ name, make }) => {
  const { X, Y } = samples(5, 300);
  const shared = { optimizer: lbfgs(), l2: 1, dtype: "f64" } as const;

  test("goes through as many epochs as asked for at most, each lowering the cost; the parameters are the last's", () => {
    using model = make({ ...shared, epochs: 4 });
    const { cost, epochs, stopped, passes } = model.fit(X, Y);
    expect({ epochs, stopped }).toEqual({ epochs: 4, stopped: "epochs" });
    expect(passes).toBeGreaterThanOrEqual(5);
    for (let i = 1; i < 5; i++) expect(cost[i]).toBeLessThan(cost[i - 1]!);
    expect(model.gradient(X, Y).cost).toBeCloseTo(cost[4]!, 14);
  });

  test("does not ask for a rate: it changes nothing", () => {
    const [a, b] = [
      make({ ...shared, epochs: 9, learningRate: 1e-9 }),
      make({ ...shared, epochs: 9, learningRate: 1e9 }),
    ];
    expectSame(a.fit(X, Y).cost, b.fit(X, Y).cost, "cost");
    for (const model of [a, b]) model.free();
  });

  test("stops by tolerance like the others, by onEpoch, and by early stopping with the best parameters", () => {
    using tolerant = make({ ...shared, tolerance: 1e-3 });
    const { cost, stopped, epochs } = tolerant.fit(X, Y);
    const changes = cost.slice(1).map((c, i) => Math.abs(c - cost[i]!));
    expect(stopped).toBe("tolerance");
    expect(changes.findIndex((change) => change < 1e-3)).toBe(epochs - 1);
    using heard = make(shared);
    const told: number[] = [];
    const history = heard.fit(X, Y, { onEpoch: ({ epoch, cost }) => (told.push(cost) > 2 ? epoch < 3 : true) });
    expect([history.stopped, history.epochs]).toEqual(["onEpoch", 3]);
    expectSame(told, history.cost.slice(1), "told");
    const judge = samples(5, 60, 9);
    using stopping = make({ ...shared, l2: 0, epochs: 60 });
    const early = stopping.fit(X, Y, { earlyStopping: { validation: [judge.X, judge.Y], patience: 3 } });
    const best = early.validationCost!.indexOf(Math.min(...early.validationCost!));
    expect(early.bestEpoch).toBe(best);
    using again = make({ ...shared, l2: 0, epochs: Math.max(best, 1) });
    if (best > 0) {
      again.fit(X, Y);
      expectSameParameters(stopping, again, "best");
    }
  });

  test("warmStart at the optimum stays there, with nothing to tell", () => {
    using model = make({ ...shared, warmStart: true, epochs: 2000 });
    const first = model.fit(X, Y);
    expect(first.stopped).toBe("tolerance");
    const before = parametersOf(model);
    const { stopped, warnings, cost } = model.fit(X, Y);
    expect({ stopped, warnings }).toEqual({ stopped: "tolerance", warnings: [] });
    expect(Math.abs(cost.at(-1)! - first.cost.at(-1)!)).toBeLessThan(1e-14);
    expectWithin(
      parametersOf(model),
      before,
      before.map(() => 1e-5),
      "parameters",
    );
  });

  test("fitAsync in the shortest slices and epochs give the bits of fit; nothing is left behind", async () => {
    const large = samples(5, 5000);
    const [x, y] = [array(large.X), array(large.Y)];
    const before = await quietUsage();
    const options = { optimizer: lbfgs(), l2: 1, epochs: 12 } as const;
    const [a, b, c] = [make(options), make(options), make(options)];
    const want = a.fit(x, y);
    const got = await b.fitAsync(x, y, { sliceMs: AT_ONCE });
    expectSameHistory(got, want);
    expect(got.passes).toBe(want.passes);
    expectSameParameters(b, a, "fitAsync");
    const costs: number[] = [];
    for await (const { cost } of c.epochs(x, y)) costs.push(cost);
    expectSame(costs, want.cost.slice(1), "epochs");
    expectSameParameters(c, a, "epochs");
    for (const model of [a, b, c]) model.free();
    expect(await quietUsage()).toEqual(before);
  });

  test("an abort leaves the model as it was, or with the parameters of an epoch that was over", async () => {
    for (const onAbort of ["restore", "keep"] as const) {
      const controller = new AbortController();
      using model = make({ ...shared, warmStart: true });
      model.initialize(5);
      const before = parametersOf(model);
      const onEpoch = ({ epoch }: { epoch: number }) => {
        if (epoch === 3) controller.abort();
      };
      const error = await rejectionOf(
        model.fitAsync(X, Y, { signal: controller.signal, onAbort, onEpoch, progressMs: 0 }),
      );
      expect(error).toBe(controller.signal.reason);
      using three = make({ ...shared, epochs: 3 });
      three.fit(X, Y);
      expectSame(parametersOf(model), onAbort === "keep" ? parametersOf(three) : before, onAbort);
    }
  });

  test("says where no step was found, without an error, and keeps the best", () => {
    // Slopes of the wrong sign: no short step lowers the cost.
    const spy = vi.spyOn(Descent.prototype, "meanGradient").mockImplementation(function (this: Descent, ...args) {
      const slopes = meanGradient.apply(this, args);
      for (let i = 0; i < slopes.length; i++) slopes[i]! *= -1;
      return slopes as never;
    });
    using model = make(shared);
    let history: History;
    try {
      history = model.fit(X, Y);
    } finally {
      spy.mockRestore();
    }
    expect(history.stopped).toBe("tolerance");
    expect(history.warnings).toEqual([
      `After epoch ${history.epochs}, lbfgs found no step that lowers the cost: standardise X with StandardScaler.`,
    ]);
    expect(model.gradient(X, Y).cost).toBeCloseTo(history.cost.at(-1)!, 12);
    if (history.epochs > 0) return;
    expectSame(parametersOf(model), parametersOf(make(shared).initialize(5)), "start");
  });

  test("refuses batches, streams and single steps, which see some of the samples only", async () => {
    const refusal = "optimizer is lbfgs(); expected another, or fit with all samples.";
    expectRefusal(() => make({ ...shared, batchSize: 8 }), RangeError, `${name}: ${refusal}`);
    using model = make(shared).initialize(5);
    model.accumulate(X, Y);
    expectUntouched(model, () => model.step(), RangeError, `${name}.step: ${refusal}`);
    expect(model.sums.samples).toBe(300);
    const error = await rejectionOf(model.fitStream(() => [[X, Y]]));
    expect([(error as Error).constructor, (error as Error).message]).toEqual([
      RangeError,
      `${name}.fitStream: ${refusal}`,
    ]);
  });
});
