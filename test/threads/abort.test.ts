/** An abort at any moment: the signal's reason, the model as promised, nothing left behind. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { array, configure, type FitAsyncOptions, Random } from "../../src/index.ts";
import { expectSame } from "../compare.ts";
import { samples } from "../fixtures.ts";
import { type Model, models, parametersOf } from "../model-state.ts";
import { quietUsage } from "../usage.ts";
import {
  chunked,
  expectNoWorkersLeft,
  expectSameFit,
  listeners,
  rejection,
  script,
  started,
  until,
  workers,
} from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

const { X, Y } = chunked();
const REASON = { why: "the user left" };

/** A host with so many processors: what needs more waits in the queue. */
function withProcessors(hardwareConcurrency: number): void {
  vi.stubGlobal("navigator", { hardwareConcurrency });
}

beforeEach(() => withProcessors(2));
afterEach(() => {
  configure({ workerUrl: undefined });
  vi.unstubAllGlobals();
});
afterAll(expectNoWorkersLeft);

/** A model that has learned something, with more epochs to come than anybody waits for. */
function learned(make: (typeof models)[number]["make"], epochs = 1e7): Model {
  const model = make({ epochs, seed: 3 });
  model.fit(X.columns(0, 50), Y.columns(0, 50), { onEpoch: ({ epoch }) => epoch < 20 });
  return model;
}

/** What an abort must leave of a model. */
type Left = { before: number[]; usage: Awaited<ReturnType<typeof quietUsage>> };

async function present(model: Model): Promise<Left> {
  return { before: parametersOf(model), usage: await quietUsage() };
}

/** The next fit of the team is right, and it is the same team. */
async function expectGoesOn(make: (typeof models)[number]["make"], threads: number): Promise<void> {
  const [got, want] = [make({ epochs: 4 }), make({ epochs: 4 })];
  expectSameFit([await got.fitAsync(X, Y, { threads }), got], [want.fit(X, Y), want], "the next fit");
  for (const each of [got, want]) each.free();
}

const trajectories = new Map<unknown, string[]>();

/** Parameters after each of the first epochs of the fit that `learned` models do. */
function trajectory(make: (typeof models)[number]["make"]): string[] {
  const known = trajectories.get(make);
  if (known) return known;
  const model = make({ epochs: 1, seed: 3, warmStart: true });
  const states = Array.from({ length: 1000 }, () => {
    model.fit(X, Y);
    return parametersOf(model).join();
  });
  trajectories.set(make, states);
  return states;
}

