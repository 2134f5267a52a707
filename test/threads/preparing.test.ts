/** What the calling thread does for workers: in slices shorter than those of a training. */
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { array, LogisticRegression, matmulAsync, ones } from "../../src/index.ts";
import { expectNoWorkersLeft } from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

/** Breaths so far. A millisecond passes whenever somebody looks at the clock. */
let breaths: () => number;

beforeEach(async () => {
  await expectNoWorkersLeft();
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => ++now);
  const spy = vi.spyOn(globalThis, "setImmediate");
  breaths = () => spy.mock.calls.length;
});
afterEach(() => void vi.restoreAllMocks());
afterAll(expectNoWorkersLeft);

test("samples are looked at and copied with a breath every two milliseconds, whatever is longer", async () => {
  // 8 pieces to look at, and 64 to copy.
  const m = 2 ** 20;
  const X = ones([8, m]);
  const Y = array({ data: Float32Array.from({ length: m }, (_, i) => i % 2), shape: [1, m] });
  let looked = 0;
  process.once("worker", () => {
    looked = breaths();
  });
  const model = new LogisticRegression({ epochs: 1 });
  const { execution } = await model.fitAsync(X, Y, { threads: 2, sliceMs: 1e6 });
  expect(execution.mode).toBe("threads");
  expect(looked).toBeGreaterThanOrEqual(3);
  expect(breaths() - looked).toBeGreaterThanOrEqual(30);
  for (const each of [X, Y, model]) each.free();
});

test("operands are copied likewise", async () => {
  // 8 pieces each.
  const [a, b] = [ones([1024, 1024]), ones([1024, 1024])];
  const c = await matmulAsync(a, b, { threads: 2, sliceMs: 1e6 });
  expect(breaths()).toBeGreaterThanOrEqual(6);
  for (const each of [a, b, c]) each.free();
});
