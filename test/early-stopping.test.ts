/** Stopping early: what is judged, when it stops, which parameters stay; against a fit for each number of epochs. */
import { describe, expect, test } from "vitest";
import { array, type EarlyStopping, type History, type TrainingOptions } from "../src/index.ts";
import { AT_ONCE, expectRejection, expectSameHistory } from "./async-cases.ts";
import { dtypes, expectSame, expectWithin } from "./compare.ts";
import { wrong } from "./error-rows.ts";
import { inOrder, orders, type Rows, samples } from "./fixtures.ts";
import {
  expectRefusal,
  expectSameParameters,
  expectUntouched,
  held,
  type Kind,
  type Model,
  models,
  parametersOf,
  rowsOf,
} from "./model-state.ts";
import { quietUsage } from "./usage.ts";

// Few samples and other ones to judge by: the validation cost falls, then rises.
const train = samples(12, 40);
const judge = samples(12, 90, 5);
const validation = [judge.X, judge.Y] as const;
const EPOCHS = 60;
const learner = { learningRate: 2, dtype: "f64" } as const;
const trainings: TrainingOptions[] = [
  {},
  { l2: 0.2 },
  { batchSize: 16 },
  { batchSize: 16, shuffle: false, l2: 0.1 },
];

type Make = (options?: TrainingOptions) => Model;

/** Probabilities of both labels, as exact as the model says them. */
function chances(model: Model, samples: Rows): Rows {
  const p = rowsOf(model.predictProbability(samples));
  return p.length === 2 ? p : [p[0]!.map((v) => 1 - v), p[0]!];
}

