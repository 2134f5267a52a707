/** One job in a coordinator: makes room for its arrays, then computes it with the helpers of its team, if it has any. */

import { drive, Slices } from "../async/driving.ts";
import { Dataset } from "../dataset.ts";
import { Descent, ownedArray } from "../descent.ts";
import { Watch } from "../early-stopping.ts";
import { Reporter } from "../history.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import type { Kernel } from "../kernel.ts";
import type { Block } from "../memory.ts";
import type { NDArray } from "../ndarray.ts";
import { adam, lbfgs, momentum } from "../optimizers.ts";
import type { Runtime } from "../runtime.ts";
import { Training } from "../training.ts";
import { Answer, type Control } from "./control.ts";

import { multiply, scratchOf, ThreadCrew } from "./parts.ts";
import type { FitJob, Job, ProductJob, Report, Values } from "./protocol.ts";
import { passOf } from "./spec.ts";

/** What the caller says during a job: by shared words, or by messages that arrive when the worker breathes. */
export interface Ear {
  readonly aborted: boolean;
  /** What was last said about an epoch. */
  readonly answered: number;
  answer(value: number): void;
  /** Waits until an epoch is answered. */
  awaitAnswer(): number | Promise<number>;
}

/** An ear for messages. */
export class Mailbox implements Ear {
  aborted = false;
  answered: number = Answer.none;
  #wake: ((value: number) => void) | undefined;

  answer(value: number): void {
    this.answered = value;
    if (value !== Answer.awaited) this.#wake?.(value);
  }

  abort(): void {
    this.aborted = true;
    this.answer(Answer.stop);
  }

  awaitAnswer(): Promise<number> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** What a session needs of its worker. */
export interface Desk {
  readonly runtime: Runtime & { readonly kernel: Kernel };
  /** Shared with the team; undefined for a worker on its own. */
  readonly control: Control | undefined;
  readonly ear: Ear;
  post(report: Report): void;
}

/** A job for which there is room. */
export interface Session {
  /** What the caller fills, and where it finds the result: for a fit θ, X, Y, perhaps S and the validation's, for a product A, B, C. */
  readonly arrays: readonly NDArray[];
  /** Computes it and reports. */
  run(): Promise<void>;
  /** Gives the memory back. */
  release(): void;
}

/** Makes room for a job. @throws RangeError where there is none. */
export function open(job: Job, desk: Desk): Session {
  desk.runtime.memory.limit = job.limit;
  return job.kind === "fit" ? new FitSession(job, desk) : new ProductSession(job, desk);
}

class Rooms {
  readonly arrays: NDArray[] = [];
  readonly #desk: Desk;
  readonly #job: Job;
  readonly #owner: string;
  #scratch: Block | undefined;

  constructor(job: Job, desk: Desk, owner: string) {
    this.#job = job;
    this.#desk = desk;
    this.#owner = owner;
  }

