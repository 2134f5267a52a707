/** The machine itself: its limit in each row, as a contender that takes turns with the others. */
import { type Limits, limits } from "../peak/load.ts";
import { streams } from "../peak/streams.ts";
import { type DType, flops, traffic, type Work } from "../work.ts";
import type { Contender, Runnable } from "./contender.ts";

/** Below this many operations, a call costs as much as the arithmetic. */
const FEWEST_FLOPS = 1e6;

const MATRICES = new Set<Work["kind"]>(["add", "sum", "gemm", "logistic", "dot"]);

/** Shortest turn of workers that read together. */
const LONG_TURN = 60;

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

function peak({ build, peak }: Limits): Contender {
  const note = "as many multiply-adds between registers";
  return reference(`peak ${build}`, note, (work) => {
    const count = flops(work);
    const { dtype } = (work.kind === "threaded" ? work.of : work) as { dtype?: DType };
    if (count === undefined || count < FEWEST_FLOPS || !dtype) return undefined;
    return traffic(work) === undefined ? peak(dtype, count) : undefined;
  });
}

/** As many bytes read once by workers, each of which has its share of one memory. */
function readers(workers: number): Contender {
  return {
    name: `streaming read, ${workers} ${workers === 1 ? "worker" : "workers"}`,
    version: "",
    note: "as many bytes of a shared memory read once, by the faster of two loops in wasm, from fork to join",
    reference: true,
    async prepare(work) {
      const bytes = work.kind === "threaded" ? traffic(work) : undefined;
      if (bytes === undefined) return undefined;
      const { turn, release } = await streams(workers, bytes);
      return { turn: (milliseconds) => turn(Math.max(milliseconds, LONG_TURN)), answer: () => [], release };
    },
  };
}

/** The limits of this machine in each build's instructions, and those of its memory. */
export async function machine(): Promise<Contender[]> {
  const all = await limits();
  const streams = all[0]!;
  const bytes = (work: Work): number | undefined => (MATRICES.has(work.kind) ? traffic(work) : undefined);
  return [
    ...all.map(peak),
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
