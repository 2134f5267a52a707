/** Work in slices lets everything else on its thread have its turn, and costs small work nothing. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { breathe, finish, Slices } from "../src/async/driving.ts";
import { matmulAsync, ones } from "../src/index.ts";
import { AT_ONCE, rejectionOf } from "./async-cases.ts";
import { samples } from "./fixtures.ts";
import { models } from "./model-state.ts";

const small = samples(3, 40);
const large = samples(30, 9001);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.each(models)("while $name trains,", ({ make }) => {
  test.each([
    ["setTimeout", (callback: () => void) => setTimeout(callback, 0)],
    ["setImmediate", (callback: () => void) => setImmediate(callback)],
  ])("and fitAsync goes on, %s gets its turn, slices being as long as they are by default", async (_, later) => {
    let came = false;
    later(() => {
      came = true;
    });
    // So many epochs that only the callback can end it before the test gives up.
    using model = make({ epochs: 2 ** 30 });
    const history = await model.fitAsync(small.X, small.Y, { progressMs: 0, onEpoch: () => !came });
    expect(history.stopped).toBe("onEpoch");
  });

  test("and fitStream takes small batches from an iterable, timers get their turn", async () => {
    let came = false;
    let batches = 0;
    setTimeout(() => {
      came = true;
    }, 0);
    function* source(): Generator<[number[][], number[][]]> {
      while (!came && batches < 1_000_000) {
        batches++;
        yield [small.X, small.Y];
      }
    }
    using model = make();
    await model.fitStream(source, { epochs: 1 });
    expect(came).toBe(true);
  });

  test("and fitAsync goes on, there is a turn between the pieces of an epoch too", async () => {
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns++;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    using model = make({ epochs: 1 });
    await model.fitAsync(large.X, large.Y, { sliceMs: AT_ONCE });
    over = true;
    // 8 chunks before the first update, and 8 after it.
    expect(turns).toBeGreaterThanOrEqual(14);
  });

  test.each([[{}], [{ batchSize: 7 }]])(
    "and everything fits into one slice, nothing breathes, with %j",
    async (options) => {
      const breaths = vi.spyOn(globalThis, "setImmediate");
      using model = make({ epochs: 3, ...options });
      await model.fitAsync(small.X, small.Y, { sliceMs: 1e6 });
      await model.fitStream(() => [[small.X, small.Y]], { sliceMs: 1e6 });
      for await (const _ of model.epochs(small.X, small.Y, { sliceMs: 1e6 }));
      expect(breaths).not.toHaveBeenCalled();
    },
  );
});

test.each(models)(
  "$name, small epochs: the clock is looked at now and then, and what it says counts",
  async ({ make }) => {
    let looks = 0;
    vi.spyOn(performance, "now").mockImplementation(() => ++looks * 1000);
    const breaths = vi.spyOn(globalThis, "setImmediate");
    using model = make({ epochs: 5000, learningRate: 0.001 });
    await model.fitAsync(small.X, small.Y);
    expect(breaths.mock.calls.length).toBeGreaterThan(20);
    expect(looks).toBeLessThan(500);
  },
);

test("a product in slices breathes once a tile of 120 rows and 256 columns, a small one never", async () => {
  const breaths = vi.spyOn(globalThis, "setImmediate");
  for (const [rows, columns, tiles] of [
    [500, 3, 5],
    [3, 500, 2],
    [240, 512, 4],
    [241, 513, 9],
  ] as const) {
    breaths.mockClear();
    const c = await matmulAsync(ones([rows, 4]), ones([4, columns]), { sliceMs: AT_ONCE });
    expect(breaths).toHaveBeenCalledTimes(tiles);
    c.free();
  }
  breaths.mockClear();
  (await matmulAsync(ones([500, 4]), ones([4, 3]), { sliceMs: 1e6 })).free();
  expect(breaths).not.toHaveBeenCalled();
});

describe("a breath", () => {
  test("ends in a later turn of the event loop, after what was waiting for this one", async () => {
    const order: string[] = [];
    setImmediate(() => order.push("immediate"));
    const breath = breathe().then(() => order.push("breath"));
    await Promise.resolve().then(() => order.push("microtask"));
    await breath;
    expect(order).toEqual(["microtask", "immediate", "breath"]);
  });

  test("is a message to itself where there is no setImmediate, and its ports are closed", async () => {
    const closed: boolean[] = [];
    const { MessageChannel: Channel } = globalThis;
    class Watched extends Channel {
      constructor() {
        super();
        this.port1.addEventListener("close", () => closed.push(true));
      }
    }
    const later = vi.spyOn(globalThis, "setTimeout");
    const { setImmediate: inTurn } = globalThis;
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal("MessageChannel", Watched);
    await breathe();
    expect(later).not.toHaveBeenCalled();
    while (closed.length === 0) await new Promise<void>((resolve) => inTurn(resolve));
    expect(closed).toEqual([true]);
  });

  test("is a timer where there is neither", async () => {
    const later = vi.spyOn(globalThis, "setTimeout");
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal("MessageChannel", undefined);
    await breathe();
    expect(later).toHaveBeenCalledTimes(1);
  });

  test("comes when a slice is over, after which another begins", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
    const slices = new Slices(8);
    clock.mockReturnValue(1007.9);
    expect(slices.next()).toBeUndefined();
    clock.mockReturnValue(1008);
    const breath = slices.next();
    expect(breath).toBeInstanceOf(Promise);
    clock.mockReturnValue(2000);
    await breath;
    clock.mockReturnValue(2007.9);
    expect(slices.next()).toBeUndefined();
    clock.mockReturnValue(2008);
    expect(slices.next()).toBeInstanceOf(Promise);
  });
});

test("steps that take next to nothing are counted, and the clock looked at once in a stride of them", async () => {
  const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
  const slices = new Slices(8, 3);
  clock.mockReturnValue(1008);
  for (let round = 0; round < 3; round++) {
    expect([slices.next(), slices.next()]).toEqual([undefined, undefined]);
    clock.mockClear();
    const breath = slices.next();
    expect(breath).toBeInstanceOf(Promise);
    expect(clock).toHaveBeenCalledTimes(1);
    await breath;
    clock.mockReturnValue(1008 + 8 * (round + 1));
  }
});

describe("steps that are finished in slices", () => {
  function* steps(log: string[]): Generator<undefined, string> {
    try {
      log.push("one");
      yield;
      log.push("two");
      return "result";
    } finally {
      log.push("closed");
    }
  }

  test("return their result", async () => {
    const log: string[] = [];
    expect(await finish(steps(log), new Slices(AT_ONCE), () => {})).toBe("result");
    expect(log).toEqual(["one", "two", "closed"]);
  });

  test("are closed where they are given up in a breath", async () => {
    const log: string[] = [];
    const reason = new Error("enough");
    const giveUp = () => {
      throw reason;
    };
    expect(await rejectionOf(finish(steps(log), new Slices(AT_ONCE), giveUp))).toBe(reason);
    expect(log).toEqual(["one", "closed"]);
  });
});
