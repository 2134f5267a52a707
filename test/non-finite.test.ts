/** Numbers that are not finite: in the data, where they are; in the training, when they appeared. */
import { describe, expect, test } from "vitest";
import { type ArrayInput, array, LogisticRegression } from "../src/index.ts";
import { expectSame } from "./compare.ts";
import { inOrder, samples } from "./fixtures.ts";
import { expectRefusal, expectUntouched, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 5);

describe.each(models)("data that are not finite, $name", ({ name, make }) => {
  const badNumbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const places = [
    [0, 0],
    [0, 99],
    [3, 50],
    [6, 0],
    [6, 99],
  ] as const;
  test.each(badNumbers.flatMap((bad) => places.map(([i, j]) => [bad, i, j] as const)))(
    "says where: %d at [%i, %i], in both memory orders, in a part of the columns, in plain numbers",
    (bad, i, j) => {
      const wide = samples(7, 100);
      wide.X[i]![j] = bad;
      const message = (column: number) =>
        `X[${i}, ${column}] is ${bad}; expected finite numbers. Remove that sample, or put a value in its place.`;
      const model = make({ epochs: 1 });
      const refused = (x: ArrayInput, y: ArrayInput, column: number) =>
        expectRefusal(() => model.fit(x, y), RangeError, `${name}.fit: ${message(column)}`);
      for (const dtype of ["f32", "f64"] as const) {
        const labels = array(wide.Y, { dtype });
        for (const order of ["rows", "columns"] as const) {
          const given = inOrder(wide.X, order, dtype);
          refused(given, labels, j);
          const start = j === 0 ? 0 : j - 20;
          refused(given.columns(start, j + 1), labels.columns(start, j + 1), j - start);
        }
      }
      refused(wide.X, wide.Y, j);
      model.initialize(7);
      for (const verb of ["predict", "predictProbability", "forward"] as const) {
        expectUntouched(model, () => model[verb](wide.X), RangeError, `${name}.${verb}: ${message(j)}`);
      }
      model.free();
    },
  );

  test("names the first of two numbers that are not finite, row by row", () => {
    const bad = X.map((row, k) => row.map((x, j) => (k > 0 && j > 2 ? Number.NaN : x)));
    for (const order of ["rows", "columns"] as const) {
      expect(() => make().fit(inOrder(bad, order, "f32"), Y)).toThrow("X[1, 3] is NaN");
    }
  });

  test("a double that is infinite as f32 is refused as what it would become", () => {
    const message =
      "X[0, 1] is Infinity; expected finite numbers. Remove that sample, or put a value in its place.";
    expectRefusal(() => make().fit([[1, 1e39]], [[0, 1]]), RangeError, `${name}.fit: ${message}`);
  });
});

const REMEDY = "or standardise X with StandardScaler.";

describe.each(models)("a training that diverges, $name", ({ name, make }) => {
  // Far too strong a penalty: weights grow by -1e60 an epoch, from 0 or from 0.01, until their square is infinite.
  const options = { learningRate: 1, l2: 5e60, epochs: 10, dtype: "f64" } as const;
  const epoch = name === "TwoLayerNetwork" ? 3 : 4;
  const refused = `${name}.fit: the cost is Infinity after epoch ${epoch} with learningRate 1; expected a finite cost. Try learningRate 0.1, ${REMEDY}`;

  test.each([{}, { batchSize: 5 }, { batchSize: 5, shuffle: false }])(
    "says after which epoch, at which rate and what to do, and keeps the old model, with %j",
    (batches) => {
      const model = make({ ...options, ...batches });
      expectRefusal(() => model.fit(X, Y), RangeError, refused);
      expect(() => model.parameters).toThrow("has no parameters yet");
      model.initialize(3);
      model.accumulate(X, Y);
      expectUntouched(model, () => model.fit(X, Y), RangeError, refused);
      expect(model.sums.samples).toBe(5);
      model.free();
    },
  );

  test("keeps also what a warm start went on from", () => {
    const model = make({ ...options, warmStart: true, onEpoch: () => false });
    model.fit(X, Y);
    const before = parametersOf(model);
    const goesOn = () => model.fit(X, Y, { onEpoch: () => true });
    expect(goesOn).toThrow(`${name}.fit: the cost is Infinity after epoch ${epoch - 1} with learningRate 1`);
    expectSame(parametersOf(model), before, "parameters");
    model.free();
  });

  test("refuses a step from a cost that is not finite, keeping parameters and sums", () => {
    const model = make(options);
    for (let i = 0; i < epoch; i++) {
      model.accumulate(X, Y);
      model.step();
    }
    model.accumulate(X, Y);
    const message = `${name}.step: the cost is Infinity before this step with learningRate 1; expected a finite cost. Try learningRate 0.1, ${REMEDY}`;
    expectUntouched(model, () => model.step(), RangeError, message);
    expect(model.sums.samples).toBe(5);
    model.free();
  });
});

test("mini-batches whose last step leaves a parameter infinite are refused, though no cost saw it", () => {
  using model = new LogisticRegression({ learningRate: 0.7e10, epochs: 1, batchSize: 2, dtype: "f32" });
  const message = `LogisticRegression.fit: a parameter is Infinity after epoch 1 with learningRate 7000000000; expected finite parameters. Try learningRate 700000000, ${REMEDY}`;
  expectRefusal(() => model.fit([[1e30, -1e30]], [[1, 0]]), RangeError, message);
});
