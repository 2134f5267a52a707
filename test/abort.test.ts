/** Fits that are given up: what they are rejected with, what the model then is, what they leave behind. */
import { describe, expect, test } from "vitest";
import { type AsyncOptions, array, type History, info, type Progress, type TrainingOptions } from "../src/index.ts";
import { randomFrom } from "./assembly/data.ts";
import { AT_ONCE, countingSignal, rejectionOf, turn } from "./async-cases.ts";
import { expectSame } from "./compare.ts";
import { samples } from "./fixtures.ts";
import { expectSameParameters, held, type Model, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 60);
const batches = [0, 20, 40].map(
  (start) => [X.map((row) => row.slice(start, start + 20)), [Y[0]!.slice(start, start + 20)]] as const,
);

type Options = AsyncOptions & { onEpoch?: (progress: Progress) => unknown };

/** Each way to fit that a signal can end; `plain` is the same with so many epochs, to its end. */
const forms: {
  form: string;
  training: TrainingOptions;
  /** Where what throws is the loop's body, not the fit. */
  loop?: true;
  run(model: Model, options: Options): Promise<unknown>;
}[] = [
  { form: "fitAsync", training: {}, run: (model, options) => model.fitAsync(X, Y, options) },
  {
    form: "fitAsync with mini-batches",
    training: { batchSize: 16 },
    run: (model, options) => model.fitAsync(X, Y, options),
  },
  {
    form: "epochs",
    loop: true,
    training: { batchSize: 16, shuffle: false },
    async run(model, { onEpoch, progressMs: _, ...options }) {
      for await (const progress of model.epochs(X, Y, options)) await onEpoch?.(progress);
    },
  },
  {
    form: "fitStream",
    training: {},
    run: (model, options) => model.fitStream(() => batches, options),
  },
];
const cases = models.flatMap(({ name, make }) => forms.map((form) => ({ name, make, ...form })));

