/** The teams: used again, shared out in turn, ended when nobody needs them. */
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { configure, type History, info, LogisticRegression, releaseThreads } from "../../src/index.ts";
import { runtime } from "../../src/runtime.ts";
import { giveBack, isReady, take } from "../../src/threads/pool.ts";
import type { Kind } from "../../src/threads/team.ts";
import { type Model, models, useBuild } from "../model-state.ts";
import {
  chunked,
  expectNoWorkersLeft,
  expectSameFit,
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

let { X, Y } = chunked();

function withProcessors(hardwareConcurrency: number): void {
  vi.stubGlobal("navigator", { hardwareConcurrency });
}

beforeEach(async () => {
  withProcessors(2);
  // For the build that the test before has left.
  ({ X, Y } = chunked());
  await expectNoWorkersLeft();
});
afterEach(() => void vi.unstubAllGlobals());
afterAll(expectNoWorkersLeft);

const make = (options: object = {}): Model => new LogisticRegression({ epochs: 10, ...options });

/** Trains a new model in threads, and sees that it did what fit does. */
async function trained(threads: number, options: object = {}): Promise<History> {
  const [got, want] = [make(options), make(options)];
  const history = await got.fitAsync(X, Y, { threads });
  expectSameFit([history, got], [want.fit(X, Y), want], `threads ${threads}`);
  return history;
}

function kindOf(size: number): Kind {
  const { code, build } = runtime().kernel as Pick<Kind, "code" | "build">;
  return { code, build, shared: true, size, limit: 2 ** 32, url: undefined };
}

describe("one fit after another", () => {
  test.each([2, 8])("is done by one team, on %i processors", async (processors) => {
    withProcessors(processors);
    const before = started();
    for (let i = 0; i < 10; i++) expect((await trained(2)).execution.mode).toBe("threads");
    expect(started() - before).toBe(2);
    expect(workers()).toBe(2);
  });

  test("in teams of several sizes keeps no more workers than there are processors", async () => {
    withProcessors(4);
    for (const [threads, left] of [
      [2, 2],
      [1, 3],
      [3, 3],
      [4, 4],
      [2, 2],
      [8, 8],
      [2, 2],
    ] as const) {
      await trained(threads);
      expect(workers()).toBeLessThanOrEqual(Math.max(4, threads));
      expect(workers()).toBeGreaterThanOrEqual(Math.min(left, threads));
    }
  });

  test("for another build needs another team, which replaces the first", async () => {
    const before = started();
    for (const build of ["simd", "relaxed"] as const) {
      useBuild(build);
      // Arrays of the former build stay with it.
      const here = chunked();
      const [got, want] = [make(), make()];
      const history = await got.fitAsync(here.X, here.Y, { threads: 2 });
      expectSameFit([history, got], [want.fit(here.X, here.Y), want], build);
      expect(workers()).toBe(2);
    }
    expect(started() - before).toBe(4);
    expect((await trained(2)).execution.mode).toBe("threads");
  });
});

test("a helper that is slow to leave one job does not compute the next one as if it were the same", async () => {
  // It looks slowly whether there is a part, or the job is over.
  configure({ workerUrl: script("wrapped.mjs", { index: 1, dawdle: 10, op: "load", word: 0 }) });
  const before = started();
  const data = { f32: chunked("f32"), f64: chunked("f64") };
  const plans = Array.from({ length: 8 }, (_, i) => {
    // A short one, then one that goes on for as long as the helper may be late.
    const { make } = models[Math.floor(i / 2) % 2]!;
    const { X, Y } = data[i % 4 === 0 || i % 4 === 3 ? "f32" : "f64"];
    const options = { epochs: i % 2 ? 300 : 2 };
    const want = make(options);
    return { make: () => make(options), X, Y, want: [want.fit(X, Y), want] as const };
  });
  // One right after the other.
  const fits: [History, Model][] = [];
  for (const { make, X, Y } of plans) {
    const model = make();
    fits.push([await model.fitAsync(X, Y, { threads: 2 }), model]);
  }
  for (const [i, { want }] of plans.entries()) expectSameFit(fits[i]!, want, `fit ${i}`);
  expect(started() - before).toBe(2);
  configure({ workerUrl: undefined });
});

describe("fits at once", () => {
  test.each([2, 4, 64])("on two models are both right, on %i processors", async (processors) => {
    withProcessors(processors);
    await Promise.all([trained(2), trained(2, { learningRate: 0.7 })]);
    expect(workers()).toBe(processors === 2 ? 2 : 4);
  });

  test("of any number wait for each other in turn, and all are right", async () => {
    withProcessors(3);
    const order: number[] = [];
    let most = 0;
    const sizes = [2, 1, 3, 2, 8, 1, 1, 2, 3, 16, 2, 1];
    await Promise.all(
      sizes.map(async (threads, i) => {
        const [got, want] = models.map(({ make }) => [make({ epochs: 5, seed: i }), make({ epochs: 5, seed: i })])[
          i % 2
        ]!;
        const onEpoch = () => {
          most = Math.max(most, workers());
        };
        const history = await got!.fitAsync(X, Y, { threads, onEpoch, progressMs: 0 });
        order.push(i);
        expect(history.execution.threads).toBe(threads);
        expectSameFit([history, got!], [want!.fit(X, Y), want!], `fit ${i}`);
      }),
    );
    expect(order.length).toBe(sizes.length);
    expect(most).toBeLessThanOrEqual(16);
  });

  test("on one model are refused", async () => {
    const model = make();
    const first = model.fitAsync(X, Y, { threads: 2 });
    expect((await rejection(model.fitAsync(X, Y, { threads: 2 }))).message).toBe(
      "LogisticRegression.fitAsync: the LogisticRegression is being trained by fitAsync. Await that, or abort it, first.",
    );
    await first;
  });

  test("that need places end teams that wait, and none that somebody takes meanwhile", async () => {
    withProcessors(6);
    const [a, b, c] = await Promise.all([1, 2, 3].map((size) => take(kindOf(size), undefined)));
    for (const team of [a, b, c]) await giveBack(team!);
    expect(workers()).toBe(6);
    // All three are in its way. While the first is being ended, somebody takes the second.
    const { build } = kindOf(3);
    const other: Kind = { ...kindOf(3), build: build === "simd" ? "relaxed" : "simd" };
    const [large, taken] = await Promise.all([take(other, undefined), take(kindOf(2), undefined)]);
    const deaths = [a, b, c, large].map((team) => team!.death !== undefined);
    for (const team of [large, taken]) await giveBack(team);
    expect(taken).toBe(b);
    expect(deaths).toEqual([true, false, true, false]);
  });
});

describe("releaseThreads", () => {
  test("without workers, and twice, does nothing", async () => {
    await releaseThreads();
    await Promise.all([releaseThreads(), releaseThreads()]);
    expect(workers()).toBe(0);
  });

  test("ends workers without work, and the next fit starts others", async () => {
    for (let i = 0; i < 2; i++) {
      await trained(2);
      expect(workers()).toBe(2);
      expect(info().threads.memory).toBeGreaterThan(0);
      await Promise.all([releaseThreads(), releaseThreads()]);
      expect(info().threads).toMatchObject({ workers: 0, memory: 0 });
    }
  });

  test("lets work under way end first, and what waits behind it too", async () => {
    const over: string[] = [];
    const fits = [2, 2, 1].map((threads, i) =>
      trained(threads, { epochs: 100 + i }).then(() => over.push(`fit ${i}`)),
    );
    await until(() => workers() > 0);
    const releases = [releaseThreads(), releaseThreads()].map((release) =>
      release.then(() => over.push("released")),
    );
    await Promise.all([...fits, ...releases]);
    expect(over.sort()).toEqual(["fit 0", "fit 1", "fit 2", "released", "released"]);
    expect(workers()).toBe(0);
    await trained(2);
    expect(workers()).toBe(2);
  });

  test("while workers start lets them do their work", async () => {
    const fit = trained(2);
    await until(() => workers() > 0);
    await releaseThreads();
    expect(workers()).toBe(0);
    await fit;
  });

  test("reports workers that cannot start as gone", async () => {
    configure({ workerUrl: "file:///missing.mjs" });
    const fit = trained(2);
    await Promise.all([fit, releaseThreads()]);
    configure({ workerUrl: undefined });
    expect(workers()).toBe(0);
  });
});

test("workers without work end after half a minute", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await trained(2);
    vi.advanceTimersByTime(29_000);
    expect(workers()).toBe(2);
    expect(isReady(kindOf(2))).toBe(true);
    // Another fit begins the wait anew.
    await trained(2);
    vi.advanceTimersByTime(29_000);
    expect(workers()).toBe(2);
    vi.advanceTimersByTime(1000);
    expect(workers()).toBe(0);
    expect(isReady(kindOf(2))).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
  await trained(2);
});

test("a team serves whoever needs no more memory than it may take", async () => {
  const before = started();
  await trained(2);
  configure({ memoryLimit: 2 ** 30 });
  await trained(2);
  expect(started() - before).toBe(2);
  await releaseThreads();
  await trained(2);
  configure({ memoryLimit: 2 ** 31 });
  await trained(2);
  configure({ memoryLimit: 2 ** 32 });
  expect(started() - before).toBe(6);
});
