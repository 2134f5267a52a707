/** The machine itself: its limit in each row, as a contender that takes turns with the others. */
import { type Limits, limits } from "../peak/load.ts";
import { multipliers, streams, type Together } from "../peak/together.ts";
import { type DType, flops, traffic, type Work } from "../work.ts";
import type { Contender, Prepared, Runnable } from "./contender.ts";
import { patient } from "./patient.ts";

/** Below this many operations, a call costs as much as the arithmetic. */
const FEWEST_FLOPS = 1e6;

const MATRICES = new Set<Work["kind"]>(["add", "sum", "gemm", "logistic", "dot"]);

function reference(name: string, note: string, start: (work: Work) => Runnable["run"] | undefined): Contender {
  return {
    name,
    note,
    version: "",
    reference: true,
    prepare(work) {
      const run = start(work);
      return run && { run, answer: () => [] };
    },
  };
}

/** Multiplications and additions of work that they are the limit of, and what they are of. */
function arithmetic(work: Work): { dtype: DType; count: number } | undefined {
  const count = flops(work);
  const { dtype } = (work.kind === "threaded" ? work.of : work) as { dtype?: DType };
  if (count === undefined || count < FEWEST_FLOPS || !dtype || traffic(work) !== undefined) return undefined;
  return { dtype, count };
}

function peak({ build, peak }: Limits): Contender {
  return reference(`peak ${build}`, "as many multiply-adds between registers", (work) => {
    const limit = work.kind === "threaded" ? undefined : arithmetic(work);
    return limit && peak(limit.dtype, limit.count);
  });
}

/** What workers can do that share it. */
function inWorkers(
  what: string,
  note: string,
  workers: number,
  start: (work: Work) => Promise<Together> | undefined,
): Contender {
  return {
    name: `${what}, ${workers} ${workers === 1 ? "worker" : "workers"}`,
    version: "",
    note: `${note}, from fork to join`,
    reference: true,
    async prepare(work): Promise<Prepared | undefined> {
      const together = work.kind === "threaded" ? await start(work) : undefined;
      if (!together) return undefined;
      const { turn, release } = together;
      return { turn: patient(turn), answer: () => [], release };
    },
  };
}

function readers(workers: number): Contender {
  const note = "as many bytes of a shared memory read once, by the faster of two loops in wasm";
  return inWorkers("streaming read", note, workers, (work) => {
    const bytes = traffic(work);
    return bytes === undefined ? undefined : streams(workers, bytes);
  });
}

/** With one worker and with two: what the machine's other core is worth at that time. */
function multiplying({ build }: Limits, workers: number): Contender {
  const note = "as many multiply-adds between registers, by the faster of two loops in wasm";
  return inWorkers(`peak ${build}`, note, workers, (work) => {
    const limit = arithmetic(work);
    return limit && multipliers(build, workers, limit.dtype, limit.count);
  });
}

/** The limits of this machine in each build's instructions, and those of its memory. */
export async function machine(): Promise<Contender[]> {
  const all = await limits();
  const streams = all[0]!;
  const bytes = (work: Work): number | undefined => (MATRICES.has(work.kind) ? traffic(work) : undefined);
  return [
    ...all.map(peak),
    ...all.flatMap((limits) => [1, 2].map((workers) => multiplying(limits, workers))),
    reference("streaming read", "as many bytes read once, by a loop in wasm", (work) => {
      const count = work.kind === "add" ? undefined : bytes(work);
      return count === undefined ? undefined : streams.read(count);
    }),
    readers(1),
    readers(2),
    reference("memcpy", "memory.copy with as many bytes read and written together", (work) => {
      const copies = work.kind === "add" || work.kind === "sum" || work.kind === "around-training";
      const count = copies ? traffic(work) : undefined;
      return count === undefined ? undefined : streams.copy(count / 2);
    }),
  ];
}
