/** A model that is being trained: what it refuses, what it still does, that it is free again afterwards. */
import { describe, expect, test } from "vitest";
import { AT_ONCE, rejectionOf, turn } from "./async-cases.ts";
import { expectSame } from "./compare.ts";
import { wrong } from "./error-rows.ts";
import { samples } from "./fixtures.ts";
import { elements, expectSameParameters, held, type Model, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 40);

/** Begins a loop over epochs and leaves it. */
async function started(model: Model): Promise<void> {
  const iterator = model.epochs(X, Y);
  await iterator.next();
  await iterator.return(wrong(undefined));
}

/** Every method that trains or frees. */
const training: [method: string, call: (model: Model) => unknown][] = [
  ["fit", (model) => model.fit(X, Y)],
  ["fitAsync", (model) => model.fitAsync(X, Y)],
  ["epochs", (model) => started(model)],
  ["fitStream", (model) => model.fitStream(() => [[X, Y]])],
  ["initialize", (model) => model.initialize(3)],
  ["accumulate", (model) => model.accumulate(X, Y)],
  ["step", (model) => model.step()],
  ["free", (model) => model.free()],
  ["free", (model) => model[Symbol.dispose]()],
];

/** Methods that return promises are rejected, not thrown by. */
const promising = ["fitAsync", "epochs", "fitStream"];

/** Every way to train, calling `meanwhile` once in its middle. */
const trainers: [by: string, train: (model: Model, meanwhile: () => unknown) => Promise<unknown>][] = [
  [
    "fit",
    async (model, meanwhile) => model.fit(X, Y, { onEpoch: ({ epoch }) => void (epoch === 3 && meanwhile()) }),
  ],
  [
    "fitAsync",
    (model, meanwhile) =>
      model.fitAsync(X, Y, {
        progressMs: 0,
        onEpoch: async ({ epoch }) => {
          if (epoch === 3) await meanwhile();
        },
      }),
  ],
  [
    "epochs",
    async (model, meanwhile) => {
      for await (const { epoch } of model.epochs(X, Y)) if (epoch === 3) await meanwhile();
    },
  ],
  [
    "fitStream",
    (model, meanwhile) =>
      model.fitStream(async function* () {
        yield [X, Y];
        await meanwhile();
      }),
  ],
];

const cases = models.flatMap(({ name, make }) => trainers.map(([by, train]) => ({ name, by, make, train })));

describe.each(cases)("$name being trained by $by", ({ name, by, make, train }) => {
  test.each(training)("refuses %s", async (method, call) => {
    const message = `${name}.${method}: the ${name} is being trained by ${by}. Await that, or abort it, first.`;
    for (const fitted of [true, false]) {
      const model = make({ epochs: 5, learningRate: 0.5 });
      const same = make({ epochs: 5, learningRate: 0.5 });
      if (fitted) model.fit(X, Y);
      let tried = 0;
      await train(model, () => {
        tried++;
        const before = held();
        if (promising.includes(method)) {
          const refused = call(model) as Promise<unknown>;
          const check = rejectionOf(refused).then((error) => expect(error).toEqual(new Error(message)));
          if (by !== "fit") return check;
          return void check;
        }
        expect(() => call(model)).toThrow(new Error(message));
        expect(held()).toEqual(before);
        return undefined;
      });
      expect(tried).toBeGreaterThan(0);
      await train(same, () => undefined);
      expectSameParameters(model, same, "undisturbed");
      await call(withSums(model));
      for (const one of [model, same]) one.free();
    }
  });

  test("does everything else meanwhile, with the parameters of before", async () => {
    if (by === "epochs") return; // Its parameters are those of the epoch: epochs.test.ts.
    const model = make({ epochs: 5, learningRate: 0.5 });
    model.fit(X, Y, { onEpoch: () => false });
    const state = () => [
      ...parametersOf(model),
      ...elements(model.predict(X)),
      ...elements(model.predictProbability(X)),
      model.score(X, Y),
      ...Object.values(model.forward(X)).flatMap(elements),
      model.gradient(X, Y).cost,
      model.sums.samples,
    ];
    const before = state();
    await train(model, () => expectSame(state(), before, "meanwhile"));
    expect(state()).not.toEqual(before);
    model.free();
  });

  test("has no parameters meanwhile if it had none before", async () => {
    if (by === "epochs") return;
    using model = make({ epochs: 5 });
    await train(model, () => {
      expect(() => model.predict(X)).toThrow(`${name}.predict: the ${name} has no parameters yet.`);
    });
    model.predict(X).free();
  });

  test("is free again when that has failed", async () => {
    const reason = new Error("enough");
    using model = make({ epochs: 5 });
    const fail = () => {
      throw reason;
    };
    expect(await rejectionOf(train(model, fail))).toBe(reason);
    for (const [, call] of training) await call(withSums(model));
  });
});

/** A model on which every method works. */
function withSums(model: Model): Model {
  model.initialize(3);
  model.accumulate(X, Y);
  return model;
}

test.each(models)("$name: two fits that are begun in one turn: the first one is done", async ({ make }) => {
  using model = make({ epochs: 5, batchSize: 9 });
  using same = make({ epochs: 5, batchSize: 9 });
  const first = model.fitAsync(X, Y, { sliceMs: AT_ONCE });
  const second = rejectionOf(model.fitAsync(X, Y));
  expect(() => model.fit(X, Y)).toThrow("is being trained by fitAsync");
  await turn();
  expect(((await second) as Error).message).toContain("is being trained by fitAsync");
  await first;
  same.fit(X, Y);
  expectSameParameters(model, same, "first");
});

test.each(models)(
  "$name: nothing comes before a loop over epochs or a stream that was begun first",
  async ({ make }) => {
    for (const [by, begin] of [
      ["epochs", started],
      ["fitStream", (model: Model) => model.fitStream(() => [[X, Y]])],
    ] as const) {
      using model = make({ epochs: 5 });
      const first = begin(model);
      const second = rejectionOf(model.fitAsync(X, Y));
      expect(() => model.fit(X, Y)).toThrow(`is being trained by ${by}`);
      expect(((await second) as Error).message).toContain(`is being trained by ${by}`);
      await first;
      model.fit(X, Y);
    }
  },
);

test.each(models)("$name: a fit whose arguments are refused does not make it busy", async ({ make }) => {
  using model = make({ epochs: 2 });
  await rejectionOf(model.fitAsync(X, [[0]]));
  model.fit(X, Y);
  await rejectionOf(model.fitStream(() => [], { epochs: 1 }));
  model.fit(X, Y);
  await rejectionOf(model.fitAsync(X, Y, { signal: AbortSignal.abort() }));
  model.fit(X, Y);
});
