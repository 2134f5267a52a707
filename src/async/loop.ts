/** A training as a loop over its epochs. */
import type { History, OnEpoch, Progress } from "../history.ts";

/** Turns a training that tells its epochs and waits for each answer into a loop. */
export async function* handOver(
  train: (hear: OnEpoch) => Promise<History>,
): AsyncGenerator<Progress, History, void> {
  let consumer: ((progress: Progress | undefined) => void) | undefined;
  let answer: ((goOn: boolean) => void) | undefined;
  let over = false;
  const next = (): Promise<Progress | undefined> =>
    new Promise((resolve) => {
      if (over) resolve(undefined);
      else consumer = resolve;
    });
  let told = next();
  const history = train((progress) => {
    consumer!(progress);
    return new Promise<boolean>((resolve) => {
      answer = resolve;
    });
  });
  // In workers a training may also end while the loop's body runs.
  const end = (): void => {
    over = true;
    consumer!(undefined);
  };
  history.then(end, end);
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
