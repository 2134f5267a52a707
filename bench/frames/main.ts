/**
 * How smoothly a page goes on while the package trains in it: `npm run bench:frames`, in the browsers of the tests.
 * With `-- --record` the result goes to bench/results/frames.json.
 */
import { writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Browser, browsers } from "../../test/browser/browsers.ts";
import { NETWORK, prepare, train } from "../../test/browser/fits.ts";
import { pace, type Tail } from "../../test/browser/pace.ts";
import { serveSite } from "../../test/browser/site.ts";
import { load } from "../harness/recording.ts";

/** What was seen of a page while something ran. Times are milliseconds. */
interface Watched {
  work: string;
  mode: "at rest" | "in slices" | "in a worker" | "2 threads" | "in the call";
  duration: number;
  tail: Tail;
}

/** A run in one browser. */
interface FramesRecording {
  recorded: string;
  browser: string;
  /** Average number of running processes over the last minute, before and after. */
  load: { before: number; after: number };
  isolated: boolean;
  build: string;
  /** From one frame to the next. */
  frames: Watched[];
  /** How late a timer of 10 ms was. */
  lateness: Watched[];
}

const EPOCHS = 1500;
const FIT = `network (20, 24, 25001), ${EPOCHS} epochs`;

async function record(name: string, { open }: Browser, url: string): Promise<FramesRecording> {
  const before = load();
  const page = await open(`${url}pages/package.html`);
  await page.run(prepare, { ...NETWORK, epochs: EPOCHS });
  const works: [Watched["mode"], () => Promise<unknown>][] = [
    ["at rest", () => setTimeout(5000)],
    ["in slices", () => page.run(train, {})],
    ["in a worker", () => page.run(train, { threads: 1 })],
    ["2 threads", () => page.run(train, { threads: 2 })],
    ["in the call", () => page.run(train)],
  ];
  const frames: Watched[] = [];
  const lateness: Watched[] = [];
  for (const [mode, work] of works) {
    const seen = await pace(page, work);
    const about = { work: mode === "at rest" ? "nothing" : FIT, mode, duration: Math.round(seen.duration) };
    frames.push({ ...about, tail: seen.frames });
    lateness.push({ ...about, tail: seen.lateness });
  }
  const found = await page.run(({ info }, name) => {
    const browser = navigator.userAgent.match(`${name}/\\d+`)?.[0].replace("/", " ") ?? name;
    return { browser, isolated: crossOriginIsolated, build: info().build };
  }, name);
  await page.close();
  const recorded = new Date().toISOString().slice(0, 16);
  return { recorded, ...found, load: { before, after: load() }, frames, lateness };
}

function line({ mode, duration, tail: { count, p50, p90, p99, max } }: Watched): string {
  const values = Object.entries({ p50, p90, p99, max }).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  const rate = `${((1000 * count) / duration).toFixed(1)} a second`;
  return `    ${mode.padEnd(12)} ${(duration / 1000).toFixed(1)} s   ${rate}   ${values.join("   ")} ms`;
}

const server = await serveSite();
const recordings: FramesRecording[] = [];
for (const { name, launch } of browsers) {
  const browser = await launch();
  const recording = await record(name, browser, server.url);
  await browser.close();
  recordings.push(recording);
  console.log(`${recording.browser}: ${FIT}`);
  console.log(["  from one frame to the next", ...recording.frames.map(line)].join("\n"));
  console.log(["  how late a timer of 10 ms was", ...recording.lateness.map(line)].join("\n"));
}
await server.close();
if (process.argv.includes("--record")) {
  writeFileSync(
    new URL("../results/frames.json", import.meta.url),
    `${JSON.stringify(recordings, undefined, 2)}\n`,
  );
}
