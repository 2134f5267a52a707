/** Bad input: each message verbatim, its class, and that neither the memory nor the model changed. */
import { describe, expect, test } from "vitest";
import { type ArrayInput, array, configure, info, LogisticRegression, TwoLayerNetwork } from "../src/index.ts";
import { type Rows, samples } from "./fixtures.ts";
import { expectRefusal, expectUntouched, type Kind, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 5);

/** Data that no verb of no model takes: what is wrong, X, Y, class, message after `Model.verb: `. */
const badData: [claim: string, X: () => ArrayInput, Y: () => ArrayInput, kind: Kind, message: string][] = [
  [
    "rank-1 X",
    () => [1, 2, 3],
    () => Y,
    RangeError,
    "X is (3); expected two axes, (n_x, m), samples as columns. reshape(3, 1) makes it one sample, reshape(1, 3) one feature.",
  ],
  ["rank-3 X", () => [X], () => Y, RangeError, "X is (1, 3, 5); expected two axes, (n_x, m), samples as columns."],
  [
    "rank-1 Y",
    () => X,
    () => [0, 1, 0, 1, 0],
    RangeError,
    "Y is (5); expected two axes, (1, m). reshape(1, 5) costs nothing.",
  ],
  [
    "X and Y that disagree",
    () => X,
    () => [[0, 1, 0, 1]],
    RangeError,
    "X is (3, 5) and Y is (1, 4); expected Y to be (1, 5), a label for each column of X.",
  ],
  [
    "labels in a column",
    () => X,
    () => Y[0]!.map((y) => [y]),
    RangeError,
    "X is (3, 5) and Y is (5, 1); expected one row of labels. Y.T is (1, 5) and costs nothing.",
  ],
  [
    "samples in rows",
    () => array(X).T,
    () => array(Y),
    RangeError,
    "X is (5, 3) and Y is (1, 5); expected samples as columns. X.T is (3, 5) and costs nothing.",
  ],
  [
    "samples and labels in rows",
    () => array(X).T,
    () => array(Y).T,
    RangeError,
    "X is (5, 3) and Y is (5, 1); expected samples as columns. X.T is (3, 5), Y.T is (1, 5), and both cost nothing.",
  ],
  ["a label of 2", () => X, () => [[0, 1, 0, 2, 1]], RangeError, "Y[0, 3] is 2; expected labels 0 or 1."],
  ["a label of -1", () => X, () => [[-1, 1, 0, 1, 1]], RangeError, "Y[0, 0] is -1; expected labels 0 or 1."],
  ["a label of ½", () => X, () => [[0, 1, 0, 0, 0.5]], RangeError, "Y[0, 4] is 0.5; expected labels 0 or 1."],
  ["a label NaN", () => X, () => [[0, 1, Number.NaN, 0, 1]], RangeError, "Y[0, 2] is NaN; expected labels 0 or 1."],
  [
    "no samples",
    () => ({ data: new Float32Array(0), shape: [3, 0] }),
    () => ({ data: new Float32Array(0), shape: [1, 0] }),
    RangeError,
    "X is (3, 0); expected at least one feature and one sample.",
  ],
  [
    "no features",
    () => [],
    () => Y,
    RangeError,
    "X is (0); expected two axes, (n_x, m), samples as columns. reshape(0, 1) makes it one sample, reshape(1, 0) one feature.",
  ],
  [
    "no rows",
    () => ({ data: new Float32Array(0), shape: [0, 5] }),
    () => Y,
    RangeError,
    "X is (0, 5); expected at least one feature and one sample.",
  ],
  [
    "arrays of two dtypes",
    () => array(X, { dtype: "f32" }),
    () => array(Y, { dtype: "f64" }),
    TypeError,
    'X is f32 and Y is f64; expected one dtype. astype("f64") converts X.',
  ],
  [
    "X freed before",
    () => freed(X),
    () => Y,
    Error,
    "NDArray: the array (3, 5) was freed. Use it before free() or the end of its scope, or copy() it.",
  ],
  [
    "Y freed before",
    () => X,
    () => freed(Y),
    Error,
    "NDArray: the array (1, 5) was freed. Use it before free() or the end of its scope, or copy() it.",
  ],
  [
    "no X at all",
    () => undefined as never,
    () => Y,
    TypeError,
    "X is undefined; expected an NDArray, nested arrays of numbers, a typed array, or { data, shape }.",
  ],
  [
    "Y null",
    () => X,
    () => null as never,
    TypeError,
    "Y is null; expected an NDArray, nested arrays of numbers, a typed array, or { data, shape }.",
  ],
  [
    "ragged rows",
    () => [[1, 2], [3]],
    () => [[0, 1]],
    RangeError,
    "X[1] is an array of 1; expected an array of 2, like its neighbours.",
  ],
  ["text in X", () => [[1, "2"]] as never, () => [[0, 1]], TypeError, 'X[0][1] is "2"; expected a number.'],
  [
    "values that do not fill their shape",
    () => ({ data: new Float32Array(14), shape: [3, 5] }),
    () => Y,
    RangeError,
    "shape is (3, 5) and there are 14 values; expected 15.",
  ],
];

