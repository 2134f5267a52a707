/** A training that shows how far it is: a bar in a terminal, a few lines elsewhere. */
import { SingleBar } from "cli-progress";
import type { FitOptions, History, NDArray, OnEpoch } from "../../src/index.ts";
import { fixed, rate, thousands } from "./report.ts";
import type { Screen } from "./screen.ts";

/** Anything with a fit. */
export interface Trainable {
  fit(X: NDArray, Y: NDArray, options?: FitOptions): History;
}

/** How long the training will be: epochs, and updates of the parameters in each. */
export interface Plan {
  epochs: number;
  updates: number;
}

/** What a training leaves behind besides the model. */
export interface Training {
  history: History;
  seconds: number;
  /** Updates of the parameters a second, progress included. */
  speed: number;
}

/** Redraws a bar at most so often, in milliseconds. */
const REDRAW = 40;
/** A training looks at the clock at most so often, so that looking costs nothing. */
const LOOKS = 500;
/** Lines where nothing can be drawn over. */
const LINES = 5;

/** Fits the model and shows the epoch, the cost and the updates a second meanwhile. */
export function fitWithProgress(screen: Screen, model: Trainable, X: NDArray, Y: NDArray, plan: Plan): Training {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const speed = (epoch: number) => (epoch * plan.updates) / seconds();
  const show = screen.live ? bar(screen, plan, speed) : lines(screen, plan, speed);
  try {
    const history = model.fit(X, Y, { onEpoch: show.onEpoch });
    const taken = seconds();
    return { history, seconds: taken, speed: (history.epochs * plan.updates) / taken };
  } finally {
    show.end();
  }
}

interface Show {
  onEpoch: OnEpoch;
  end(): void;
}

function lines(screen: Screen, { epochs }: Plan, speed: (epoch: number) => number): Show {
  const every = Math.ceil(epochs / LINES);
  const digits = thousands(epochs).length;
  return {
    onEpoch: ({ epoch, cost }) => {
      if (epoch % every !== 0 && epoch !== epochs) return;
      const counted = `epoch ${thousands(epoch).padStart(digits)} of ${thousands(epochs)}`;
      screen.print(`  ${counted}   cost ${fixed(cost)}   ${rate(speed(epoch))} it/s`);
    },
    end: () => {},
  };
}

/**
 * A bar for a terminal, `others` columns of the format being taken by other things.
 *
 * It neither hides the cursor nor listens to signals: a fit keeps the event loop waiting, and a
 * Ctrl-C has to end it anywhere with nothing to tidy up.
 */
export function terminalBar({ width }: Pick<Screen, "width">, format: string, others: number): SingleBar {
  return new SingleBar({
    stream: process.stdout,
    format,
    barsize: Math.max(8, width - others),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    fps: 2000 / REDRAW, // the bar redraws when two of its frames have passed
    hideCursor: null,
    linewrap: null,
    gracefulExit: false,
  });
}

function bar(screen: Screen, { epochs }: Plan, speed: (epoch: number) => number): Show {
  const digits = thousands(epochs).length;
  const drawn = terminalBar(screen, "  {bar} {done}/{all}  cost {cost}  {speed} it/s", 2 * digits + 33);
  const payload = (epoch: number, cost: string) => ({
    done: thousands(epoch).padStart(digits),
    all: thousands(epochs),
    cost,
    speed: (epoch > 0 ? rate(speed(epoch)) : "–").padStart(7),
  });
  drawn.start(epochs, 0, payload(0, "  –   "));

  const look = Math.ceil(epochs / LOOKS);
  let redrawn = performance.now();
  return {
    onEpoch: ({ epoch, cost }) => {
      if (epoch % look !== 0 && epoch !== epochs) return;
      const now = performance.now();
      if (now - redrawn < REDRAW && epoch !== epochs) return;
      redrawn = now;
      drawn.update(epoch, payload(epoch, fixed(cost)));
    },
    end: () => drawn.stop(),
  };
}
