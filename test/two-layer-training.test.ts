/** How the network starts and what it can learn. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Activation, array, LogisticRegression, TwoLayerNetwork } from "../src/index.ts";
import { expectSame, expectWithin } from "./compare.ts";
import { flower, golden, noisy, samples, standardised, xor } from "./fixtures.ts";
import { builds, elements, expectRefusal, parametersOf, rowsOf, useBuild } from "./model-state.ts";

/**
 * With all weights 0, every hidden unit computes the same a = g(0) and gets the same share of the error,
 * W2ᵢ·dZ2. So every unit's gradient is the same number, computed by the same operations, and after each
 * update the units still are equal; by induction, for ever (section 3.11).
 */
describe.each(builds)("zero initialisation on the %s build: equal units get equal gradients, so", (build) => {
  beforeAll(() => useBuild(build));

  /** Parameters of each hidden unit: its row of W1, its bias, its weight in W2. */
  function units(model: TwoLayerNetwork): number[][] {
    const { W1, b1, W2 } = model.parameters;
    return rowsOf(W1).map((row, i) => [...row, b1.item(i, 0), W2.item(0, i)]);
  }

  const cases = (["sigmoid", "tanh"] as const).flatMap((activation) =>
    ([{}, { batchSize: 32 }] as const).flatMap((batch) =>
      (["f32", "f64"] as const).map((dtype) => ({ activation, dtype, ...batch })),
    ),
  );

  test.each(cases)("hidden units stay identical to the last bit, for every hidden size, with %j", (options) => {
    const { X, Y } = samples(3, 200, 8);
    for (const hidden of [2, 3, 4, 5, 9]) {
      using model = new TwoLayerNetwork({
        hidden,
        epochs: 60,
        learningRate: 1.2,
        initialization: "zeros",
        ...options,
      });
      model.fit(X, Y);
      const [first, ...others] = units(model);
      for (const other of others) expectSame(other, first!, `${hidden} units`);
      // tanh(0) = 0 keeps even the weights at 0, where sigmoid(0) = ½ lets them move, together.
      expect(first!.some((p) => p !== 0)).toBe(options.activation === "sigmoid");
    }
  });

  test.each(["sigmoid", "tanh"] as const)(
    "only random starts break the symmetry: %s units differ after one",
    (activation) => {
      const { X, Y } = samples(3, 200, 8);
      using model = new TwoLayerNetwork({ epochs: 60, learningRate: 1.2, initialization: "normal", activation });
      model.fit(X, Y);
      expect(new Set(units(model).map((unit) => unit.join())).size).toBe(4);
    },
  );
});

