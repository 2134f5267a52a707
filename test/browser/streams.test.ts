/** Training on data that comes over the network, batch by batch. */
import { describe, expect, test } from "vitest";
import { browsers } from "./browsers.ts";
import { useBrowser, useSite } from "./hooks.ts";
import { type Fourlane, packageInNode } from "./work.ts";

/** Lines of seven numbers and a label, decimal fractions that mean the same f64 everywhere. */
function lines(count: number): string {
  let state = 1;
  const next = (): number => {
    state = (state * 16_807) % 2_147_483_647;
    return (state % 2001) / 1000 - 1;
  };
  const rows = Array.from({ length: count }, () => {
    const features = Array.from({ length: 7 }, next);
    return [...features, features[0]! + features[1]! > 0 ? 1 : 0].join(" ");
  });
  return rows.join("\n");
}

const COUNT = 5000;
const TEXT = lines(COUNT);

/**
 * Trains on lines, batches of 512 of which are parsed as they come: from an address that is fetched anew each epoch, or
 * from a text.
 */
async function train({ configure, TwoLayerNetwork }: Fourlane, from: { url: string } | { text: string }) {
  configure({ reproducible: true });
  const model = new TwoLayerNetwork({ hidden: 6, learningRate: 0.5, epochs: 3, seed: 3, dtype: "f64" });
  let fetches = 0;
  const pieces = async function* (): AsyncGenerator<string> {
    fetches++;
    if ("text" in from) return yield from.text;
    const reader = (await fetch(from.url)).body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  };
  const batchOf = (rows: number[][]): [number[][], number[][]] => [
    Array.from({ length: 7 }, (_, feature) => rows.map((row) => row[feature]!)),
    [rows.map((row) => row[7]!)],
  ];
  const batches = async function* () {
    let rest = "";
    const rows: number[][] = [];
    const add = function* (complete: string[]) {
      for (const line of complete) {
        rows.push(line.split(" ").map(Number));
        if (rows.length === 512) yield batchOf(rows.splice(0));
      }
    };
    for await (const piece of pieces()) {
      const complete = (rest + piece).split("\n");
      rest = complete.pop()!;
      yield* add(complete);
    }
    yield* add([rest]);
    if (rows.length > 0) yield batchOf(rows);
  };
  const { cost, execution } = await model.fitStream(batches, { progressMs: 0 });
  return { weights: Object.values(model.parameters).map(({ data }) => data.slice()), cost, execution, fetches };
}

/** Trains on a response that never ends, until the signal comes; whether the response was given back. */
async function abort({ LogisticRegression }: Fourlane) {
  let cancelled: () => void;
  const wasCancelled = new Promise<boolean>((resolve) => {
    cancelled = () => resolve(true);
  });
  const endless = new ReadableStream<[number[][], number[][]]>({
    pull(controller) {
      controller.enqueue([[[-1, 1]], [[0, 1]]]);
      return new Promise((resolve) => setTimeout(resolve, 1));
    },
    cancel: () => cancelled(),
  });
  const source = async function* () {
    const reader = endless.getReader();
    try {
      for (let batch = await reader.read(); !batch.done; batch = await reader.read()) yield batch.value;
    } finally {
      await reader.cancel();
    }
  };
  const model = new LogisticRegression();
  const thrown = await model
    .fitStream(source, { signal: AbortSignal.timeout(50) })
    .catch((error: Error) => error.name);
  return { thrown, cancelled: await wasCancelled };
}

describe.each(browsers)("in $name", ({ launch }) => {
  const open = useBrowser(launch);
  const url = useSite({ answers: { "/data.txt": { type: "text/plain", body: TEXT } } });

  test("a stream that is fetched each epoch trains the model that the same text does in Node", async () => {
    const page = await open(url("pages/package.html"));
    const expected = await train(await packageInNode(), { text: TEXT });
    expect(expected.fetches).toBe(3);
    expect(expected.cost[3]).toBeLessThan(expected.cost[0]!);
    expect(await page.run(train, { url: "/data.txt" })).toEqual(expected);
    expect(await page.close()).toEqual([]);
  });

  test("an abort ends the stream where it comes from", async () => {
    const page = await open(url("pages/package.html"));
    expect(await page.run(abort)).toEqual({ thrown: "TimeoutError", cancelled: true });
    expect(await page.close()).toEqual([]);
  });
});
