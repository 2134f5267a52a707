/** Fork and join: each part computed once, whoever computes it, and nobody computes any more when it is over. */
import { afterEach, describe, expect, test } from "vitest";
import { Answer, Control, MOST_PARTS } from "../../src/threads/control.ts";
import { randomFrom } from "../assembly/data.ts";
import { Forkers } from "./forks.ts";
import { worth } from "./tally.ts";
import { until } from "./teams.ts";

let forkers: Forkers;

afterEach(() => forkers?.kill());

/** Each of the first `parts` once, the others never. */
function once(parts: number): number[] {
  return Array.from({ length: MOST_PARTS }, (_, part) => (part < parts ? 1 : 0));
}

describe.each([0, 1, 3])("with %i helpers", (helpers) => {
  test("thousands of forks compute each part exactly once, right, also where the fork's number begins anew", async () => {
    // Number 0x7fff of 15 bits is reached after a hundred forks; the ticket is then 31 bits long, but never negative.
    forkers = await Forkers.with(helpers, (0x7fff - 100) << 16);
    const next = randomFrom(5);
    const numbers = new Set<number>();
    for (let i = 0; i < 4000; i++) {
      const parts = Math.floor(next() * (MOST_PARTS + 1));
      forkers.prepare(i, i % 7, 1 + (i % 3), i % 5);
      const results = forkers.run(forkers.control.fork(parts, forkers.compute));
      for (let part = 0; part < parts; part++) {
        if (results[part] !== worth([i, i % 7], part)) throw new Error(`fork ${i}, part ${part}: ${results[part]}`);
      }
      const times = forkers.times();
      if (times.join() !== once(parts).join()) throw new Error(`fork ${i} of ${parts}: ${times}`);
      if (forkers.inside !== 0) throw new Error(`fork ${i}: somebody still computes`);
      expect(forkers.raw[0]).toBeGreaterThanOrEqual(0);
      numbers.add(forkers.raw[0]! >> 16);
    }
    expect(numbers.size).toBe(4000);
    expect([numbers.has(0x7fff), numbers.has(0)]).toEqual([true, true]);
    await forkers.end();
  });

  test("a fork given up at a yield is over: nobody computes, and the next one is right", async () => {
    forkers = await Forkers.with(helpers);
    for (let i = 0; i < 300; i++) {
      forkers.prepare(i, 1, 4, 200);
      const steps = forkers.control.fork(1 + (i % 9), forkers.compute);
      for (let step = 0; step <= i % 5; step++) if (steps.next().done) break;
      steps.return(new Float64Array());
      expect(forkers.inside).toBe(0);
      expect(Math.max(...forkers.times())).toBeLessThanOrEqual(1);
      forkers.prepare(i, 2, 1, 1);
      const results = forkers.run(forkers.control.fork(3, forkers.compute));
      expect(Array.from(results.subarray(0, 3))).toEqual([0, 1, 2].map((part) => worth([i, 2], part)));
      expect(forkers.times()).toEqual(once(3));
    }
    await forkers.end();
  });

  test("a part that throws here ends the fork when the others have come to rest", async () => {
    forkers = await Forkers.with(helpers);
    for (let i = 0; i < 100; i++) {
      forkers.prepare(i, 1, 2, 500);
      const steps = forkers.control.fork(5, function* (part) {
        if (part === 0) throw new Error("mine is broken");
        return yield* forkers.compute(part);
      });
      let message: string | undefined;
      try {
        forkers.run(steps);
      } catch (error) {
        ({ message } = error as Error);
      }
      expect(forkers.inside).toBe(0);
      // Where helpers were quicker than this thread, they have computed part 0.
      if (message !== undefined) expect(message).toBe("mine is broken");
      if (helpers === 0) expect(message).toBe("mine is broken");
      forkers.times();
    }
    expect(forkers.run(forkers.control.fork(2, forkers.compute)).length).toBe(MOST_PARTS);
    await forkers.end();
  });
});

