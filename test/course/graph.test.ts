/** 2.7 to 2.9: the course's graphs forwards and backwards, against closed forms. */
import { expect, test } from "vitest";
import { add, log, mul, neg, sigmoid, sub, variable } from "../../src/graph.ts";
import { LogisticRegression } from "../../src/index.ts";

test.each([
  [5, 3, 2],
  [-1, 0, 4],
  [0.5, -2, -3],
])("J = 3(a + bc) at (%d, %d, %d): every value, and every derivative", (a0, b0, c0) => {
  const [a, b, c] = [variable(a0), variable(b0), variable(c0)];
  const u = mul(b, c);
  const v = add(a, u);
  const J = mul(3, v);
  J.backward();
  expect([u, v, J].map((node) => node.item())).toEqual([b0 * c0, a0 + b0 * c0, 3 * (a0 + b0 * c0)]);
  expect([J, v, u, a, b, c].map((node) => node.grad!.item())).toEqual([1, 3, 3, 3, 3 * c0, 3 * b0]);
});

test.each([0, 1])(
  "one sample with y = %d: da, dz, dw1, dw2 and db are the closed forms, in graph and model",
  (y) => {
    const [x1, x2] = [1.5, -0.7];
    const f64 = { dtype: "f64" } as const;
    const [w1, w2, b] = [variable(0.4, f64), variable(-0.9, f64), variable(0.3, f64)];
    const z = add(add(mul(w1, x1), mul(w2, x2)), b);
    const a = sigmoid(z);
    neg(add(mul(y, log(a)), mul(1 - y, log(sub(1, a))))).backward();

    const A = 1 / (1 + Math.exp(-(0.4 * x1 - 0.9 * x2 + 0.3)));
    const closed = [-y / A + (1 - y) / (1 - A), A - y, x1 * (A - y), x2 * (A - y), A - y];
    [a, z, w1, w2, b].forEach((node, i) => void expect(node.grad!.item()).toBeCloseTo(closed[i]!, 14));

    const start = { w: [[0.4], [-0.9]], b: 0.3 };
    const model = new LogisticRegression({ initialization: start, ...f64 }).initialize(2);
    const { dw, db } = model.gradient([[x1], [x2]], [[y]]);
    [dw.item(0, 0), dw.item(1, 0), db].forEach((slope, i) => void expect(slope).toBeCloseTo(closed[i + 2]!, 14));
  },
);
