/** A coordinator and its helpers, seen from the thread that started them. */

import type { Slices } from "../async/driving.ts";
import { workerFailed } from "../check.ts";
import type { History, Progress } from "../history.ts";
import { type Build, type KernelCode, moduleOf, type SharedMemory, sharedMemory } from "../kernel.ts";
import { sharedTwin } from "../shared-twin.ts";
import { Answer, Control } from "./control.ts";
import { type Port, startWorker } from "./port.ts";
import type { Job, Report, Values } from "./protocol.ts";

/** What a team is made of. Teams alike in this can do each other's work. */
export interface Kind {
  code: KernelCode;
  build: Build;
  /** Whether its workers share memory; a team without has one worker. */
  shared: boolean;
  size: number;
  /** Bytes that its memory may take. */
  limit: number;
  /** The worker's script, if it is not that of the package. */
  url: string | undefined;
}

/** Values for one of a job's arrays, piece by piece. Each piece is read before the next is asked for. */
export type Source = () => Iterable<{ start: number; values: Float32Array | Float64Array }>;

/** What to do for a job on this side. */
export interface Errand {
  job: Job;
  /** Fills the job's arrays, in their order; undefined where nothing is to be filled. */
  sources: readonly (Source | undefined)[];
  /** Between pieces, this thread breathes. */
  slices: Slices;
  /** Which of the arrays holds the result, its elements, and who reads them before anything else happens. */
  result: { index: number; size: number; read(values: Float32Array | Float64Array): void };
  signal: AbortSignal | undefined;
  /** Whether an abort has to bring the kept parameters along. */
  keep: boolean;
  told(progress: Progress, parameters: Values | undefined): Promise<boolean>;
}

/** How a job ended. */
export type Outcome = { type: "done"; history: History | undefined } | (Report & { type: "aborted" });

/** Seconds that workers have until they answer. Slow networks and busy machines need a few. */
const START_SECONDS = 10;

/** What is wrong with scripts that are not this package's. */
const SILENT = `the worker's script did not answer within ${START_SECONDS} seconds; it is tried again after releaseThreads()`;
const STRANGE = "the worker's script is another than this package's";

type Deferred = { resolve(report: Report): void; reject(error: unknown): void };

/** Kernels over shared memory: teams that follow each other have one module, and so what engines optimized of it. */
const twins = new WeakMap<Uint8Array, KernelCode>();

function twinOf(code: Uint8Array): KernelCode {
  const twin = twins.get(code) ?? moduleOf(sharedTwin(code));
  twins.set(code, twin);
  return twin;
}

/** Workers that do one job at a time. */
export class Team {
  readonly kind: Kind;
  /** Why the team is of no use any more. */
  death: { error: unknown } | undefined;
  readonly #ports: Port[] = [];
  readonly #control: Control | undefined;
  readonly #memory: SharedMemory | undefined;
  /** Reports of each worker that nobody has asked for yet, and who waits for one. */
  readonly #reports: Report[][] = [];
  readonly #waiting: (Deferred | undefined)[] = [];

