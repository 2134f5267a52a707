/** Fits that let the calling thread do other things: in slices or in workers, with progress. */
import { unstartedReason } from "../check.ts";
import { chunkSize } from "../chunks.ts";
import type { Dataset } from "../dataset.ts";
import type { FitAsyncOptions } from "../fit-options.ts";
import type { Fit, Learner } from "../fitting.ts";
import { type Execution, Herald, type History, type OnEpoch } from "../history.ts";
import type { NDArray } from "../ndarray.ts";
import type { Pass } from "../passes.ts";
import { itemSize } from "../strided.ts";
import { fit as fitInTeam, type Kind, type Result } from "../threads/run.ts";
import { answerOf, drive, finish, preparing, Slices } from "./driving.ts";
import { type Filled, filled } from "./options.ts";
import { matrixOf, type Placement, place } from "./placement.ts";

/** Gives a model a copy of parameters. */
export function adopt({ copy, keep }: Learner, who: string, parameters: NDArray, pass: Pass): void {
  keep(copy(who, parameters), pass);
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
 * Trains a model. `hear` is told of epochs instead of `onEpoch`, and the model then takes the parameters of each that is;
 * `script` is the workers', if `configure` was given one. What it throws, or is rejected with, leaves the model as it
 * was, or as an abort's options say.
 *
 * @returns the history, or a promise of it where somebody else has a turn meanwhile.
 */
export function runFit(
  fit: Fit,
  given: FitAsyncOptions,
  hear: OnEpoch | undefined,
  script: string | undefined,
): History | Promise<History> {
  const options = filled(fit.who, given);
  const onEpoch = hear ?? given.onEpoch ?? fit.learner.settings.onEpoch;
  const placement = placeOf(fit, options, script);
  const steps = stepsOf(fit) * (fit.learner.settings.epochs + 1);
  if (placement.kind || onEpoch || steps > strideOf(fit, options)) {
    return runInTurns(fit, options, onEpoch, hear !== undefined, placement);
  }
  // It is over before anybody could miss a turn.
  const history = fit.run();
  history.execution = { mode: "slices", threads: 1, reason: placement.reason };
  return history;
}

/** Runs a fit during which others have their turns. With `follows` the model takes the parameters of told epochs. */
async function runInTurns(
  fit: Fit,
  options: Filled,
  onEpoch: OnEpoch | undefined,
  follows: boolean,
  placement: Placement,
): Promise<History> {
  const { who, learner, pass } = fit;
  const theta = fit.theta!;
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
    const history = await run(fit, kept, options, onEpoch, follows ? follow : undefined, placement);
    fit.adopt();
    return history;
  } catch (error) {
    if (kept.parameters && options.signal?.aborted) {
      adopt(learner, who, kept.parameters, pass);
      answerOf(kept.tell?.(), options.signal);
    } else if (followed && !before) learner.forget();
    else if (before) {
      learner.keep(before, old!.pass);
      before = undefined;
    }
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
  options: Filled,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
  { kind, reason }: Placement,
): Promise<History> {
  const { signal, sliceMs, threads } = options;
  const slices = threads === undefined ? new Slices(sliceMs) : preparing(sliceMs);
  await finish(fit.look(), slices, () => signal?.throwIfAborted());
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

function placeOf(fit: Fit, { threads }: Filled, script: string | undefined): Placement {
  const { data, learner } = fit;
  const { epochs, batchSize = data.count } = learner.settings;
  return place({
    runtime: data.runtime,
    script,
    threads,
    parts: Math.ceil(batchSize / chunkSize(batchSize)),
    parallel: passMs(fit, data) * (epochs + 1),
    serial: gatherMs(fit) * epochs,
    bytes: data.X.size * itemSize(data.dtype),
    once: true,
  });
}

/** Steps of a fit in an epoch: a batch each. */
function stepsOf({ data, learner }: Fit): number {
  return Math.ceil(data.count / (learner.settings.batchSize ?? data.count));
}

/** How many steps take next to nothing of a slice, even on a slow host; less than one where a single one takes more. */
function strideOf(fit: Fit, { sliceMs }: Filled): number {
  const { data, validation } = fit;
  const steps = stepsOf(fit);
  const epoch = passMs(fit, data) + gatherMs(fit) + (validation ? passMs(fit, validation) : 0) + steps * STEP;
  return (steps * sliceMs) / NEXT_TO_NOTHING / epoch;
}

/** Milliseconds that a step takes, however few its samples are. */
const STEP = 0.001;

/** Next to nothing of a slice is one in so many parts: the kernel in JavaScript takes up to 40 times what is estimated. */
const NEXT_TO_NOTHING = 64;

/**
 * What one thread gets through in a millisecond, roughly: docs/benchmarks.md, (64, 128, 10000). Of a pass: parameters times
 * samples; softmax of ten classes takes a third longer than a network of ten hidden units. Of a batch: cache lines that are
 * gathered in random order.
 */
const PER_MILLISECOND = { logistic: 3e6, "two-layer": 8e6, softmax: 6e6, gather: 1.5e5 };

/** A function of a unit takes as long as so many of its weights; a contiguous sample has so many features in a line. */
const FUNCTION = 10;
const LINE = 8;

/** Milliseconds that a pass over samples takes one thread, roughly. */
function passMs({ pass: { spec, size } }: Fit, { count }: Dataset): number {
  const units = spec.model === "logistic" ? 1 : spec.model === "two-layer" ? spec.n_1 : spec.classes;
  return ((size + FUNCTION * units) * count) / PER_MILLISECOND[spec.model];
}

/** Milliseconds that gathering the batches of an epoch takes, which is one thread's work. */
function gatherMs({ data: { X, count, features }, learner }: Fit): number {
  const { batchSize, shuffle } = learner.settings;
  if (batchSize === undefined || !shuffle) return 0;
  // Besides the sample, its label, and its place in the order.
  const lines = 2 + (X.strides[0] === 1 ? features / LINE : features);
  return (lines * count) / PER_MILLISECOND.gather;
}

async function runInWorkers(
  fit: Fit,
  kept: Kept,
  options: Filled,
  kind: Kind,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
): Promise<Exclude<Result, { type: "aborted" }>> {
  const { who, learner, data, pass, validation, rule } = fit;
  const theta = fit.theta!;
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
  options: Filled,
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
    if (keeps) kept.keep(fit.learner, fit.who, fit.theta!, epoch);
    if (!herald?.isDue(epoch)) return true;
    follow?.();
    // The body of a loop has the epoch's parameters until it goes on: nobody else waits for the fit.
    return answerOf(herald.tell(epoch), follow ? undefined : signal);
  };
  const throwIfAborted = (): void => signal?.throwIfAborted();
  await drive(training, {
    hear: keeps || herald ? hear : undefined,
    slices: new Slices(options.sliceMs, strideOf(fit, options)),
    throwIfAborted,
  });
  await answerOf(herald?.end(history.epochs), signal);
  throwIfAborted();
  return history;
}
