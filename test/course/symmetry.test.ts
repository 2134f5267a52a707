/** 3.11: equal units stay equal for ever, small random weights tell them apart, large ones saturate. */
import { describe, expect, test } from "vitest";
import {
  abs,
  greater,
  max,
  mean,
  mul,
  type NDArray,
  Random,
  sub,
  TwoLayerNetwork,
  tanhDerivative,
} from "../../src/index.ts";
import { dtypes } from "../compare.ts";

const X = new Random(7).normal([2, 400]);
const Y = greater(mul(X.rows(0, 1), X.rows(1, 2)), 0);

/** The largest difference between a hidden unit and the first: its weights, its offset, its weight in the output. */
function spread(network: TwoLayerNetwork): number {
  const { W1, b1, W2 } = network.parameters;
  const from = (a: NDArray, first: NDArray) => max(abs(sub(a, first)));
  return Math.max(from(W1, W1.rows(0, 1)), from(b1, b1.rows(0, 1)), from(W2, W2.columns(0, 1)));
}

const filled = (hidden: number, w: number, v: number) => ({
  W1: Array.from({ length: hidden }, () => [w, -w]),
  b1: Array.from({ length: hidden }, () => [0.1]),
  W2: [Array.from({ length: hidden }, () => v)],
  b2: [[0.2]],
});

describe.each(["sigmoid", "tanh", "relu", "leakyRelu"] as const)("with %s", (activation) => {
  test.each([2, 3, 4, 7])("%d units that start from zeros are one unit after 300 epochs", (hidden) => {
    for (const dtype of dtypes) {
      const options = { hidden, activation, learningRate: 1, epochs: 300, dtype, initialization: "zeros" } as const;
      const network = new TwoLayerNetwork(options);
      network.fit(X.astype(dtype), Y.astype(dtype));
      expect(spread(network)).toBe(0);
    }
  });

  test.each([2, 3, 4, 7])("%d units that start equal, but not at zero, move and stay equal", (hidden) => {
    for (const dtype of dtypes) {
      const initialization = filled(hidden, 0.5, 0.3);
      const network = new TwoLayerNetwork({
        hidden,
        activation,
        learningRate: 0.5,
        epochs: 300,
        dtype,
        initialization,
      });
      network.fit(X.astype(dtype), Y.astype(dtype));
      expect(Math.abs(network.parameters.W2.item(0, 0) - 0.3)).toBeGreaterThan(0.01);
      expect(spread(network)).toBe(0);
    }
  });
});

const options = { hidden: 4, activation: "tanh", learningRate: 1, epochs: 2000, seed: 1 } as const;

test("randn · 0.01 breaks the symmetry, and learns what zeros cannot", () => {
  const [zeros, normal] = (["zeros", "normal"] as const).map((initialization) => {
    const network = new TwoLayerNetwork({ ...options, initialization });
    return { network, cost: network.fit(X, Y).cost.at(-1)! };
  }) as [{ cost: number; network: TwoLayerNetwork }, { cost: number; network: TwoLayerNetwork }];
  expect(zeros.cost).toBeGreaterThan(0.69);
  expect(normal.cost).toBeLessThan(0.2);
  expect(spread(normal.network)).toBeGreaterThan(1);
});

test("the same random numbers times 10: saturated units, and slow learning", () => {
  const start = (std: number) => {
    const random = new Random(1);
    const zeros = { b1: [[0], [0], [0], [0]], b2: [[0]] };
    return { W1: random.normal([4, 2], { std }), W2: random.normal([1, 4], { std }), ...zeros };
  };
  const fresh = (std: number) => new TwoLayerNetwork({ ...options, initialization: start(std) });
  const slope = (std: number) => mean(tanhDerivative(fresh(std).initialize(2).forward(X).Z1));
  expect(slope(0.01)).toBeGreaterThan(0.999);
  expect(slope(10)).toBeLessThan(0.1);
  // Times 0.01 they are the default start.
  const normal = new TwoLayerNetwork({ ...options, initialization: "normal" }).initialize(2);
  expect(fresh(0.01).initialize(2).parameters.W1.toArray()).toEqual(normal.parameters.W1.toArray());
  expect(fresh(10).fit(X, Y).cost.at(-1)).toBeGreaterThan(2 * fresh(0.01).fit(X, Y).cost.at(-1)!);
});