describe.each(cases)("$name: $form", ({ make, training, loop, run }) => {
  const make1 = (options: TrainingOptions = {}) => make({ ...training, ...options });

  /** A model that was fitted before, and what it knows. */
  function fitted(epochs = 1000): { model: Model; learned: number[] } {
    const model = make1({ epochs });
    model.fit(X, Y, { onEpoch: ({ epoch }) => epoch < 3 });
    return { model, learned: parametersOf(model) };
  }

  /** Aborts when so many epochs are over. */
  function aborting(after: number, reason?: unknown): Options {
    const controller = new AbortController();
    return {
      signal: controller.signal,
      progressMs: 0,
      onEpoch: ({ epoch }) => {
        if (epoch === after) controller.abort(reason);
      },
    };
  }

  test.each<[string, unknown]>([
    ["an error", new RangeError("too slow")],
    ["a text", "too slow"],
    ["null", null],
    ["nothing, for which the host makes one", undefined],
  ])("is rejected with the signal's reason: %s", async (_, reason) => {
    using model = make1();
    const options = aborting(2, reason);
    const found = await rejectionOf(run(model, options));
    expect(found).toBe(options.signal!.reason);
    if (reason === undefined) expect((found as DOMException).name).toBe("AbortError");
  });

  test("aborted before is rejected at once, and nothing happens", async () => {
    const { model, learned } = fitted();
    const before = held();
    for (const onAbort of ["restore", "keep"] as const) {
      const reason = new Error("never mind");
      const onEpoch = () => expect.unreachable();
      const found = await rejectionOf(run(model, { signal: AbortSignal.abort(reason), onAbort, onEpoch }));
      expect(found).toBe(reason);
      expectSame(parametersOf(model), learned, onAbort);
      expect(held()).toEqual(before);
    }
    model.free();
  });

  test("aborted within onEpoch, the model is as before, to the bit", async () => {
    const { model, learned } = fitted();
    const before = held();
    await rejectionOf(run(model, aborting(4)));
    expectSame(parametersOf(model), learned, "restored");
    expect(held()).toEqual(before);
    model.free();
  });

  test("aborted within onEpoch, a model that was never fitted still is not", async () => {
    const before = held();
    using model = make1();
    await rejectionOf(run(model, aborting(4)));
    expect(() => model.predict(X)).toThrow("has no parameters yet");
    expect(held()).toEqual(before);
    await run(model, aborting(-1));
  });

  test.each([1, 4, 10])(
    'aborted within onEpoch of epoch %i with "keep", it has the parameters of that epoch',
    async (epoch) => {
      for (const { model } of [fitted(10), { model: make1({ epochs: 10 }) }]) {
        const reason = await rejectionOf(run(model, { ...aborting(epoch), onAbort: "keep" }));
        expect(reason).toBeInstanceOf(DOMException);
        using same = make1({ epochs: epoch });
        await run(same, {});
        expectSameParameters(model, same, `after ${epoch}`);
        model.free();
      }
    },
  );

  test('aborted from elsewhere with "keep", it has the parameters of some epoch, the last that was over', async () => {
    const controller = new AbortController();
    let told = 0;
    const { model } = fitted(2 ** 30);
    const fit = run(model, {
      signal: controller.signal,
      onAbort: "keep",
      sliceMs: AT_ONCE,
      progressMs: 0,
      onEpoch: ({ epoch }) => {
        told = epoch;
        return turn();
      },
    });
    for (let i = 0; i < 60 || told < 2; i++) await turn();
    controller.abort();
    await rejectionOf(fit);
    using same = make1({ epochs: told });
    await run(same, {});
    expectSameParameters(model, same, `after ${told}`);
    model.free();
  });

  /** Aborts between two epochs that are told, as the second never is by itself. */
  async function abortedBetween(onAbort: "keep" | "restore", onEpoch: (progress: Progress) => unknown) {
    const controller = new AbortController();
    const { model, learned } = fitted(2 ** 30);
    const { signal } = controller;
    const fit = run(model, { signal, onAbort, sliceMs: AT_ONCE, progressMs: 1e9, onEpoch });
    let settled = false;
    const reason = rejectionOf(fit).finally(() => {
      settled = true;
    });
    for (let i = 0; i < 60; i++) await turn();
    expect(settled).toBe(false);
    controller.abort();
    return { model, learned, found: await reason, reason: signal.reason };
  }

  test.runIf(!loop)(
    'aborted between two epochs that are told, it tells of the last with "keep", and has its parameters',
    async () => {
      const heard: Progress[] = [];
      const { model, found, reason } = await abortedBetween("keep", (progress) => heard.push(progress));
      expect(found).toBe(reason);
      expect(heard).toHaveLength(2);
      const { epoch, cost } = heard[1]!;
      using same = make1({ epochs: epoch });
      const history = (await run(same, {})) as History;
      expectSameParameters(model, same, `after ${epoch}`);
      expect([heard[0]!.epoch, history.epochs, history.cost.at(-1)]).toEqual([1, epoch, cost]);
      model.free();
    },
  );

  test.runIf(!loop)('aborted between two epochs that are told, it tells nobody with "restore"', async () => {
    const heard: number[] = [];
    const { model, learned, found, reason } = await abortedBetween("restore", ({ epoch }) => heard.push(epoch));
    expect(found).toBe(reason);
    expect(heard).toEqual([1]);
    expectSame(parametersOf(model), learned, "restored");
    model.free();
  });

  const failure = new Error("cannot show it");

  test.runIf(!loop).each<[string, boolean, () => unknown]>([
    ["is never answered, is not waited for", false, () => new Promise(() => {})],
    ["is answered by an error later, is not waited for", false, () => turn().then(() => Promise.reject(failure))],
    [
      "makes onEpoch throw, is rejected with that",
      true,
      () => {
        throw failure;
      },
    ],
  ])("aborted, the last epoch that is told %s, and its parameters are kept", async (_, throws, answer) => {
    let last = 0;
    const onEpoch = ({ epoch }: Progress) => {
      last = epoch;
      return epoch > 1 ? answer() : true;
    };
    const { model, found, reason } = await abortedBetween("keep", onEpoch);
    expect(found).toBe(throws ? failure : reason);
    using same = make1({ epochs: last });
    await run(same, {});
    expectSameParameters(model, same, `after ${last}`);
    await turn();
    model.free();
  });

  const answers: [string, () => Promise<void>][] = [
    ["never comes", () => new Promise(() => {})],
    ["comes later", () => turn()],
    ["is an error that comes later", () => turn().then(() => Promise.reject(new Error("too late")))],
  ];

  describe.runIf(!loop).each(answers)("aborted while an answer of onEpoch is waited for that %s", (_, answer) => {
    test.each([
      ["within onEpoch", true],
      ["from elsewhere", false],
    ])("%s, it has settled in the same turn, and is as before or as after that epoch", async (_, within) => {
      for (const onAbort of ["restore", "keep"] as const) {
        for (const last of [3, 10]) {
          const { controller, signal, listeners } = countingSignal();
          const { model, learned } = fitted(10);
          const reason = new Error("enough");
          const log: unknown[] = [];
          const onEpoch = ({ epoch }: Progress): unknown => {
            if (epoch < last) return true;
            const abort = () => {
              controller.abort(reason);
              setImmediate(() => log.push("turned"));
            };
            if (within) abort();
            else setImmediate(abort);
            return answer().finally(() => log.push("answered"));
          };
          const fit = run(model, { signal, onAbort, progressMs: 0, onEpoch });
          await fit.catch((error) => log.push(error));
          expect(log.filter((entry) => entry !== "answered")).toEqual([reason]);
          expect(listeners()).toBe(0);
          using same = make1({ epochs: last });
          await run(same, {});
          const wanted = onAbort === "keep" ? parametersOf(same) : learned;
          expectSame(parametersOf(model), wanted, `${onAbort} at ${last}`);
          await turn();
          await turn();
          model.free();
        }
      }
    });
  });

  test.runIf(!loop)(
    "aborted while the answer to a last epoch is waited for that was told when all was over",
    async () => {
      const { controller, signal, listeners } = countingSignal();
      using model = make1({ epochs: 5000, tolerance: 1e-3, learningRate: 1 });
      let heard = 0;
      const onEpoch = () => {
        if (++heard === 1) return true;
        setImmediate(() => controller.abort("enough"));
        return new Promise(() => {});
      };
      expect(await rejectionOf(run(model, { signal, progressMs: 1e9, onEpoch }))).toBe("enough");
      expect([heard, listeners()]).toEqual([2, 0]);
    },
  );

  test("that was aborted can be fitted again, as if nothing had been", async () => {
    using model = make1({ epochs: 5 });
    using same = make1({ epochs: 5 });
    await rejectionOf(run(model, aborting(2)));
    await run(model, {});
    await run(same, {});
    expectSameParameters(model, same, "again");
  });

  test("aborted after its end stays as it is", async () => {
    const controller = new AbortController();
    using model = make1({ epochs: 5 });
    await run(model, { signal: controller.signal });
    const learned = parametersOf(model);
    controller.abort();
    await turn();
    expectSame(parametersOf(model), learned, "learned");
  });

  test("listens to no signal any more when it has settled, however that was", async () => {
    const { controller, signal, listeners } = countingSignal();
    using model = make1({ epochs: 5 });
    await run(model, { signal });
    expect(listeners()).toBe(0);
    const fail = () => Promise.reject(new Error("enough"));
    await rejectionOf(run(model, { signal, onEpoch: fail }));
    expect(listeners()).toBe(0);
    await rejectionOf(
      run(model, { signal, progressMs: 0, onEpoch: ({ epoch }) => void (epoch === 3 && controller.abort()) }),
    );
    expect(listeners()).toBe(0);
  });

  test("an error that comes before an abort is what it is rejected with, and nothing is kept", async () => {
    const { model, learned } = fitted();
    const { signal } = new AbortController();
    const reason = new Error("enough");
    const onEpoch = ({ epoch }: Progress) => (epoch === 5 ? Promise.reject(reason) : true);
    expect(await rejectionOf(run(model, { signal, onAbort: "keep", progressMs: 0, onEpoch }))).toBe(reason);
    if (!loop) expectSame(parametersOf(model), learned, "restored");
    model.free();
  });

  test("hundreds of fits that are aborted at random moments leave nothing behind", async () => {
    const random = randomFrom(11);
    const [x, y] = [array(X), array(Y)];
    const model = make1({ epochs: 40 });
    const seen = new Set<string>();
    await run(model, {});
    model.fit(X, Y);
    const before = held();
    let total = 0;
    for (let i = 0; i < 250; i++) {
      const { controller, signal, listeners } = countingSignal();
      const onAbort = random() < 0.5 ? "keep" : "restore";
      const fit = run(model, { signal, onAbort, sliceMs: AT_ONCE }).then(
        () => "done",
        () => "aborted",
      );
      for (let turns = Math.floor(random() * 60); turns > 0; turns--) await turn();
      controller.abort();
      seen.add(await fit);
      expect([held(), listeners()]).toEqual([before, 0]);
      if (i === 50) total = info().memory.total;
    }
    expect(seen).toContain("aborted");
    expect(info().memory.total).toBe(total);
    model.fit(x, y);
    for (const one of [model, x, y]) one.free();
  });
});

describe.each(models)("$name", ({ make }) => {
  const large = samples(5, 9001);

  test.each(["keep", "restore"] as const)(
    "aborted before the first epoch is over is as before, with %s",
    async (onAbort) => {
      using model = make();
      model.fit(large.X, large.Y, { onEpoch: () => false });
      const learned = parametersOf(model);
      const before = held();
      const controller = new AbortController();
      const onEpoch = () => expect.unreachable();
      const fit = model.fitAsync(large.X, large.Y, {
        signal: controller.signal,
        onAbort,
        onEpoch,
        sliceMs: AT_ONCE,
      });
      await turn();
      controller.abort();
      await rejectionOf(fit);
      expectSame(parametersOf(model), learned, onAbort);
      expect(held()).toEqual(before);
    },
  );
});
