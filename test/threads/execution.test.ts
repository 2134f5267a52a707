/** Where a fit runs, and why there: as the history and info() say. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Placement, place, type Work } from "../../src/async/placement.ts";
import { builtin, processors } from "../../src/host.ts";
import {
  type Execution,
  type FitAsyncOptions,
  info,
  LogisticRegression,
  type TrainingOptions,
} from "../../src/index.ts";
import { runtime } from "../../src/runtime.ts";
import { inOrder, samples } from "../fixtures.ts";
import { bytesOf } from "../modules.ts";
import { chunked, expectNoWorkersLeft, expectSameFit, workers } from "./teams.ts";

const MISSING_HEADERS =
  "this page is not cross-origin isolated, so workers cannot share memory. Serve it with the headers " +
  "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";

/** A host whose process hands no built-in modules out, as pages have none. */
function withoutNode(globals: Record<string, unknown>): void {
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("a place for work", () => {
  const work: Work = {
    runtime: runtime(),
    script: undefined,
    threads: 4,
    parts: 16,
    parallel: 1e6,
    serial: 0,
    bytes: 1000,
    once: true,
  };
  const module = new WebAssembly.Module(bytesOf("simd"));
  const given = { ...runtime(), kernel: { ...runtime().kernel, code: module } } as Work["runtime"];

  const cases: [string, Partial<Work>, number | undefined, string][] = [
    ["none", { threads: undefined }, undefined, "threads were not asked for"],
    ["one worker", { threads: 1 }, 1, "as asked for"],
    ["four", { threads: 4 }, 4, "as asked for"],
    ["auto", { threads: "auto" }, processors(), "a thread for each processor"],
    ["more than a step has parts", { threads: 40 }, 16, "no more than 16 threads can share a step"],
    ["batches of one chunk", { parts: 1 }, 1, "a step has too few samples to share among threads"],
    ["a moment's work", { parallel: 1 }, undefined, "too small to gain from threads"],
    ["a moment's work in a worker", { threads: 1, parallel: 1 }, undefined, "too small for a worker"],
    ["much to copy for little to do", { parallel: 200, bytes: 1e9 }, undefined, "too small to gain from threads"],
    ["more of it", { parallel: 2000, bytes: 1e9 }, 4, "as asked for"],
    ["much that one does alone", { parallel: 1, serial: 1100 }, 4, "as asked for"],
    ["the same in a worker", { threads: 1, parallel: 1, serial: 1100 }, 1, "as asked for"],
    ["not so much of it", { parallel: 1, serial: 900 }, undefined, "too small to gain from threads"],
    ["less than workers need to start", { parallel: 70 }, undefined, "too small to gain from threads"],
    ["the same where it will happen again", { parallel: 70, once: false }, 4, "as asked for"],
    [
      "a compiled module",
      { runtime: given },
      1,
      "init was given a compiled module, whose memory cannot be shared. Give it bytes",
    ],
  ];

  test.each(cases)("for %s", (_, parts, size, reason) => {
    const { kind, reason: found } = place({ ...work, ...parts });
    expect([kind?.size, found]).toEqual([size, reason]);
    if (kind) expect(kind.shared).toBe(parts.runtime === undefined);
  });

  const hosts: [string, Record<string, unknown>, number | undefined, string][] = [
    ["without workers", {}, undefined, "this host has no workers"],
    ["that is a page like any", { Worker: class {}, crossOriginIsolated: false }, 1, MISSING_HEADERS],
    ["that is an old page", { Worker: class {} }, 1, MISSING_HEADERS],
    ["that is an isolated page", { Worker: class {}, crossOriginIsolated: true }, 4, "as asked for"],
    [
      "that is a page without shared memory",
      { Worker: class {}, crossOriginIsolated: true, SharedArrayBuffer: undefined },
      1,
      "this host has no shared memory",
    ],
  ];

  test.each(hosts)("in a host %s", (_, globals, size, reason) => {
    withoutNode(globals);
    const found: Placement = place(work);
    expect([found.kind?.size, found.reason]).toEqual([size, reason]);
    const shared = (size ?? 0) > 1;
    expect(info().threads).toMatchObject({ shared, reason: shared ? "workers can share memory" : reason });
  });

  test("in Node without shared memory is one worker", () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    expect(place(work)).toMatchObject({
      kind: { size: 1, shared: false },
      reason: "this host has no shared memory",
    });
    expect(info().threads).toMatchObject({ shared: false, reason: "this host has no shared memory" });
  });

  test("counts processors as the host does", () => {
    vi.stubGlobal("navigator", { hardwareConcurrency: 12 });
    expect(place({ ...work, threads: "auto" }).kind!.size).toBe(12);
    vi.stubGlobal("navigator", undefined);
    expect(processors()).toBe(builtin<typeof import("node:os")>("os")!.availableParallelism());
    withoutNode({});
    expect(processors()).toBe(1);
  });
});

