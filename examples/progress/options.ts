/** The command line of the example. */
import { parseArgs } from "node:util";

/** What the command line may choose. */
export interface Options {
  /** How many workers train; undefined: none, the training runs in slices. */
  threads: number | "auto" | undefined;
  epochs: number;
  help: boolean;
}

/** What `--help` prints. */
export const HELP = `Trains a network to tell odd handwritten digits from even ones, with a progress bar.
Ctrl-C ends it early: what it has learned by then is kept and judged.

  npm run example:progress -- [options]

  --threads <n|auto>  workers that train, at most; default auto, one for each processor
  --slices            no workers: a few milliseconds at a time on the main thread
  --epochs <n>        passes over the samples; default 2000
  --help              this`;

const WHO = "example:progress";
const KNOWN = {
  threads: { type: "string", default: "auto" },
  slices: { type: "boolean", default: false },
  epochs: { type: "string", default: "2000" },
  help: { type: "boolean", default: false },
} as const;

/**
 * Reads the command line.
 *
 * @throws TypeError for an option that does not exist or lacks its value; RangeError for a wrong value.
 */
export function readOptions(args: string[]): Options {
  const { values, tokens } = parseArgs({ args, options: KNOWN, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") throw new TypeError(`${WHO}: found "${token.value}"; expected options only.`);
    if (token.kind === "option") checkOption(token.name, token.rawName, token.value);
  }
  const { threads, slices, epochs, help } = values;
  if (slices && tokens.some((token) => token.kind === "option" && token.name === "threads")) {
    throw new TypeError(`${WHO}: found --slices and --threads; expected one of them. Slices take no workers.`);
  }
  return {
    threads: slices ? undefined : threads === "auto" ? threads : count("--threads", threads, 256, '"auto" or '),
    epochs: count("--epochs", epochs, 1_000_000),
    help: help === true,
  };
}

function checkOption(name: string, rawName: string, value: string | undefined): void {
  if (!Object.hasOwn(KNOWN, name)) {
    const names = Object.keys(KNOWN).map((known) => `"--${known}"`);
    const list = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
    throw new TypeError(`${WHO}: option "${rawName}" does not exist; expected ${list}.`);
  }
  const takesValue = KNOWN[name as keyof typeof KNOWN].type === "string";
  if (takesValue && value === undefined) throw new TypeError(`${WHO}: ${rawName} has no value; expected one.`);
  if (!takesValue && value !== undefined) {
    throw new TypeError(`${WHO}: ${rawName} is "${value}"; expected no value.`);
  }
}

function count(name: string, value: unknown, most: number, or = ""): number {
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (number >= 1 && number <= most) return number;
  const range = `a whole number from 1 to ${most.toLocaleString("en-US")}`;
  throw new RangeError(`${WHO}: ${name} is "${value}"; expected ${or}${range}.`);
}
