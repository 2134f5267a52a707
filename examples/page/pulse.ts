/** A dot that moves only while the page's own thread is free to move it. */
import { Frames, swing } from "./frames.ts";

/** Milliseconds between two readings. */
const READING = 500;
/** Milliseconds to and fro. */
const PERIOD = 2400;

/** Starts the dot and the readings; those who prefer less motion get the readings only. */
export function startPulse(dot: HTMLElement, reading: HTMLElement): Frames {
  const frames = new Frames();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let read = 0;
  const draw = (now: number): void => {
    frames.tick(now);
    // Nine times its own width is the way that the track leaves it.
    dot.style.transform = still.matches ? "" : `translateX(${900 * swing(now, PERIOD)}%)`;
    if (now - read >= READING) {
      read = now;
      reading.textContent = `${frames.perSecond} frames in the last second; the longest pause: ${Math.round(frames.longest)} ms`;
    }
    requestAnimationFrame(draw);
  };
  document.addEventListener("visibilitychange", () => frames.skip());
  requestAnimationFrame(draw);
  return frames;
}
