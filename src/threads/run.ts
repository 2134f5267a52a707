/** Fits and products in workers, as src/async asks for them. */
import type { DType } from "../abi.ts";
import { preparing, unlessAborted } from "../async/driving.ts";
import type { StoppingRule } from "../early-stopping.ts";
import type { Progress } from "../history.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import type { PassSpec } from "../passes.ts";
import { giveBack, take } from "./pool.ts";
import type { FitJob, ProductJob, Values } from "./protocol.ts";
import type { Errand, Kind, Outcome, Source, Team } from "./team.ts";

export type { Kind } from "./team.ts";

/** Two axes of numbers in linear memory that may move when it grows. */
export interface Matrix {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Address of the first element. */
  readonly pointer: number;
  /** The memory as it is now. */
  elements(): Float32Array | Float64Array;
}

/** Elements of a piece: a fraction of a millisecond's copying. */
const PIECE = 2 ** 17;

/** Whether the first axis is the contiguous one. */
function byColumns({ strides, shape }: Matrix): boolean {
  return strides[0] === 1 && (strides[1] !== 1 || shape[0]! > 1) && shape[0]! > 1;
}

/** Elements of X, and epochs, from which on it pays to bring samples together. */
const LARGE = { elements: 2 ** 20, epochs: 10 };

/**
 * Whether workers get whole samples, one after the other. Logistic regression computes so little with each feature
 * that it waits for memory, and memory is read fastest in one run; the bits are the same in both orders.
 */
function wholeSamples(X: Matrix, spec: PassSpec, epochs: number): boolean {
  const [n_x, m] = X.shape as [number, number];
  if (byColumns(X)) return true;
  return spec.model === "logistic" && n_x >= 4 && n_x * m >= LARGE.elements && epochs >= LARGE.epochs;
}

/** All elements in pieces, columns one after the other or rows. */
function source(matrix: Matrix, columns = byColumns(matrix)): Source {
  const [outer, inner] = columns ? [1, 0] : [0, 1];
  const runs = matrix.shape[outer]!;
  const length = matrix.shape[inner]!;
  const apart = matrix.strides[outer]!;
  const step = matrix.strides[inner]!;
  return function* () {
    const at = (run: number, i: number): number =>
      matrix.pointer / matrix.elements().BYTES_PER_ELEMENT + run * apart + i * step;
    if (step === 1 && apart === length) {
      for (let start = 0; start < runs * length; start += PIECE) {
        const from = at(0, start);
        yield { start, values: matrix.elements().subarray(from, from + Math.min(PIECE, runs * length - start)) };
      }
      return;
    }
    // Runs that are short or have gaps are gathered, many to a piece.
    const room = matrix.elements().slice(0, 0);
    const rows = Math.max(1, Math.floor(PIECE / length));
    for (let first = 0; first < runs; first += rows) {
      const count = Math.min(rows, runs - first);
      const values = new (room.constructor as Float64ArrayConstructor)(count * length);
      const elements = matrix.elements();
      if (step === 1) {
        for (let run = 0; run < count; run++) {
          const from = at(first + run, 0);
          values.set(elements.subarray(from, from + length), run * length);
        }
      } else {
        for (let i = 0; i < length; i++) {
          let from = at(first, i);
          for (let to = i; to < values.length; to += length, from += apart) values[to] = elements[from]!;
        }
      }
      yield { start: first * length, values };
    }
  };
}

/** What a fit in workers needs to know. */
export interface FitRequest {
  kind: Kind;
  who: string;
  owner: string;
  dtype: DType;
  settings: Hyperparameters;
  spec: PassSpec;
  /** Parameters to start from, (size, 1). */
  theta: Matrix;
  X: Matrix;
  Y: Matrix;
  S: Matrix | undefined;
  validation: { X: Matrix; Y: Matrix; rule: StoppingRule } | undefined;
  progressMs: number | undefined;
  follow: boolean;
  keep: boolean;
  sliceMs: number;
  signal: AbortSignal | undefined;
  told(progress: Progress, parameters: Values | undefined): Promise<boolean>;
  /** Reads the trained parameters, which are gone afterwards. */
  read(values: Float32Array | Float64Array): void;
}

/** How a job ended, or why it could not begin. */
export type Result = Outcome | { type: "unstarted"; error: unknown };

/** Runs a fit in a team of workers. @throws like fit, or with the signal's reason. */
export async function fit(request: FitRequest): Promise<Result> {
  const { kind, settings, spec, dtype, X, Y, S, validation, who, owner, progressMs, follow, keep } = request;
  const { onEpoch: _, optimizer, ...plain } = settings;
  const together = wholeSamples(X, spec, settings.epochs);
  const job: FitJob = {
    kind: "fit",
    ...{ who, owner, dtype, settings: plain, spec, progressMs, follow, keep },
    optimizer: optimizer && { name: optimizer.name, options: optimizer.options },
    count: X.shape[1]!,
    wholeSamples: together,
    weighted: S !== undefined,
    validation: validation && {
      count: validation.X.shape[1]!,
      wholeSamples: byColumns(validation.X),
      rule: validation.rule,
    },
    limit: kind.limit,
    threads: kind.size,
  };
  const others = [Y, ...(S ? [S] : []), ...(validation ? [validation.X, validation.Y] : [])];
  return withTeam(kind, {
    ...{
      job,
      keep,
      result: { index: 0, size: request.theta.shape[0]!, read: request.read },
      signal: request.signal,
      told: request.told,
    },
    sources: [source(request.theta), source(X, together), ...others.map((matrix) => source(matrix))],
    slices: preparing(request.sliceMs),
  });
}

/** What a product in workers needs to know. */
export interface ProductRequest {
  kind: Kind;
  who: string;
  dtype: DType;
  a: Matrix;
  b: Matrix;
  sliceMs: number;
  signal: AbortSignal | undefined;
  /** Reads C, rows contiguous, which is gone afterwards. */
  read(values: Float32Array | Float64Array): void;
}

/** C = A·B in a team of workers. */
export async function multiply({ kind, who, dtype, a, b, sliceMs, signal, read }: ProductRequest): Promise<Result> {
  const job: ProductJob = {
    kind: "product",
    ...{ who, dtype, m: a.shape[0]!, k: a.shape[1]!, n: b.shape[1]! },
    transposed: [byColumns(a), byColumns(b)],
    limit: kind.limit,
    threads: kind.size,
  };
  return withTeam(kind, {
    ...{ job, keep: false, result: { index: 2, size: job.m * job.n, read }, signal, told: async () => true },
    sources: [source(a), source(b), undefined],
    slices: preparing(sliceMs),
  });
}

async function withTeam(kind: Kind, errand: Errand): Promise<Result> {
  const { signal } = errand;
  signal?.throwIfAborted();
  const taken = take(kind, signal);
  let team: Team;
  try {
    team = await (signal ? unlessAborted(taken, signal, () => Promise.reject(signal.reason)) : taken);
  } catch (error) {
    // Started in vain, it waits for another job.
    taken.then(giveBack, () => {});
    signal?.throwIfAborted();
    return { type: "unstarted", error };
  }
  const work = team.run(errand);
  const back = work.catch(() => {}).then(() => giveBack(team));
  try {
    return await work;
  } finally {
    // In a moment its workers are at rest, and ready for whoever waits for this job. Nobody waits for an aborted one.
    if (!signal?.aborted) await back;
  }
}
