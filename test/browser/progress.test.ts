/** Progress, stopping and aborting, in slices, in one worker that gets messages, and in threads. */
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { LONG_NETWORK, learn, NETWORK, prepare, type Stage, sameAsInNode, train } from "./fits.ts";
import { useBrowser, useSite } from "./hooks.ts";
import type { Fourlane } from "./work.ts";

const PAGE = "pages/package.html";

/** Trains and records what `onEpoch` hears; it answers after a while, and at epoch `last` with false. */
async function follow(_: Fourlane, threads: number | undefined, progressMs: number, last: number) {
  const { model, X, Y, weights } = (globalThis as Stage).fit;
  const told: { epoch: number; cost: number; elapsed: number }[] = [];
  let answered = true;
  let overlaps = 0;
  const { cost, epochs, stopped, execution } = await model.fitAsync(X, Y, {
    ...(threads && { threads }),
    progressMs,
    async onEpoch({ epoch, cost, elapsed }) {
      if (!answered) overlaps++;
      answered = false;
      told.push({ epoch, cost, elapsed });
      await new Promise((resolve) => setTimeout(resolve, 3));
      answered = true;
      return epoch < last;
    },
  });
  return { told, overlaps, cost, epochs, stopped, weights: weights(), mode: execution.mode };
}

/** Loops over epochs until `last`; the cost of the model as it predicts during each, and what is left of it. */
async function loop({ logLoss }: Fourlane, threads: number | undefined, last: number) {
  const { model, X, Y, weights } = (globalThis as Stage).fit;
  const epochs: number[] = [];
  const losses: number[] = [];
  for await (const { epoch } of model.epochs(X, Y, threads ? { threads } : {})) {
    epochs.push(epoch);
    const probability = model.predictProbability(X);
    losses.push(logLoss(Y, probability));
    probability.free();
    if (epoch === last) break;
  }
  return { epochs, losses, weights: weights() };
}

/** Aborts a fit at epoch 6 or a moment later, of a model that has learned for 2 epochs before; then trains it. */
async function abort(_: Fourlane, threads: number | undefined, onAbort: "keep" | "restore", later: boolean) {
  const { model, X, Y, weights } = (globalThis as Stage).fit;
  model.fit(X, Y, { onEpoch: ({ epoch }) => epoch < 2 });
  const options = threads ? { threads } : {};
  const controller = new AbortController();
  const reason = new Error("enough");
  let told = 0;
  const onEpoch = ({ epoch }: { epoch: number }) => {
    told = epoch;
    if (epoch === 6 && later) setTimeout(() => controller.abort(reason), 1);
    else if (epoch === 6) controller.abort(reason);
  };
  const thrown = await model
    .fitAsync(X, Y, { ...options, signal: controller.signal, onAbort, progressMs: 0, onEpoch })
    .catch((error: unknown) => error);
  const left = weights();
  await model.fitAsync(X, Y, options);
  return { given: thrown === reason, left, told, trained: weights() };
}