test("helpers take part: with slow parts nobody stands by", async () => {
  forkers = await Forkers.with(2);
  for (let i = 0; i < 20; i++) {
    forkers.prepare(i, 1, 3, 4000);
    forkers.run(forkers.control.fork(8, forkers.compute));
  }
  const shares = forkers.byThread();
  expect(shares.reduce((sum, share) => sum + share)).toBe(160);
  for (const share of shares) expect(share).toBeGreaterThan(0);
  await forkers.end();
});

test.each([0, 1, 2])("the result does not depend on who is slow: thread %i is", async (slow) => {
  forkers = await Forkers.with(2);
  forkers.slow = slow;
  for (let i = 0; i < 100; i++) {
    forkers.prepare(i, 3, 2, 100);
    const results = forkers.run(forkers.control.fork(11, forkers.compute));
    expect(Array.from(results.subarray(0, 11))).toEqual(Array.from({ length: 11 }, (_, p) => worth([i, 3], p)));
    expect(forkers.times()).toEqual(once(11));
  }
  await forkers.end();
});

test("after abort helpers give their part up at the next yield, mark it, and are ready for another job", async () => {
  forkers = await Forkers.with(1);
  const { control, raw } = forkers;
  // The helper's part has more steps than anybody could wait for.
  forkers.prepare(1, 1, 2 ** 30, 100);
  const steps = control.fork(2, function* () {
    yield;
    return 1;
  });
  steps.next();
  await until(() => forkers.inside === 1, "the helper to begin");
  expect(control.aborted).toBe(false);
  control.abort();
  expect(control.aborted).toBe(true);
  expect(control.answered).toBe(Answer.stop);
  const results = forkers.run(steps);
  expect(Array.from(results.subarray(0, 2))).toEqual([1, Number.NaN]);
  control.end();
  expect(raw[0]).toBe(-1);
  expect(await forkers.said[0]).toBe("over");
  control.reset();
  expect([control.aborted, control.answered, raw[0]]).toEqual([false, Answer.none, 0]);
});

test("a part that throws in a helper is counted, so that nobody waits for it, and gives the job up", async () => {
  forkers = await Forkers.with(1);
  const { control } = forkers;
  forkers.broken = 1;
  forkers.prepare(1, 1, 1, 1);
  // This thread takes part 0 and lets the helper take part 1.
  const steps = control.fork(2, function* (part) {
    while (forkers.raw[0]! % 256 < 2) yield;
    return part;
  });
  const results = forkers.run(steps);
  expect(Array.from(results.subarray(0, 2))).toEqual([0, Number.NaN]);
  expect(control.aborted).toBe(true);
  expect(await forkers.said[0]).toBe("Error: part 1 is broken");
});

test("helpers sleep through a long pause and wake for the next fork, and for the end", async () => {
  forkers = await Forkers.with(2);
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    forkers.prepare(i, 1, 2, 4000);
    forkers.run(forkers.control.fork(12, forkers.compute));
    expect(forkers.times()).toEqual(once(12));
  }
  const [, ...helpers] = forkers.byThread();
  expect(helpers.reduce((sum, share) => sum + share)).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  forkers.control.end();
  expect(await Promise.all(forkers.said)).toEqual(["over", "over"]);
});

test("answers go from one thread to another", () => {
  const buffer = new SharedArrayBuffer(Control.bytes);
  const [here, there] = [new Control(buffer), new Control(buffer)];
  here.reset();
  expect(there.answered).toBe(Answer.none);
  for (const answer of [Answer.goOn, Answer.stop]) {
    here.answer(Answer.awaited);
    expect(there.answered).toBe(Answer.awaited);
    there.answer(answer);
    // Somebody who asks after the answer does not sleep.
    expect(here.awaitAnswer()).toBe(answer);
  }
  there.words[3] = 5;
  there.results[2] = 0.5;
  expect([here.words[3], here.results[2]]).toEqual([5, 0.5]);
});

test("words, results and what threads wait for lie in cache lines of their own", () => {
  const buffer = new SharedArrayBuffer(Control.bytes);
  const control = new Control(buffer);
  expect(control.words.byteOffset % 64).toBe(0);
  expect(control.results.byteOffset % 64).toBe(0);
  expect(control.words.byteOffset + control.words.byteLength).toBe(control.results.byteOffset);
  expect(control.results.length).toBe(MOST_PARTS);
});
