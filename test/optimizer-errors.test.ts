/** What the makers of optimizers refuse, word for word. */
import { describe, expect, test } from "vitest";
import { LogisticRegression } from "../src/index.ts";
import { adam, lbfgs, momentum } from "../src/optimizers.ts";
import { type Row, testErrors, wrong } from "./error-rows.ts";

const share = "expected a finite number >= 0 and < 1.";
const whole = "expected a whole number from 1 on.";
const betas = 'expected "beta1", "beta2" or "epsilon".';

const rows: Row[] = [
  ["momentum 1", () => momentum({ momentum: 1 }), RangeError, `momentum: momentum is 1; ${share}`],
  ["momentum < 0", () => momentum({ momentum: -0.1 }), RangeError, `momentum: momentum is -0.1; ${share}`],
  [
    "momentum as text",
    () => momentum({ momentum: wrong("0.9") }),
    TypeError,
    'momentum: momentum is "0.9"; expected a number.',
  ],
  ["a number", () => momentum(wrong(0.9)), TypeError, "momentum: options is 0.9; expected an object with options."],
  [
    "nesterov",
    () => momentum(wrong({ nesterov: true })),
    TypeError,
    'momentum: option "nesterov" does not exist; expected "momentum".',
  ],
  ["beta1 1", () => adam({ beta1: 1 }), RangeError, `adam: beta1 is 1; ${share}`],
  ["beta2 1.5", () => adam({ beta2: 1.5 }), RangeError, `adam: beta2 is 1.5; ${share}`],
  ["beta2 NaN", () => adam({ beta2: Number.NaN }), RangeError, `adam: beta2 is NaN; ${share}`],
  ["beta1 null", () => adam({ beta1: wrong(null) }), TypeError, "adam: beta1 is null; expected a number."],
  ["epsilon 0", () => adam({ epsilon: 0 }), RangeError, "adam: epsilon is 0; expected a finite number > 0."],
  [
    "epsilon infinite",
    () => adam({ epsilon: Number.POSITIVE_INFINITY }),
    RangeError,
    "adam: epsilon is Infinity; expected a finite number > 0.",
  ],
  [
    "epsilon NaN",
    () => adam({ epsilon: Number.NaN }),
    RangeError,
    "adam: epsilon is NaN; expected a finite number > 0.",
  ],
  ["epsilon 1n", () => adam({ epsilon: wrong(1n) }), TypeError, "adam: epsilon is 1n; expected a number."],
  ["null", () => adam(wrong(null)), TypeError, "adam: options is null; expected an object with options."],
  [
    "the model's rate",
    () => adam(wrong({ learningRate: 0.01 })),
    TypeError,
    `adam: option "learningRate" does not exist; ${betas} The model takes it, beside optimizer.`,
  ],
  [
    "another's option",
    () => adam(wrong({ momentum: 0.9 })),
    TypeError,
    `adam: option "momentum" does not exist; ${betas}`,
  ],
  ["no memory", () => lbfgs({ historySize: 0 }), RangeError, `lbfgs: historySize is 0; ${whole}`],
  ["half a step", () => lbfgs({ historySize: 1.5 }), RangeError, `lbfgs: historySize is 1.5; ${whole}`],
  [
    "an endless memory",
    () => lbfgs({ historySize: Number.POSITIVE_INFINITY }),
    RangeError,
    `lbfgs: historySize is Infinity; ${whole}`,
  ],
  [
    "a list",
    () => lbfgs(wrong([10])),
    TypeError,
    "lbfgs: options is an array of 1; expected an object with options.",
  ],
  [
    "SciPy's name",
    () => lbfgs(wrong({ maxcor: 10 })),
    TypeError,
    'lbfgs: option "maxcor" does not exist; expected "historySize".',
  ],
];

describe("bad options of optimizers", () => testErrors(rows));

test("undefined is the default, and the edges of what is allowed are taken", () => {
  expect(adam({ beta1: wrong(undefined), epsilon: 1e-300 }).options).toEqual({
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-300,
  });
  expect(adam({ beta1: 0, beta2: 0 }).options).toMatchObject({ beta1: 0, beta2: 0 });
  expect(momentum({ momentum: 0 }).options).toEqual({ momentum: 0 });
  expect(momentum(undefined).options).toEqual({ momentum: 0.9 });
  expect(lbfgs({ historySize: 1 }).options).toEqual({ historySize: 1 });
  expect(lbfgs({}).options).toEqual({ historySize: 40 });
});

test.each([adam(), momentum(), lbfgs()])("what $name makes cannot change after it was checked", (optimizer) => {
  const [option, value] = Object.entries(optimizer.options)[0]!;
  expect(() => Object.assign(optimizer.options, { [option]: 2 })).toThrow(TypeError);
  expect(() => Object.assign(optimizer, { learningRate: -1 })).toThrow(TypeError);
  expect(optimizer.options[option]).toBe(value);
});

test("an option of an optimizer cannot be given without it, nor to another", () => {
  // @ts-expect-error: a name where what the function makes belongs
  expect(() => new LogisticRegression({ optimizer: "adam" })).toThrow(TypeError);
  // @ts-expect-error: the function instead of what it makes
  expect(() => new LogisticRegression({ optimizer: adam })).toThrow(TypeError);
  // @ts-expect-error: an option of momentum
  expect(() => new LogisticRegression({ momentum: 0.5 })).toThrow(TypeError);
  // @ts-expect-error: an option of momentum
  expect(() => adam({ momentum: 0.5 })).toThrow(TypeError);
});
