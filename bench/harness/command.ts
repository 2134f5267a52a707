/** What the commands share: flags, the plan, text to the terminal and JSON to a file. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Row } from "../row.ts";
import { rows } from "../rows.ts";
import { print } from "./print.ts";
import { run } from "./run.ts";

/** Whom to run on which engine. */
export interface Field {
  node?: string;
  /** Modules that add contenders. */
  more?: string[];
  /** Whether it has anybody for a row. */
  wants?(row: Row): boolean;
  /** Whether longer rows belong to it without being asked for. */
  all?: boolean;
  /** What the names of its recordings begin with. */
  prefix?: string;
}

/** Runs what the command line asks for; --json of a folder writes one file for each engine there. */
export async function main(field: Field = {}): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      all: { type: "boolean", default: false },
      filter: { type: "string", default: "" },
      json: { type: "string" },
      rounds: { type: "string", default: "5" },
      turn: { type: "string", default: "6" },
    },
  });
  const turn = Number(flags.turn);
  const effort = { rounds: Number(flags.rounds), turn, warmup: 5 * turn };
  const wanted = rows.filter(
    (row) =>
      (row.quick || flags.all || field.all) &&
      (field.wants?.(row) ?? true) &&
      `${row.id} ${row.group}`.includes(flags.filter),
  );
  if (wanted.length === 0) throw new RangeError(`No row's name contains "${flags.filter}"`);
  const recording = await run({
    rows: wanted,
    effort,
    ...field,
    onRow: (measurement) => console.log(print(measurement)),
    onFailure: (who, reason) => {
      if (!field.more || who.includes("fourlane")) process.exitCode = 1;
      console.error(`${who} failed: ${reason}\n`);
    },
  });
  const major = recording.engine.match(/\d+/)?.[0];
  const file = flags.json?.endsWith("/") ? `${flags.json}${field.prefix ?? ""}node${major}.json` : flags.json;
  if (file) writeFileSync(file, `${JSON.stringify(recording)}\n`);
}
