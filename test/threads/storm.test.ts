/** Some fits started and aborted at random leave nothing behind; `npm run soak:threads` does a thousand. */
import { afterAll, expect, test, vi } from "vitest";
import { storm } from "./storm.ts";
import { expectNoWorkersLeft } from "./teams.ts";

vi.mock("../../src/async/placement.ts", async (original) => {
  const { eager } = await import("./eager.ts");
  return eager(original<typeof import("../../src/async/placement.ts")>);
});

const ROUNDS = Number(process.env.STORM ?? 60);

afterAll(expectNoWorkersLeft);

test(
  `${ROUNDS} fits and products, most of them aborted some time, settle as they should and leave nothing`,
  async () => {
    vi.stubGlobal("navigator", { hardwareConcurrency: 3 });
    const { done, aborted } = await storm(ROUNDS, Number(process.env.SEED ?? 1));
    expect(done + aborted).toBe(ROUNDS);
    expect(done).toBeGreaterThan(ROUNDS / 10);
    expect(aborted).toBeGreaterThan(ROUNDS / 10);
    vi.unstubAllGlobals();
  },
  60_000 + 200 * ROUNDS,
);
