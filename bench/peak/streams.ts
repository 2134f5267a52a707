/** Workers that each read their share of one shared memory at the same moment: what several cores can stream. */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { sharedTwin } from "../../src/shared-twin.ts";
import { moduleOf, READS } from "./load.ts";
import { type Seat, Word } from "./seat.ts";

/** Workers that are ready to read. */
export interface Streams {
  /** Times of reading everything once, from fork to join, for so many milliseconds. */
  turn(milliseconds: number): Promise<number[]>;
  release(): void;
}

const PAGE = 65536;

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
  const entry = fileURLToPath(new URL("stream-worker.ts", import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, platform: "node" });
  return outputFiles[0]!.text;
}

/** Shares `bytes` bytes among `workers` workers. They read in the way that is fastest here. */
export async function streams(workers: number, bytes: number): Promise<Streams> {
  const module = await WebAssembly.compile(sharedTwin(moduleOf("simd")));
  const pages = Math.ceil(bytes / PAGE) + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  // Every page is written, so that it is really there.
  new Uint8Array(memory.buffer).fill(1);
  const control = new Int32Array(new SharedArrayBuffer(256));
  const size = Math.ceil(bytes / workers / 512) * 512;
  const source = await script();
  const team = Array.from({ length: workers }, (_, index) => {
    const seat: Seat = { module, memory, control, index, workers, start: PAGE + index * size, size };
    return new Worker(source, { eval: true, execArgv: [], workerData: seat });
  });
  await Promise.all(team.map(answerOf));
  for (const worker of team) worker.unref();

  const turn = async (name: string, milliseconds: number): Promise<number[]> => {
    for (const word of Object.values(Word)) Atomics.store(control, word, 0);
    const answers = Promise.all(team.map(answerOf));
    for (const worker of team) worker.ref();
    for (const worker of team) worker.postMessage({ name, milliseconds });
    const [times] = await answers;
    for (const worker of team) worker.unref();
    return times as number[];
  };

  const best: [name: string, time: number][] = [];
  for (const name of READS) best.push([name, Math.min(...(await turn(name, 60)))]);
  const [fastest] = best.sort(([, a], [, b]) => a - b)[0]!;
  return {
    turn: (milliseconds) => turn(fastest, milliseconds),
    release() {
      for (const worker of team) worker.terminate();
    },
  };
}
