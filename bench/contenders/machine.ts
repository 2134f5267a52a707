/** The machine itself: its limit in each row, as a contender that takes turns with the others. */
import { type Limits, limits } from "../peak/load.ts";
import { flops, traffic, type Work } from "../work.ts";
import type { Contender, Runnable } from "./contender.ts";

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

function peak({ build, peak }: Limits): Contender {
  const note = "as many multiply-adds between registers";
  return reference(`peak ${build}`, note, (work) => {
    const count = flops(work);
    if (count === undefined || count < FEWEST_FLOPS || !("dtype" in work)) return undefined;
    return traffic(work) === undefined ? peak(work.dtype, count) : undefined;
  });
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
    reference("memcpy", "memory.copy with as many bytes read and written together", (work) => {
      const count = work.kind === "add" || work.kind === "sum" ? bytes(work) : undefined;
      return count === undefined ? undefined : streams.copy(count / 2);
    }),
  ];
}
