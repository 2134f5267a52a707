/** Trains in the page: what the buttons do, and what is shown meanwhile. */
import { type FitAsyncOptions, info, type Progress, TwoLayerNetwork } from "../../src/index.ts";
import { fixed, percent, thousands } from "../demo/report.ts";
import { duration, place } from "../words.ts";
import { CostChart } from "./chart.ts";
import { readFlower, scattered } from "./flower.ts";
import { Picture } from "./picture.ts";
import { startPulse } from "./pulse.ts";

const EPOCHS = 6_000;
/** Milliseconds between two drawings. */
const REDRAW = 50;

function element<E extends HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

function say(id: string, text: string): void {
  element(id).textContent = text;
}

const choices = { copies: element<HTMLSelectElement>("copies"), threads: element<HTMLSelectElement>("threads") };
const [start, cancel] = [element<HTMLButtonElement>("start"), element<HTMLButtonElement>("cancel")];
const bar = element<HTMLProgressElement>("progress");

// Whatever goes wrong, such as a browser that lacks something, is said where people look.
addEventListener("error", ({ error, message }) => say("status", error?.message ?? message));
addEventListener("unhandledrejection", ({ reason }) => say("status", reason?.message ?? String(reason)));

const frames = startPulse(element("dot"), element("frames"));
const chart = new CostChart(element("chart"), EPOCHS);
const flower = readFlower(await (await fetch("planar-flower.csv")).text());
const picture = new Picture(element<HTMLCanvasElement>("picture"), flower);

function describeHost(): void {
  const { build, reason, threads } = info();
  say("threading", `${threads.reason}${threads.workers > 0 ? `; ${threads.workers} alive` : ""}`);
  say("kernel", `${build}: ${reason}`);
}

/** What was chosen; undefined means no workers. */
function chosenThreads(): FitAsyncOptions["threads"] {
  const { value } = choices.threads;
  return value === "slices" ? undefined : value === "auto" ? value : Number(value);
}

function showProgress({ epoch, cost, remaining }: Progress): void {
  bar.value = epoch / EPOCHS;
  say("left", `epoch ${thousands(epoch)} of ${thousands(EPOCHS)}, ${duration(remaining)} left`);
  say("cost", fixed(cost));
}

/** Trains until the end or the abort. */
async function train(signal: AbortSignal): Promise<void> {
  const { X, Y } = scattered(flower, Number(choices.copies.value), 1);
  using model = new TwoLayerNetwork({
    hidden: 16,
    learningRate: 1.2,
    epochs: EPOCHS,
    initialization: "xavier",
    seed: 3,
  });
  const threads = chosenThreads();
  const options = { signal, onAbort: "keep" as const, ...(threads !== undefined && { threads }) };
  const started = performance.now();
  let epoch = 0;
  const show = (): void => {
    chart.draw();
    picture.show(model);
    say("accuracy", `${percent(model.score(flower.X, flower.Y))} of the file’s 400 points`);
    describeHost();
  };
  chart.clear();
  frames.reset();
  try {
    const loop = model.epochs(X, Y, options);
    let drawn = 0;
    let step = await loop.next();
    // By hand, since a `for await` loop would lose what the iterator returns: the history.
    for (; !step.done; step = await loop.next()) {
      const progress = step.value;
      epoch = progress.epoch;
      chart.add(epoch, progress.cost);
      if (performance.now() - drawn < REDRAW) continue;
      showProgress(progress);
      show();
      drawn = performance.now();
    }
    const { cost, epochs, execution } = step.value;
    bar.value = 1;
    say("status", `Done: ${thousands(epochs)} epochs in ${duration(performance.now() - started)}.`);
    say("left", "");
    say("cost", fixed(cost.at(-1)!));
    say("execution", `${place(execution)}: ${execution.reason}`);
    element("chart").ariaLabel = `The cost fell from ${fixed(cost[0]!)} to ${fixed(cost.at(-1)!)}`;
    show();
  } catch (error) {
    if (error !== signal.reason) throw error;
    say("status", `Cancelled after epoch ${thousands(epoch)}; the model has what it learned by then.`);
    say("left", "");
    say("execution", "not known: a training that is cancelled leaves no history");
    if (epoch > 0) show();
  } finally {
    X.free();
    Y.free();
  }
}

/** Whether a training runs, for the buttons. */
function setRunning(running: boolean): void {
  start.disabled = choices.copies.disabled = choices.threads.disabled = running;
  cancel.disabled = !running;
}

let controller = new AbortController();
start.addEventListener("click", async () => {
  controller = new AbortController();
  setRunning(true);
  cancel.focus();
  bar.value = 0;
  say("status", "Training …");
  say("execution", "known when it is over");
  try {
    await train(controller.signal);
  } finally {
    setRunning(false);
    start.focus();
  }
});
cancel.addEventListener("click", () => controller.abort());

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  chart.restyle();
  picture.draw();
});
new ResizeObserver(() => picture.draw()).observe(element("picture"));
describeHost();
setRunning(false);
say("status", "Ready.");
