/** 3.1, 3.7, 3.9, 3.10: what the hidden layer is for, and the six equations of back-propagation. */
import { describe, expect, test } from "vitest";
import {
  checkGradients,
  crossEntropy,
  leakyRelu as leakyOf,
  add as plus,
  relu as reluOf,
  sigmoid as sigmoidOf,
  tanh as tanhOf,
  matmul as times,
  type Variable,
} from "../../src/graph.ts";
import {
  abs,
  add,
  array,
  div,
  LogisticRegression,
  leakyReluDerivative,
  matmul,
  max,
  mul,
  type NDArray,
  Random,
  reluDerivative,
  sigmoidDerivative,
  sub,
  sum,
  TwoLayerNetwork,
  tanh,
  tanhDerivative,
} from "../../src/index.ts";
import { dtypes } from "../compare.ts";

const off = (a: NDArray, b: NDArray): number => max(abs(sub(a, b)));

test("no line separates the exclusive or; two layers do", () => {
  const X = [
    [0, 0, 1, 1],
    [0, 1, 0, 1],
  ];
  const Y = [[0, 1, 1, 0]];
  const one = new LogisticRegression({ learningRate: 1, epochs: 2000, dtype: "f64" });
  one.fit(X, Y);
  expect(one.predictProbability(X).toArray()).toEqual([[0.5, 0.5, 0.5, 0.5]]);
  const two = new TwoLayerNetwork({ hidden: 3, initialization: "xavier", learningRate: 1, epochs: 2000, seed: 1 });
  expect(two.fit(X, Y).cost.at(-1)).toBeLessThan(0.01);
  expect(two.score(X, Y)).toBe(1);
});

describe.each(dtypes)("in %s", (dtype) => {
  test.each([[[5]], [[50, 20]], [[3, 1, 3]], [[8, 8, 8, 8]]])(
    "linear hidden layers of %j units are one matrix and one offset; with tanh they are not",
    (units) => {
      const random = new Random(1);
      const sizes = [3, ...units, 1];
      const layers = sizes.slice(1).map((size, i) => ({
        W: random.normal([size, sizes[i]!], { dtype }),
        b: random.normal([size, 1], { dtype }),
      }));
      const X = random.normal([3, 100], { dtype });
      const through = (g: (Z: NDArray) => NDArray) =>
        layers.reduce((A: NDArray, { W, b }, i) => {
          const Z = add(matmul(W, A), b);
          return i < layers.length - 1 ? g(Z) : Z;
        }, X);
      const one = layers.reduce(({ W, b }, next) => ({
        W: matmul(next.W, W) as typeof W,
        b: add(matmul(next.W, b), next.b) as typeof b,
      }));
      const collapsed = add(matmul(one.W, X), one.b);
      const scale = max(abs(collapsed));
      expect(one.W.shape).toEqual([1, 3]);
      expect(
        off(
          through((Z) => Z),
          collapsed,
        ),
      ).toBeLessThan(scale * (dtype === "f32" ? 1e-5 : 1e-14));
      expect(off(through(tanh), collapsed)).toBeGreaterThan(scale / 100);
    },
  );
});

const activations = [
  ["sigmoid", sigmoidDerivative, sigmoidOf],
  ["tanh", tanhDerivative, tanhOf],
  ["relu", reluDerivative, reluOf],
  ["leakyRelu", leakyReluDerivative, leakyOf],
] as const;

describe.each(activations)("with %s", (activation, derivative, g) => {
  const m = 50;
  const random = new Random(2);
  const f64 = { dtype: "f64" } as const;
  const X = random.normal([3, m], f64);
  const Y = array([Array.from({ length: m }, (_, i) => (X.item(0, i) * X.item(1, i) > 0 ? 1 : 0))], f64);
  const start = {
    W1: random.normal([4, 3], f64),
    b1: random.normal([4, 1], f64),
    W2: random.normal([1, 4], f64),
    b2: random.normal([1, 1], f64),
  };
  const network = new TwoLayerNetwork({ hidden: 4, activation, initialization: start, ...f64 }).initialize(3);

  test("the six equations, one line each, give the model's gradient", () => {
    const { Z1, A1, A2 } = network.forward(X);
    const along = { axis: 1, keepDims: true } as const;
    const dZ2 = sub(A2, Y);
    const dW2 = div(matmul(dZ2, A1.T), m);
    const db2 = div(sum(dZ2, along), m);
    const dZ1 = mul(matmul(start.W2.T, dZ2), derivative(Z1));
    const dW1 = div(matmul(dZ1, X.T), m);
    const db1 = div(sum(dZ1, along), m);
    const model = network.gradient(X, Y);
    expect(off(dW1, model.dW1)).toBeLessThan(1e-15);
    expect(off(db1, model.db1)).toBeLessThan(1e-15);
    expect(off(dW2, model.dW2)).toBeLessThan(1e-15);
    expect(off(db2, model.db2)).toBeLessThan(1e-15);
  });

  test("the model's gradient is what central differences measure, for every parameter", () => {
    const model = network.gradient(X, Y);
    const cost = (parameters: typeof start) => {
      const moved = new TwoLayerNetwork({ hidden: 4, activation, initialization: parameters, ...f64 }).initialize(
        3,
      );
      return moved.gradient(X, Y).cost;
    };
    for (const name of ["W1", "b1", "W2", "b2"] as const) {
      for (let i = 0; i < start[name].size; i++) {
        const nudged = (h: number) => {
          const copy = start[name].copy();
          copy.data[i]! += h;
          return cost({ ...start, [name]: copy });
        };
        const numeric = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
        expect(Math.abs(model[`d${name}`].data[i]! - numeric), `d${name} ${i}`).toBeLessThan(1e-8);
      }
    }
  });

  test("so does the graph, whose gradients need no equation", () => {
    const J = (...[W1, b1, W2, b2]: Variable[]) =>
      crossEntropy(plus(times(W2!, g(plus(times(W1!, X), b1!))), b2!), Y);
    expect(checkGradients(J, Object.values(start)).error).toBeLessThan(1e-7);
  });
});
