/** How far apart the animation frames of a page are while something runs. */
import { type FramesRecording, tailOf, type Watched } from "./recording.ts";
import { endless, type Fourlane, SHAPES } from "./work.ts";

/** Watches frames from before `run` until its promise has settled. */
export async function frames(run: () => Promise<unknown>): Promise<Pick<Watched, "duration" | "tail">> {
  const apart: number[] = [];
  const start = performance.now();
  let last = start;
  let handle = requestAnimationFrame(frame);
  function frame(): void {
    const now = performance.now();
    apart.push(now - last);
    last = now;
    handle = requestAnimationFrame(frame);
  }
  await run();
  cancelAnimationFrame(handle);
  const end = performance.now();
  // A frame that is overdue has been kept waiting too.
  apart.push(end - last);
  return { duration: Math.round(end - start), tail: tailOf(apart) };
}

/** Frames at rest and during each fit, both ways. `onStep` hears what comes next. */
export async function framesOfFits(
  fourlane: Fourlane,
  milliseconds: number,
  onStep: (what: string) => void = () => {},
): Promise<Pick<FramesRecording, "isolated" | "build" | "frames">> {
  const watched: Watched[] = [];
  const watch = async (work: string, mode: Watched["mode"], run: () => Promise<unknown>): Promise<void> => {
    onStep(`${work}, ${mode}`);
    watched.push({ work, mode, ...(await frames(run)) });
  };
  await watch("nothing", "at rest", () => new Promise((resolve) => setTimeout(resolve, milliseconds / 2)));
  for (const shape of SHAPES) {
    const fit = endless(fourlane, shape);
    await watch(fit.name, "in slices", () => fit.run("in slices", { milliseconds }));
    // Threads need memory that workers can share, which only isolated pages have.
    if (crossOriginIsolated) await watch(fit.name, "2 threads", () => fit.run("2 threads", { milliseconds }));
    fit.release();
  }
  return { isolated: crossOriginIsolated, build: fourlane.info().build, frames: watched };
}
