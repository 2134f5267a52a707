/** Computation graphs, as fourlane itself draws them. */

import {
  add,
  crossEntropy,
  log,
  matmul,
  mul,
  neg,
  sigmoid,
  sub,
  tanh,
  type Variable,
  variable,
} from "../../../src/graph.ts";
import { scope } from "../../../src/index.ts";

function expression(): Variable {
  const a = variable(5, { name: "a" });
  const b = variable(3, { name: "b" });
  const c = variable(2, { name: "c" });
  const u = mul(b, c).named("u");
  const v = add(a, u).named("v");
  return mul(3, v).named("J");
}

/** The text of a graph's picture, with gradients if it was walked backwards. */
function drawn(make: () => Variable, backward = true): string {
  return scope(() => {
    const J = make();
    if (backward) J.backward();
    return J.toSVG();
  });
}

/** 2.7: J = 3(a + bc). */
export const forwardFigure = (): string => drawn(expression, false);

/** 2.8: the same after its backward pass. */
export const backwardFigure = (): string => drawn(expression);

/** 2.9: the loss of one sample with two features. */
export const oneSampleFigure = (): string =>
  drawn(() => {
    const [x1, x2, y] = [1, -2, 1];
    const w1 = variable(0.5, { dtype: "f64", name: "w1" });
    const w2 = variable(0.25, { dtype: "f64", name: "w2" });
    const b = variable(-0.5, { dtype: "f64", name: "b" });
    const z = add(add(mul(w1, x1), mul(w2, x2)), b).named("z");
    const a = sigmoid(z).named("a");
    return neg(add(mul(y, log(a)), mul(1 - y, log(sub(1, a))))).named("L");
  });

/** 3.10: the loss of a network. */
export const networkFigure = (): string =>
  drawn(() => {
    const f64 = { dtype: "f64" } as const;
    const x = [[1], [-2]];
    const W1 = variable(
      [
        [0.5, 0.25],
        [-0.75, 1],
      ],
      { ...f64, name: "W1" },
    );
    const b1 = variable([[0.1], [-0.1]], { ...f64, name: "b1" });
    const W2 = variable([[1.5, -0.5]], { ...f64, name: "W2" });
    const b2 = variable([[0.2]], { ...f64, name: "b2" });
    const z1 = add(matmul(W1, x), b1).named("z1");
    const a1 = tanh(z1).named("a1");
    const z2 = add(matmul(W2, a1), b2).named("z2");
    return crossEntropy(z2, [[1]]).named("L");
  });