  /** Starts workers; `ready` must follow. @throws where the host refuses a worker, or to send it shared memory. */
  constructor(kind: Kind) {
    this.kind = kind;
    const { shared, size, build, url } = kind;
    const buffer = shared ? new SharedArrayBuffer(Control.bytes) : undefined;
    this.#control = buffer && new Control(buffer);
    this.#memory = shared ? sharedMemory(kind.limit) : undefined;
    const code = shared ? twinOf(kind.code as Uint8Array) : kind.code;
    try {
      for (let index = 0; index < size; index++) {
        this.#reports.push([]);
        const port = startWorker(url, {
          report: (report) => this.#hear(index, report),
          died: (error) => this.#die(error),
        });
        this.#ports.push(port);
        port.post({ type: "start", index, code, build, memory: this.#memory, control: buffer });
      }
    } catch (error) {
      this.terminate();
      throw error;
    }
  }

  /** Resolves when all workers have compiled the kernel. @throws what keeps them from it. */
  async ready(): Promise<void> {
    let seconds = 0;
    // Of a thread that turns: blocked, or in a machine that sleeps, it could not hear an answer.
    const clock = setInterval(() => {
      if (++seconds === START_SECONDS) this.#die(new Error(SILENT));
    }, 1000);
    try {
      for (const report of await Promise.all(this.#ports.map((_, index) => this.#next(index)))) {
        if (report?.type === "failed") this.#die(report.error);
        else if (report?.type !== "ready") this.#die(new Error(STRANGE));
      }
    } finally {
      clearInterval(clock);
    }
    if (this.death) throw this.death.error;
  }

  /** Whether a process may not end while the team lives; at first it may not. */
  keepAlive(keeps: boolean): void {
    for (const port of this.#ports) port.keepAlive(keeps);
  }

  /** Bytes of the memory that the workers share. */
  get bytes(): number {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  /**
   * Does a job. An aborted one may settle before its workers have heard of it: `settled` tells when they have.
   *
   * @throws what the job throws, or Error where a worker dies.
   */
  run(errand: Errand): Promise<Outcome> {
    const { signal, keep } = errand;
    this.#control?.reset();
    const work = this.#work(errand);
    this.settled = work
      .catch(() => this.#stop())
      .then(() => Promise.all(this.#ports.map((_, index) => this.#idle(index))))
      .then(
        () => {},
        () => {}, // Who died has been reported.
      );
    if (!signal) return work;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#stop();
        if (!keep) reject(signal.reason);
      };
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
  }

  /** Resolves when all workers of the last job are ready for another, or the team is dead. */
  settled: Promise<void> = Promise.resolve();

  async #work(errand: Errand): Promise<Outcome> {
    const { job } = errand;
    try {
      this.#ports[0]!.post({ type: "job", job });
      for (const port of this.#ports.slice(1)) port.post({ type: "help", job });
      const room = await this.#next(0);
      if (room.type === "failed") throw room.error;
      const { offsets, buffer } = room as Report & { type: "room" };
      try {
        await this.#fill(errand, offsets, buffer);
      } finally {
        this.#ports[0]!.post({ type: "go" });
      }
      let progress: Progress | undefined;
      for (;;) {
        const report = await this.#next(0);
        if (report.type === "told") {
          progress = report.progress;
          await this.#tell(errand, report);
        }
        if (report.type === "failed") throw report.error;
        // Given up though nobody here wished it, a helper has failed: that will be the next that is heard.
        if (report.type === "aborted" && errand.signal?.aborted) return report;
        if (report.type === "done") {
          const { index, size, read } = errand.result;
          const values = report.result ?? viewOf(job, buffer!, offsets[index]!, size);
          if (!errand.signal?.aborted) read(values);
          // Too late to be heard there.
          else return { type: "aborted", kept: errand.keep ? (values.slice() as Values) : undefined, progress };
          return { type: "done", history: report.history };
        }
      }
    } catch (error) {
      return this.death ? workerFailed(job.who, this.death.error) : Promise.reject(error);
    }
  }

  async #fill({ job, sources, slices, signal }: Errand, offsets: number[], buffer: SharedArrayBuffer | undefined) {
    for (const [index, source] of sources.entries()) {
      for (const { start, values } of source?.() ?? []) {
        if (signal?.aborted || this.death) return;
        if (buffer) {
          const at = offsets[index]! + start * values.BYTES_PER_ELEMENT;
          viewOf(job, buffer, at, values.length).set(values);
        } else {
          const copy = values.slice() as Values;
          this.#ports[0]!.post({ type: "values", index, start, values: copy }, [copy.buffer]);
        }
        const breath = slices.next();
        if (breath) await breath;
      }
    }
  }

  async #tell(errand: Errand, { progress, parameters }: Report & { type: "told" }): Promise<void> {
    const goOn = !errand.signal?.aborted && (await errand.told(progress, parameters));
    // Also after an abort, whose answer the coordinator may have overwritten with its question.
    if (this.#control) this.#control.answer(goOn && !this.#control.aborted ? Answer.goOn : Answer.stop);
    else this.#ports[0]!.post({ type: "answer", goOn });
  }

  #stop(): void {
    if (this.#control) this.#control.abort();
    else this.#ports[0]?.post({ type: "stop" });
  }

  /** Waits until a worker is out of work. */
  async #idle(index: number): Promise<void> {
    while ((await this.#next(index)).type !== "idle");
  }

  #next(index: number): Promise<Report> {
    const report = this.#reports[index]!.shift();
    if (report) return Promise.resolve(report);
    if (this.death) return Promise.reject(this.death.error);
    return new Promise((resolve, reject) => {
      this.#waiting[index] = { resolve, reject };
    });
  }

  #hear(index: number, report: Report): void {
    // The coordinator may go on after it has reported; a helper's part of the job is lost.
    if (report?.type === "failed" && index > 0) this.#die(report.error);
    const waiting = this.#waiting[index];
    this.#waiting[index] = undefined;
    if (waiting) waiting.resolve(report);
    else this.#reports[index]!.push(report);
  }

  #die(error: unknown): void {
    if (this.death) return;
    this.death = { error };
    for (const waiting of this.#waiting) waiting?.reject(error);
    this.terminate();
  }

  /** Ends all workers at once. */
  async terminate(): Promise<void> {
    this.death ??= { error: new Error("its team was ended") };
    await Promise.all(this.#ports.map((port) => port.terminate()));
  }
}

function viewOf(
  { dtype }: Job,
  buffer: SharedArrayBuffer,
  at: number,
  length: number,
): Float32Array | Float64Array {
  const View = dtype === "f32" ? Float32Array : Float64Array;
  return new View(buffer as unknown as ArrayBuffer, at, length);
}
