/** A process of its own for one group of rows, so that no engine has seen other types or filled another heap. */
import "../../scripts/relaxed-simd.ts";
import type { Contender } from "../contenders/contender.ts";
import { builds, fourlaneOn, untransposed } from "../contenders/fourlane.ts";
import { asynchronous } from "../contenders/fourlane-threads.ts";
import { machine } from "../contenders/machine.ts";
import { plain, unrolled } from "../contenders/plain.ts";
import { starts } from "../contenders/start.ts";
import { rows } from "../rows.ts";
import type { Effort } from "./measure.ts";
import { measure } from "./measure.ts";
import { engineOf, type Measurement } from "./recording.ts";

/** What the parent asks for. */
export interface Request {
  ids: string[];
  effort: Effort;
  /** Modules whose `contenders` function adds to the field. */
  more: string[];
}

/** What the parent hears. */
export type Reply =
  | { kind: "engine"; engine: string }
  | { kind: "measured"; measurement: Measurement }
  | { kind: "failed"; id: string; reason: string };

/** A module that adds contenders. */
interface Guests {
  contenders(group: string): Promise<Contender[]>;
}

function reply(message: Reply): void {
  process.send?.(message);
}

async function field(group: string, more: string[]): Promise<Contender[]> {
  const ours = builds();
  const guests = await Promise.all(more.map(async (url) => ((await import(url)) as Guests).contenders(group)));
  return [
    plain,
    unrolled,
    ...ours.map(fourlaneOn),
    ...ours.flatMap(asynchronous),
    starts,
    ...ours.map(untransposed),
    ...(await machine()),
    ...guests.flat(),
  ];
}

process.once("message", async ({ ids, effort, more }: Request) => {
  reply({ kind: "engine", engine: engineOf() });
  const wanted = rows.filter(({ id }) => ids.includes(id));
  const contenders = await field(wanted[0]?.group ?? "", more);
  for (const row of wanted) {
    (globalThis as { gc?: () => void }).gc?.();
    const failed = (id: string, error: unknown) => {
      reply({ kind: "failed", id, reason: error instanceof Error ? error.message : String(error) });
    };
    try {
      const onFailure = (name: string, error: unknown) => failed(`${row.id}, ${name}`, error);
      const measurement = await measure(row, contenders, effort, onFailure);
      if (measurement) reply({ kind: "measured", measurement });
    } catch (error) {
      failed(row.id, error);
    }
  }
  process.exit();
});
