/** Models trained through the graph are the models that the trainers train. */
import { describe, expect, test } from "vitest";
import {
  add,
  crossEntropy,
  leakyRelu,
  matmul,
  mul,
  relu,
  sigmoid,
  square,
  sum,
  tanh,
  type Variable,
  variable,
} from "../../src/graph.ts";
import { array, LogisticRegression, Random, scope, TwoLayerNetwork } from "../../src/index.ts";
import { breastCancer, flower } from "../fixtures.ts";
import { builds, useBuild } from "../model-state.ts";
import { flat } from "./cases.ts";

const f64 = { dtype: "f64" } as const;
const EPOCHS = 100;

/** Gradient descent through the graph, in constant memory; the costs before each step. */
function descend(parameters: Variable[], learningRate: number, cost: () => Variable): number[] {
  return Array.from({ length: EPOCHS }, () =>
    scope(() => {
      const J = cost();
      J.backward();
      for (const parameter of parameters) parameter.descend(learningRate);
      return J.item();
    }),
  );
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((x, i) => {
    expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-12);
  });
}

describe.each(builds)("in the %s build, after 100 iterations to 1e-12,", (build) => {
  test.each([0, 5])("logistic regression on the breast-cancer data, l2 %d", (l2) => {
    useBuild(build);
    const data = breastCancer();
    const [X, Y] = [array(data.X, f64), array(data.Y, f64)];
    const m = X.shape[1]!;
    const w = variable(array(new Float64Array(30), { shape: [30, 1] }));
    const b = variable(0, f64);
    const costs = descend([w, b], 0.5, () =>
      add(crossEntropy(add(matmul(w.T, X), b), Y), mul(l2 / (2 * m), sum(square(w)))),
    );
    using model = new LogisticRegression({ learningRate: 0.5, epochs: EPOCHS, l2, ...f64 });
    const { cost } = model.fit(X, Y);
    expectClose([...flat(w.value), b.item()], [...flat(model.w), model.b]);
    expectClose(costs, cost.slice(0, -1));
    expect(Math.max(...flat(w.value).map(Math.abs))).toBeGreaterThan(0.1);
  });

  test.each(Object.entries({ tanh, sigmoid, relu, leakyRelu }))(
    "a network with a hidden layer of %s on the planar flower",
    (activation, g) => {
      useBuild(build);
      const data = flower();
      const [X, Y] = [array(data.X, f64), array(data.Y, f64)];
      const random = new Random(4);
      const start = {
        W1: random.normal([4, 2], f64),
        b1: random.normal([4, 1], f64),
        W2: random.normal([1, 4], f64),
        b2: random.normal([1, 1], f64),
      };
      const [W1, b1, W2, b2] = Object.values(start).map((value) => variable(value.copy()));
      const costs = descend([W1!, b1!, W2!, b2!], 0.3, () => {
        const A1 = g(add(matmul(W1!, X), b1!));
        return crossEntropy(add(matmul(W2!, A1), b2!), Y);
      });
      using model = new TwoLayerNetwork({
        activation: activation as "tanh",
        initialization: start,
        hidden: 4,
        learningRate: 0.3,
        epochs: EPOCHS,
        ...f64,
      });
      const { cost } = model.fit(X, Y);
      const trained = [model.parameters.W1, model.parameters.b1, model.parameters.W2, model.parameters.b2];
      expectClose(
        [W1!, b1!, W2!, b2!].flatMap(({ value }) => flat(value)),
        trained.flatMap(flat),
      );
      expectClose(costs, cost.slice(0, -1));
      expect(costs.at(-1)).toBeLessThan(costs[0]! - 0.02);
    },
  );
});