/** Mean loss of the validation samples, from probabilities in double precision. */
function lossOf(model: Model): number {
  const p = chances(model, judge.X);
  const losses = judge.Y[0]!.map((y, j) => -Math.log(p[y]![j]!));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** What each number of epochs leads to: losses and parameters at the start and after each. */
function slowly(make: Make, training: TrainingOptions): { losses: number[]; parameters: number[][] } {
  using start = make({ ...learner, ...training }).initialize(12);
  const losses = [lossOf(start)];
  const parameters = [parametersOf(start)];
  for (let epochs = 1; epochs <= EPOCHS; epochs++) {
    using model = make({ ...learner, ...training, epochs });
    model.fit(train.X, train.Y);
    losses.push(lossOf(model));
    parameters.push(parametersOf(model));
  }
  return { losses, parameters };
}

/** Where the rule stops, by its definition. */
function verdict(
  losses: number[],
  { patience = 10, minDelta = 0 }: Partial<EarlyStopping>,
): { best: number; last: number } {
  let best = 0;
  for (let epoch = 1; epoch < losses.length; epoch++) {
    if (losses[epoch]! < losses[best]! - minDelta) best = epoch;
    if (epoch - best >= patience) return { best, last: epoch };
  }
  return { best, last: losses.length - 1 };
}

const rules: Partial<EarlyStopping>[] = [
  {},
  { restoreBest: false },
  { patience: 1 },
  { patience: 1, restoreBest: false },
  { patience: 3, minDelta: 0.001 },
  { patience: 4, minDelta: 0.01, restoreBest: false },
  { patience: 2, minDelta: 10 },
  { patience: 1000 },
  { patience: 1000, restoreBest: false },
];

describe.each(models)("$name", ({ make }) => {
  test.each(trainings)("stops as each number of epochs alone says it should, with %j", async (training) => {
    const { losses, parameters } = slowly(make, training);
    const ends = new Set<number>();
    for (const rule of rules) {
      const earlyStopping = { validation, ...rule };
      const { best, last } = verdict(losses, rule);
      ends.add(last);
      const label = JSON.stringify(rule);
      using plain = make({ ...learner, ...training, epochs: EPOCHS });
      const history = plain.fit(train.X, train.Y, { earlyStopping });
      const stopped = last < EPOCHS ? "earlyStopping" : "epochs";
      expect([label, history.bestEpoch, history.epochs, history.stopped]).toEqual([label, best, last, stopped]);
      const seen = losses.slice(0, last + 1);
      expectWithin(
        history.validationCost!,
        seen,
        seen.map((loss) => 1e-12 * (1 + loss)),
        `validationCost, ${label}`,
      );
      expectSame(parametersOf(plain), parameters[rule.restoreBest === false ? last : best]!, label);
      for (const sliceMs of [8, AT_ONCE]) {
        using model = make({ ...learner, ...training, epochs: EPOCHS });
        expectSameHistory(await model.fitAsync(train.X, train.Y, { earlyStopping, sliceMs }), history);
        expectSameParameters(model, plain, label);
      }
    }
    // Or the table proves nothing.
    expect(ends.size).toBeGreaterThan(2);
    expect(ends).toContain(EPOCHS);
  });

  test("does not change what is trained: the costs are those of a fit without it", () => {
    for (const training of trainings) {
      using bare = make({ ...learner, ...training, epochs: 9 });
      using judged = make({ ...learner, ...training, epochs: 9 });
      const earlyStopping = { validation, patience: 100, restoreBest: false };
      const { cost } = bare.fit(train.X, train.Y);
      expectSame(judged.fit(train.X, train.Y, { earlyStopping }).cost, cost, "cost");
      expectSameParameters(judged, bare, "parameters");
    }
  });

  test.each(dtypes)(
    "judges %s samples beyond one chunk in either memory order, nested or typed, the same to the bit",
    async (dtype) => {
      const { X, Y } = samples(12, 5003, 8);
      const [x, y] = [array(train.X, { dtype }), array(train.Y, { dtype })];
      const histories: History[] = [];
      const forms: EarlyStopping["validation"][] = [
        ...orders.map((order) => [inOrder(X, order, dtype), array(Y, { dtype })] as const),
        [X, Y],
        [
          { data: (dtype === "f32" ? Float32Array : Float64Array).from(X.flat()), shape: [12, 5003] },
          { data: Uint8Array.from(Y[0]!), shape: [1, 5003] },
        ],
      ];
      for (const given of forms) {
        using model = make({ epochs: 6 });
        const earlyStopping = { validation: given };
        histories.push(model.fit(x, y, { earlyStopping }));
        histories.push(await model.fitAsync(x, y, { earlyStopping, sliceMs: AT_ONCE }));
        const p = chances(model, X);
        const loss = Y[0]!.reduce((sum, y_, j) => sum - Math.log(p[y_]![j]!), 0) / 5003;
        const { validationCost, bestEpoch } = histories.at(-1)!;
        expectWithin([validationCost![bestEpoch!]!], [loss], [dtype === "f32" ? 1e-6 : 1e-13], "loss");
      }
      for (const history of histories) expectSameHistory(history, histories[0]!);
    },
  );

  test("says nothing of validation in a history without it", () => {
    using model = make({ epochs: 2 });
    const history = model.fit(train.X, train.Y);
    expect([Object.keys(history).includes("validationCost"), Object.keys(history).includes("bestEpoch")]).toEqual([
      false,
      false,
    ]);
  });

  test("with onEpoch that stops before still gives the best parameters", () => {
    const { losses, parameters } = slowly(make, {});
    const { best } = verdict(losses, { patience: 1000 });
    const stop = Math.min(best + 2, EPOCHS - 1);
    using model = make({ ...learner, epochs: EPOCHS });
    const onEpoch = ({ epoch }: { epoch: number }) => epoch < stop;
    const history = model.fit(train.X, train.Y, { earlyStopping: { validation, patience: 1000 }, onEpoch });
    expect([history.stopped, history.bestEpoch]).toEqual(["onEpoch", best]);
    expectSame(parametersOf(model), parameters[best]!, "best");
  });

  test("the start can be the best: then nothing is learned", () => {
    const flipped = train.Y.map((row) => row.map((y) => 1 - y));
    using model = make({ ...learner, epochs: 20 });
    using start = make(learner).initialize(12);
    const history = model.fit(train.X, train.Y, {
      earlyStopping: { validation: [train.X, flipped], patience: 2 },
    });
    expect([history.bestEpoch, history.epochs, history.stopped]).toEqual([0, 2, "earlyStopping"]);
    expectSameParameters(model, start, "start");
  });

  test("uses memory while it runs only, however it ends", async () => {
    const model = make({ ...learner, epochs: 30, batchSize: 16 });
    model.fit(train.X, train.Y);
    // What earlier tests have dropped may otherwise go in the meantime.
    await quietUsage();
    const before = held();
    for (const restoreBest of [true, false]) {
      const earlyStopping = { validation, restoreBest };
      model.fit(train.X, train.Y, { earlyStopping });
      expect(held()).toEqual(before);
      await model.fitAsync(train.X, train.Y, { earlyStopping, sliceMs: AT_ONCE });
      expect(held()).toEqual(before);
      const onEpoch = () => {
        throw new Error("enough");
      };
      expect(() => model.fit(train.X, train.Y, { earlyStopping, onEpoch })).toThrow("enough");
      await expect(model.fitAsync(train.X, train.Y, { earlyStopping, onEpoch })).rejects.toThrow("enough");
      expect(held()).toEqual(before);
    }
    model.free();
  });

  const pair = "expected [X, Y].";
  const count = "expected a whole number from 1 to 2147483647.";
  const names = 'expected "validation", "patience", "minDelta" or "restoreBest".';
  const of = (given: object) => ({ validation, ...given });
  const rows: [string, unknown, Kind, string][] = [
    ["null", null, TypeError, "earlyStopping is null; expected an object with options."],
    [
      "the validation itself",
      validation,
      TypeError,
      "earlyStopping is an array of 2; expected an object with options.",
    ],
    [
      "an unknown option",
      of({ patients: 3 }),
      TypeError,
      `option "patients" does not exist; ${names} Did you mean "patience"?`,
    ],
    ["no validation", { patience: 3 }, TypeError, `earlyStopping.validation is undefined; ${pair}`],
    [
      "X alone",
      { validation: judge.X.slice(0, 1) },
      TypeError,
      `earlyStopping.validation is an array of 1; ${pair}`,
    ],
    ["an object", { validation: judge }, TypeError, `earlyStopping.validation is an object (Object); ${pair}`],
    ["no patience", of({ patience: 0 }), RangeError, `earlyStopping.patience is 0; ${count}`],
    ["half a patience", of({ patience: 1.5 }), RangeError, `earlyStopping.patience is 1.5; ${count}`],
    [
      "a patience in words",
      of({ patience: "long" }),
      TypeError,
      'earlyStopping.patience is "long"; expected a whole number.',
    ],
    [
      "a negative minDelta",
      of({ minDelta: -1 }),
      RangeError,
      "earlyStopping.minDelta is -1; expected a finite number >= 0.",
    ],
    [
      "an infinite minDelta",
      of({ minDelta: Infinity }),
      RangeError,
      "earlyStopping.minDelta is Infinity; expected a finite number >= 0.",
    ],
    ["restoreBest 1", of({ restoreBest: 1 }), TypeError, "earlyStopping.restoreBest is 1; expected true or false."],
  ];
  const bad = [
    [
      "other features",
      [samples(5, 9).X, samples(5, 9).Y],
      RangeError,
      "X is (5, 9); expected 12 features, as the model has, samples as columns.",
    ],
    [
      "too few labels",
      [judge.X, [[0, 1]]],
      RangeError,
      "X is (12, 90) and Y is (1, 2); expected Y to be (1, 90), a label for each column of X.",
    ],
    [
      "NaN",
      [Array(12).fill([Number.NaN]), [[1]]],
      RangeError,
      "X[0, 0] is NaN; expected finite numbers. Remove that sample, or put a value in its place.",
    ],
    [
      "other labels",
      [judge.X, [judge.Y[0]!.map((y) => y + 1)]],
      RangeError,
      "Y[0, 1] is 2; expected labels 0 or 1.",
    ],
    [
      "no samples",
      [array([], { shape: [12, 0] }), array([], { shape: [1, 0] })],
      RangeError,
      "X is (12, 0); expected at least one feature and one sample.",
    ],
    [
      "another dtype",
      [array(judge.X, { dtype: "f64" }), judge.Y],
      TypeError,
      'X is f64 and the model is f32; expected one dtype. astype("f32") converts X.',
    ],
    ["text", [[["a"]], [[1]]], TypeError, 'X[0][0] is "a"; expected a number.'],
  ] as const;
  const all = [
    ...rows,
    ...bad.map(
      ([what, given, kind, message]) =>
        [what, { validation: given }, kind, `earlyStopping.validation: ${message}`] as const,
    ),
  ];

  test.each(all)("refuses %s, before anything changed", async (_, earlyStopping, kind, message) => {
    using fitted = make({ epochs: 2 });
    using never = make({ epochs: 2 });
    fitted.fit(train.X, train.Y);
    const { name } = fitted.constructor;
    for (const model of [fitted, never]) {
      const options = { earlyStopping: wrong(earlyStopping) };
      const refuse = () => model.fit(train.X, train.Y, options);
      if (model === fitted) expectUntouched(model, refuse, kind, `${name}.fit: ${message}`);
      else expectRefusal(refuse, kind, `${name}.fit: ${message}`);
      await expectRejection(() => model.fitAsync(train.X, train.Y, options), kind, `${name}.fitAsync: ${message}`);
      await expectRejection(
        () => model.epochs(train.X, train.Y, options).next(),
        kind,
        `${name}.epochs: ${message}`,
      );
    }
    expect(() => never.parameters).toThrow("has no parameters yet");
  });
});