function freed(rows: Rows): ArrayInput {
  const gone = array(rows);
  gone.free();
  return gone;
}

/** The message of an error in data is the verb's, except that of an array that nobody can use any more. */
function said(who: string, message: string): string {
  return message.startsWith("NDArray") ? message : `${who}: ${message}`;
}

describe.each(models)("$name", ({ name, make }) => {
  test.each(badData)(
    "refuses %s, fitted or not, leaving model and memory as they were",
    (_, badX, badY, kind, message) => {
      const [x, y] = [badX(), badY()];
      const model = make({ epochs: 2 });
      expectRefusal(() => model.fit(x, y), kind, said(`${name}.fit`, message));
      expectRefusal(() => model.accumulate(x, y), kind, said(`${name}.accumulate`, message));
      expect(() => model.parameters).toThrow("has no parameters yet");
      model.fit(X, Y);
      expectUntouched(model, () => model.fit(x, y), kind, said(`${name}.fit`, message));
      model.free();
    },
  );

  test("a fitted model refuses samples of another number of features, or in rows, or of another dtype", () => {
    const model = make({ epochs: 1, warmStart: true });
    model.fit(X, Y);
    const refused = (
      verb: "fit" | "accumulate" | "score" | "gradient",
      x: ArrayInput,
      y: ArrayInput,
      kind: Kind,
      message: string,
    ) => expectUntouched(model, () => model[verb](x, y), kind, `${name}.${verb}: ${message}`);
    for (const verb of ["fit", "accumulate", "score", "gradient"] as const) {
      refused(
        verb,
        X.slice(1),
        Y,
        RangeError,
        "X is (2, 5); expected 3 features, as the model has, samples as columns.",
      );
      const double = array(X, { dtype: "f64" });
      refused(
        verb,
        double,
        Y,
        TypeError,
        'X is f64 and the model is f32; expected one dtype. astype("f32") converts X.',
      );
    }
    const inRows = array(X).T;
    expectUntouched(
      model,
      () => model.predict(inRows),
      RangeError,
      `${name}.predict: X is (5, 3); expected 3 features, as the model has, samples as columns. X.T is (3, 5) and costs nothing.`,
    );
    model.free();
  });

  test("a batch larger than m is refused when the data shows it", () => {
    const model = make({ epochs: 2, batchSize: 6 });
    const message = `${name}.fit: batchSize is 6; expected at most the 5 samples of X. Leave it out for full batches.`;
    expectRefusal(() => model.fit(X, Y), RangeError, message);
  });
});

test.each([
  [
    () => new LogisticRegression({ initialization: { w: [[1], [2]], b: 0 } }),
    "LogisticRegression.fit: initialization.w is (2, 1); expected (3, 1).",
  ],
  [
    () => new LogisticRegression({ initialization: { w: [[1], [Number.NaN], [0]], b: 0 } }),
    "LogisticRegression.fit: initialization.w[1, 0] is NaN; expected finite numbers.",
  ],
  [
    () =>
      new TwoLayerNetwork({
        hidden: 1,
        initialization: { W1: [[1, 2, Number.POSITIVE_INFINITY]], b1: [[0]], W2: [[0]], b2: [[0]] },
      }),
    "TwoLayerNetwork.fit: initialization.W1[0, 2] is Infinity; expected finite numbers.",
  ],
])("a start that does not fit or is not finite is refused: case %#", (make, message) => {
  const model = make();
  expectRefusal(() => model.fit(X, Y), RangeError, message);
  expect(() => model.parameters).toThrow("has no parameters yet");
});

test.each(models)(
  "$name refuses arrays of another build's memory, whose addresses mean something else",
  ({ name, make }) => {
    using model = make({ epochs: 1, warmStart: true });
    model.fit(X, Y);
    const before = parametersOf(model);
    configure({ build: info().build === "simd" ? "relaxed" : "simd" });
    const [x, y] = [array(X), array(Y)];
    const remedy = "Call configure or init before the first array, or copy one with array(a.toArray()).";
    const message = (verb: string) => `${name}.${verb}: the arrays live in the memories of two kernels. ${remedy}`;
    expectRefusal(() => model.fit(x, y), Error, message("fit"));
    expectRefusal(() => model.accumulate(x, y), Error, message("accumulate"));
    expectRefusal(() => model.predict(x), Error, message("predict"));
    expect(parametersOf(model)).toEqual(before);
  },
);
