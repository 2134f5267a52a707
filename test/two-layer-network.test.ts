import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Activation, array, TwoLayerNetwork } from "../src/index.ts";
import { expectSame, expectWithin } from "./compare.ts";
import { inOrder, noisy, orders, type Rows, samples } from "./fixtures.ts";
import { builds, elements, held, parametersOf, useBuild } from "./model-state.ts";
import { hidden, type Network, network } from "./twin.ts";

const activations = Object.keys(hidden) as Activation[];

/** A model that stands at these parameters. */
function modelAt(start: Network, activation: Activation, l2 = 0): TwoLayerNetwork {
  const options = { hidden: start.b1.length, activation, initialization: start, l2, dtype: "f64" } as const;
  return new TwoLayerNetwork(options).initialize(start.W1[0]!.length);
}

/** Parameters without symmetries. */
function someNetwork(n_x: number, n_1: number, seed = 5): Network {
  return { W1: noisy(n_1, n_x, seed), b1: noisy(n_1, 1, seed + 1), W2: noisy(1, n_1, seed + 2), b2: [[0.1]] };
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

describe.each(builds)("TwoLayerNetwork against its slow twin on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  const sizes = [
    [1, 1, 1, 0],
    [2, 4, 17, 0],
    [3, 5, 40, 0.5],
    [30, 9, 129, 2],
  ] as const;

  test.each(activations.flatMap((activation) => sizes.map((size) => [activation, ...size] as const)))(
    "%s: forward and gradient of %i features, %i units, %i samples, l2 %d are the course's, X in either order",
    (activation, n_x, n_1, m, l2) => {
      const { X, Y } = samples(n_x, m);
      const parameters = someNetwork(n_x, n_1);
      const model = modelAt(parameters, activation, l2);
      const forward = network.forward(parameters, activation, X);
      const gradient = network.gradient(parameters, activation, X, Y, l2);
      for (const order of orders) {
        const given = inOrder(X, order, "f64");
        const found = model.forward(given);
        const { cost, ...slopes } = model.gradient(given, array(Y, { dtype: "f64" }));
        for (const name of ["Z1", "A1", "Z2", "A2"] as const) {
          expect(found[name].shape).toEqual([name.endsWith("1") ? n_1 : 1, m]);
          closeTo(elements(found[name]), forward[name], name);
        }
        for (const name of ["W1", "b1", "W2", "b2"] as const) {
          expect(slopes[`d${name}`].shape).toEqual(model.parameters[name].shape);
          closeTo(elements(slopes[`d${name}`]), gradient[`d${name}`], `d${name}`);
        }
        closeTo([cost], [[network.cost(parameters, activation, X, Y, l2)]], "J");
      }
      model.free();
    },
  );

  test("50,000 samples of 3 features, 16 chunks: gradient and cost are the course's", () => {
    const { X, Y } = samples(3, 50_000);
    const parameters = someNetwork(3, 4);
    const model = modelAt(parameters, "tanh", 10);
    const { dW1, db1, dW2, db2, cost } = model.gradient(array(X, { dtype: "f64" }), Y);
    const want = network.gradient(parameters, "tanh", X, Y, 10);
    closeTo([dW1, db1, dW2, db2].flatMap(elements), [want.dW1, want.db1, want.dW2, want.db2].flat(), "gradient");
    closeTo([cost], [[network.cost(parameters, "tanh", X, Y, 10)]], "J");
    model.free();
  });

  test.each(activations)(
    "%s: the gradient is the slope of the cost, by central differences, with l2",
    (activation) => {
      const names = ["W1", "b1", "W2", "b2"] as const;
      const h = 1e-5;
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 12 }),
          fc.nat(1000),
          (n_x, m, seed) => {
            const { X, Y } = samples(n_x, m, seed);
            const at = someNetwork(n_x, 3, seed);
            // A kink within reach of the difference has no slope to compare with.
            const kinked = activation === "relu" || activation === "leakyRelu";
            fc.pre(
              !kinked ||
                network
                  .forward(at, activation, X)
                  .Z1.flat()
                  .every((z) => Math.abs(z) > 1e-3),
            );
            const costAt = (name: keyof Network, i: number, j: number, by: number): number => {
              const moved = at[name].map((row, r) => row.map((p, c) => (r === i && c === j ? p + by : p)));
              using model = modelAt({ ...at, [name]: moved }, activation, 1.5);
              return model.gradient(X, Y).cost;
            };
            using model = modelAt(at, activation, 1.5);
            const slopes = model.gradient(X, Y);
            for (const name of names) {
              at[name].forEach((row, i) => {
                row.forEach((_, j) => {
                  const slope = (costAt(name, i, j, h) - costAt(name, i, j, -h)) / (2 * h);
                  expect(Math.abs(slope - slopes[`d${name}`].item(i, j))).toBeLessThan(1e-8);
                });
              });
            }
          },
        ),
        { numRuns: 6 },
      );
    },
  );
});

describe("TwoLayerNetwork predicts", () => {
  const start = someNetwork(2, 3);
  let model: TwoLayerNetwork;
  beforeAll(() => {
    model = modelAt(start, "tanh");
  });
  const X = noisy(2, 50, 9, 3);
  const { A2, Z2 } = network.forward(start, "tanh", X);

  test("A2, and 1 exactly where it is above one half", () => {
    closeTo(elements(model.predictProbability(X).assertShape(1, 50)), A2, "probability");
    expectSame(
      elements(model.predict(X).assertShape(1, 50)),
      Z2[0]!.map((z) => (z > 0 ? 1 : 0)),
      "labels",
    );
  });

  test("0 where both labels are equally likely", () => {
    using zero = new TwoLayerNetwork({ initialization: "zeros" }).initialize(2);
    expectSame(elements(zero.predict(X)), Array(50).fill(0), "labels");
    expectSame(elements(zero.predictProbability(X)), Array(50).fill(0.5), "probability");
  });

  test("the share of right labels as its score", () => {
    const labels = Z2[0]!.map((z, j) => (z > 0 !== j < 10 ? 1 : 0));
    expect(model.score(X, [labels])).toBe(0.8);
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

  test.each(activations)(
    "%s: in arrays of the model's dtype that are the caller's to free, one by one",
    (activation) => {
      using model = modelAt(start, activation);
      const before = held();
      const { cost, ...slopes } = model.gradient(X, [Z2[0]!.map((z) => (z > 0 ? 1 : 0))]);
      expect(cost).toBeGreaterThan(0);
      const results = [model.predict(X), model.predictProbability(X)];
      results.push(...Object.values(model.forward(X)), ...Object.values(slopes));
      expect(results.map((result) => result.dtype)).toEqual(Array(10).fill("f64"));
      for (const result of results) result.free();
      expect(held()).toEqual(before);
    },
  );

  test("with `parameters` of the course's shapes: views of what was learned", () => {
    const { W1, b1, W2, b2 } = model.parameters;
    expect([W1.shape, b1.shape, W2.shape, b2.shape]).toEqual([
      [3, 2],
      [3, 1],
      [1, 3],
      [1, 1],
    ]);
    expectSame(parametersOf(model), [start.W1, start.b1, start.W2, start.b2].flat(2), "parameters");
  });
});
