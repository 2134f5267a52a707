/** 2.10 to 2.14, 3.3 to 3.5: loops over samples, units and features say what the vectorised lines say. */
import { describe, expect, test } from "vitest";
import { array, dot, LogisticRegression, matmul, type NDArray, Random, TwoLayerNetwork } from "../../src/index.ts";
import { dtypes } from "../compare.ts";

type Rows = number[][];

const rows = (a: NDArray): Rows => a.toArray() as Rows;
const flat = (a: NDArray): number[] => (a.toArray() as number[][]).flat();
const sigma = (z: number): number => 1 / (1 + Math.exp(-z));

function expectClose(found: number[], expected: number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => void expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance));
}

const sizes: [n_x: number, m: number][] = [
  [1, 1],
  [2, 3],
  [5, 100],
  [17, 257],
];

describe.each(dtypes)("in %s", (dtype) => {
  const tolerance = dtype === "f32" ? 1e-5 : 1e-13;

  test.each(sizes)("%d features, %d samples: J, dw, db and ŷ by loops and by the model", (n_x, m) => {
    const random = new Random(n_x);
    const X = random.normal([n_x, m], { dtype });
    const w = random.normal([n_x, 1], { dtype });
    const Y = array([Array.from(random.uniform(m).data, (u) => (u < 0.4 ? 1 : 0))], { dtype });
    const [x, y, weights] = [rows(X), rows(Y)[0]!, flat(w)];

    let [J, db] = [0, 0];
    const answers: number[] = [];
    const dw = weights.map(() => 0);
    for (let j = 0; j < m; j++) {
      let z = 0.5;
      for (let i = 0; i < n_x; i++) z += weights[i]! * x[i]![j]!;
      const a = sigma(z);
      answers.push(a);
      // −log ŷ or −log(1 − ŷ), without the digits that 1 − ŷ loses.
      J += Math.log1p(Math.exp(y[j] === 1 ? -z : z));
      for (let i = 0; i < n_x; i++) dw[i]! += x[i]![j]! * (a - y[j]!);
      db += a - y[j]!;
    }
    const model = new LogisticRegression({ initialization: { w, b: 0.5 }, dtype }).initialize(n_x);
    const found = model.gradient(X, Y);
    expectClose(
      [found.cost, ...flat(found.dw), found.db],
      [J, ...dw, db].map((sum) => sum / m),
      tolerance,
    );
    expectClose(flat(model.forward(X).A), answers, tolerance);
    expectClose(flat(model.predictProbability(X)), answers, tolerance);
  });

  test("the dot product of a million numbers by a loop and by dot", () => {
    const random = new Random(1);
    const [a, b] = [random.uniform(1_000_000, { dtype }), random.uniform(1_000_000, { dtype })];
    let sum = 0;
    const [p, q] = [a.toArray() as number[], b.toArray() as number[]];
    for (let i = 0; i < p.length; i++) sum += p[i]! * q[i]!;
    expect(Math.abs(dot(a, b) / sum - 1)).toBeLessThan(dtype === "f32" ? 1e-6 : 1e-12);
  });

  test.each(sizes)("%d features, %d samples: a network by single units and by matrices", (n_x, m) => {
    const random = new Random(m);
    const X = random.normal([n_x, m], { dtype });
    const start = {
      W1: random.normal([4, n_x], { dtype }),
      b1: random.normal([4, 1], { dtype }),
      W2: random.normal([1, 4], { dtype }),
      b2: random.normal([1, 1], { dtype }),
    };
    const [x, W1, b1, W2] = [rows(X), rows(start.W1), flat(start.b1), flat(start.W2)];
    const answers: number[] = [];
    for (let i = 0; i < m; i++) {
      let z2 = start.b2.item();
      for (let k = 0; k < 4; k++) {
        let z1 = b1[k]!;
        for (let j = 0; j < n_x; j++) z1 += W1[k]![j]! * x[j]![i]!;
        z2 += W2[k]! * sigma(z1);
      }
      answers.push(sigma(z2));
    }
    const network = new TwoLayerNetwork({ hidden: 4, activation: "sigmoid", initialization: start, dtype });
    expectClose(flat(network.initialize(n_x).forward(X).A2), answers, tolerance);
  });

  test("each column of a product is the product with that column", () => {
    const random = new Random(3);
    const [W, X] = [random.normal([5, 7], { dtype }), random.normal([7, 11], { dtype })];
    const whole = matmul(W, X);
    for (let i = 0; i < 11; i++) {
      expectClose(flat(matmul(W, X.columns(i, i + 1))), flat(whole.columns(i, i + 1)), tolerance);
    }
  });
});
