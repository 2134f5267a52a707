/** Where workers do not start, or cannot share memory: the fit runs elsewhere, is right, and says what to do. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { builtin } from "../../src/host.ts";
import { array, configure, info, init, LogisticRegression, releaseThreads } from "../../src/index.ts";
import { bytesOf } from "../modules.ts";
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

afterEach(() => vi.restoreAllMocks());

describe("where workers do not start", () => {
  const { X, Y } = chunked();
  const options = { epochs: 10 };
  let want: readonly [ReturnType<LogisticRegression["fit"]>, LogisticRegression];

  beforeAll(() => {
    const model = new LogisticRegression(options);
    want = [model.fit(X, Y), model];
  });
  beforeEach(expectNoWorkersLeft);
  afterEach(() => configure({ workerUrl: undefined }));

  const remedy = ". configure({ workerUrl }) tells where this package's worker.js is";

  test.each([
    ["is missing", script("missing.mjs"), /^no worker could be started: Cannot find module '.*missing\.mjs'.*/],
    ["has an error of syntax", script("broken.mjs.txt"), /^no worker could be started: /],
    ["throws", script("throwing.mjs"), /^no worker could be started: the script is not at home/],
    ["ends at once", script("ending.mjs"), /^no worker could be started: the worker ended with exit code 3/],
    ["has no address", "nowhere", /^no worker could be started: Invalid URL/],
    ["is another", script("echoing.mjs"), /^no worker could be started: the worker's script is another than this/],
  ])("since the script %s, the fit runs in slices and says what to do", async (_, workerUrl, reason) => {
    configure({ workerUrl });
    for (const threads of [2, 1]) {
      const model = new LogisticRegression(options);
      const onEpoch = vi.fn();
      const history = await model.fitAsync(X, Y, { threads, onEpoch, progressMs: 5000 });
      expect(history.execution).toMatchObject({ mode: "slices", threads: 1 });
      expect(history.execution.reason).toMatch(reason);
      expect(history.execution.reason.endsWith(remedy)).toBe(true);
      expect(onEpoch.mock.calls.length).toBeGreaterThan(0);
      expectSameFit([history, model], want, "slices");
      expect(workers()).toBe(0);
    }
    configure({ workerUrl: undefined });
    const model = new LogisticRegression(options);
    const history = await model.fitAsync(X, Y, { threads: 2 });
    expect(history.execution.mode).toBe("threads");
    expectSameFit([history, model], want, "threads");
  });

  describe("once", () => {
    const missing = script("missing.mjs");

    /** Where a fit with so many threads runs, and how many workers that took. */
    async function ran(threads = 2) {
      const before = started();
      const model = new LogisticRegression(options);
      const history = await model.fitAsync(X, Y, { threads });
      expectSameFit([history, model], want, history.execution.mode);
      return { execution: history.execution, started: started() - before };
    }

    test.each([
      ["is missing", missing],
      ["throws", script("throwing.mjs")],
      ["is another", script("echoing.mjs")],
    ])(
      "since the script %s, no other fit asks for it, whatever its threads, and the reason stays",
      async (_, url) => {
        configure({ workerUrl: url });
        const first = await ran();
        expect(first).toEqual({ execution: expect.objectContaining({ mode: "slices" }), started: 3 });
        const { execution } = first;
        for (const threads of [2, 3, 1]) expect(await ran(threads)).toEqual({ execution, started: 0 });
        // Those who wait until it has been tried need not try it themselves.
        vi.stubGlobal("navigator", { hardwareConcurrency: 1 });
        await releaseThreads();
        const before = started();
        expect((await Promise.all([ran(), ran(), ran()])).map((each) => each.execution)).toEqual(
          Array.from({ length: 3 }, () => execution),
        );
        expect(started() - before).toBe(3);
        vi.unstubAllGlobals();
      },
    );

    test("it is forgotten with releaseThreads, and with another script", async () => {
      configure({ workerUrl: missing });
      const first = await ran();
      await releaseThreads();
      expect(await ran()).toEqual(first);
      configure({ workerUrl: undefined });
      expect(await ran()).toMatchObject({ execution: { mode: "threads" }, started: 2 });
      configure({ workerUrl: missing });
      expect(await ran()).toEqual(first);
    });

    test("a start that fails after the script has changed says nothing about the other script", async () => {
      configure({ workerUrl: missing });
      const first = ran();
      await until(() => workers() === 2);
      configure({ workerUrl: undefined });
      const [{ execution }, second] = await Promise.all([first, ran()]);
      expect(execution.mode).toBe("slices");
      expect(second.execution.mode).toBe("threads");
    });

    test("sharing memory fails, it is not tried again", async () => {
      const spy = refusals((order) => order.memory !== undefined, new DOMException("no", "DataCloneError"));
      const first = await ran();
      expect(first.execution).toMatchObject({ mode: "worker", reason: "threads could not be started here: no" });
      spy.mockRestore();
      expect(await ran()).toEqual({ execution: first.execution, started: 0 });
    });

    const noMemory = new RangeError("could not allocate memory");
    const noThread = Object.assign(new Error("EAGAIN"), { code: "ERR_WORKER_INIT_FAILED" });
    const noHeap = Object.assign(new Error("out of memory"), { code: "ERR_WORKER_OUT_OF_MEMORY" });

    test.each([
      ["there is no memory", noMemory],
      ["there is no thread", noThread],
      ["a thread has no memory", noHeap],
    ])("%s, it is tried again by the next fit", async (_, error) => {
      const spy = refusals(() => true, error);
      expect((await ran()).execution.mode).toBe("slices");
      spy.mockRestore();
      expect((await ran()).execution).toEqual({ mode: "threads", threads: 2, reason: "as asked for" });
    });

    test("workers have started, whatever fails later is tried again", async () => {
      await ran();
      const spy = refusals((order) => order.memory !== undefined, new DOMException("no", "DataCloneError"));
      expect((await ran(3)).execution.mode).toBe("worker");
      spy.mockRestore();
      expect((await ran(3)).execution.mode).toBe("threads");
    });
  });

  describe("since the script never answers", () => {
    /** Lets seconds pass for those who wait for workers. */
    const pass = (seconds: number) => vi.advanceTimersByTime(1000 * seconds);

    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
      configure({ workerUrl: script("silent.mjs") });
    });
    afterEach(() => {
      expect(vi.getTimerCount()).toBe(0);
      vi.useRealTimers();
    });

    test("threads have ten seconds, then one worker, then the fit runs in slices and says what to do", async () => {
      const model = new LogisticRegression(options);
      const fit = model.fitAsync(X, Y, { threads: 2 });
      await until(() => workers() === 2);
      pass(9);
      expect(workers()).toBe(2);
      pass(1);
      await until(() => workers() === 1);
      pass(9);
      expect(workers()).toBe(1);
      pass(1);
      const history = await fit;
      expect(history.execution).toEqual({
        mode: "slices",
        threads: 1,
        reason: `no worker could be started: the worker's script did not answer within 10 seconds; it is tried again after releaseThreads()${remedy}`,
      });
      expectSameFit([history, model], want, "slices");
      expect(workers()).toBe(0);
      // Nobody waits for it again.
      expect((await new LogisticRegression(options).fitAsync(X, Y, { threads: 2 })).execution).toEqual(
        history.execution,
      );
    });

    test("an aborted fit settles at once, and who waits behind it has its workers' places after ten seconds", async () => {
      vi.stubGlobal("navigator", { hardwareConcurrency: 2 });
      const controller = new AbortController();
      const { signal } = controller;
      const aborted = new LogisticRegression(options).fitAsync(X, Y, { threads: 2, signal });
      await until(() => workers() === 2);
      controller.abort(new Error("enough"));
      expect((await rejection(aborted)).message).toBe("enough");
      configure({ workerUrl: undefined });
      const model = new LogisticRegression(options);
      const fit = model.fitAsync(X, Y, { threads: 2 });
      pass(10);
      const history = await fit;
      vi.unstubAllGlobals();
      expect(history.execution.mode).toBe("threads");
      expectSameFit([history, model], want, "threads");
    });
  });

  /** Has some orders to workers fail. */
  function refusals(which: (order: { memory?: unknown }) => boolean, error: unknown) {
    const { prototype } = builtin<typeof import("node:worker_threads")>("worker_threads")!.Worker;
    const { postMessage } = prototype;
    return vi.spyOn(prototype, "postMessage").mockImplementation(function (this: typeof prototype, ...message) {
      if (which(message[0])) throw error;
      postMessage.apply(this, message);
    });
  }

  test("since shared memory cannot be sent, one worker does the work with a copy", async () => {
    // As WebKit: there is shared memory, and posting it throws.
    const { Worker } = builtin<typeof import("node:worker_threads")>("worker_threads")!;
    const spy = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (
      this: InstanceType<typeof Worker>,
      value: { memory?: unknown },
      transfer,
    ) {
      if (value.memory) throw new DOMException("memory could not be cloned", "DataCloneError");
      spy.mockRestore();
      this.postMessage(value, transfer);
    });
    const model = new LogisticRegression(options);
    const history = await model.fitAsync(X, Y, { threads: 2 });
    expect(history.execution).toEqual({
      mode: "worker",
      threads: 1,
      reason: "threads could not be started here: memory could not be cloned",
    });
    expectSameFit([history, model], want, "worker");
    expect(info().threads).toMatchObject({ workers: 1, memory: 0 });
  });
});

