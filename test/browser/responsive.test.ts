/** Training that never freezes the page: while it goes on, frames come as they do at rest. */
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { NETWORK, prepare, train } from "./fits.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { type Pace, pace } from "./pace.ts";

const perSecond = ({ frames, duration }: Pace<unknown>) => (1000 * frames.count) / duration;

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);
  const url = useSite();

  test.each([
    { mode: "slices", options: {} },
    { mode: "threads", options: { threads: 2 } },
  ])("a fit of seconds in $mode leaves the page its frames, which fit does not", async ({ mode, options }) => {
    const page = await open(url("pages/package.html"));
    await page.run(prepare, { ...NETWORK, epochs: 400 });
    const atRest = await pace(page, () => setTimeout(1000));
    const training = await pace(page, () => page.run(train, options));
    const frozen = await pace(page, () => page.run(train));
    expect(training.result.execution.mode).toBe(mode);
    expect(training.result.weights).toEqual(frozen.result.weights);
    // Firefox gives a thread that is never idle every fourth frame, and other processes take some too. So the margin is
    // wide; bench/results/frames.json has the measurement.
    expect(perSecond(training)).toBeGreaterThan(perSecond(atRest) / 10);
    expect(training.frames.max).toBeLessThan(frozen.duration / 2);
    expect(frozen.frames.max).toBeGreaterThan(frozen.duration * 0.8);
  });
});
