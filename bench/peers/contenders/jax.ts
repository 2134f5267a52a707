/** jax-js on its WebAssembly backend, one thread: products and functions, each waited for. */
import { readFileSync } from "node:fs";
import { defaultDevice, init, type Array as JaxArray, nn, numpy as np } from "@jax-js/jax";
import type { Contender, Prepared, Runnable } from "../../contenders/contender.ts";
import { gemmInputs, mapInput, type Numbers } from "../../inputs.ts";
import type { Work } from "../../work.ts";

const manifest = new URL("../node_modules/@jax-js/jax/package.json", import.meta.url);

function array(values: Numbers, shape: number[]): JaxArray {
  return np.array(values as Float32Array<ArrayBuffer>).reshape(shape);
}

/** Its operations are lazy: only waiting for a result makes it do the work. */
function producing(inputs: JaxArray[], make: () => JaxArray): Runnable {
  return {
    async: true,
    run: async () => {
      const result = make();
      await result.blockUntilReady();
      result.dispose();
    },
    answer: async () => (await make().data()) as Float32Array,
    release: () => {
      for (const input of inputs) input.dispose();
    },
  };
}

function prepare(work: Work): Prepared | undefined {
  // ONNX Runtime puts a Worker here, which jax-js would take for a browser's, and want shared memory.
  Reflect.deleteProperty(globalThis, "Worker");
  if ("dtype" in work && work.dtype === "f64") return undefined;
  if (work.kind === "gemm" && !work.transposed) {
    const { a, b } = gemmInputs(work);
    const x = array(a, [work.m, work.k]);
    const y = array(b, [work.k, work.n]);
    return producing([x, y], () => np.matmul(x.ref, y.ref));
  }
  if (work.kind === "map") {
    const x = array(mapInput(work), [work.n]);
    const apply = { sigmoid: nn.sigmoid, tanh: np.tanh, exp: np.exp, log: np.log }[work.fn];
    return producing([x], () => apply(x.ref));
  }
  return undefined;
}

/** jax-js, ready. */
export async function jax(): Promise<Contender> {
  await init("wasm");
  defaultDevice("wasm");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return { name: "jax-js", version, note: "a new array for each result, disposed of at once", prepare };
}