/** Aborts a fit that tells nobody of its epochs, after a moment. */
async function abortUnheard(_: Fourlane, threads: number | undefined) {
  const { model, X, Y } = (globalThis as Stage).fit;
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await model.fitAsync(X, Y, { ...(threads && { threads }), signal: controller.signal });
}

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);

  describe.each([
    { mode: "slices", threads: undefined, isolated: true, plan: NETWORK },
    { mode: "worker", threads: 1, isolated: false, plan: LONG_NETWORK },
    { mode: "threads", threads: 2, isolated: true, plan: NETWORK },
  ])("a fit in $mode", ({ mode, threads, isolated, plan }) => {
    const url = useSite({ isolated });
    const { epochs } = plan;

    test("tells every epoch with progressMs 0, waits for each answer, and stops at a false one", async () => {
      const page = await open(url(PAGE));
      await page.run(prepare, plan);
      const { told, overlaps, ...rest } = await page.run(follow, threads, 0, 7);
      const expected = await sameAsInNode({ ...plan, epochs: 7 });
      expect(told.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(told.map(({ cost }) => cost)).toEqual(expected.cost.slice(1));
      expect(overlaps).toBe(0);
      expect(rest).toEqual({ ...expected, epochs: 7, stopped: "onEpoch", mode });
      expect(await page.close()).toEqual([]);
    });

    test("tells some epochs with a pause between them, and the last", async () => {
      const page = await open(url(PAGE));
      await page.run(prepare, plan);
      const { told, overlaps, stopped, cost, weights } = await page.run(follow, threads, 40, epochs + 1);
      const pauses = told.slice(1, -1).map(({ elapsed }, i) => elapsed - told[i]!.elapsed);
      // Clocks are rounded.
      expect(Math.min(...pauses, 40)).toBeGreaterThan(38);
      expect(told.length).toBeGreaterThan(1);
      expect(told.length).toBeLessThan(epochs);
      expect(told.at(-1)!.epoch).toBe(epochs);
      expect(told.map(({ cost }) => cost)).toEqual(told.map(({ epoch }) => cost[epoch]));
      expect(overlaps).toBe(0);
      expect({ cost, stopped, weights }).toEqual(await sameAsInNode(plan));
      expect(await page.close()).toEqual([]);
    });

    test("stops soon after a false answer to an epoch told in passing", async () => {
      const page = await open(url(PAGE));
      await page.run(prepare, plan);
      const { told, ...rest } = await page.run(follow, threads, 1, 2);
      expect(rest.stopped).toBe("onEpoch");
      expect(rest.epochs).toBeLessThan(epochs);
      const { cost, weights } = await sameAsInNode({ ...plan, epochs: rest.epochs });
      expect(rest).toMatchObject({ cost, weights });
      expect(await page.close()).toEqual([]);
    });

    test("is a loop over epochs, with the model of each, that ends where it is left", async () => {
      const page = await open(url(PAGE));
      await page.run(prepare, plan);
      const found = await page.run(loop, threads, 4);
      const { weights, cost } = await sameAsInNode({ ...plan, epochs: 4 });
      expect(found.epochs).toEqual([1, 2, 3, 4]);
      expect(found.weights).toEqual(weights);
      // Without the penalty, and from probabilities of single precision.
      for (const [i, loss] of found.losses.entries()) expect(loss).toBeCloseTo(cost[i + 1]!, 3);
      expect(found.losses[3]).toBeLessThan(found.losses[0]!);
      expect(await page.close()).toEqual([]);
    });

    test("is given up with the signal's reason, and leaves the model as it was or as of its last epoch", async () => {
      const page = await open(url(PAGE));
      await page.run(prepare, plan);
      const weightsAfter = async (epochs: number) => (await sameAsInNode({ ...plan, epochs })).weights;
      const trained = await weightsAfter(epochs);
      for (const later of [false, true]) {
        const restored = await page.run(abort, threads, "restore", later);
        expect(restored).toEqual({ given: true, left: await weightsAfter(2), told: expect.any(Number), trained });
        expect(restored.told).toBeLessThan(epochs);
        const kept = await page.run(abort, threads, "keep", later);
        expect(kept).toMatchObject({ given: true, trained });
        expect(kept.left).toEqual(await weightsAfter(kept.told));
      }
      expect(await page.close()).toEqual([]);
    });

    test("is given up also where nobody hears of its epochs", async () => {
      const page = await open(url(PAGE));
      await page.run(prepare, plan);
      await expect(page.run(abortUnheard, threads)).rejects.toThrow(/^enough$/);
      expect(await page.close()).toEqual([]);
    });
  });

  describe("a worker that breaks in the middle of a fit", () => {
    const shared = useSite();
    const plain = useSite({ isolated: false });

    test.each([
      { how: "throws", epochs: 133, message: /^thrown$/ },
      {
        how: "leaves an error uncaught",
        epochs: 134,
        message:
          /^TwoLayerNetwork\.fitAsync: a worker ended before its work was done: .*RangeError: uncaught\. Nothing has changed; the next call starts new workers\.$/,
      },
    ])("and $how has it rejected with the message, and the next fit works", async ({ epochs, message }) => {
      for (const { url, plan, threads } of [
        { url: shared, plan: NETWORK, threads: 2 },
        { url: plain, plan: LONG_NETWORK, threads: 1 },
      ]) {
        const page = await open(url(PAGE));
        await page.run(({ configure }) => configure({ workerUrl: "breaking-worker.js" }));
        await learn(page, plan, { threads });
        // Workers that are there make a shorter fit worth it.
        await page.run(prepare, { ...plan, epochs });
        await expect(page.run(train, { threads })).rejects.toThrow(message);
        expect(await learn(page, plan, { threads })).toMatchObject({
          ...(await sameAsInNode(plan)),
          execution: { mode: threads > 1 ? "threads" : "worker" },
        });
        expect(await page.close()).toEqual([]);
      }
    });
  });
});
