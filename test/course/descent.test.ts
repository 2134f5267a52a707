/** 2.4: descent arrives from everywhere if the steps are short enough, and never if they are too long. */
import { expect, test } from "vitest";
import { array, LogisticRegression } from "../../src/index.ts";

const X = array([[-3, -2, -1, 0.5, 2, 3]], { dtype: "f64" });
const Y = array([[0, 0, 1, 0, 1, 1]], { dtype: "f64" });

function fitted(w: number, b: number, learningRate: number, epochs: number) {
  const initialization = { w: [[w]], b };
  const model = new LogisticRegression({ initialization, learningRate, epochs, dtype: "f64" });
  return { model, history: model.fit(X, Y) };
}

test("from any start it arrives where the slopes are 0", () => {
  const ends = [
    [0, 0],
    [-1, 2],
    [3, -2],
    [-20, 40],
  ].map(([w, b]) => {
    const { model } = fitted(w!, b!, 0.5, 20_000);
    const { dw, db } = model.gradient(X, Y);
    expect(Math.max(Math.abs(dw.item()), Math.abs(db))).toBeLessThan(1e-12);
    return [model.w.item(), model.b];
  });
  for (const [w, b] of ends) {
    expect(w).toBeCloseTo(ends[0]![0]!, 10);
    expect(b).toBeCloseTo(ends[0]![1]!, 10);
  }
});

test("steps below 2/L never lead up, L being the largest curvature, that of XXᵀ/4m", () => {
  // With a row of ones for b: the larger eigenvalue of a 2 by 2 matrix.
  const [xx, x1] = [9 + 4 + 1 + 0.25 + 4 + 9, -3 - 2 - 1 + 0.5 + 2 + 3].map((sum) => sum / (4 * 6)) as [
    number,
    number,
  ];
  const L = (xx + 0.25) / 2 + Math.hypot((xx - 0.25) / 2, x1);
  const { cost } = fitted(-5, 5, 1.99 / L, 500).history;
  expect(cost.every((J, epoch) => epoch === 0 || J <= cost[epoch - 1]! + 1e-15)).toBe(true);
  expect(cost.at(-1)).toBeLessThan(cost[0]! / 5);
});

test("with steps that are too long it never settles", () => {
  const { cost } = fitted(-1, 0, 12, 1000).history;
  const last = cost.slice(-100);
  expect(Math.max(...last) - Math.min(...last)).toBeGreaterThan(0.5);
});
