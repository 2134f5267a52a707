/** Fits that let the calling thread do other things: in slices or in workers, with progress. */
import { unstartedReason } from "../check.ts";
import { chunkSize } from "../chunks.ts";
import type { Dataset } from "../dataset.ts";
import type { AsyncOptions, FitAsyncOptions } from "../fit-options.ts";
import type { Fit, Learner } from "../fitting.ts";
import { type Execution, Herald, type History, type OnEpoch } from "../history.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import type { NDArray } from "../ndarray.ts";
import type { Pass } from "../passes.ts";
import { itemSize } from "../strided.ts";
import { fit as fitInTeam, type Kind, type Result } from "../threads/run.ts";
import { answerOf, drive, finish, preparing, Slices } from "./driving.ts";
import { type Filled, filled } from "./options.ts";
import { matrixOf, type Placement, place, type Work } from "./placement.ts";

/** Gives a model a copy of parameters. */
export function adopt({ copy, keep }: Learner, who: string, parameters: NDArray, pass: Pass): void {
  const own = copy(who, parameters);
  if (!keep(own, pass)) own.storage.release();
}

/** The parameters of the last epoch that was over, for an abort that keeps them. */
export class Kept {
  /** Undefined before the first. */
  parameters: NDArray | undefined;
  /** The epoch that they are of. */
  epoch = 0;
  /** Tells `onEpoch` of that epoch if it has not heard of it. */
  tell: (() => unknown) | undefined;

  /** Remembers parameters as they are. */
  keep({ copy }: Learner, who: string, parameters: NDArray, epoch: number): void {
    this.epoch = epoch;
    if (this.parameters) this.parameters.data.set(parameters.data);
    else this.parameters = copy(who, parameters);
  }

  /** Gives the memory back. */
  release(): void {
    this.parameters?.storage.release();
  }
}

/**
 * Trains a model. With `follows` it takes the parameters of each epoch that is told; `script` is the workers', if
 * `configure` was given one. What it throws leaves the model as it was, or as an abort's options say.
 */
export async function runFit(
  fit: Fit,
  given: FitAsyncOptions,
  onEpoch: OnEpoch | undefined,
  follows: boolean,
  script: string | undefined,
): Promise<History> {
  const { who, learner, theta, pass } = fit;
  const old = learner.learned;
  let before: NDArray | undefined;
  let followed = false;
  const kept = new Kept();
  const follow = (): void => {
    if (old && !followed) before = learner.copy(who, old.parameters);
    followed = true;
    adopt(learner, who, theta, pass);
  };
  try {
    const history = await run(fit, kept, given, onEpoch, follows ? follow : undefined, script);
    adopt(learner, who, theta, pass);
    return history;
  } catch (error) {
    if (kept.parameters && given.signal?.aborted) {
      adopt(learner, who, kept.parameters, pass);
      answerOf(kept.tell?.(), given.signal);
    } else if (followed && !before) learner.forget();
    else if (before && learner.keep(before, old!.pass)) before = undefined;
    throw error;
  } finally {
    before?.storage.release();
    kept.release();
  }
}

/** Runs a fit where its options and the host allow. `follow` is called before each epoch that is told. */
async function run(
  fit: Fit,
  kept: Kept,
  given: FitAsyncOptions,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
  script: string | undefined,
): Promise<History> {
  const options = filled(fit.who, given);
  const { signal, sliceMs, threads } = options;
  const slices = threads === undefined ? new Slices(sliceMs) : preparing(sliceMs);
  await finish(fit.look(), slices, () => signal?.throwIfAborted());
  let { kind, reason } = placeOf(fit, options, script);
  while (kind) {
    const result = await runInWorkers(fit, kept, options, kind, onEpoch, follow);
    if (result.type === "done") {
      const { size } = kind;
      return { ...result.history!, execution: { mode: size > 1 ? "threads" : "worker", threads: size, reason } };
    }
    reason = unstartedReason(result.error, kind.shared);
    // Some hosts have shared memory and cannot send it; none of them does without a worker of its own for that.
    kind = kind.shared ? { ...kind, shared: false, size: 1 } : undefined;
  }
  return runInSlices(fit, kept, options, onEpoch, follow, { mode: "slices", threads: 1, reason });
}

