/** 2.18: the cost is the negative log-likelihood of the labels, divided by their number. */
import { describe, expect, test } from "vitest";
import { array, LogisticRegression, logLoss, Random } from "../../src/index.ts";
import { dtypes } from "../compare.ts";

describe.each(dtypes)("in %s", (dtype) => {
  const random = new Random(5);
  const X = random.normal([2, 30], { dtype });
  const Y = array([Array.from(random.uniform(30).data, (u) => (u < 0.5 ? 1 : 0))], { dtype });
  const digits = dtype === "f32" ? 5 : 13;

  test("e^−mJ is the product of ŷ where y is 1 and of 1 − ŷ where it is 0", () => {
    const start = { w: [[0.7], [-0.4]], b: 0.1 };
    const model = new LogisticRegression({ initialization: start, dtype }).initialize(2);
    const yHat = (model.predictProbability(X).toArray() as number[][])[0]!;
    const likelihood = yHat.reduce((product, p, i) => product * (Y.item(0, i) === 1 ? p : 1 - p), 1);
    const { cost } = model.gradient(X, Y);
    expect(-Math.log(likelihood) / 30).toBeCloseTo(cost, digits);
    expect(logLoss(Y, model.predictProbability(X))).toBeCloseTo(cost, digits);
  });

  test("the parameters of smallest cost are more likely than any near them", () => {
    const trained = new LogisticRegression({ learningRate: 1, epochs: 3000, dtype });
    trained.fit(X, Y);
    const { w, b } = trained;
    const likelihood = (dw1: number, dw2: number, db: number) => {
      const start = { w: [[w.item(0, 0) + dw1], [w.item(1, 0) + dw2]], b: b + db };
      const yHat = new LogisticRegression({ initialization: start, dtype: "f64" })
        .initialize(2)
        .predictProbability(X.astype("f64"));
      return (yHat.toArray() as number[][])[0]!.reduce(
        (sum, p, i) => sum + Math.log(Y.item(0, i) === 1 ? p : 1 - p),
        0,
      );
    };
    const best = likelihood(0, 0, 0);
    for (const [a, b, c] of [
      [0.1, 0, 0],
      [-0.1, 0, 0],
      [0, 0.1, 0],
      [0, -0.1, 0],
      [0, 0, 0.1],
      [0, 0, -0.1],
    ] as const)
      expect(likelihood(a, b, c)).toBeLessThan(best - 1e-3);
  });
});
