/** Workers that each do their share of something at the same moment: what several cores can stream, or multiply. */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build as bundle } from "esbuild";
import { sharedTwin } from "../../src/shared-twin.ts";
import type { DType } from "../work.ts";
import { countOf, type Limits, moduleOf, PRODUCTS, READS } from "./load.ts";
import { type Seat, type Turn, Word } from "./seat.ts";

/** Workers that are ready. */
export interface Together {
  /** Times of doing everything once, from fork to join, for so many milliseconds. */
  turn(milliseconds: number): Promise<number[]>;
  release(): void;
}

/** An exported function, and what each worker calls it with. */
interface Way {
  name: string;
  shareOf(worker: number): number[];
}

const PAGE = 65536;

/** `workers` workers that share the reading of `bytes` bytes. */
export function streams(workers: number, bytes: number): Promise<Together> {
  const size = Math.ceil(bytes / workers / 512) * 512;
  const shareOf = (worker: number): number[] => [PAGE + worker * size, size];
  const ways = READS.map((name) => ({ name, shareOf }));
  return together("simd", workers, Math.ceil(bytes / PAGE) + 1, ways);
}

/** `workers` workers that share `flops` multiplications and additions between registers. */
export function multipliers(
  build: Limits["build"],
  workers: number,
  dtype: DType,
  flops: number,
): Promise<Together> {
  const ways = PRODUCTS.map((loop) => {
    const count = countOf(loop, dtype, flops / workers);
    return { name: `${loop}_${dtype}`, shareOf: () => [count] };
  });
  return together(build, workers, 1, ways);
}

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (answer) => {
      worker.off("error", reject);
      resolve(answer);
    });
  });
}

/** The workers' script. Loaders of this process do not reach into workers everywhere, so it is bundled. */
async function script(): Promise<string> {
  const entry = fileURLToPath(new URL("together-worker.ts", import.meta.url));
  const { outputFiles } = await bundle({ entryPoints: [entry], bundle: true, write: false, platform: "node" });
  return outputFiles[0]!.text;
}

/** Workers over a memory of so many pages, who do it in the way that is fastest here. */
async function together(
  build: Limits["build"],
  workers: number,
  pages: number,
  ways: readonly Way[],
): Promise<Together> {
  const module = await WebAssembly.compile(sharedTwin(moduleOf(build)));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  // Every page is written, so that it is really there; what the module keeps in the first, its instances bring along.
  new Uint8Array(memory.buffer).fill(1);
  const control = new Int32Array(new SharedArrayBuffer(256));
  const source = await script();
  const team = Array.from({ length: workers }, (_, index) => {
    const seat: Seat = { module, memory, control, index, workers };
    return new Worker(source, { eval: true, execArgv: [], workerData: seat });
  });
  await Promise.all(team.map(answerOf));
  for (const worker of team) worker.unref();

  const turn = async ({ name, shareOf }: Way, milliseconds: number): Promise<number[]> => {
    for (const word of Object.values(Word)) Atomics.store(control, word, 0);
    const answers = Promise.all(team.map(answerOf));
    for (const worker of team) worker.ref();
    for (const [index, worker] of team.entries()) {
      worker.postMessage({ name, share: shareOf(index), milliseconds } satisfies Turn);
    }
    const [times] = await answers;
    for (const worker of team) worker.unref();
    return times as number[];
  };

  const best: [way: Way, time: number][] = [];
  for (const way of ways) best.push([way, Math.min(...(await turn(way, 60)))]);
  const [fastest] = best.sort(([, a], [, b]) => a - b)[0]!;
  return {
    turn: (milliseconds) => turn(fastest, milliseconds),
    release() {
      for (const worker of team) worker.terminate();
    },
  };
}
