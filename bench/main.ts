/**
 * fourlane against plain JavaScript: verify, then time. `npm run bench`, under a minute.
 *
 *     npm run bench -- [--all] [--filter TEXT] [--json FILE] [--rounds N] [--turn MILLISECONDS]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { print } from "./harness/print.ts";
import { run } from "./harness/run.ts";
import { rows } from "./rows.ts";

const { values: flags } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    json: { type: "string" },
    rounds: { type: "string", default: "7" },
    turn: { type: "string", default: "10" },
  },
});

const effort = { rounds: Number(flags.rounds), turn: Number(flags.turn), warmup: 5 * Number(flags.turn) };
const wanted = rows.filter(
  ({ id, group, quick }) => (quick || flags.all) && `${id} ${group}`.includes(flags.filter),
);
if (wanted.length === 0) throw new RangeError(`No row's name contains "${flags.filter}"`);

const recording = await run({
  rows: wanted,
  effort,
  onRow: (measurement) => console.log(print(measurement)),
  onFailure: (id, reason) => {
    process.exitCode = 1;
    console.error(`${id} failed: ${reason}\n`);
  },
});
if (flags.json) writeFileSync(flags.json, `${JSON.stringify(recording)}\n`);
