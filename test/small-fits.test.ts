/** Fits through fitAsync that are over long before a slice: they take the path of fit, and nobody can tell. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { array, type FitAsyncOptions, type TrainingOptions } from "../src/index.ts";
import { adam, lbfgs } from "../src/optimizers.ts";
import { expectSameHistory, rejectionOf } from "./async-cases.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import { expectSameParameters, held, models, parametersOf } from "./model-state.ts";

const data = samples(3, 40);
const others = samples(3, 30, 2);

afterEach(() => {
  vi.restoreAllMocks();
});

/** From now on every look at the clock finds a slice over. Counts what breathes then. */
function breaths(): { toHaveBeen(times: "no" | "some"): void } {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 1000;
    return now;
  });
  const later = vi.spyOn(globalThis, "setImmediate");
  return { toHaveBeen: (times) => expect(later.mock.calls.length > 0).toBe(times === "some") };
}

const trainings: TrainingOptions[] = [
  {},
  { l2: 2, classWeight: "balanced" },
  { tolerance: 0.01 },
  { batchSize: 9, seed: 3 },
  { batchSize: 9, shuffle: false },
  { optimizer: adam() },
  { optimizer: lbfgs() },
  { dtype: "f64", warmStart: true },
];

describe.each(models)("a small fit of $name through fitAsync", ({ name, make }) => {
  test.each(trainings)("is fit to the bit, without a breath, with %j", async (training) => {
    const options = { epochs: 8, ...training };
    const weights = data.Y.map((row) => row.map((_, j) => 1 + (j % 3)));
    const fits: FitAsyncOptions[] = [
      {},
      { sampleWeight: weights },
      { earlyStopping: { validation: [others.X, others.Y], patience: 2 } },
    ];
    for (const more of fits) {
      using plain = make(options);
      using model = make(options);
      const breathing = breaths();
      for (let i = 0; i < 2; i++) {
        const history = plain.fit(data.X, data.Y, more);
        expectSameHistory(await model.fitAsync(data.X, data.Y, more), history);
        expectSameParameters(model, plain, `fit ${i}`);
      }
      breathing.toHaveBeen("no");
    }
  });

  test.each<[string, TrainingOptions, FitAsyncOptions]>([
    ["has many epochs", { epochs: 200 }, {}],
    ["has many batches", { epochs: 8, batchSize: 2 }, {}],
    ["looks at many other samples", {}, { earlyStopping: { validation: large(), patience: 9 } }],
    ["is to have short slices", {}, { sliceMs: 0.1 }],
    ["has somebody who hears of it", {}, { onEpoch: () => {} }],
    ["has somebody who always does", { onEpoch: () => {} }, {}],
  ])("breathes where it %s", async (_, training, { sliceMs = 8, ...more }) => {
    using plain = make({ epochs: 8, ...training });
    using model = make({ epochs: 8, ...training });
    const history = plain.fit(data.X, data.Y, more);
    const breathing = breaths();
    expectSameHistory(await model.fitAsync(data.X, data.Y, { sliceMs, ...more }), history);
    breathing.toHaveBeen("some");
    expectSameParameters(model, plain, "breathing");
  });

  test("begins when its caller has gone on: until then nothing has changed, and it can be given up", async () => {
    using model = make({ epochs: 8 });
    using once = make({ epochs: 3 });
    model.fit(data.X, data.Y, { onEpoch: ({ epoch }) => epoch < 3 });
    once.fit(data.X, data.Y);
    const controller = new AbortController();
    const fits = [model.fitAsync(data.X, data.Y), once.fitAsync(data.X, data.Y, { signal: controller.signal })];
    expectSameParameters(model, once, "before");
    for (const each of [model, once]) {
      expect(() => each.fit(data.X, data.Y)).toThrow(`the ${name} is being trained by fitAsync.`);
    }
    const before = parametersOf(once);
    controller.abort("enough");
    expect(await rejectionOf(fits[1]!)).toBe("enough");
    expectSame(parametersOf(once), before, "given up");
    await fits[0];
    using plain = make({ epochs: 8 });
    plain.fit(data.X, data.Y);
    expectSameParameters(model, plain, "after");
  });

  test("leaves nothing to the collector, and no array but its parameters", async () => {
    const [X, Y] = [array(data.X), array(data.Y)];
    using model = make({ epochs: 8 });
    await model.fitAsync(X, Y);
    const before = held();
    const watched = vi.spyOn(FinalizationRegistry.prototype, "register");
    for (let i = 0; i < 9; i++) await model.fitAsync(X, Y, { threads: 2 });
    expect(watched).not.toHaveBeenCalled();
    expect(held()).toEqual(before);
    for (const a of [X, Y]) a.free();
  });

  test("that is refused or diverges leaves the model and the memory as they were", async () => {
    using model = make({ epochs: 8, learningRate: 1e300, batchSize: 9 });
    const bad = data.X.map((row, i) => row.map((x, j) => (i === 2 && j === 7 ? Number.NaN : x)));
    const before = held();
    for (const [X, message] of [
      [bad, `${name}.fitAsync: X[2, 7] is NaN; expected finite numbers. `],
      [data.X, /^\w+\.fitAsync: (the cost|a parameter) is .* after epoch \d with learningRate 1e\+300; expected /],
    ] as const) {
      await expect(model.fitAsync(X, data.Y)).rejects.toThrow(message);
      expect(held()).toEqual(before);
      expect(() => model.parameters).toThrow("has no parameters yet");
    }
  });
});

function large(): [number[][], number[][]] {
  const { X, Y } = samples(3, 90_000, 4);
  return [X, Y];
}
