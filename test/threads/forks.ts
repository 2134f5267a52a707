/** Forks for the tests of Control: this thread and others that help it. */
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { type Compute, Control, MOST_PARTS } from "../../src/threads/control.ts";
import { BROKEN, BY_THREAD, INSIDE, NONE, partsFor, SLOW, TIMES, WORDS } from "./tally.ts";

let source: Promise<string> | undefined;

/** The script of a helper, from its TypeScript. */
function script(): Promise<string> {
  source ??= build({
    entryPoints: [new URL("./scripts/forks.ts", import.meta.url).pathname],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]!.text);
  return source;
}

/** This thread and some that help it. */
export class Forkers {
  readonly control: Control;
  /** The words of the control, as they lie in memory. */
  readonly raw: Int32Array;
  readonly compute: Compute;
  /** What each helper said when it ended. */
  readonly said: Promise<string>[] = [];
  readonly #counts: Int32Array;
  readonly #workers: Worker[] = [];

  private constructor(buffer: SharedArrayBuffer, tally: SharedArrayBuffer) {
    this.control = new Control(buffer);
    this.raw = new Int32Array(buffer);
    this.#counts = new Int32Array(tally);
    this.#counts[BROKEN] = NONE;
    this.#counts[SLOW] = NONE;
    this.compute = partsFor(this.control, tally, 0);
  }

  /** With so many helpers, at work when it resolves. `ticket`: what the first word is to begin with. */
  static async with(helpers: number, ticket = 0): Promise<Forkers> {
    const buffer = new SharedArrayBuffer(Control.bytes);
    const tally = new SharedArrayBuffer(4 * WORDS);
    const forkers = new Forkers(buffer, tally);
    forkers.control.reset();
    forkers.raw[0] = ticket;
    const code = new URL(`data:text/javascript,${encodeURIComponent(await script())}`);
    for (let index = 1; index <= helpers; index++) {
      const worker = new Worker(code, { workerData: { control: buffer, tally, index }, execArgv: [] });
      forkers.#workers.push(worker);
      forkers.said.push(new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject)));
      await new Promise((resolve) => worker.once("online", resolve));
    }
    return forkers;
  }

  /** Sets the words of the next fork. */
  prepare(a: number, b: number, steps: number, work: number): void {
    this.control.words.set([a, b, steps, work]);
  }

  set broken(part: number | undefined) {
    Atomics.store(this.#counts, BROKEN, part ?? NONE);
  }

  set slow(thread: number | undefined) {
    Atomics.store(this.#counts, SLOW, thread ?? NONE);
  }

  /** Threads that are computing a part at this moment. */
  get inside(): number {
    return Atomics.load(this.#counts, INSIDE);
  }

  /** How often each part was computed since the last call. */
  times(): number[] {
    const times = Array.from(this.#counts.subarray(TIMES, TIMES + MOST_PARTS));
    this.#counts.fill(0, TIMES);
    return times;
  }

  /** Parts that each thread computed so far. */
  byThread(): number[] {
    return Array.from(this.#counts.subarray(BY_THREAD, BY_THREAD + 1 + this.#workers.length));
  }

  /** Runs steps to their end. */
  run<T>(steps: Generator<undefined, T>): T {
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  }

  /** Lets the helpers go, and waits until they have gone. */
  async end(): Promise<void> {
    this.control.end();
    await Promise.all(this.said);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Ends the helpers at once. */
  async kill(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
