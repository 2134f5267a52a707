/** Products in threads have the bits of `matmul`. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { processors } from "../../src/host.ts";
import { array, type DType, info, matmul, matmulAsync, type NDArray, Random } from "../../src/index.ts";
import type { Kernel } from "../../src/kernel.ts";
import { MOST_PARTS } from "../../src/threads/control.ts";
import { multiply } from "../../src/threads/parts.ts";
import { instantiate } from "../assembly/load.ts";
import { dtypes, expectSame } from "../compare.ts";
import { builds, useBuild } from "../model-state.ts";
import { expectNoWorkersLeft, rejection, workers } from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

afterAll(expectNoWorkersLeft);

const random = new Random(3);

type Make = (rows: number, columns: number, dtype: DType) => NDArray;

/** Ways to have a matrix in memory. */
const lays: [string, Make][] = [
  ["rows", (m, n, dtype) => random.normal([m, n], { dtype })],
  ["a transpose", (m, n, dtype) => random.normal([n, m], { dtype }).T],
  ["columns of a wider one", (m, n, dtype) => random.normal([m, n + 5], { dtype }).columns(3, n + 3)],
  ["rows of a higher one, transposed", (m, n, dtype) => random.normal([n + 3, m], { dtype }).rows(2, n + 2).T],
];

// m, k, n
const shapes = [
  ["square", 250, 250, 250],
  ["tall", 1003, 33, 17],
  ["wide", 17, 33, 1003],
  ["tall, of one column", 601, 50, 1],
  ["wide, of one row", 1, 50, 601],
  ["of one inner term", 241, 1, 241],
  ["square, of whole stripes", 240, 64, 240],
  ["one more than whole stripes", 241, 7, 121],
  ["long inside", 130, 2000, 125],
  ["of no inner terms", 250, 0, 250],
  ["of many stripes of columns, the last of few", 150, 30, 1301],
  ["tall, but wide enough to be cut along its columns", 600, 20, 530],
] as const;

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  describe.each(dtypes)("%s", (dtype) => {
    test.each(shapes)("%s: %i × %i × %i", async (_, m, k, n) => {
      for (const [i, [name, make]] of lays.entries()) {
        const a = make(m, k, dtype);
        const b = lays[(i * 3 + 1) % lays.length]![1](k, n, dtype);
        const want = matmul(a, b);
        // One build after another, one team size after another would start teams anew; two is what all have.
        const got = await matmulAsync(a, b, { threads: 2 });
        expect(got.shape).toEqual([m, n]);
        expectSame(got.data, want.data, name);
        expect(workers()).toBe(2);
        for (const array of [a, b, want, got]) array.free();
      }
    });
  });
});

test.each([1, 3, 5, "auto"] as const)("threads %s: the same bits", async (threads) => {
  for (const dtype of dtypes) {
    const [a, b] = [random.normal([700, 41], { dtype }), random.normal([41, 90], { dtype })];
    const got = await matmulAsync(a, b, { threads });
    // Made before it is looked at: memory may grow, and views of it end then.
    const want = matmul(a, b);
    expectSame(got.data, want.data, dtype);
  }
  // A product in one worker would only be slower.
  if (threads !== 1) expect(workers()).toBe(threads === "auto" ? processors() : threads);
});

test("many at once, of all shapes, do not get in each other's way", async () => {
  const pairs = Array.from({ length: 12 }, (_, i) => [
    random.normal([130 + 11 * i, 20 + i]),
    random.normal([20 + i, 400 - 9 * i]),
  ]) as [NDArray, NDArray][];
  const products = await Promise.all(pairs.map(([a, b], i) => matmulAsync(a, b, { threads: 2 + (i % 2) })));
  const wants = pairs.map(([a, b]) => matmul(a, b));
  for (const [i, want] of wants.entries()) expectSame(products[i]!.data, want.data, `product ${i}`);
});

test("arrays do not lie where those of a memory without a worker begin", async () => {
  const { heapBase } = instantiate("simd", 0);
  const set = vi.spyOn(Object.getPrototypeOf(Float32Array.prototype) as Float32Array, "set");
  try {
    await matmulAsync(random.normal([250, 250]), random.normal([250, 250]), { threads: 2 });
    const places = set.mock.contexts.map((view) => view as unknown as Float32Array);
    const shared = places.filter(({ buffer }) => (buffer as unknown) instanceof SharedArrayBuffer);
    const page = (address: number): number => Math.floor(address / 4096);
    expect(page(Math.min(...shared.map(({ byteOffset }) => byteOffset)))).toBeGreaterThan(page(heapBase));
  } finally {
    set.mockRestore();
  }
});

