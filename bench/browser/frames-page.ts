/** Shows how smoothly this page goes on while fits run. Drivers call `measureFrames(milliseconds)`. */
import * as fourlane from "../../src/index.ts";
import { framesOfFits } from "../responsive/frames.ts";
import type { FramesRecording } from "../responsive/recording.ts";
import { browser, element, measureOnDemand } from "./about.ts";

async function measureFrames(milliseconds = 10_000): Promise<FramesRecording> {
  const status = element("status");
  const found = await framesOfFits(fourlane, milliseconds, (what) => {
    status.textContent = `${what} …`;
  });
  const lines = found.frames.map(({ work, mode, tail }) => {
    const values = Object.entries(tail).map(([name, value]) => `${name} ${value}`);
    return `${work}, ${mode}: ${values.join(", ")}`;
  });
  element("result").textContent = lines.join("\n");
  status.textContent = "Done.";
  return { recorded: new Date().toISOString().slice(0, 16), browser: browser(), ...found };
}

Object.assign(globalThis, { measureFrames });
measureOnDemand(measureFrames);