  flat(size: number): NDArray {
    const { who, dtype } = this.#job;
    const array = ownedArray(this.#desk.runtime, dtype, size, who, this.#owner);
    this.arrays.push(array);
    return array;
  }

  matrix(rows: number, cols: number, byColumns: boolean): NDArray {
    return this.flat(rows * cols).view([rows, cols], byColumns ? [1, rows] : [cols, 1], 0);
  }

  /** Address of the threads' scratch. */
  scratch(): number {
    const { kernel, memory } = this.#desk.runtime;
    const bytes = this.#job.threads * scratchOf(this.#job, kernel);
    this.#scratch = memory.allocate(bytes, this.#job.who);
    return this.#scratch.offset;
  }

  release(): void {
    for (const array of this.arrays) array.storage.release();
    if (this.#scratch) this.#desk.runtime.memory.release(this.#scratch);
  }
}

const ABORTED = Symbol("aborted");

class FitSession implements Session {
  readonly #job: FitJob;
  readonly #desk: Desk;
  readonly #rooms: Rooms;
  readonly #theta: NDArray;
  readonly #data: Dataset;
  readonly #validation: Dataset | undefined;
  /** Parameters of the last epoch that was over, if they are kept. */
  #kept: { epoch: number; values: Values } | undefined;
  #reporter: Reporter | undefined;

  constructor(job: FitJob, desk: Desk) {
    this.#job = job;
    this.#desk = desk;
    this.#rooms = new Rooms(job, desk, job.owner);
    const { spec, count, wholeSamples, weighted, validation } = job;
    try {
      this.#theta = this.#rooms.flat(passOf(spec).size);
      this.#data = this.#dataset(count, wholeSamples, weighted);
      if (validation) this.#validation = this.#dataset(validation.count, validation.wholeSamples);
    } catch (error) {
      this.#rooms.release();
      throw error;
    }
  }

  #dataset(count: number, wholeSamples: boolean, weighted = false): Dataset {
    const X = this.#rooms.matrix(this.#job.spec.n_x, count, wholeSamples);
    const Y = this.#rooms.matrix(1, count, false);
    return new Dataset(X, Y, weighted ? this.#rooms.matrix(1, count, false) : undefined);
  }

  get arrays(): readonly NDArray[] {
    return this.#rooms.arrays;
  }

  release(): void {
    this.#rooms.release();
  }

  async run(): Promise<void> {
    const { who, owner, spec, validation, threads } = this.#job;
    const { control, ear, runtime, post } = this.#desk;
    const theta = this.#theta;
    const crew =
      control && threads > 1
        ? new ThreadCrew(this.#job, runtime.kernel, control, this.#rooms.scratch())
        : undefined;
    const descent = new Descent(passOf(spec), theta, who, owner, crew);
    let watch: Watch | undefined;
    try {
      // The samples may then be incomplete.
      if (ear.aborted) throw ABORTED;
      if (validation) watch = new Watch(this.#validation!, validation.rule, descent, who, owner);
      const settings = settingsOf(this.#job);
      const training = new Training({ who, owner, settings, data: this.#data, descent, watch });
      const { hear, end } = this.#hearing(training);
      await drive(training, {
        hear,
        slices: control ? undefined : new Slices(SLICE),
        throwIfAborted: () => {
          if (ear.aborted) throw ABORTED;
        },
      });
      end();
      post({ type: "done", history: training.history, result: control ? undefined : valuesOf(theta) });
    } catch (error) {
      // Given up by a helper first, a part is not a number, which looks like a divergence.
      if (!ear.aborted) throw error;
      const kept = this.#kept;
      post({ type: "aborted", kept: kept?.values, progress: kept && this.#reporter!.progress(kept.epoch) });
    } finally {
      watch?.release();
      descent.release();
    }
  }

  /** Who is told of epochs, and how the last one is. */
  #hearing(training: Training): { hear: ((epoch: number) => unknown) | undefined; end: () => void } {
    const { progressMs, keep, follow, settings } = this.#job;
    const { ear, post } = this.#desk;
    const reporter = new Reporter(training.history, settings.epochs);
    this.#reporter = reporter;
    let due = 0;
    let told = 0;
    const tell = (epoch: number): void => {
      told = epoch;
      due = performance.now() + progressMs!;
      ear.answer(Answer.awaited);
      const parameters = follow ? valuesOf(this.#theta) : undefined;
      post({ type: "told", progress: reporter.progress(epoch), parameters });
    };
    const hear = (epoch: number): unknown => {
      if (keep) this.#keep(epoch);
      if (progressMs === undefined) return true;
      if (progressMs === 0) {
        tell(epoch);
        const answer = ear.awaitAnswer();
        return typeof answer === "number" ? answer !== Answer.stop : answer.then((value) => value !== Answer.stop);
      }
      if (ear.answered === Answer.stop) return false;
      if (ear.answered !== Answer.awaited && performance.now() >= due) tell(epoch);
      return true;
    };
    const end = (): void => {
      if (progressMs !== undefined && told < training.history.epochs) tell(training.history.epochs);
    };
    return { hear: keep || progressMs !== undefined ? hear : undefined, end };
  }

  #keep(epoch: number): void {
    if (this.#kept) {
      this.#kept.epoch = epoch;
      this.#kept.values.set(this.#theta.data);
    } else this.#kept = { epoch, values: valuesOf(this.#theta) };
  }
}

/** Functions cannot be sent: what an optimizer was made by makes it here. */
const OPTIMIZERS = { adam, lbfgs, momentum };

/** The settings of a fit, as its model has them. */
function settingsOf({ settings, optimizer }: FitJob): Hyperparameters {
  if (!optimizer) return settings;
  const { name, options } = optimizer;
  return { ...settings, optimizer: OPTIMIZERS[name as keyof typeof OPTIMIZERS](options) };
}

/** A worker on its own hears messages when it breathes, after so many milliseconds. */
const SLICE = 8;

class ProductSession implements Session {
  readonly #job: ProductJob;
  readonly #desk: Desk;
  readonly #rooms: Rooms;

  constructor(job: ProductJob, desk: Desk) {
    this.#job = job;
    this.#desk = desk;
    this.#rooms = new Rooms(job, desk, "matmulAsync");
    try {
      for (const size of [job.m * job.k, job.k * job.n, job.m * job.n]) this.#rooms.flat(size);
    } catch (error) {
      this.#rooms.release();
      throw error;
    }
  }

  get arrays(): readonly NDArray[] {
    return this.#rooms.arrays;
  }

  release(): void {
    this.#rooms.release();
  }

  async run(): Promise<void> {
    const { control, runtime, post, ear } = this.#desk;
    const [a, b, c] = this.arrays.map((array) => array.pointer) as [number, number, number];
    const steps = multiply(this.#job, runtime.kernel, control!, [a, b, c], this.#rooms.scratch());
    let step = steps.next();
    while (!step.done && !ear.aborted) step = steps.next();
    steps.return(undefined);
    post(
      ear.aborted
        ? { type: "aborted", kept: undefined, progress: undefined }
        : { type: "done", history: undefined, result: undefined },
    );
  }
}

/** A copy that can be sent. */
function valuesOf(array: NDArray): Values {
  return array.data.slice() as Values;
}