test("operands may be freed while it runs", async () => {
  const [a, b] = [random.normal([500, 60]), random.normal([60, 70])];
  const want = matmul(a, b);
  const product = matmulAsync(a, b, { threads: 2 });
  a.free();
  b.free();
  const others = [random.normal([500, 60]), random.normal([60, 70])];
  expectSame((await product).data, want.data, "product");
  for (const array of others) array.free();
});

test("an aborted product is rejected with the signal's reason, and the team multiplies on", async () => {
  const [a, b] = [random.normal([900, 300]), random.normal([300, 200])];
  for (let i = 0; i < 10; i++) {
    const controller = new AbortController();
    const product = matmulAsync(a, b, { threads: 2, signal: controller.signal });
    if (i > 0) setTimeout(() => controller.abort(`reason ${i}`), i / 2);
    else controller.abort("reason 0");
    // The last ones may be over by then.
    const reason = await product.then(
      () => `reason ${i}`,
      (reason) => reason,
    );
    expect(reason).toBe(`reason ${i}`);
  }
  const [product, want] = [await matmulAsync(a, b, { threads: 2 }), matmul(a, b)];
  expectSame(product.data, want.data, "product");
});

test("what is wrong is refused before any worker hears of it", async () => {
  await expectNoWorkersLeft();
  const a = array([[1, 2]]);
  expect((await rejection(matmulAsync(a, a, { threads: 2 }))).message).toBe(
    "matmulAsync: a is (1, 2) and b is (1, 2); expected a's columns (2) to equal b's rows (1). b.T is (2, 1) and would fit.",
  );
  expect((await rejection(matmulAsync(a, a.T, { threads: 0 }))).message).toBe(
    'matmulAsync: threads is 0; expected "auto" or a whole number from 1 to 256.',
  );
  expect(info().threads.workers).toBe(0);
});

/** The stripes that a product is cut into, and their rows or columns. */
function cut(m: number, n: number, threads: number, transposed = false): { stripes: number; width: number } {
  const control = { words: new Int32Array(64), fork: vi.fn((_: number) => [].values()) };
  const kernel = { f32: { gemm_scratch: () => 64 } } as unknown as Kernel;
  const job = {
    ...({ kind: "product", who: "matmulAsync", dtype: "f32", limit: 2 ** 32 } as const),
    ...{ m, k: 80, n, threads, transposed: [transposed, false] as [boolean, boolean] },
  };
  multiply(job, kernel, control as never, [0, 0, 0], 0);
  return { stripes: control.fork.mock.calls[0]![0], width: control.words[5]! };
}

describe("a product is cut into", () => {
  test.each([
    ["stripes of 128 columns, several for each thread", [1024, 1024, 2], 8, 128],
    ["wider ones where the rows of A have to be packed", [1024, 1024, 2, true], 4, 256],
    ["equal shares", [300, 1100, 2], 10, 112],
    ["narrower ones where there are many threads", [1024, 1024, 16], 16, 64],
    ["rows where there are few columns", [10_240, 80, 2], 40, 256],
    ["columns where those are enough", [10_240, 512, 2], 4, 128],
    ["no stripe of less than a cache line", [5, 40, 8], 3, 16],
  ] as const)("%s", (_, [m, n, threads, transposed], stripes, width) => {
    expect(cut(m, n, threads, transposed)).toEqual({ stripes, width });
  });

  test.each([2, 64, 65, 100, 256])("no more stripes for %i threads than a fork may have parts", (threads) => {
    for (const m of [240, 7680, 30_720, 30_721, 100_000]) {
      const { stripes, width } = cut(m, 80, threads);
      expect(stripes).toBeLessThanOrEqual(MOST_PARTS);
      expect(stripes * width).toBeGreaterThanOrEqual(m);
      expect((stripes - 1) * width).toBeLessThan(m);
      expect(width % 16).toBe(0);
    }
  });
});
