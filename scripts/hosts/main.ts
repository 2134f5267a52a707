/**
 * Installs the packed package in every host and runs the little program there: `npm run hosts`.
 *
 * Arguments: folders of test/hosts-js or names of hosts (`node`, `node22require`; default all). What is found goes to
 * test/hosts-js/recording.json and docs/hosts.md, but not with `--ci`, which leaves out what is slow and fails where a
 * host is not to be had.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Answer, type Host, NotAvailable } from "./host.ts";
import { expectedAnswer, fault } from "./judge.ts";
import { FOLDERS, hosts, slug } from "./list.ts";
import { type Row, record } from "./recording.ts";
import { pack, type Stage, stage } from "./stage.ts";
import { writeTable } from "./table.ts";

const { values, positionals } = parseArgs({ options: { ci: { type: "boolean" } }, allowPositionals: true });
const listed = await hosts();
const chosen = listed.filter(({ folder, host }) => {
  if (values.ci && host.slow) return false;
  return (
    positionals.length === 0 || positionals.some((name) => name === folder || slug(host.name).startsWith(name))
  );
});
if (chosen.length === 0) throw new Error(`no host is called ${positionals.join(", ")}`);

async function run(folder: string, host: Host, staged: () => Promise<Stage>, expected: Answer): Promise<Row> {
  const { name, how, pending } = host;
  const start = performance.now();
  const found = async (): Promise<Omit<Row, "folder" | "host" | "how" | "seconds">> => {
    try {
      const { answer, version, bundle } = await inTime(host.run(await staged()));
      const about = {
        version,
        execution: answer.execution.mode,
        ...(bundle && { bundle }),
        weights: answer.weights,
      };
      const why = fault(answer, expected, host) ?? (pending && "it passes: take `pending` away");
      return why === undefined ? { outcome: "passed", ...about } : { outcome: "failed", why, ...about };
    } catch (error) {
      const message = (error as Error).message.replaceAll(`${into}/`, "");
      if (error instanceof NotAvailable) return { outcome: "not available", why: message };
      return pending ? { outcome: "pending", why: pending } : { outcome: "failed", why: message };
    }
  };
  const row = await found();
  return { folder, host: name, how, ...row, seconds: Math.round((performance.now() - start) / 100) / 10 };
}

/** What hangs is at fault as well. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const end = new AbortController();
  const late = setTimeout(300_000, undefined, { signal: end.signal }).then(() => {
    throw new Error("it did not end within five minutes");
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    end.abort();
  }
}

const into = mkdtempSync(join(tmpdir(), "fourlane-hosts-"));
const rows: Row[] = [];
try {
  const [tarball, expected] = await Promise.all([pack(into), expectedAnswer()]);
  console.log(`${chosen.length} hosts; the weights are to be ${expected.weights}`);
  for (const folder of FOLDERS) {
    let shared: Promise<Stage> | undefined;
    const staged = (): Promise<Stage> => {
      shared ??= stage(folder, tarball);
      return shared;
    };
    for (const { host } of chosen.filter((each) => each.folder === folder)) {
      const row = await run(folder, host, staged, expected);
      rows.push(row);
      const { outcome, version = "", why, seconds } = row;
      console.log(`${host.name.padEnd(30)} ${outcome.padEnd(13)} ${`${seconds} s`.padStart(7)}  ${why ?? version}`);
    }
    if (shared) rmSync(join(into, folder), { recursive: true, force: true });
  }
} finally {
  rmSync(into, { recursive: true, force: true });
}

if (!values.ci) {
  record(rows, listed);
  writeTable();
}
const count = (outcome: Row["outcome"]): number => rows.filter((row) => row.outcome === outcome).length;
// Where everything has been installed, a host that is missing is a fault.
const failed = count("failed") + (values.ci ? count("not available") : 0);
const passed = count("passed");
console.log(`hosts: ${passed} passed, ${failed} failed, ${rows.length - passed - failed} not yet or not here`);
// Not when nothing is left to do, since what hung would be.
process.exit(failed > 0 ? 1 : 0);