function placeOf(
  { data, pass, learner }: Fit,
  { threads }: FitAsyncOptions,
  script: string | undefined,
): Placement {
  const { batchSize = data.count } = learner.settings;
  return place({
    runtime: data.runtime,
    script,
    threads,
    parts: Math.ceil(batchSize / chunkSize(batchSize)),
    ...estimate(data, pass, learner.settings),
    bytes: data.X.size * itemSize(data.dtype),
    once: true,
  });
}

/**
 * What one thread gets through in a millisecond, roughly: docs/benchmarks.md, (64, 128, 10000). Of a pass: parameters times
 * samples; softmax of ten classes takes a third longer than a network of ten hidden units. Of a batch: cache lines that are
 * gathered in random order.
 */
const PER_MILLISECOND = { logistic: 3e6, "two-layer": 8e6, softmax: 6e6, gather: 1.5e5 };

/** A function of a unit takes as long as so many of its weights; a contiguous sample has so many features in a line. */
const FUNCTION = 10;
const LINE = 8;

/** Milliseconds that a fit takes one thread: those that others can share, and those that it is alone with. */
function estimate(
  { X, count, features }: Dataset,
  { spec, size }: Pass,
  { epochs, batchSize, shuffle }: Hyperparameters,
): Pick<Work, "parallel" | "serial"> {
  const units = spec.model === "logistic" ? 1 : spec.model === "two-layer" ? spec.n_1 : spec.classes;
  const parallel = ((size + FUNCTION * units) * count * (epochs + 1)) / PER_MILLISECOND[spec.model];
  if (batchSize === undefined || !shuffle) return { parallel, serial: 0 };
  // Besides the sample, its label, and its place in the order.
  const lines = 2 + (X.strides[0] === 1 ? features / LINE : features);
  return { parallel, serial: (lines * count * epochs) / PER_MILLISECOND.gather };
}

async function runInWorkers(
  fit: Fit,
  kept: Kept,
  options: Filled<FitAsyncOptions>,
  kind: Kind,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
): Promise<Exclude<Result, { type: "aborted" }>> {
  const { who, learner, data, pass, theta, validation, rule } = fit;
  const { signal, sliceMs, progressMs } = options;
  let told = 0;
  const result = await fitInTeam({
    ...{ kind, who, owner: learner.name, dtype: data.dtype, settings: learner.settings, spec: pass.spec },
    ...{
      theta: matrixOf(theta),
      X: matrixOf(data.X),
      Y: matrixOf(data.Y),
      S: data.S && matrixOf(data.S),
      sliceMs,
      signal,
    },
    validation: validation && { X: matrixOf(validation.X), Y: matrixOf(validation.Y), rule: rule! },
    progressMs: onEpoch && progressMs,
    follow: follow !== undefined,
    keep: signal !== undefined && options.onAbort === "keep",
    read: (values) => theta.data.set(values),
    async told(progress, parameters) {
      if (parameters) theta.data.set(parameters);
      follow?.();
      told = progress.epoch;
      return (await answerOf(onEpoch!(progress), follow ? undefined : signal)) !== false;
    },
  });
  if (result.type === "aborted") {
    const { kept: values, progress } = result;
    if (values) {
      theta.data.set(values);
      kept.keep(learner, who, theta, progress?.epoch ?? 0);
      kept.tell = () => (kept.epoch > told ? onEpoch?.(progress!) : undefined);
    }
    throw signal!.reason;
  }
  return result;
}

/** Runs a fit on the calling thread in slices. */
async function runInSlices(
  fit: Fit,
  kept: Kept,
  options: Filled<AsyncOptions>,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
  execution: Execution,
): Promise<History> {
  const training = fit.begin();
  const { history } = training;
  history.execution = execution;
  const { signal } = options;
  const herald = onEpoch && new Herald(onEpoch, history, fit.learner.settings.epochs, options.progressMs);
  const keeps = signal !== undefined && options.onAbort === "keep";
  kept.tell = () => herald?.end(kept.epoch);
  const hear = (epoch: number): unknown => {
    if (keeps) kept.keep(fit.learner, fit.who, fit.theta, epoch);
    if (!herald?.isDue(epoch)) return true;
    follow?.();
    // The body of a loop has the epoch's parameters until it goes on: nobody else waits for the fit.
    return answerOf(herald.tell(epoch), follow ? undefined : signal);
  };
  const throwIfAborted = (): void => signal?.throwIfAborted();
  await drive(training, {
    hear: keeps || herald ? hear : undefined,
    slices: new Slices(options.sliceMs),
    throwIfAborted,
  });
  await answerOf(herald?.end(history.epochs), signal);
  throwIfAborted();
  return history;
}
