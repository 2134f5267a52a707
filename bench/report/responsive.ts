/** The sections of the report about how smoothly the calling thread goes on, in Node and on a page. */
import { existsSync, readFileSync } from "node:fs";
import { digits } from "../harness/print.ts";
import type { Circumstances } from "../harness/recording.ts";
import {
  ASKED,
  askedOf,
  type FramesRecording,
  type ResponsiveRecording,
  type Tail,
  type Watched,
} from "../responsive/recording.ts";
import { table } from "./tables.ts";

/** What a recording in bench/results says, if it is there. */
function recorded<T>(name: string): T | undefined {
  const file = new URL(`../results/${name}`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}

function cells({ count, p50, p90, p99, max }: Tail): string[] {
  return [String(count), ...[p50, p90, p99, max].map((time) => `${digits(time)} ms`)];
}

function verdict(met: boolean): string {
  return met ? "met" : "**short**";
}

const LOOPS =
  ", or two workers that only turn in a loop, which shows what the system alone does where all cores are busy";

const COLUMNS = ["times", "median", "90 %", "99 %", "longest"];

function late({ work, mode, tail }: Watched): string[] {
  const asked = askedOf(mode);
  const judged = asked === undefined ? ["", ""] : [`99 % < ${asked} ms`, verdict(tail.p99 < asked)];
  return [work, mode, ...cells(tail), ...judged];
}

/** How late timers were and how soon aborts settled, and the frames of a page; empty if nothing is recorded. */
export function responsiveSection(about: (recording: Circumstances, what: string) => string): string {
  const node = recorded<ResponsiveRecording>("responsive.json");
  const pages = recorded<FramesRecording[]>("frames.json") ?? [];
  const parts: string[] = [];
  if (node) {
    const loops = node.lateness.some(({ mode }) => mode === "2 busy loops");
    const aborts = node.aborts.map(({ work, mode, onAbort, tail }) => {
      const met = tail.max <= ASKED.abort;
      return [work, mode, onAbort, ...cells(tail), `longest ≤ ${ASKED.abort} ms`, verdict(met)];
    });
    parts.push(
      about(node, `${node.build} build`),
      `How late a timer of 10 ms was on the calling thread while a fit of some seconds ran${loops ? LOOPS : ""}:`,
      table(["fit", "where", ...COLUMNS, "asked", ""], node.lateness.map(late)),
      "From `abort()`, at any moment of a fit, until its promise had settled:",
      table(["fit", "where", "onAbort", ...COLUMNS, "asked", ""], aborts),
    );
  }
  for (const page of pages) {
    const frames = page.frames.map(({ work, mode, tail }) => [work, mode, ...cells(tail)]);
    parts.push(
      `From one animation frame to the next on a page, ${page.browser}, ${page.build} build, ${page.recorded}:`,
      table(["fit", "where", ...COLUMNS], frames),
    );
  }
  return parts.length === 0 ? "" : ["## Responsiveness", ...parts].join("\n\n");
}