describe.each([
  ["two threads", 2, false],
  ["one worker over shared memory", 1, false],
  ["one worker with a copy", 2, true],
] as const)("with %s", (_, threads, alone) => {
  beforeEach(() => {
    withProcessors(alone ? 1 : threads);
    if (alone) vi.stubGlobal("SharedArrayBuffer", undefined);
  });

  // What is learned makes no difference to how a single worker hears.
  describe.each(threads === 2 && !alone ? models : models.slice(0, 1))("$name", ({ make }) => {
    test("before it begins: nothing happens", async () => {
      const model = learned(make);
      const { before, usage } = await present(model);
      const count = started();
      const signal = AbortSignal.abort(REASON);
      expect(await rejection(model.fitAsync(X, Y, { threads, signal }))).toBe(REASON);
      const controller = new AbortController();
      const fit = model.fitAsync(X, Y, { threads, signal: controller.signal });
      controller.abort(REASON);
      expect(await rejection(fit)).toBe(REASON);
      expect([listeners(signal), listeners(controller.signal)]).toEqual([0, 0]);
      expect(started()).toBe(count);
      expectSame(parametersOf(model), before, "parameters");
      expect(await quietUsage()).toEqual(usage);
      model.free();
    });

    test.each(["restore", "keep"] as const)(
      "while workers start, %s: at once, and they wait for another fit",
      async (onAbort) => {
        await expectNoWorkersLeft();
        const model = learned(make);
        const { before, usage } = await present(model);
        const { signal, abort } = aborter();
        let ready = false;
        process.once("worker", (worker) => {
          worker.once("message", () => {
            ready = true;
          });
          abort();
        });
        expect(await rejection(model.fitAsync(X, Y, { threads, signal, onAbort }))).toBe(REASON);
        expect(ready).toBe(false);
        expect(listeners(signal)).toBe(0);
        expectSame(parametersOf(model), before, "parameters");
        expect(await quietUsage()).toEqual(usage);
        const team = started();
        await expectGoesOn(make, threads);
        // Whoever comes too early waits, instead of starting others.
        expect(started()).toBe(team);
        expect(workers()).toBe(alone ? 1 : threads);
        model.free();
      },
    );

    test.each(["restore", "keep"] as const)(
      "while data is copied, %s: the model is what it was",
      async (onAbort) => {
        // Workers whose memory holds something else already.
        await expectGoesOn(make, threads);
        const big = new Random(1);
        const [bigX, bigY] = [
          big.uniform([5, 300_000]),
          array({ data: new Float32Array(300_000), shape: [1, 300_000] }),
        ];
        const model = learned(make, 50);
        const { before } = await present(model);
        for (let i = 0; i < 5; i++) {
          const { signal, abort } = aborter();
          // Another breath for each piece that is copied.
          const fit = model.fitAsync(bigX, bigY, { threads, signal, onAbort, sliceMs: 1e-6 });
          await roomOf(abort, 2 * i);
          expect(await rejection(fit)).toBe(REASON);
          expectSame(parametersOf(model), before, `parameters after ${i} pieces`);
          await expectGoesOn(make, threads);
          expect(listeners(signal)).toBe(0);
        }
        for (const each of [model, bigX, bigY]) each.free();
      },
    );

    test("in the middle, restore: at once, the model is what it was", async () => {
      const model = learned(make);
      const { before, usage } = await present(model);
      for (const wait of [1, 5, 12]) {
        const { signal, abort } = aborter();
        const fit = model.fitAsync(X, Y, { threads, signal });
        setTimeout(abort, wait);
        expect(await rejection(fit)).toBe(REASON);
        expectSame(parametersOf(model), before, "parameters");
        await expectGoesOn(make, threads);
        expect(listeners(signal)).toBe(0);
      }
      expect(await quietUsage()).toEqual(usage);
      model.free();
    });

    test("in the middle, keep: onEpoch hears of the last epoch, whose parameters are kept", async () => {
      await expectGoesOn(make, threads);
      const states = trajectory(make);
      for (const wait of [2, 4, 8]) {
        const model = learned(make);
        const before = parametersOf(model).join();
        const { signal, abort } = aborter();
        let heard = 0;
        const onEpoch = ({ epoch }: { epoch: number }) => {
          heard = epoch;
          // Never answered, but not waited for.
          return signal.aborted ? new Promise(() => {}) : true;
        };
        const fit = model.fitAsync(X, Y, { threads, signal, onAbort: "keep", progressMs: 1e9, onEpoch });
        setTimeout(abort, wait);
        expect(await rejection(fit)).toBe(REASON);
        expect(parametersOf(model).join()).toBe(heard === 0 ? before : states[heard - 1]);
        await expectGoesOn(make, threads);
        expect(listeners(signal)).toBe(0);
        model.free();
      }
    });

    test("in the middle of a loop, keep: the last epoch that it gets is the one whose parameters are kept", async () => {
      const states = trajectory(make);
      for (const wait of [2, 5, 9]) {
        const model = learned(make);
        const { signal, abort } = aborter();
        let last = 0;
        const loop = async () => {
          for await (const { epoch } of model.epochs(X, Y, { threads, signal, onAbort: "keep" })) {
            expect(epoch).toBe(last + 1);
            if (epoch === 2) setTimeout(abort, wait);
            last = epoch;
          }
        };
        expect(await rejection(loop())).toBe(REASON);
        expect(parametersOf(model).join()).toBe(states[last - 1]);
        expect(listeners(signal)).toBe(0);
        model.free();
      }
    });

    test("when all is over but nobody has heard of it, keep: onEpoch hears of the last epoch all the same", async () => {
      await expectGoesOn(make, threads);
      for (const options of [{}, { onEpoch: undefined }]) {
        const model = learned(make, 200);
        const { signal, abort } = aborter();
        const heard: number[] = [];
        const onEpoch = ({ epoch }: { epoch: number }) => void heard.push(epoch);
        const fit = model.fitAsync(X, Y, {
          ...{ threads, signal, onAbort: "keep", progressMs: 1e9, onEpoch },
          ...options,
        });
        await roomOf(() => {
          // This thread hears of nothing until the workers have done all they can.
          const end = performance.now() + 200;
          while (performance.now() < end);
          abort();
        }, 1);
        expect(await rejection(fit)).toBe(REASON);
        const kept = trajectory(make).indexOf(parametersOf(model).join()) + 1;
        expect(kept).toBeGreaterThan(0);
        if ("onEpoch" in options) expect(heard).toEqual([]);
        else expect(heard.at(-1)).toBe(kept);
        model.free();
      }
    });

    test.each([
      ["after the third epoch", 3, 0],
      ["after the third epoch that is told as it goes", 1, 1e-3],
      ["after the last one", 6, 0],
      ["after the last one, told when it is over", 6, 5000],
    ])("from onEpoch %s: keep gives those parameters, restore the old ones", async (_, last, progressMs) => {
      for (const onAbort of ["keep", "restore"] as const) {
        const model = learned(make, 6);
        const before = parametersOf(model);
        const { signal, abort } = aborter();
        let seen = 0;
        let after = 0;
        const onEpoch = ({ epoch }: { epoch: number }) => {
          if (signal.aborted) after = epoch;
          if (epoch < last || signal.aborted) return;
          seen = epoch;
          abort();
        };
        const options: FitAsyncOptions = { threads, signal, onAbort, progressMs, onEpoch };
        expect(await rejection(model.fitAsync(X, Y, options))).toBe(REASON);
        expect(seen).toBeGreaterThanOrEqual(last);
        if (onAbort === "restore") {
          expect(after).toBe(0);
          expectSame(parametersOf(model), before, "parameters");
        } else {
          // Only what is told as it goes may have gone on.
          if (progressMs !== 1e-3) expect([seen, after]).toEqual([last, 0]);
          expect(parametersOf(model).join()).toBe(trajectory(make)[Math.max(seen, after) - 1]);
        }
        await expectGoesOn(make, threads);
        expect(listeners(signal)).toBe(0);
        model.free();
      }
    });
  });

  test.each(["restore", "keep"] as const)(
    "while an answer of onEpoch is waited for that never comes, %s: at once, and another fit has the workers",
    async (onAbort) => {
      const { make } = models[0]!;
      await expectGoesOn(make, threads);
      for (const progressMs of [0, 1e-3]) {
        const model = learned(make);
        const before = parametersOf(model);
        const { signal, abort } = aborter();
        let last = 0;
        const onEpoch = ({ epoch }: { epoch: number }) => {
          if (epoch < 3) return true;
          last = epoch;
          if (!signal.aborted) setTimeout(abort, 5);
          return new Promise(() => {});
        };
        const fit = model.fitAsync(X, Y, { threads, signal, onAbort, progressMs, onEpoch });
        expect(await rejection(fit)).toBe(REASON);
        expect(listeners(signal)).toBe(0);
        if (onAbort === "restore") expectSame(parametersOf(model), before, "parameters");
        else expect(parametersOf(model).join()).toBe(trajectory(make)[last - 1]);
        const team = started();
        await expectGoesOn(make, threads);
        expect(started()).toBe(team);
        model.free();
      }
    },
  );

  test("while it waits in the queue: at once, and those behind it come earlier", async () => {
    const [first, second, third] = [0, 1, 2].map(() => learned(models[0]!.make)) as [Model, Model, Model];
    const running = aborter();
    const fit = first.fitAsync(X, Y, { threads, signal: running.signal });
    let over = false;
    fit.catch(() => {
      over = true;
    });
    // So large a team has to wait until all others are gone.
    const waiting = aborter();
    const aborted = second.fitAsync(X, Y, { threads: 2, signal: waiting.signal });
    const next = third.fitAsync(X, Y, { threads, onEpoch: () => false, progressMs: 0 });
    setTimeout(waiting.abort, 20);
    expect(await rejection(aborted)).toBe(REASON);
    expect(listeners(waiting.signal)).toBe(0);
    const early = over;
    running.abort();
    expect(early).toBe(false);
    expect(await rejection(fit)).toBe(REASON);
    expect((await next).stopped).toBe("onEpoch");
    await expectGoesOn(models[0]!.make, threads);
  });
});

