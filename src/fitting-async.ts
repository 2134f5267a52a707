/** Fits that let the calling thread do other things: in slices or in workers, with progress, as a loop over epochs. */
import { unloadedReason, unstartedReason } from "./check.ts";
import { chunkSize } from "./chunks.ts";
import { drive, finish, Slices } from "./driving.ts";
import type { AsyncOptions, Filled, FitAsyncOptions } from "./fit-options.ts";
import type { Fit } from "./fitting.ts";
import { type Execution, Herald, type History, type OnEpoch, type Progress } from "./history.ts";
import { matrixOf, type Placement, place } from "./placement.ts";
import { itemSize } from "./strided.ts";
import type { Kind, Result } from "./threads/run.ts";
import { loadThreads } from "./workers.ts";

/** Runs a fit where its options and the host allow. `follow` is called before each epoch that is told. */
export async function runFit(
  fit: Fit,
  options: Filled<FitAsyncOptions>,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
): Promise<History> {
  const { signal } = options;
  await finish(fit.look(), new Slices(options.sliceMs), () => signal?.throwIfAborted());
  let { kind, reason } = placeOf(fit, options);
  if (kind) {
    const unloaded = await loadThreads().then(() => undefined, unloadedReason);
    signal?.throwIfAborted();
    if (unloaded) [kind, reason] = [undefined, unloaded];
  }
  while (kind) {
    const result = await runInWorkers(fit, options, kind, onEpoch, follow);
    if (result.type === "done") {
      const { size } = kind;
      return { ...result.history!, execution: { mode: size > 1 ? "threads" : "worker", threads: size, reason } };
    }
    reason = unstartedReason(result.error, kind.shared);
    // Some hosts have shared memory and cannot send it; none of them does without a worker of its own for that.
    kind = kind.shared ? { ...kind, shared: false, size: 1 } : undefined;
  }
  return runInSlices(fit, options, onEpoch, follow, { mode: "slices", threads: 1, reason });
}

function placeOf({ data, pass, learner }: Fit, { threads }: FitAsyncOptions): Placement {
  const { epochs, batchSize = data.count } = learner.settings;
  return place({
    runtime: data.runtime,
    threads,
    parts: Math.ceil(batchSize / chunkSize(batchSize)),
    estimate: (pass.size * data.count * (epochs + 1)) / PER_MILLISECOND,
    bytes: data.X.size * itemSize(data.dtype),
    once: true,
  });
}

/** Parameters times samples that one thread gets through in a millisecond, roughly. */
const PER_MILLISECOND = 4e6;

async function runInWorkers(
  fit: Fit,
  options: Filled<FitAsyncOptions>,
  kind: Kind,
  onEpoch: OnEpoch | undefined,
  follow: (() => void) | undefined,
): Promise<Exclude<Result, { type: "aborted" }>> {
  const { who, learner, data, pass, theta, validation, rule } = fit;
  const { signal, sliceMs, progressMs } = options;
  const { fit: train } = await loadThreads();
  const result = await train({
    ...{ kind, who, owner: learner.name, dtype: data.dtype, settings: learner.settings, spec: pass.spec },
    ...{ theta: matrixOf(theta), X: matrixOf(data.X), Y: matrixOf(data.Y), sliceMs, signal },
    validation: validation && { X: matrixOf(validation.X), Y: matrixOf(validation.Y), rule: rule! },
    progressMs: onEpoch && progressMs,
    follow: follow !== undefined,
    keep: signal !== undefined && options.onAbort === "keep",
    async told(progress, parameters) {
      if (parameters) theta.data.set(parameters);
      follow?.();
      return (await onEpoch!(progress)) !== false;
    },
  });
  if (result.type === "aborted") {
    if (result.kept) {
      theta.data.set(result.kept);
      fit.keep(1);
    }
    throw signal!.reason;
  }
  if (result.type === "done") theta.data.set(result.result);
  return result;
}

/** Runs a fit on the calling thread in slices. */
async function runInSlices(
  fit: Fit,
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
  const hear = (epoch: number): unknown => {
    if (keeps) fit.keep(epoch);
    if (!herald?.isDue(epoch)) return true;
    follow?.();
    return herald.tell(epoch);
  };
  await drive(training, {
    hear: keeps || herald ? hear : undefined,
    slices: new Slices(options.sliceMs),
    throwIfAborted: () => signal?.throwIfAborted(),
  });
  await herald?.end(history.epochs);
  return history;
}

/** What a consumer of epochs has left to do. */
type Waiting<T> = { resolve(value: T): void; reject(reason: unknown): void };

/** Turns a training that tells its epochs and waits for each answer into a loop. */
export async function* handOver(
  train: (hear: OnEpoch) => Promise<History>,
): AsyncGenerator<Progress, History, void> {
  let consumer: Waiting<Progress | undefined> | undefined;
  let answer: ((goOn: boolean) => void) | undefined;
  const next = (): Promise<Progress | undefined> =>
    new Promise((resolve, reject) => {
      consumer = { resolve, reject };
    });
  let told = next();
  const history = train((progress) => {
    consumer!.resolve(progress);
    return new Promise<boolean>((resolve) => {
      answer = resolve;
    });
  });
  history.then(
    () => consumer!.resolve(undefined),
    (error) => consumer!.reject(error),
  );
  try {
    for (let progress = await told; progress; progress = await told) {
      yield progress;
      told = next();
      answer!(true);
      answer = undefined;
    }
    return await history;
  } finally {
    // The consumer left the loop: the training stops where it is.
    answer?.(false);
    await history.catch(() => {});
  }
}
