/** onEpoch and epochs() with threads: who is told what, who may stop, and what the model is meanwhile. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type History, LogisticRegression, type Progress } from "../../src/index.ts";
import { expectSame } from "../compare.ts";
import { type Model, models, parametersOf } from "../model-state.ts";
import { quietUsage } from "../usage.ts";
import { chunked, expectNoWorkersLeft, expectSameFit, rejection, workers } from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

afterEach(() => void vi.unstubAllGlobals());
afterAll(expectNoWorkersLeft);

const { X, Y } = chunked();
const pause = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([
  ["two threads", 2, false],
  ["one worker over shared memory", 1, false],
  ["one worker with a copy", 2, true],
] as const)("with %s", (_, threads, alone) => {
  beforeEach(() => {
    if (alone) vi.stubGlobal("SharedArrayBuffer", undefined);
  });

  // What is learned makes no difference to how a single worker hears.
  describe.each(threads === 2 && !alone ? models : models.slice(0, 1))("$name", ({ make }) => {
    /** The same fit by fit, stopped after `last` epochs. */
    function fitted(epochs: number, last = Number.POSITIVE_INFINITY): [History, Model] {
      const model = make({ epochs, seed: 2 });
      return [model.fit(X, Y, { onEpoch: ({ epoch }) => epoch < last }), model];
    }

    test("progressMs 0 tells every epoch in order, and each waits for its answer", async () => {
      const model = make({ epochs: 7, seed: 2 });
      const heard: Progress[] = [];
      let busy = false;
      const history = await model.fitAsync(X, Y, {
        threads,
        progressMs: 0,
        onEpoch: async (progress) => {
          expect(busy).toBe(false);
          busy = true;
          await pause();
          heard.push(progress);
          busy = false;
        },
      });
      expect(heard.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expectSame(
        heard.map(({ cost }) => cost),
        history.cost.slice(1),
        "costs",
      );
      expect(heard.every(({ elapsed, remaining }) => elapsed >= 0 && remaining >= 0)).toBe(true);
      expect(heard.at(-1)!.remaining).toBe(0);
      expectSameFit([history, model], fitted(7), "all epochs");
    });

    test.each([
      ["false", () => false],
      ["a promise of false", () => pause().then(() => false)],
    ])("%s stops exactly there", async (_, answer) => {
      for (const last of [1, 4, 9]) {
        const model = make({ epochs: 9, seed: 2 });
        const heard: number[] = [];
        const onEpoch = ({ epoch }: Progress) => {
          heard.push(epoch);
          return epoch === last ? answer() : undefined;
        };
        const history = await model.fitAsync(X, Y, { threads, progressMs: 0, onEpoch });
        expect(history).toMatchObject({ stopped: "onEpoch", epochs: last });
        expect(heard).toEqual(Array.from({ length: last }, (_, i) => i + 1));
        expectSameFit([history, model], fitted(9, last), `stopped at ${last}`);
      }
    });

    test("with a pause fewer are told, the first and the last always, none twice", async () => {
      for (const progressMs of [1e-3, 2, 5000]) {
        const model = make({ epochs: 60, seed: 2 });
        const heard: number[] = [];
        const history = await model.fitAsync(X, Y, {
          threads,
          progressMs,
          onEpoch: ({ epoch, cost }) => {
            heard.push(epoch);
            expect(Number.isFinite(cost)).toBe(true);
          },
        });
        expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
        expect([heard[0], heard.at(-1)]).toEqual([1, 60]);
        if (progressMs === 5000) expect(heard).toEqual([1, 60]);
        expectSameFit([history, model], fitted(60), "with a pause");
      }
    });

    test("with a pause false stops soon, and what was trained is what a fit of so many epochs does", async () => {
      const model = make({ epochs: 1e7, seed: 2 });
      const history = await model.fitAsync(X, Y, { threads, progressMs: 1, onEpoch: ({ epoch }) => epoch < 5 });
      expect(history.stopped).toBe("onEpoch");
      expect(history.epochs).toBeGreaterThanOrEqual(5);
      expectSameFit([history, model], fitted(1e7, history.epochs), "soon");
    });

    test("with a pause a slow answer does not hold the training up", async () => {
      const model = make({ epochs: 300, seed: 2 });
      const heard: number[] = [];
      const onEpoch = async ({ epoch }: Progress) => {
        heard.push(epoch);
        await pause(30);
      };
      const history = await model.fitAsync(X, Y, { threads, progressMs: 1e-3, onEpoch });
      // While an answer is awaited nothing is told, but the last epoch in any case.
      expect(heard.length).toBeLessThan(300);
      expect([heard[0], heard.at(-1)]).toEqual([1, 300]);
      expectSameFit([history, model], fitted(300), "slow answers");
    });

    test.each([
      [
        "throws",
        () => {
          throw new Error("no more");
        },
      ],
      ["is rejected", () => pause().then(() => Promise.reject(new Error("no more")))],
    ])("an onEpoch that %s rejects the fit, restores the model and frees the team", async (_, answer) => {
      const model = make({ epochs: 30, seed: 2 });
      await model.fitAsync(X, Y, { threads });
      const before = parametersOf(model);
      const usage = await quietUsage();
      const size = workers();
      for (const progressMs of [0, 1e-3, 5000]) {
        for (const last of [1, 30]) {
          const onEpoch = ({ epoch }: Progress) => (epoch >= last ? answer() : undefined);
          const error = await rejection(model.fitAsync(X, Y, { threads, progressMs, onEpoch }));
          expect(error.message).toBe("no more");
          expectSame(parametersOf(model), before, "parameters");
          expect(workers()).toBe(size);
        }
      }
      expect(await quietUsage()).toEqual(usage);
      expectSameFit([await model.fitAsync(X, Y, { threads }), model], fitted(30), "afterwards");
    });

    test("validation costs are told", async () => {
      const model = make({ epochs: 5, seed: 2 });
      const heard: unknown[] = [];
      const earlyStopping = { validation: [X.columns(0, 3000), Y.columns(0, 3000)] as const };
      const history = await model.fitAsync(X, Y, {
        threads,
        progressMs: 0,
        earlyStopping,
        onEpoch: ({ validationCost }) => void heard.push(validationCost),
      });
      expect(heard).toEqual(history.validationCost!.slice(1));
    });

    test("epochs() yields each epoch, the model predicting with its parameters", async () => {
      const model = make({ epochs: 6, seed: 2 });
      const steps = make({ epochs: 1, seed: 2, warmStart: true });
      const iterator = model.epochs(X, Y, { threads });
      let step = await iterator.next();
      for (let epoch = 1; !step.done; step = await iterator.next(), epoch++) {
        steps.fit(X, Y);
        expect(step.value.epoch).toBe(epoch);
        expectSame(parametersOf(model), parametersOf(steps), `epoch ${epoch}`);
        await pause(epoch % 3);
        expectSame(parametersOf(model), parametersOf(steps), `epoch ${epoch}, later`);
      }
      expect(step.value!.execution.mode).toBe(alone || threads === 1 ? "worker" : "threads");
      expectSameFit([step.value!, model], fitted(6), "all epochs");
    });

    test("leaving the loop ends the training there", async () => {
      const model = make({ epochs: 1000, seed: 2 });
      for await (const { epoch } of model.epochs(X, Y, { threads })) if (epoch === 3) break;
      expectSame(parametersOf(model), parametersOf(fitted(3)[1]), "parameters");
      // Nothing goes on in the background.
      expectSameFit(
        [await model.fitAsync(X, Y, { threads, progressMs: 0, onEpoch: () => false }), model],
        fitted(1000, 1),
        "again",
      );
    });

    test("a loop that throws ends the training, and its error is the one that counts", async () => {
      const model = make({ epochs: 1000, seed: 2 });
      const loop = async () => {
        for await (const { epoch } of model.epochs(X, Y, { threads })) if (epoch === 2) throw new Error("enough");
      };
      expect((await rejection(loop())).message).toBe("enough");
      expectSame(parametersOf(model), parametersOf(fitted(2)[1]), "parameters");
    });
  });
});

test("meanwhile the model predicts as before, and cannot be trained", async () => {
  const model = new LogisticRegression({ epochs: 5 });
  model.fit(X, Y);
  const before = parametersOf(model);
  const fit = model.fitAsync(X, Y, {
    threads: 2,
    progressMs: 0,
    onEpoch: () => expectSame(parametersOf(model), before, "parameters"),
  });
  const message =
    "LogisticRegression.fit: the LogisticRegression is being trained by fitAsync. Await that, or abort it, first.";
  expect(() => model.fit(X, Y)).toThrow(message);
  expect((await rejection(model.fitAsync(X, Y, { threads: 2 }))).message).toBe(
    message.replace(".fit:", ".fitAsync:"),
  );
  expect(() => model.free()).toThrow("is being trained by fitAsync");
  await fit;
  model.free();
});
