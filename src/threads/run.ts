/** Fits and products in workers, as src/async asks for them. */
import type { DType } from "../abi.ts";
import { Slices } from "../async/driving.ts";
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

/** All elements in pieces, the contiguous axis kept contiguous. */
function source(matrix: Matrix): Source {
  const columns = byColumns(matrix);
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
      for (let run = 0; run < count; run++) {
        const elements = matrix.elements();
        const from = at(first + run, 0);
        if (step === 1) values.set(elements.subarray(from, from + length), run * length);
        else for (let i = 0; i < length; i++) values[run * length + i] = elements[from + i * step]!;
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
  validation: { X: Matrix; Y: Matrix; rule: StoppingRule } | undefined;
  progressMs: number | undefined;
  follow: boolean;
  keep: boolean;
  sliceMs: number;
  signal: AbortSignal | undefined;
  told(progress: Progress, parameters: Values | undefined): Promise<boolean>;
}

/** How a job ended, or why it could not begin. */
export type Result = Outcome | { type: "unstarted"; error: unknown };

/** Runs a fit in a team of workers. @throws like fit, or with the signal's reason. */
export async function fit(request: FitRequest): Promise<Result> {
  const { kind, settings, spec, dtype, X, Y, validation, who, owner, progressMs, follow, keep } = request;
  const { onEpoch: _, ...plain } = settings;
  const job: FitJob = {
    kind: "fit",
    ...{ who, owner, dtype, settings: plain, spec, progressMs, follow, keep },
    count: X.shape[1]!,
    wholeSamples: byColumns(X),
    validation: validation && {
      count: validation.X.shape[1]!,
      wholeSamples: byColumns(validation.X),
      rule: validation.rule,
    },
    limit: kind.limit,
    threads: kind.size,
  };
  const matrices = [request.theta, X, Y, ...(validation ? [validation.X, validation.Y] : [])];
  return withTeam(kind, {
    ...{
      job,
      keep,
      result: { index: 0, size: request.theta.shape[0]! },
      signal: request.signal,
      told: request.told,
    },
    sources: matrices.map(source),
    slices: new Slices(request.sliceMs),
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
}

/** C = A·B in a team of workers: its elements, rows contiguous. */
export async function multiply({ kind, who, dtype, a, b, sliceMs, signal }: ProductRequest): Promise<Result> {
  const job: ProductJob = {
    kind: "product",
    ...{ who, dtype, m: a.shape[0]!, k: a.shape[1]!, n: b.shape[1]! },
    transposed: [byColumns(a), byColumns(b)],
    limit: kind.limit,
    threads: kind.size,
  };
  return withTeam(kind, {
    ...{ job, keep: false, result: { index: 2, size: job.m * job.n }, signal, told: async () => true },
    sources: [source(a), source(b), undefined],
    slices: new Slices(sliceMs),
  });
}

async function withTeam(kind: Kind, errand: Errand): Promise<Result> {
  let team: Team;
  try {
    team = await taken(kind, errand.signal);
  } catch (error) {
    errand.signal?.throwIfAborted();
    return { type: "unstarted", error };
  }
  try {
    return await team.run(errand);
  } finally {
    giveBack(team);
  }
}

/** A team, unless the signal comes first: then it waits for others as soon as it is there. */
function taken(kind: Kind, signal: AbortSignal | undefined): Promise<Team> {
  const team = take(kind, signal);
  if (!signal) return team;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason);
      team.then(giveBack, () => {});
    };
    signal.addEventListener("abort", abort, { once: true });
    team
      .then((found) => !signal.aborted && resolve(found), reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