describe("a kernel that init was given", () => {
  afterAll(() => {
    configure({ build: "relaxed" });
    configure({ build: "simd" });
  });

  test.each(["simd", "relaxed"] as const)(
    "as a module of the %s build trains in one worker with a copy",
    async (build) => {
      await init(new WebAssembly.Module(bytesOf(build)));
      const { X, Y } = chunked();
      const options = { epochs: 10 };
      const [a, b] = [new LogisticRegression(options), new LogisticRegression(options)];
      const history = await a.fitAsync(X, Y, { threads: 3 });
      expect(history.execution).toEqual({
        mode: "worker",
        threads: 1,
        reason: "init was given a compiled module, whose memory cannot be shared. Give it bytes",
      });
      expectSameFit([history, a], [b.fit(X, Y), b], build);
      expect(info().threads.memory).toBe(0);
      await expectNoWorkersLeft();
    },
  );

  test.each(["simd", "relaxed"] as const)("as bytes of the %s build trains in threads", async (build) => {
    await init(bytesOf(build));
    const { X, Y } = chunked();
    const options = { epochs: 10 };
    const [a, b] = [new LogisticRegression(options), new LogisticRegression(options)];
    const history = await a.fitAsync(X, Y, { threads: 2 });
    expect(history.execution).toMatchObject({ mode: "threads", threads: 2 });
    expectSameFit([history, a], [b.fit(X, Y), b], build);
    await expectNoWorkersLeft();
  });
});

test("samples of one chunk that one thread asked for train in a worker", async () => {
  const { X, Y } = chunked("f32", 1500);
  const options = { epochs: 10 };
  const [a, b] = [new LogisticRegression(options), new LogisticRegression(options)];
  const history = await a.fitAsync(X, Y, { threads: 4 });
  expect(history.execution).toEqual({
    mode: "worker",
    threads: 1,
    reason: "a step has too few samples to share among threads",
  });
  expectSameFit([history, a], [b.fit(array(X.toArray() as number[][]), Y), b], "one chunk");
  await expectNoWorkersLeft();
});