describe("initialization", () => {
  const started = (initialization: "normal" | "he" | "xavier" | "zeros", seed = 1) =>
    new TwoLayerNetwork({ hidden: 60, initialization, seed, dtype: "f64" }).initialize(40);
  const moments = (values: number[]) => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
  };

  test.each([
    ["normal", 0.01, 0.01],
    ["he", Math.sqrt(2 / 40), Math.sqrt(2 / 60)],
    ["xavier", Math.sqrt(2 / 100), Math.sqrt(2 / 61)],
  ] as const)("%s: weights with mean 0, W1's deviation %d and W2's %d, biases 0", (name, std1, std2) => {
    const models = Array.from({ length: 40 }, (_, seed) => started(name, seed));
    for (const [part, std] of [
      ["W1", std1],
      ["W2", std2],
    ] as const) {
      const weights = models.flatMap((model) => elements(model.parameters[part]));
      const found = moments(weights);
      // Five standard errors.
      expect(Math.abs(found.mean) / std).toBeLessThan(5 / Math.sqrt(weights.length));
      expect(Math.abs(found.std / std - 1)).toBeLessThan(5 / Math.sqrt(2 * weights.length));
    }
    for (const { parameters } of models)
      expect(new Set([...elements(parameters.b1), ...elements(parameters.b2)])).toEqual(new Set([0]));
  });

  interface Starts {
    cases: { n_x: number; hidden: number; he: [number, number]; xavier: [number, number] }[];
  }

  test.each(golden<Starts>("starts").cases)(
    "of ($n_x, $hidden): deviations are PyTorch's",
    ({ n_x, hidden, ...torch }) => {
      const drawn = (initialization: "normal" | "he" | "xavier") =>
        new TwoLayerNetwork({ hidden, initialization, dtype: "f64" }).initialize(n_x).parameters;
      const normal = drawn("normal");
      for (const name of ["he", "xavier"] as const) {
        for (const [i, part] of (["W1", "W2"] as const).entries()) {
          const standard = elements(normal[part]).map((w) => w / 0.01);
          const wanted = standard.map((z) => z * torch[name][i]!);
          expectWithin(
            elements(drawn(name)[part]),
            wanted,
            wanted.map((w) => 1e-14 * Math.abs(w)),
            `${name}, ${part}`,
          );
        }
      }
    },
  );

  test("normal, he and xavier are one drawing in different scales; W1 and W2 are drawn apart", () => {
    const [normal, he] = [started("normal").parameters, started("he").parameters];
    const unit = elements(normal.W1).map((w) => w / 0.01);
    const scaled = elements(he.W1).map((w) => w / Math.sqrt(2 / 40));
    expectWithin(
      scaled,
      unit,
      unit.map(() => 1e-12),
      "W1",
    );
    expect(elements(normal.W2)).not.toEqual(elements(normal.W1).slice(0, 60));
  });

  test("zeros: nothing but zeros, so that the first cost is ln 2", () => {
    expect(new Set(parametersOf(started("zeros")))).toEqual(new Set([0]));
    using model = new TwoLayerNetwork({ initialization: "zeros", epochs: 1, dtype: "f64" });
    expect(model.fit(samples(2, 9).X, samples(2, 9).Y).cost[0]).toBeCloseTo(Math.LN2, 14);
  });

  test("values of every form are taken over, rounded to the dtype, and stay the caller's", () => {
    const [W1, b1, W2, b2] = [noisy(3, 2, 1), noisy(3, 1, 2), noisy(1, 3, 3), [[0.1]]];
    const given = {
      W1: array(W1, { dtype: "f64" }),
      b1,
      W2: array(W2).T.T,
      b2: { data: Float64Array.of(0.1), shape: [1, 1] },
    };
    using model = new TwoLayerNetwork({ hidden: 3, initialization: given, dtype: "f32", epochs: 3 });
    model.initialize(2);
    expectSame(parametersOf(model), [W1, b1, W2, b2].flat(2).map(Math.fround), "start");
    model.fit(samples(2, 9).X, samples(2, 9).Y);
    expectSame(elements(given.W1), W1.flat(), "unchanged");
  });

  const fits = { W1: noisy(3, 2, 1), b1: noisy(3, 1, 2), W2: noisy(1, 3, 3), b2: [[0]] };
  test.each([
    ["W1", noisy(2, 3, 1), "(2, 3)", "(3, 2)"],
    ["b1", noisy(1, 3, 1), "(1, 3)", "(3, 1)"],
    ["W2", noisy(3, 1, 1), "(3, 1)", "(1, 3)"],
    ["b2", [0], "(1)", "(1, 1)"],
  ] as const)(
    "refuses a %s of the wrong shape when the data shows it, and learns nothing",
    (name, wrong, found, wanted) => {
      const initialization = { ...fits, [name]: wrong };
      using model = new TwoLayerNetwork({ hidden: 3, initialization });
      const message = (who: string) =>
        `TwoLayerNetwork.${who}: initialization.${name} is ${found}; expected ${wanted}.`;
      const { X, Y } = samples(2, 9);
      expectRefusal(() => model.fit(X, Y), RangeError, message("fit"));
      expectRefusal(() => model.accumulate(X, Y), RangeError, message("accumulate"));
      expectRefusal(() => model.initialize(2), RangeError, message("initialize"));
      expect(() => model.parameters).toThrow("has no parameters yet");
    },
  );
});

describe("a hidden layer learns what no line separates", () => {
  const rates: [Activation, number][] = [
    ["sigmoid", 1.2],
    ["tanh", 1.2],
    ["relu", 0.5],
    ["leakyRelu", 0.5],
  ];

  test.each(rates)(
    "%s: the flower, above 80 % where logistic regression stays below 60 %",
    (activation, learningRate) => {
      const { X, Y } = flower();
      const scaled = standardised(X);
      using model = new TwoLayerNetwork({
        hidden: 8,
        activation,
        learningRate,
        epochs: 3000,
        initialization: "he",
        dtype: "f64",
      });
      model.fit(scaled, Y);
      expect(model.score(scaled, Y)).toBeGreaterThan(0.8);
    },
  );

  test.each(rates)("%s: exclusive or, without error", (activation, learningRate) => {
    const { X, Y } = xor();
    using model = new TwoLayerNetwork({
      hidden: 8,
      activation,
      learningRate,
      epochs: 3000,
      initialization: "he",
      seed: 1,
    });
    model.fit(X, Y);
    expect(model.score(X, Y)).toBe(1);
  });

  test("identity: only what logistic regression learns, however many units (section 3.7)", () => {
    const { X, Y } = flower();
    using line = new LogisticRegression({ epochs: 3000, learningRate: 0.5, dtype: "f64" });
    using linear = new TwoLayerNetwork({
      hidden: 8,
      activation: "identity",
      epochs: 3000,
      learningRate: 0.05,
      initialization: "xavier",
      dtype: "f64",
    });
    line.fit(X, Y);
    linear.fit(X, Y);
    expect(line.score(X, Y)).toBeLessThan(0.6);
    expect(Math.abs(linear.score(X, Y) - line.score(X, Y))).toBeLessThanOrEqual(0.01);
    const want = elements(line.predictProbability(X));
    expectWithin(
      elements(linear.predictProbability(X)),
      want,
      want.map(() => 0.01),
      "probability",
    );
  });
});
