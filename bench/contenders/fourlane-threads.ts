/** fourlane's asynchronous forms, through the public interface: in slices, in one worker, in two threads. */
import manifest from "../../package.json" with { type: "json" };
import * as fourlane from "../../src/index.ts";
import { CHECKED_ITERATIONS, LEARNING_RATE, uniform } from "../inputs.ts";
import type { Work, WorkOf } from "../work.ts";
import type { Contender, Prepared, Runnable, SelfTimed } from "./contender.ts";
import { operands } from "./fourlane-products.ts";
import { ENDLESS, found, type Subject, subject } from "./fourlane-training.ts";
import { LONG_TURN, WINDOW } from "./patient.ts";

/**
 * Milliseconds at the beginning of a turn that do not count, because workers were just started: so long engines optimize
 * the script of each, and in the first turn the kernel, beside the work.
 */
const WARM = 600;

/** How a fit runs; "warm": with workers that wait for it. */
type Workers = "none" | "warm" | "to be started";

/** The asynchronous forms of fourlane on one of its builds. */
export function asynchronous(build: fourlane.Build): Contender[] {
  const contender = (how: string, prepare: (work: Work) => Prepared | undefined): Contender => ({
    name: `fourlane ${build}, ${how}`,
    version: manifest.version,
    prepare(work) {
      fourlane.configure({ build });
      return prepare(work);
    },
  });
  return [
    contender("1 thread", (work) => (work.kind === "threaded" ? threaded(work, 1) : undefined)),
    contender("in slices", (work) => (work.kind === "small-fit" ? smallFit(work, "none") : undefined)),
    contender("2 threads", (work) => {
      if (work.kind === "threaded") return threaded(work, 2);
      if (work.kind === "small-fit") return smallFit(work, "warm");
      if (work.kind === "workers-start") return start(work);
      return work.kind === "around-training" ? aroundTraining(work, 2) : undefined;
    }),
    contender("2 threads to be started", (work) =>
      work.kind === "small-fit" ? smallFit(work, "to be started") : undefined,
    ),
  ];
}

function threaded({ of }: WorkOf<"threaded">, threads: number): Prepared {
  return of.kind === "gemm" ? product(of, threads) : iterations(subject(of), threads);
}

/** A product a run. */
function product(work: WorkOf<"gemm">, threads: number): Runnable {
  const { x, y, made } = operands(work);
  const run = async () => (await fourlane.matmulAsync(x, y, { threads })).free();
  return {
    run,
    async: true,
    before: () => during(WARM, run),
    answer: async () => (await fourlane.matmulAsync(x, y, { threads })).data.slice(),
    release: () => free(made),
  };
}

/**
 * Iterations inside a fit in workers, between two epochs that it tells, by its own clock: what a fit does once is not
 * in them.
 */
function iterations({ model, X, Y, made }: Subject, threads: number): SelfTimed {
  const endless = model(ENDLESS);
  const train = async (progressMs: number, onEpoch: fourlane.OnEpoch): Promise<fourlane.History> => {
    const history = await endless.fitAsync(X, Y, { threads, progressMs, onEpoch });
    const { execution } = history;
    if (execution.mode === "slices" || execution.threads !== threads) throw new Error(execution.reason);
    return history;
  };
  return {
    async turn(milliseconds) {
      const end = WARM + Math.max(milliseconds, LONG_TURN);
      const times: number[] = [];
      let last: fourlane.Progress | undefined;
      await train(WINDOW, (progress) => {
        if (last) times.push((progress.elapsed - last.elapsed) / (progress.epoch - last.epoch));
        if (progress.elapsed >= WARM) last = progress;
        return times.length === 0 || progress.elapsed < end;
      });
      return times;
    },
    async answer() {
      return found(endless, await train(0, ({ epoch }) => epoch < CHECKED_ITERATIONS));
    },
    release() {
      endless.free();
      free(made);
    },
  };
}

/** A whole fit through `fit`. */
export function smallFitInCall(work: WorkOf<"small-fit">): Runnable {
  const { X, Y, model, made } = smallSubject(work);
  return { run: () => model.fit(X, Y), answer: () => found(model, model.fit(X, Y)), release: () => free(made) };
}

/** A whole fit through `fitAsync`. */
function smallFit(work: WorkOf<"small-fit">, workers: Workers): Runnable {
  const { X, Y, model, made } = smallSubject(work);
  const options = workers === "none" ? {} : { threads: 2 };
  const wake = workers === "warm" ? waker(2) : undefined;
  return {
    run: () => model.fitAsync(X, Y, options),
    async: true,
    before: wake ? wake.run : fourlane.releaseThreads,
    answer: async () => found(model, await model.fitAsync(X, Y, options)),
    release() {
      wake?.release();
      free(made);
    },
  };
}

function smallSubject({ n_x, n_1, m, epochs }: WorkOf<"small-fit">) {
  const { model, X, Y, made } = subject(
    n_1 === 0
      ? { kind: "logistic", dtype: "f32", n_x, m, samplesIn: "columns" }
      : { kind: "two-layer", dtype: "f32", n_x, n_1, m },
  );
  const trained = model(epochs);
  return { model: trained, X, Y, made: [...made, trained] };
}

/** Work that is worth workers as soon as there are any, but is soon over. */
function waker(threads: number): { run(): Promise<void>; release(): void } {
  const { x, y, made } = operands({ kind: "gemm", dtype: "f32", m: 1024, n: 1024, k: 1024 });
  return {
    run: async () => (await fourlane.matmulAsync(x, y, { threads })).free(),
    release: () => free(made),
  };
}

/** How much longer the first product in workers takes than the next ones. */
function start({ workers }: WorkOf<"workers-start">): SelfTimed {
  const { run, release } = waker(workers);
  return {
    async turn() {
      await fourlane.releaseThreads();
      const first = await timed(run);
      if (fourlane.info().threads.workers !== workers) throw new Error("the product was not worth workers");
      const next = [await timed(run), await timed(run), await timed(run)];
      return [first - Math.min(...next)];
    },
    answer: () => [],
    release,
  };
}

/** What a fit takes beside its training, which says itself how long it took. */
export function aroundTraining({ n_x, m }: WorkOf<"around-training">, threads = 0): SelfTimed {
  const X = fourlane.array(uniform("f32", n_x * m, 4), { shape: [m, n_x] });
  const Y = fourlane.array(uniform("f32", m, 9, 0, 2).map(Math.floor), { shape: [1, m] });
  const model = new fourlane.LogisticRegression({ learningRate: LEARNING_RATE, epochs: ENDLESS });
  const around = async (): Promise<number> => {
    let training = 0;
    const onEpoch = ({ elapsed }: fourlane.Progress): boolean => {
      training = elapsed;
      return false;
    };
    const all = await timed(() =>
      threads > 0 ? model.fitAsync(X.T, Y, { threads, progressMs: 0, onEpoch }) : model.fit(X.T, Y, { onEpoch }),
    );
    return all - training;
  };
  return {
    async turn() {
      // Whose turn it was before may have had other workers.
      await around();
      return [await around(), await around(), await around()];
    },
    answer: () => [],
    release: () => free([X, Y, model]),
  };
}

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function during(milliseconds: number, run: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) await run();
}

function free(made: readonly { free(): void }[]): void {
  for (const each of made) each.free();
}
