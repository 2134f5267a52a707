/** What the last run of each host came to: test/hosts-js/recording.json. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Weight } from "./host.ts";
import { type Listed, slug } from "./list.ts";

/** One host's last run. */
export interface Row {
  folder: string;
  host: string;
  how: string;
  outcome: "passed" | "failed" | "pending" | "not available";
  /** Why it did not pass. */
  why?: string;
  version?: string;
  /** Where `fitAsync({ threads: 1 })` ran. */
  execution?: string;
  bundle?: Weight;
  weights?: string;
  seconds: number;
}

const file = new URL("../../test/hosts-js/recording.json", import.meta.url);

/** The recorded rows. */
export function readRecording(): Row[] {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Puts new rows in the place of older ones, in the list's order; hosts that are no more go. */
export function record(rows: readonly Row[], listed: readonly Listed[]): void {
  const known = new Map([...readRecording(), ...rows].map((row) => [slug(row.host), row]));
  const kept = listed.flatMap(({ host }) => known.get(slug(host.name)) ?? []);
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
}
