/** The parts of a job's forks: written down by the coordinator, computed by whoever takes one. */
import { Summation, type Task } from "../chunks.ts";
import type { Crew } from "../descent.ts";
import type { Kernel } from "../kernel.ts";
import { itemSize } from "../strided.ts";
import { type Compute, type Control, MOST_PARTS } from "./control.ts";
import type { FitJob, Job, ProductJob } from "./protocol.ts";
import { passOf } from "./spec.ts";

/** Bytes of scratch that each thread needs for a job, a multiple of a cache line. */
export function scratchOf(job: Job, kernel: Kernel): number {
  const bytes = job.kind === "fit" ? summationOf(job, kernel).scratch : productScratch(job, kernel);
  return Math.ceil(bytes / 64) * 64;
}

function summationOf({ spec, dtype }: FitJob, kernel: Kernel): Summation {
  return new Summation(passOf(spec), kernel[dtype]);
}

/** How this thread computes parts of a job's forks: thread `index` of those that share `control`. */
export function partsOf(job: Job, kernel: Kernel, control: Control, index: number): Compute {
  return job.kind === "fit" ? chunks(job, kernel, control, index) : stripes(job, kernel, control, index);
}

// ---- fits: a part is a chunk of samples -------------------------------------------------------------

// Words: x, x_rs, x_cs, y, y_s, s, s_s, start, count, parameters, scratch, bytes of it, gradients?, then where each goes.
const GRADIENTS = 13;

/** Lets all threads of a team sum chunks. `scratch`: room for each thread, `bytes` apart. */
export class ThreadCrew implements Crew {
  readonly #control: Control;
  readonly #compute: Compute;
  readonly #scratch: number;
  readonly #bytes: number;

  constructor(job: FitJob, kernel: Kernel, control: Control, scratch: number) {
    this.#control = control;
    this.#compute = partsOf(job, kernel, control, 0);
    this.#scratch = scratch;
    this.#bytes = scratchOf(job, kernel);
  }

  sum(task: Task, chunks: number): Generator<undefined, ArrayLike<number>> {
    const { place, start, count, parameters, gradientOf } = task;
    const { x, x_rs, x_cs, y, y_s, s, s_s } = place;
    const { words } = this.#control;
    words.set([
      x,
      x_rs,
      x_cs,
      y,
      y_s,
      s,
      s_s,
      start,
      count,
      parameters,
      this.#scratch,
      this.#bytes,
      gradientOf ? 1 : 0,
    ]);
    if (gradientOf) for (let chunk = 0; chunk < chunks; chunk++) words[GRADIENTS + chunk] = gradientOf(chunk);
    return this.#control.fork(chunks, this.#compute);
  }
}

function chunks(job: FitJob, kernel: Kernel, { words }: Control, index: number): Compute {
  const summation = summationOf(job, kernel);
  const bytes = itemSize(job.dtype);
  return (chunk) => {
    const [x, x_rs, x_cs, y, y_s, s, s_s, start, count, parameters, scratch, apart, gradients] =
      words as unknown as Words;
    const own = scratch + index * apart;
    const task: Task = {
      place: { x, x_rs, x_cs, y, y_s, s, s_s, itemSize: bytes },
      start,
      count,
      parameters,
      gradientOf: gradients ? (part) => words[GRADIENTS + part]! : undefined,
    };
    return summation.chunk(task, chunk, () => own);
  };
}

/** As many words as a fork may have, all set. */
type Words = number[] & { [index in 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12]: number };

// ---- products: a part is a stripe of C ---------------------------------------------------------------

// Words: a, b, c, scratch, bytes of it, rows or columns of a stripe.

/** How a product is cut: whether into rows of C or columns, and how many to a stripe. */
interface Cut {
  byRows: boolean;
  width: number;
}

/** Whole cache lines. The bits of an element do not depend on the stripe that it lies in. */
const STEP = 16;

/**
 * Rows or columns of the widest stripe. Several to a thread, so that one that the machine holds up for a while is
 * helped out by the others; narrower ones would cost more than a hundredth. Stripes of rows pack B each for itself, and
 * stripes of columns pack A, where its rows are not contiguous, as often as all of C would do if they have 256 columns.
 */
const WIDEST = { rows: 256, columns: 128, columnsOfPacked: 256 };

function cutOf({ m, n, threads, transposed }: ProductJob): Cut {
  const columns = transposed[0] ? WIDEST.columnsOfPacked : WIDEST.columns;
  const byRows = m > n && n < 2 * columns * threads;
  const [length, widest] = byRows ? [m, WIDEST.rows] : [n, columns];
  const takers = Math.min(threads, MOST_PARTS);
  const each = Math.min(Math.ceil(length / widest / takers), Math.floor(MOST_PARTS / takers));
  return { byRows, width: Math.ceil(length / (each * takers) / STEP) * STEP };
}

function productScratch(job: ProductJob, kernel: Kernel): number {
  const { m, n, k, dtype } = job;
  const { byRows, width } = cutOf(job);
  return kernel[dtype].gemm_scratch(byRows ? width : m, byRows ? n : width, k);
}

/** Has all threads compute C = A·B; arrays at these addresses. */
export function multiply(
  job: ProductJob,
  kernel: Kernel,
  control: Control,
  [a, b, c]: readonly [number, number, number],
  scratch: number,
): Generator<undefined, unknown> {
  const { byRows, width } = cutOf(job);
  control.words.set([a, b, c, scratch, scratchOf(job, kernel), width]);
  return control.fork(Math.ceil((byRows ? job.m : job.n) / width), partsOf(job, kernel, control, 0));
}

function stripes(job: ProductJob, kernel: Kernel, { words }: Control, index: number): Compute {
  const { m, n, k, dtype, transposed } = job;
  const item = itemSize(dtype);
  const [a_rs, a_cs] = transposed[0] ? [1, m] : [k, 1];
  const [b_rs, b_cs] = transposed[1] ? [1, k] : [n, 1];
  const { byRows } = cutOf(job);
  // biome-ignore lint/correctness/useYield: a stripe cannot be given up halfway.
  return function* (stripe) {
    const [a, b, c, scratch, apart, width] = words as unknown as Words;
    const start = stripe * width;
    const count = Math.min(width, (byRows ? m : n) - start);
    const own = scratch + index * apart;
    const { gemm } = kernel[dtype];
    if (byRows) {
      const [from, to] = [a + start * a_rs * item, c + start * n * item];
      gemm(count, n, k, from, a_rs, a_cs, b, b_rs, b_cs, 1, 0, to, n, 1, own);
    } else {
      const [from, to] = [b + start * b_cs * item, c + start * item];
      gemm(m, count, k, a, a_rs, a_cs, from, b_rs, b_cs, 1, 0, to, n, 1, own);
    }
    return 0;
  };
}