describe("a fit", () => {
  const { X, Y } = chunked();

  /** Trains with what makes it long enough for real placement, and compares with fit. */
  async function ran(options: TrainingOptions, more: FitAsyncOptions): Promise<Execution> {
    const [want, got] = [new LogisticRegression(options), new LogisticRegression(options)];
    const history = await got.fitAsync(X, Y, more);
    // The history is fit's up to where it ran.
    expectSameFit([history, got], [want.fit(X, Y), want], "fit");
    return history.execution;
  }

  // An epoch of 17,001 samples is 0.09 ms: two threads save 363 ms of 8000, more than they need to start.
  const long = { epochs: 8000 };

  beforeAll(expectNoWorkersLeft);
  afterAll(expectNoWorkersLeft);

  test("of a moment stays where it is, though threads were asked for", async () => {
    expect(await ran({ epochs: 3 }, { threads: 2 })).toEqual({
      mode: "slices",
      threads: 1,
      reason: "too small to gain from threads",
    });
    expect(await ran({ epochs: 3 }, { threads: 1 })).toMatchObject({ reason: "too small for a worker" });
    expect(await ran({ epochs: 3 }, {})).toMatchObject({ mode: "slices", reason: "threads were not asked for" });
    expect(workers()).toBe(0);
  });

  test("that is long runs in as many threads as asked for, or as there are processors", async () => {
    expect(await ran(long, { threads: 2 })).toEqual({ mode: "threads", threads: 2, reason: "as asked for" });
    expect(info().threads).toMatchObject({ shared: true, reason: "workers can share memory", workers: 2 });
    expect(info().threads.memory).toBeGreaterThan(X.size * 4);
    expect(await ran(long, { threads: "auto" })).toEqual(
      processors() > 1
        ? { mode: "threads", threads: processors(), reason: "a thread for each processor" }
        : { mode: "slices", threads: 1, reason: "too small for a worker" },
    );
  });

  test("is worth threads earlier when they are there", async () => {
    // 36 ms to save: workers that wait are told sooner.
    expect(await ran({ epochs: 800 }, { threads: 2 })).toMatchObject({ mode: "threads" });
    await expectNoWorkersLeft();
    expect(await ran({ epochs: 800 }, { threads: 2 })).toMatchObject({ mode: "slices" });
  });

  describe("that is long since", () => {
    beforeEach(expectNoWorkersLeft);

    // Threads would save 63 ms of the passes over 1400 epochs. Gathering takes 0.8 ms an epoch, or 0.3 of whole samples.
    const batchSize = 17_000;

    test.each([
      ["batches are gathered from rows of features", "rows", { epochs: 1400, batchSize }, "threads"],
      ["batches are gathered, but in fewer epochs", "rows", { epochs: 1000, batchSize }, "slices"],
      ["there are batches, not gathered", "rows", { epochs: 1400, batchSize, shuffle: false }, "slices"],
      ["batches are gathered from whole samples", "columns", { epochs: 1400, batchSize }, "slices"],
      ["few features have a function each sample", "rows", { epochs: 4000 }, "threads"],
    ] as const)("%s goes where that is worth it", async (_, order, options, mode) => {
      const model = new LogisticRegression(options);
      const x = inOrder(samples(5, 17_001).X, order, "f32");
      const { execution } = await model.fitAsync(x, Y, { threads: 2, onEpoch: () => false });
      expect(execution.mode).toBe(mode);
    });
  });
});