test("when a large team's fit is aborted in the queue, a small one behind it need not wait any longer", async () => {
  await expectNoWorkersLeft();
  const [first, second, third] = [0, 1, 2].map(() => learned(models[0]!.make)) as [Model, Model, Model];
  const [running, waiting] = [aborter(), aborter()];
  const fit = first.fitAsync(X, Y, { threads: 1, signal: running.signal });
  let over = false;
  fit.catch(() => {
    over = true;
  });
  // One of two processors is busy: there is no place for two, and who comes later does not push in.
  const large = second.fitAsync(X, Y, { threads: 2, signal: waiting.signal });
  const small = third.fitAsync(X, Y, { threads: 1, onEpoch: () => false, progressMs: 0 });
  setTimeout(waiting.abort, 20);
  setTimeout(running.abort, 4000);
  expect(await rejection(large)).toBe(REASON);
  expect((await small).stopped).toBe("onEpoch");
  expect(over).toBe(false);
  running.abort();
  expect(await rejection(fit)).toBe(REASON);
});

test("an abort before its turn in the queue has come is not kept waiting", async () => {
  const [first, second] = [learned(models[0]!.make), learned(models[0]!.make)];
  const running = aborter();
  const fit = first.fitAsync(X, Y, { threads: 2, signal: running.signal });
  await until(() => workers() === 2);
  const { signal, abort } = aborter();
  const late = second.fitAsync(X, Y, { threads: 2, signal });
  // Between the call and the queue.
  queueMicrotask(abort);
  expect(await rejection(late)).toBe(REASON);
  running.abort();
  expect(await rejection(fit)).toBe(REASON);
});

