/** What onEpoch hears of an asynchronous fit, how often, and what its answer does. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { Reporter } from "../src/history.ts";
import type { FitAsyncOptions, History, Progress } from "../src/index.ts";
import { AT_ONCE, rejectionOf, turn } from "./async-cases.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import { expectSameParameters, held, type Model, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 40);
const validation = [samples(3, 20, 2).X, samples(3, 20, 2).Y] as const;

const forms: [string, (model: Model, options: FitAsyncOptions) => Promise<History>][] = [
  ["fitAsync", (model, options) => model.fitAsync(X, Y, options)],
  ["fitStream", (model, options) => model.fitStream(() => [[X, Y]], options)],
];
const cases = models.flatMap(({ name, make }) => forms.map(([form, run]) => ({ name, form, make, run })));

afterEach(() => {
  vi.restoreAllMocks();
});

/** Keeps what it hears. */
function listener(answer?: (progress: Progress) => unknown) {
  const heard: Progress[] = [];
  const onEpoch = (progress: Progress): unknown => {
    heard.push(progress);
    return answer?.(progress);
  };
  return { heard, onEpoch, epochs: () => heard.map(({ epoch }) => epoch) };
}

describe.each(cases)("onEpoch of $name: $form", ({ make, run }) => {
  test("hears every epoch with progressMs 0, and its cost", async () => {
    using model = make({ epochs: 12 });
    const { heard, onEpoch, epochs } = listener();
    const { cost } = await run(model, { onEpoch, progressMs: 0, sliceMs: AT_ONCE });
    expect(epochs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expectSame(
      heard.map((progress) => progress.cost),
      cost.slice(1),
      "costs",
    );
  });

  test.each([1, 2, 3, 50])(
    "hears the first and the last of %i epochs, once each, where the pause is long",
    async (n) => {
      using model = make({ epochs: n });
      const { onEpoch, epochs } = listener();
      await run(model, { onEpoch, progressMs: 1e9 });
      expect(epochs()).toEqual(n === 1 ? [1] : [1, n]);
    },
  );

  test.each([0, 1e9])(
    "hears the last epoch once where the tolerance ends the fit, with progressMs %i",
    async (progressMs) => {
      using model = make({ epochs: 5000, tolerance: 1e-3, learningRate: 1 });
      const { onEpoch, epochs } = listener();
      const { epochs: run_, stopped } = await run(model, { onEpoch, progressMs });
      expect(stopped).toBe("tolerance");
      expect(run_).toBeLessThan(5000);
      expect(epochs().filter((epoch) => epoch === run_)).toEqual([run_]);
      expect(epochs().at(-1)).toBe(run_);
    },
  );

  test("is the fit's before the constructor's, which otherwise hears", async () => {
    const own = listener();
    using model = make({ epochs: 2, onEpoch: own.onEpoch });
    const fits = listener();
    await run(model, { onEpoch: fits.onEpoch, progressMs: 0 });
    expect([own.epochs(), fits.epochs()]).toEqual([[], [1, 2]]);
    await run(model, { progressMs: 0 });
    expect(own.epochs()).toEqual([1, 2]);
  });

  test("is waited for: no epoch is told before the last one's answer has come", async () => {
    const log: string[] = [];
    using model = make({ epochs: 4 });
    await run(model, {
      progressMs: 0,
      async onEpoch({ epoch }) {
        log.push(`${epoch} told`);
        for (let i = 0; i < 5; i++) await turn();
        log.push(`${epoch} answered`);
      },
    });
    expect(log).toEqual([1, 2, 3, 4].flatMap((epoch) => [`${epoch} told`, `${epoch} answered`]));
  });

  test("is waited for also where it is told of the last epoch after the end", async () => {
    let answered = false;
    using model = make({ epochs: 5000, tolerance: 1e-3, learningRate: 1 });
    await run(model, {
      progressMs: 1e9,
      async onEpoch({ epoch }) {
        if (epoch === 1) return;
        await turn();
        answered = true;
      },
    });
    expect(answered).toBe(true);
  });

  test.each<[string, unknown]>([
    ["false", false],
    ["a promise of false", Promise.resolve(false)],
    // biome-ignore lint/suspicious/noThenProperty: what is awaited need not be a promise
    ["something thenable", { then: (resolve: (answer: boolean) => void) => resolve(false) }],
  ])("stops there with %s, keeping what was learned so far", async (_, answer) => {
    using model = make({ epochs: 100 });
    const { onEpoch } = listener(({ epoch }) => (epoch < 7 ? undefined : answer));
    const history = await run(model, { onEpoch, progressMs: 0 });
    expect([history.stopped, history.epochs, history.cost.length]).toEqual(["onEpoch", 7, 8]);
    using same = make({ epochs: 7 });
    await run(same, {});
    expectSameParameters(model, same, "after 7 epochs");
  });

  test("stops at nothing else", async () => {
    for (const answer of [undefined, null, 0, "", true, Promise.resolve(), Promise.resolve(0)]) {
      using model = make({ epochs: 3 });
      expect((await run(model, { onEpoch: () => answer, progressMs: 0 })).stopped).toBe("epochs");
    }
  });

  test.each<[string, (reason: Error) => unknown]>([
    [
      "throw",
      (reason) => {
        throw reason;
      },
    ],
    ["be rejected", (reason) => Promise.reject(reason)],
  ])("may %s: so is the fit, and the model and the memory stay as they were", async (_, fail) => {
    using model = make({ epochs: 5, batchSize: 9 });
    const reason = new Error("enough");
    const options = { onEpoch: ({ epoch }: Progress) => (epoch === 3 ? fail(reason) : true), progressMs: 0 };
    const before = held();
    expect(await rejectionOf(run(model, options))).toBe(reason);
    expect(held()).toEqual(before);
    expect(() => model.parameters).toThrow("has no parameters yet");
    model.fit(X, Y);
    const learned = parametersOf(model);
    const fitted = held();
    expect(await rejectionOf(run(model, options))).toBe(reason);
    expect(held()).toEqual(fitted);
    expectSame(parametersOf(model), learned, "parameters");
    await run(model, {});
  });

  test("may fail where it is told of the last epoch after the end: so does the fit", async () => {
    using model = make({ epochs: 5000, tolerance: 1e-3, learningRate: 1 });
    const reason = new Error("enough");
    const onEpoch = ({ epoch }: Progress) => (epoch > 1 ? Promise.reject(reason) : undefined);
    const before = held();
    expect(await rejectionOf(run(model, { onEpoch, progressMs: 1e9 }))).toBe(reason);
    expect(held()).toEqual(before);
    expect(() => model.parameters).toThrow("has no parameters yet");
  });

  test("hears times that go on, and that nothing remains after the last epoch", async () => {
    using model = make({ epochs: 9 });
    const { heard, onEpoch } = listener();
    await run(model, { onEpoch, progressMs: 0, sliceMs: AT_ONCE });
    let last = 0;
    for (const { elapsed, remaining, ...rest } of heard) {
      expect(Object.keys(rest)).toEqual(["epoch", "cost"]);
      expect(elapsed).toBeGreaterThanOrEqual(last);
      expect(remaining).toBeGreaterThanOrEqual(0);
      last = elapsed;
    }
    expect(heard.at(-1)!.remaining).toBe(0);
  });
});

describe.each(models)("of $name", ({ make }) => {
  test.each([
    [undefined, [1, 4, 7, 10]],
    [50, [1, 4, 7, 10]],
    [40, [1, 3, 5, 7, 9, 10]],
    [61, [1, 5, 9, 10]],
    [20, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])("epochs of 20 ms each, progressMs %s tells %j", async (progressMs, told) => {
    let time = 0;
    vi.spyOn(performance, "now").mockImplementation(() => time);
    const { heard, onEpoch, epochs } = listener();
    using model = make();
    const source = () => {
      time += 20;
      return [[X, Y]] as const;
    };
    const options = progressMs === undefined ? {} : { progressMs };
    await model.fitStream(source, { epochs: 10, onEpoch, ...options });
    expect(epochs()).toEqual(told);
    for (const { epoch, elapsed, remaining } of heard) {
      expect([elapsed, remaining]).toEqual([20 * epoch, 20 * (10 - epoch)]);
    }
  });

  test.each([{}, { batchSize: 9 }])(
    "onEpoch of fit and fitAsync hears the validation cost, with %j",
    async (options) => {
      const sync = listener();
      const async_ = listener();
      using model = make({ epochs: 6, ...options });
      const history = model.fit(X, Y, { earlyStopping: { validation }, onEpoch: sync.onEpoch });
      await model.fitAsync(X, Y, { earlyStopping: { validation }, onEpoch: async_.onEpoch, progressMs: 0 });
      for (const { heard } of [sync, async_]) {
        expectSame(
          heard.map(({ validationCost }) => validationCost!),
          history.validationCost!.slice(1),
          "validation costs",
        );
      }
    },
  );
});

test("what remains is told from the epochs after the first, which pays for the start", () => {
  const times = [0, 1000, 1010, 1040];
  vi.spyOn(performance, "now").mockImplementation(() => times.shift()!);
  const history = { cost: [1, 1, 1, 1, 1] } as History;
  const reporter = new Reporter(history, 12);
  expect([1, 2, 4].map((epoch) => reporter.progress(epoch).remaining)).toEqual([11_000, 100, (40 / 3) * 8]);
});
