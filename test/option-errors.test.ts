/** Bad options: refused at once, by the constructor, with the option, the value and what would be right. */
import { describe, test } from "vitest";
import { LogisticRegression, TwoLayerNetwork } from "../src/index.ts";
import { adam, lbfgs, momentum } from "../src/optimizers.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import { expectRefusal, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 5);
const SHARED =
  '"learningRate", "optimizer", "epochs", "shuffle", "l2", "tolerance", "warmStart", "seed", "batchSize", "classWeight", "dtype", "onEpoch"';
const optimizers = "expected what adam(), momentum() or lbfgs() of fourlane/optimizers makes.";
const whole = "expected a whole number from 1 to 2147483647.";
const seeds = "expected a whole number from 0 to 9007199254740991.";

/** Options of both models: option, value, class, message after `Model: `. */
const rows: [option: string, value: unknown, kind: new () => Error, message: string][] = [
  ["learningRate", -0.1, RangeError, "learningRate is -0.1; expected a finite number > 0."],
  ["learningRate", 0, RangeError, "learningRate is 0; expected a finite number > 0."],
  ["learningRate", Number.NaN, RangeError, "learningRate is NaN; expected a finite number > 0."],
  ["learningRate", Number.POSITIVE_INFINITY, RangeError, "learningRate is Infinity; expected a finite number > 0."],
  ["learningRate", "0.1", TypeError, 'learningRate is "0.1"; expected a number.'],
  ["optimizer", "adam", TypeError, `optimizer is "adam"; ${optimizers}`],
  ["optimizer", null, TypeError, `optimizer is null; ${optimizers}`],
  ["optimizer", adam, TypeError, `optimizer is a function; ${optimizers}`],
  ["optimizer", { step() {}, learningRate: "0.1" }, TypeError, `optimizer is an object (Object); ${optimizers}`],
  ["epochs", 0, RangeError, `epochs is 0; ${whole}`],
  ["epochs", 1.5, RangeError, `epochs is 1.5; ${whole}`],
  ["epochs", -3, RangeError, `epochs is -3; ${whole}`],
  ["epochs", 2 ** 31, RangeError, `epochs is 2147483648; ${whole}`],
  ["epochs", Number.NaN, RangeError, `epochs is NaN; ${whole}`],
  ["epochs", 10n, TypeError, "epochs is 10n; expected a whole number."],
  ["batchSize", 0, RangeError, `batchSize is 0; ${whole}`],
  ["batchSize", 2.5, RangeError, `batchSize is 2.5; ${whole}`],
  ["batchSize", null, TypeError, "batchSize is null; expected a whole number."],
  ["shuffle", 1, TypeError, "shuffle is 1; expected true or false."],
  ["l2", -1, RangeError, "l2 is -1; expected a finite number >= 0."],
  ["l2", Number.NaN, RangeError, "l2 is NaN; expected a finite number >= 0."],
  ["classWeight", "even", RangeError, 'classWeight is "even"; expected "balanced".'],
  ["classWeight", 2, TypeError, "classWeight is 2; expected an object with options."],
  ["classWeight", null, TypeError, "classWeight is null; expected an object with options."],
  ["classWeight", [1, 2], TypeError, "classWeight is an array of 2; expected an object with options."],
  ["classWeight", { 2: 2 }, TypeError, 'option "2" does not exist; expected "0" or "1". Did you mean "0"?'],
  ["classWeight", { 0: -1 }, RangeError, "classWeight[0] is -1; expected a finite number >= 0."],
  ["classWeight", { 1: Number.NaN }, RangeError, "classWeight[1] is NaN; expected a finite number >= 0."],
  ["classWeight", { 1: "2" }, TypeError, 'classWeight[1] is "2"; expected a number.'],
  ["tolerance", -1e-9, RangeError, "tolerance is -1e-9; expected a finite number >= 0."],
  ["tolerance", [1], TypeError, "tolerance is an array of 1; expected a number."],
  ["warmStart", "yes", TypeError, 'warmStart is "yes"; expected true or false.'],
  ["seed", -1, RangeError, `seed is -1; ${seeds}`],
  ["seed", 0.5, RangeError, `seed is 0.5; ${seeds}`],
  ["seed", 2 ** 53, RangeError, `seed is 9007199254740992; ${seeds}`],
  ["seed", "7", TypeError, 'seed is "7"; expected a whole number.'],
  ["dtype", "f16", RangeError, 'dtype is "f16"; expected "f32" or "f64". Did you mean "f32"?'],
  ["dtype", 32, TypeError, 'dtype is 32; expected "f32" or "f64".'],
  ["onEpoch", {}, TypeError, "onEpoch is an object (Object); expected a function."],
];

