/** The measure of how smoothly a page goes on. */
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { pace } from "./pace.ts";
import type { Fourlane } from "./work.ts";

/** Lets the page do nothing else. */
function block(_: Fourlane, milliseconds: number): string {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
  return "done";
}

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);
  const url = useSite();

  test("a page at rest gets frames, as only those in the foreground do", async () => {
    const page = await open(url("pages/package.html"));
    const { duration, frames, lateness } = await pace(page, () => setTimeout(1000));
    // Frames of pages in the background come once a second, or never.
    expect(frames.count).toBeGreaterThan(duration / 100);
    expect(lateness.count).toBeGreaterThan(duration / 100);
  });

  test("a page that works for half a second shows a frame and a timer that waited for it", async () => {
    const page = await open(url("pages/package.html"));
    const { result, duration, frames, lateness } = await pace(page, () => page.run(block, 500));
    expect(result).toBe("done");
    expect(duration).toBeGreaterThanOrEqual(500);
    expect(frames.max).toBeGreaterThan(480);
    expect(lateness.max).toBeGreaterThan(480);
  });
});
