/** What the metrics take, and what they refuse. */
import { describe, expect, test } from "vitest";
import {
  type ArrayInput,
  accuracy,
  array,
  confusionMatrix,
  f1,
  logLoss,
  precision,
  recall,
  rocAuc,
} from "../src/index.ts";
import { expectRefusal, held, type Kind } from "./model-state.ts";

describe("arguments", () => {
  const forms: [form: string, make: (values: number[]) => ArrayInput][] = [
    ["plain", (values) => values],
    ["row", (values) => [values]],
    ["Uint8Array", (values) => Uint8Array.from(values)],
    ["{ data, shape }", (values) => ({ data: Float32Array.from(values), shape: [1, values.length] })],
    ["NDArray f32", (values) => array([values])],
    [
      "column of an NDArray f64",
      (values) =>
        array(
          values.map((v) => [v, 7]),
          { dtype: "f64" },
        ).columns(0, 1),
    ],
  ];

  test.each(forms)("may be %s; nothing is kept, nothing of the caller's freed", (_, make) => {
    const [y, p] = [make([0, 1, 1, 0]), make([0, 1, 0, 0])];
    const before = held();
    for (const [metric, value] of [
      [accuracy, 0.75],
      [precision, 1],
      [recall, 0.5],
      [f1, 2 / 3],
      [rocAuc, 0.75],
    ] as const) {
      expect(metric(y, p)).toBe(value);
    }
    expect(logLoss(y, p)).toBeCloseTo((52 * Math.LN2) / 4, 12);
    expect(held()).toEqual(before);
  });

  test("may be of many classes for accuracy", () => {
    expect(accuracy([0, 1, 2, 9, 2], [0, 2, 2, 9, 1])).toBe(0.6);
  });

  test("keep double precision whatever their form: scores that differ in the last digit are ranked", () => {
    expect(rocAuc([0, 1], [1, 1 + Number.EPSILON])).toBe(1);
    expect(rocAuc([0, 1], array([1, 1 + Number.EPSILON], { dtype: "f64" }))).toBe(1);
  });

  const NaN1 = [0, Number.NaN];
  const bad: [claim: string, body: () => unknown, kind: Kind, message: string][] = [
    ["no labels", () => accuracy([], []), RangeError, "accuracy: yTrue is empty; expected at least one label."],
    [
      "two lengths",
      () => recall([0, 1], [0, 1, 1]),
      RangeError,
      "recall: yTrue has 2 elements and yPredicted has 3; expected as many.",
    ],
    ["a true label 2", () => f1([0, 2], [0, 1]), RangeError, "f1: yTrue[1] is 2; expected labels 0 or 1."],
    [
      "a predicted label ½",
      () => confusionMatrix([0, 1], [0.5, 1]),
      RangeError,
      "confusionMatrix: yPredicted[0] is 0.5; expected labels 0 or 1.",
    ],
    [
      "a class number -1",
      () => accuracy([0, 2], [0, -1]),
      RangeError,
      "accuracy: yPredicted[1] is -1; expected class numbers 0, 1 ….",
    ],
    [
      "a class number ½",
      () => accuracy([0.5], [0]),
      RangeError,
      "accuracy: yTrue[0] is 0.5; expected class numbers 0, 1 ….",
    ],
    [
      "a label NaN",
      () => precision(NaN1, [0, 1]),
      RangeError,
      "precision: yTrue[1] is NaN; expected labels 0 or 1.",
    ],
    [
      "a probability above 1",
      () => logLoss([0, 1], [0, 1.5]),
      RangeError,
      "logLoss: probability[1] is 1.5; expected probabilities from 0 to 1.",
    ],
    [
      "a probability below 0",
      () => logLoss([0, 1], [-0.1, 1]),
      RangeError,
      "logLoss: probability[0] is -0.1; expected probabilities from 0 to 1.",
    ],
    [
      "a probability NaN",
      () => logLoss([0, 1], NaN1),
      RangeError,
      "logLoss: probability[1] is NaN; expected probabilities from 0 to 1.",
    ],
    [
      "a score NaN",
      () => rocAuc([0, 1], NaN1),
      RangeError,
      "rocAuc: score[1] is NaN; expected numbers, which can be ranked.",
    ],
    [
      "nothing",
      () => rocAuc(undefined as never, [1]),
      TypeError,
      "rocAuc: yTrue is undefined; expected an NDArray, nested arrays of numbers, a typed array, or { data, shape }.",
    ],
    [
      "null",
      () => logLoss([1], null as never),
      TypeError,
      "logLoss: probability is null; expected an NDArray, nested arrays of numbers, a typed array, or { data, shape }.",
    ],
    ["text", () => accuracy(["1"] as never, [1]), TypeError, 'accuracy: yTrue[0] is "1"; expected a number.'],
  ];

  test.each(bad)("%s: refused", (_, body, kind, message) => {
    expectRefusal(body, kind, message);
  });
});
