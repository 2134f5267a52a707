/** TensorFlow.js in Node: its operations, and its start in a fresh process. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Contender, Prepared } from "../../contenders/contender.ts";
import { fresh, timed } from "../../contenders/start.ts";
import { backends } from "./tensorflow-work.ts";

const require = createRequire(import.meta.url);
const files = `${dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`;

/** Both backends, one thread. */
export function tensorflow(): Contender[] {
  return backends(files).map((contender, i) => ({
    ...contender,
    prepare: (work) => (work.kind === "start" ? (i === 0 ? start() : undefined) : contender.prepare(work)),
  }));
}

function start(): Prepared {
  const script = timed(
    `const tf = await import("@tensorflow/tfjs-core");
     const wasm = await import("@tensorflow/tfjs-backend-wasm");
     wasm.setWasmPaths(${JSON.stringify(files)});
     wasm.setThreadsCount(1);
     await tf.setBackend("wasm");
     if (tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).dataSync()[0] !== 19) throw new Error("wrong");`,
  );
  return { turn: () => [fresh(script, new URL("../", import.meta.url))], answer: () => [] };
}
