/** Verifies the contenders of a row, then times them in turns. */
import { Bench } from "tinybench";
import type { Contender, Prepared } from "../contenders/contender.ts";
import type { Row } from "../row.ts";
import type { Measurement } from "./recording.ts";
import { median } from "./statistics.ts";
import { agree, type Found, picked } from "./verify.ts";

/** How long and how often. */
export interface Effort {
  /** Rounds in which everyone takes a turn. */
  rounds: number;
  /** Milliseconds of a turn. */
  turn: number;
  /** Milliseconds before the first turn. */
  warmup: number;
}

/** Slow contenders sit rounds out, but take part in this many, or in all of a row that says how many it has. */
const FEWEST_ROUNDS = 3;

/** Samples that a turn is divided into, where single runs are shorter. */
const SAMPLES = 6;

interface Entry {
  contender: Contender;
  prepared: Prepared;
  batch: number;
  turns: number;
  rounds: number[][];
}

/** Times of single runs in one turn, in milliseconds. tinybench does the timing, the suite decides whose turn it is. */
async function turn(prepared: Prepared, milliseconds: number, batch: number): Promise<number[]> {
  if ("turn" in prepared) return prepared.turn(milliseconds, batch);
  const { run } = prepared;
  await prepared.before?.();
  const bench = new Bench({ time: milliseconds, iterations: 1, warmup: false, retainSamples: true });
  const many = (): void => {
    for (let i = 0; i < batch; i++) run();
  };
  const manyAsync = async (): Promise<void> => {
    for (let i = 0; i < batch; i++) await run();
  };
  bench.add("turn", prepared.async ? manyAsync : many, { async: prepared.async ?? false });
  const [task] = await bench.run();
  const result = task?.result;
  if (!result || !("latency" in result)) throw new Error("A turn was not finished", { cause: result });
  return (result.latency.samples ?? []).map((time) => time / batch);
}

/** Runs until the engine has compiled what is hot; sets the batch and the number of turns that the time allows. */
async function warmUp(entry: Entry, effort: Effort, fewest: number): Promise<void> {
  let single = median(await turn(entry.prepared, 1, 1));
  const end = performance.now() + effort.warmup;
  while (performance.now() < end) {
    const batch = batchOf(single, effort.turn);
    single = median(await turn(entry.prepared, Math.min(effort.turn, effort.warmup / 4), batch));
  }
  entry.batch = batchOf(single, effort.turn);
  const affordable = Math.floor((4 * effort.rounds * effort.turn) / Math.max(single, effort.turn));
  entry.turns = Math.min(effort.rounds, Math.max(fewest, affordable));
}

function batchOf(single: number, milliseconds: number): number {
  return Math.min(1_000_000, Math.max(1, Math.ceil(milliseconds / SAMPLES / Math.max(single, 1e-6))));
}

/** Who cannot do the work or finds something else is left out, and said to be. */
type OnFailure = (name: string, error: unknown) => void;

/** Everyone who knows the work, and has found what the first of them found. */
async function verified(row: Row, contenders: readonly Contender[], onFailure: OnFailure): Promise<Entry[]> {
  const entries: Entry[] = [];
  let first: Found | undefined;
  for (const contender of contenders) {
    try {
      const prepared = await contender.prepare(row.work);
      if (!prepared) continue;
      const found = { name: contender.name, ...picked(await prepared.answer()) };
      if (!contender.reference && !contender.verifiesItself) {
        if (first) agree(row, first, found, contender.tolerance);
        else first = found;
      }
      entries.push({ contender, prepared, batch: 1, turns: 0, rounds: [] });
    } catch (error) {
      onFailure(contender.name, error);
    }
  }
  return entries;
}

/** Measures a row; undefined if none of the contenders knows the work. */
export async function measure(
  row: Row,
  contenders: readonly Contender[],
  usual: Effort,
  onFailure: OnFailure,
): Promise<Measurement | undefined> {
  const entries = await verified(row, contenders, onFailure);
  if (entries.every(({ contender }) => contender.reference)) return undefined;
  const effort = { ...usual, rounds: Math.max(usual.rounds, row.rounds ?? 0) };
  for (const entry of entries) await warmUp(entry, effort, row.rounds ?? FEWEST_ROUNDS);
  for (let round = 0; round < effort.rounds; round++) {
    for (const { prepared, batch, turns, rounds } of entries) {
      const due = Math.ceil(((round + 1) * turns) / effort.rounds) > Math.ceil((round * turns) / effort.rounds);
      const samples = due ? await turn(prepared, effort.turn, batch) : [];
      rounds.push(samples.map((sample) => Number(sample.toPrecision(4))));
    }
  }
  for (const { prepared } of entries) prepared.release?.();
  const taken = entries.map(({ contender: { name, version, note, reference }, batch, rounds }) => ({
    name,
    version,
    ...(note && { note }),
    ...(reference && { reference }),
    batch,
    rounds,
  }));
  return { id: row.id, group: row.group, work: row.work, unit: row.unit ?? "milliseconds", contenders: taken };
}