test("with a coordinator that asks after the abort: it gets an answer all the same", async () => {
  await expectNoWorkersLeft();
  // It takes its time before it says that an epoch awaits its answer: most aborts come in between.
  configure({ workerUrl: script("wrapped.mjs", { dawdle: 20, op: "store", word: 48, value: 3 }) });
  await expectGoesOn(models[0]!.make, 2);
  const model = learned(models[0]!.make);
  for (let i = 0; i < 4; i++) {
    for (const onAbort of ["keep", "restore"] as const) {
      const { signal, abort } = aborter();
      const fit = model.fitAsync(X, Y, { threads: 2, signal, onAbort, progressMs: 0, onEpoch: () => true });
      setTimeout(abort, 30 + 3 * i);
      expect(await rejection(fit)).toBe(REASON);
    }
  }
  await expectNoWorkersLeft();
});

test("with a helper that gives its part up first: keep still gives the last epoch's parameters", async () => {
  await expectNoWorkersLeft();
  // The helper looks up slowly between pieces, so the coordinator waits for it most of the time.
  configure({ workerUrl: script("wrapped.mjs", { index: 1, dawdle: 15, op: "load", word: 32 }) });
  const wide = samples(300, 5000);
  const [x, y] = [array(wide.X), array(wide.Y)];
  const make = models[1]!.make;
  const states = trajectoryOf(30);
  function trajectoryOf(epochs: number): string[] {
    const model = make({ hidden: 60, epochs: 1, seed: 3, warmStart: true } as object);
    return Array.from({ length: epochs }, () => {
      model.fit(x, y);
      return parametersOf(model).join();
    });
  }
  for (let i = 0; i < 2; i++) {
    const model = make({ hidden: 60, epochs: 1e6, seed: 3 } as object);
    const { signal, abort } = aborter();
    const onEpoch = ({ epoch }: { epoch: number }) => void (epoch === 1 && setTimeout(abort, 10 + 30 * i));
    const fit = model.fitAsync(x, y, { threads: 2, signal, onAbort: "keep", progressMs: 1e-3, onEpoch });
    expect(await rejection(fit)).toBe(REASON);
    expect(states).toContain(parametersOf(model).join());
  }
  await expectNoWorkersLeft();
});

/** A signal and how to abort it. */
function aborter(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(REASON) };
}

/** Aborts when a worker has said that there is room, and some pieces are on their way. */
async function roomOf(abort: () => void, pieces: number): Promise<void> {
  const { Worker } = await import("node:worker_threads");
  const emit = Worker.prototype.emit;
  await new Promise<void>((resolve) => {
    Worker.prototype.emit = function (this: never, event: string, ...values: unknown[]) {
      const result = emit.call(this, event as never, ...(values as never[]));
      if (event === "message" && (values[0] as { type: string }).type === "room") {
        Worker.prototype.emit = emit;
        let left = pieces;
        const next = (): void => {
          if (left-- > 0) setImmediate(next);
          else {
            abort();
            resolve();
          }
        };
        queueMicrotask(next);
      }
      return result;
    } as typeof emit;
  });
}
