/** Shows how far a training is: a bar in a terminal, a line now and then elsewhere. */
import type { Progress } from "../../src/index.ts";
import { terminalBar } from "../demo/progress.ts";
import { fixed, thousands } from "../demo/report.ts";
import type { Screen } from "../demo/screen.ts";
import { duration } from "../words.ts";

/** Lines where nothing can be drawn over. */
const LINES = 5;
/** A longest remaining time that is likely: "10 min 00 s". */
const TIME = 11;

/** Something that follows a training. */
export interface Show {
  onEpoch(progress: Progress): void;
  /** Leaves the last state on the screen. */
  end(): void;
}

/** A show for this screen of a training of so many epochs. */
export function showOn(screen: Screen, epochs: number): Show {
  return screen.live ? bar(screen, epochs) : lines(screen, epochs);
}

/** fitAsync tells epochs when it has time to, not each: a line is due when a fifth of them is over. */
function lines(screen: Screen, epochs: number): Show {
  const digits = thousands(epochs).length;
  let due = 1;
  return {
    onEpoch({ epoch, cost, remaining }) {
      if (epoch < due && epoch !== epochs) return;
      due = (Math.floor((epoch * LINES) / epochs) + 1) * (epochs / LINES);
      const counted = `epoch ${thousands(epoch).padStart(digits)} of ${thousands(epochs)}`;
      screen.print(`  ${counted}   cost ${fixed(cost)}   ${duration(remaining)} left`);
    },
    end() {},
  };
}

function bar(screen: Screen, epochs: number): Show {
  const digits = thousands(epochs).length;
  const drawn = terminalBar(screen, "  {bar} {done}/{all}  cost {cost}  {left}", 2 * digits + 27 + TIME);
  const payload = (epoch: number, cost: string, left: string) => ({
    done: thousands(epoch).padStart(digits),
    all: thousands(epochs),
    cost,
    left: left.padEnd(TIME + 7), // covers what a terminal echoes of Ctrl-C
  });
  drawn.start(epochs, 0, payload(0, "  –   ", ""));
  return {
    onEpoch: ({ epoch, cost, remaining }) =>
      drawn.update(epoch, payload(epoch, fixed(cost), `${duration(remaining)} left`)),
    end: () => drawn.stop(),
  };
}