describe.each(models)("new $name", ({ name, make }) => {
  test.each(rows)("refuses %s: %s", (option, value, kind, message) => {
    expectRefusal(() => make({ [option]: value }), kind, `${name}: ${message}`);
  });

  const all = {
    LogisticRegression: `${SHARED} or "initialization"`,
    TwoLayerNetwork: `${SHARED}, "hidden", "activation" or "initialization"`,
    SoftmaxRegression: `${SHARED} or "classes"`,
  }[name];
  test.each([
    ["learninRate", ' Did you mean "learningRate"?'],
    ["learning_rate", ' Did you mean "learningRate"?'],
    ["epoch", ' Did you mean "epochs"?'],
    ["batchsize", ' Did you mean "batchSize"?'],
    ["L2", ' Did you mean "l2"?'],
    ["nesterov", ""],
  ])("refuses the unknown option %s, naming the nearest if one is near", (option, near) => {
    const message = `${name}: option "${option}" does not exist; expected ${all}.${near}`;
    expectRefusal(() => make({ [option]: 1 }), TypeError, message);
  });

  test("takes undefined for any option that has a default, and any optimizer", () => {
    make({ optimizer: undefined, learningRate: undefined, batchSize: undefined } as never);
    for (const optimizer of [momentum(), adam(), lbfgs()]) make({ optimizer });
  });

  test("refuses options of fit and of initialize, leaving the model as it was", () => {
    using model = make({ epochs: 2 });
    model.fit(X, Y);
    const before = parametersOf(model);
    const unknown =
      'option "onepoch" does not exist; expected "onEpoch", "sampleWeight" or "earlyStopping". Did you mean "onEpoch"?';
    // @ts-expect-error: the option is misspelt on purpose
    expectRefusal(() => model.fit(X, Y, { onepoch: () => false }), TypeError, `${name}.fit: ${unknown}`);
    // @ts-expect-error: the wrong kind on purpose
    const kind = () => model.fit(X, Y, { onEpoch: 1 });
    expectRefusal(kind, TypeError, `${name}.fit: onEpoch is 1; expected a function.`);
    // @ts-expect-error: a number of epochs where options belong
    const number = () => model.fit(X, Y, 10);
    expectRefusal(number, TypeError, `${name}.fit: options is 10; expected an object with options.`);
    const message = `${name}.initialize: dtype is "f65"; expected "f32" or "f64". Did you mean "f64"?`;
    // @ts-expect-error: misspelt on purpose
    expectRefusal(() => model.initialize(3, { dtype: "f65" }), RangeError, message);
    const features = (given: string) => `${name}.initialize: features is ${given}; ${whole}`;
    expectRefusal(() => model.initialize(0), RangeError, features("0"));
    expectRefusal(() => model.initialize(1.5), RangeError, features("1.5"));
    expectSame(parametersOf(model), before, "parameters");
  });
});

test.each([null, 7, [], "fast"])("options that are no object are refused: %j", (options) => {
  const shown = options === null ? "null" : Array.isArray(options) ? "an array of 0" : JSON.stringify(options);
  const message = (name: string) => `${name}: options is ${shown}; expected an object with options.`;
  expectRefusal(() => new LogisticRegression(options as never), TypeError, message("LogisticRegression"));
  expectRefusal(() => new TwoLayerNetwork(options as never), TypeError, message("TwoLayerNetwork"));
});

describe("options of one model", () => {
  const starts = 'expected "normal", "zeros", "he" or "xavier", or { W1, b1, W2, b2 }.';
  const names = 'expected "normal", "zeros", "he" or "xavier".';
  const activations = 'expected "sigmoid", "tanh", "relu", "leakyRelu" or "identity".';

  test.each<[option: string, value: unknown, kind: new () => Error, message: string]>([
    ["hidden", 0, RangeError, `hidden is 0; ${whole}`],
    ["hidden", 2.5, RangeError, `hidden is 2.5; ${whole}`],
    ["activation", "Tanh", RangeError, `activation is "Tanh"; ${activations} Did you mean "tanh"?`],
    ["activation", "swish", RangeError, `activation is "swish"; ${activations}`],
    ["activation", Math.tanh, TypeError, `activation is a function; ${activations}`],
    ["initialization", "kaiming", RangeError, `initialization is "kaiming"; ${names}`],
    ["initialization", "xaviar", RangeError, `initialization is "xaviar"; ${names} Did you mean "xavier"?`],
    ["initialization", 0, TypeError, `initialization is 0; ${starts}`],
    ["initialization", { W1: [[1]], W2: [[1]] }, TypeError, `initialization.b1 is undefined; ${starts}`],
  ])("new TwoLayerNetwork refuses %s: %s", (option, value, kind, message) => {
    expectRefusal(() => new TwoLayerNetwork({ [option]: value }), kind, `TwoLayerNetwork: ${message}`);
  });

  const start = 'expected "zeros", or { w, b }.';
  test.each<[value: unknown, kind: new () => Error, message: string]>([
    ["normal", RangeError, 'initialization is "normal"; expected "zeros".'],
    [null, TypeError, `initialization is null; ${start}`],
    [{ w: [[1]] }, TypeError, `initialization.b is undefined; ${start}`],
    [{ w: [[1]], b: Number.NaN }, RangeError, "initialization.b is NaN; expected a finite number."],
    [{ w: [[1]], b: [0] }, TypeError, "initialization.b is an array of 1; expected a number."],
  ])("new LogisticRegression refuses the initialization %j", (initialization, kind, message) => {
    const make = () => new LogisticRegression({ initialization } as never);
    expectRefusal(make, kind, `LogisticRegression: ${message}`);
  });
});
