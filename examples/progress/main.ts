/**
 * Trains beside a progress bar, and keeps what has been learned when Ctrl-C ends it:
 * `npm run example:progress -- --help`.
 */
import { type History, info, scope, TwoLayerNetwork, trainTestSplit } from "../../src/index.ts";
import { loadDigits, type Samples } from "../demo/load.ts";
import { environment, fixed, heading, percent, thousands, wrapped } from "../demo/report.ts";
import { paint, type Screen, standardOutput } from "../demo/screen.ts";
import { duration, place } from "../words.ts";
import { moved } from "./digits.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { showOn } from "./show.ts";

/** What shells call a command that was called wrongly, and one that Ctrl-C has ended. */
const MISUSED = 2;
const INTERRUPTED = 130;

/** Samples to learn from, and others to be tested with. */
function samples(): { train: Samples; test: Samples } {
  return scope(() => {
    const { X, Y } = loadDigits(1, 3, 5, 7, 9);
    const { XTrain, YTrain, XTest, YTest } = trainTestSplit(X, Y, { seed: 1, stratify: true });
    return { train: moved({ X: XTrain, Y: YTrain }), test: { X: XTest, Y: YTest } };
  });
}

/** What is known of a training when it is over. */
interface Outcome {
  /** Undefined if the training was ended early: its promise is rejected then. */
  history: History | undefined;
  /** Epochs that are over. */
  epoch: number;
  milliseconds: number;
  /** Workers that were alive meanwhile. */
  workers: number;
}

/** Trains with progress until the end or the first Ctrl-C. A second one ends the process, as it always does. */
async function train(
  screen: Screen,
  model: TwoLayerNetwork,
  { X, Y }: Samples,
  options: Options,
): Promise<Outcome> {
  const { threads, epochs } = options;
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once("SIGINT", interrupt);
  const show = showOn(screen, epochs);
  const outcome: Outcome = { history: undefined, epoch: 0, milliseconds: 0, workers: 0 };
  const started = performance.now();
  try {
    outcome.history = await model.fitAsync(X, Y, {
      ...(threads !== undefined && { threads }),
      signal: controller.signal,
      onAbort: "keep",
      onEpoch: (progress) => {
        outcome.epoch = progress.epoch;
        outcome.workers = info().threads.workers;
        show.onEpoch(progress);
      },
    });
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
  } finally {
    show.end();
    process.off("SIGINT", interrupt);
  }
  outcome.milliseconds = performance.now() - started;
  return outcome;
}

/** Where it ran and why; after an abort there is no history that knows. */
function whereItRan({ history, workers }: Outcome): string {
  if (history) return `${place(history.execution)}: ${history.execution.reason}`;
  const mode = workers > 1 ? "threads" : workers === 1 ? "worker" : "slices";
  return place({ mode, threads: workers });
}

/** Prints what the training came to; returns the exit code. */
function report(screen: Screen, outcome: Outcome, accuracy: () => [train: number, test: number]): number {
  const { history, epoch, milliseconds } = outcome;
  const fact = (name: string, value: string): void => screen.print(`  ${name.padEnd(10)}${value}`);
  screen.print();
  if (!history) {
    const when = epoch > 0 ? `after epoch ${thousands(epoch)}` : "before the first epoch was over";
    screen.print(wrapped(screen, `Interrupted ${when}. ${epoch > 0 ? "What was learned is kept." : ""}`.trim()));
    screen.print();
    if (epoch === 0) return INTERRUPTED;
  } else fact("cost", `${fixed(history.cost[0]!)} → ${fixed(history.cost.at(-1)!)}`);
  const [ofTrain, ofTest] = accuracy();
  fact("accuracy", `${percent(ofTrain)} train, ${paint(screen, "bold", percent(ofTest))} test`);
  fact("time", duration(milliseconds));
  const [first, ...rest] = wrapped({ width: screen.width - 12 }, whereItRan(outcome)).split("\n");
  fact("ran", first!);
  for (const line of rest) fact("", line);
  return history ? 0 : INTERRUPTED;
}

/** The whole program; returns the exit code. */
async function main(screen: Screen, options: Options): Promise<number> {
  screen.print(heading(screen, "Is a handwritten digit odd?"));
  const { train: known, test } = samples();
  const about =
    "Two-layer network from 8 × 8 pixels: 64 hidden units, relu. " +
    `${thousands(known.Y.size)} samples to learn from, each digit five times, moved by half a pixel; ` +
    `${thousands(test.Y.size)} to be tested with.`;
  screen.print(wrapped(screen, about));
  screen.print(wrapped(screen, `${environment(info())} ${paint(screen, "dim", "Ctrl-C ends it early.")}`));
  screen.print();
  using model = new TwoLayerNetwork({
    hidden: 64,
    activation: "relu",
    initialization: "he",
    learningRate: 1,
    epochs: options.epochs,
    seed: 1,
  });
  const outcome = await train(screen, model, known, options);
  return report(screen, outcome, () => [model.score(known.X, known.Y), model.score(test.X, test.Y)]);
}

/** The options; undefined after a word about wrong ones. */
function options(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}

const chosen = options();
if (chosen?.help) console.log(HELP);
else process.exitCode = chosen ? await main(standardOutput(), chosen) : MISUSED;
