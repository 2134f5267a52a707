/** Runtimes apart from the others: what is made in one lives in its memory, and goes with it. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  add,
  array,
  configure,
  createRuntime,
  info,
  LogisticRegression,
  Random,
  StandardScaler,
  zeros,
} from "../src/index.ts";
import { samples } from "./fixtures.ts";
import { builds, elements, useBuild } from "./model-state.ts";

describe.each(builds)("a runtime of the %s build", (build) => {
  beforeAll(() => useBuild(build));

  test("has a kernel of the present build, for the present reason, and a memory of its own", async () => {
    const mine = await createRuntime();
    const { build: own, reason, memory } = mine.info();
    expect([own, reason]).toEqual([build, info().reason]);
    expect(memory).toMatchObject({ used: 0, arrays: 0 });
  });

  test("holds what is made while it runs, and nothing else does", async () => {
    const mine = await createRuntime();
    const before = info().memory;
    const a = mine.run(() => array([[1, 2, 3]]));
    expect(mine.info().memory.arrays).toBe(1);
    expect(info().memory).toEqual(before);
    // It computes wherever it is asked to, since an array knows its runtime.
    expect(add(a, a).toArray()).toEqual([[2, 4, 6]]);
    expect(mine.info().memory.arrays).toBe(2);
    expect(info().memory).toEqual(before);
  });

  test("trains and predicts like any other", async () => {
    const { X, Y } = samples(3, 50);
    const train = () => {
      const scaled = new StandardScaler().fitTransform(X);
      const model = new LogisticRegression({ epochs: 20 });
      model.fit(scaled, Y);
      return [...elements(model.w), model.b, ...elements(new Random(7).normal([5]).reshape(1, 5))];
    };
    const mine = await createRuntime();
    expect(mine.run(train)).toEqual(train());
    expect(mine.info().memory.used).toBeGreaterThan(0);
  });
});

test("arrays of two runtimes cannot meet", async () => {
  const mine = await createRuntime();
  const a = mine.run(() => array([1]));
  expect(() => add(a, array([1]))).toThrow("the arrays live in the memories of two kernels");
});

test("runs nest, and end where they fail", async () => {
  const [outer, inner] = [await createRuntime(), await createRuntime()];
  const before = info().memory.arrays;
  outer.run(() => {
    inner.run(() => zeros(3));
    expect(() =>
      inner.run(() => {
        throw new RangeError("mine");
      }),
    ).toThrow(new RangeError("mine"));
    zeros(3);
  });
  expect([outer.info().memory.arrays, inner.info().memory.arrays]).toEqual([1, 1]);
  expect(info().memory.arrays).toBe(before);
});

test("a body that goes on later is an error", async () => {
  const mine = await createRuntime();
  expect(() => mine.run(async () => zeros(3))).toThrow(
    new TypeError(
      "run: body returned a promise; expected a result. What it makes after its first await would live elsewhere.",
    ),
  );
  expect(mine.info().memory.arrays).toBe(1);
  zeros(3);
  expect(mine.info().memory.arrays).toBe(1);
});

test("a limit of memory that configure has set holds there, too", async () => {
  configure({ memoryLimit: 2 ** 20 });
  const mine = await createRuntime();
  configure({ memoryLimit: 2 ** 32 });
  expect(() => mine.run(() => zeros(2 ** 20))).toThrow("zeros: out of memory: ");
  expect(zeros(2 ** 20).size).toBe(2 ** 20);
});

test("its memory goes as a whole when nothing refers to it any more", async () => {
  const collect = globalThis.gc!;
  const memories: WeakRef<ArrayBufferLike>[] = [];
  const fill = async (): Promise<void> => {
    const mine = await createRuntime();
    memories.push(new WeakRef(mine.run(() => zeros(2 ** 20)).data.buffer));
  };
  for (let i = 0; i < 8; i++) await fill();
  // The collector's reports, and what waits for them, come one after the other. Asking in between would keep what is asked for.
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  const left = memories.filter((memory) => memory.deref() !== undefined).length;
  expect(left).toBe(0);
});
