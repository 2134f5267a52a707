/** TensorFlow.js on its WebAssembly and its plain CPU backend: all but where its files are. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { Contender, Prepared, Runnable } from "../../contenders/contender.ts";
import { gemmInputs, mapInput, uniform } from "../../inputs.ts";
import type { Work, WorkOf } from "../../work.ts";
import { logistic, twoLayer } from "./tensorflow-training.ts";

/** Both backends on one thread; the second is slow, and left out where one run would take seconds. */
export function backends(files: string): Contender[] {
  tf.enableProdMode();
  setWasmPaths(files);
  setThreadsCount(1);
  const on = (backend: "wasm" | "cpu"): Contender => ({
    name: `TensorFlow.js ${backend}`,
    version: tf.version_core,
    note: "a new tensor for each result, disposed of at once; its sums of 10^6 f32 are off by up to a percent",
    tolerance: 0.02,
    async prepare(work) {
      if ("dtype" in work && work.dtype === "f64") return undefined;
      if (backend === "cpu" && isLarge(work)) return undefined;
      await tf.setBackend(backend);
      const prepared = prepare(work);
      return prepared && onBackend(backend, prepared);
    },
  });
  return [on("wasm"), on("cpu")];
}

function isLarge(work: Work): boolean {
  if (work.kind === "gemm") return work.m * work.n * work.k > 3e8;
  return work.kind === "two-layer" && work.n_x * work.n_1 * work.m > 1e8;
}

/** The two backends take turns, so each run begins by choosing its own: about a tenth of a microsecond. */
function onBackend(backend: string, prepared: Prepared): Prepared {
  if ("turn" in prepared) return prepared;
  const choose = async () => {
    if (tf.getBackend() !== backend) await tf.setBackend(backend);
  };
  return {
    ...prepared,
    before: choose,
    answer: async () => {
      await choose();
      return prepared.answer();
    },
  };
}

function prepare(work: Work): Prepared | undefined {
  switch (work.kind) {
    case "gemm":
      return gemm(work);
    case "map": {
      const x = tf.tensor1d(mapInput(work) as Float32Array);
      const apply = { sigmoid: tf.sigmoid, tanh: tf.tanh, exp: tf.exp, log: tf.log }[work.fn];
      return producing([x], () => apply(x));
    }
    case "dot": {
      const x = tf.tensor1d(uniform("f32", work.n, 1) as Float32Array);
      const y = tf.tensor1d(uniform("f32", work.n, 2) as Float32Array);
      return producing([x, y], () => tf.dot(x, y));
    }
    case "add": {
      const x = tf.tensor2d(uniform("f32", work.rows * work.columns, 1) as Float32Array, [work.rows, work.columns]);
      const bias = tf.tensor2d(uniform("f32", work.rows, 2) as Float32Array, [work.rows, 1]);
      return producing([x, bias], () => tf.add(x, bias));
    }
    case "sum": {
      const values = uniform("f32", work.rows * work.columns, 1, 0, 1) as Float32Array;
      const x = tf.tensor2d(values, [work.rows, work.columns]);
      return producing([x], () => tf.sum(x, work.axis));
    }
    case "small": {
      const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const b = tf.tensor2d([5, 6, 7, 8], [2, 2]);
      return producing([a, b], work.operation === "add" ? () => tf.add(a, b) : () => tf.matMul(a, b));
    }
    case "logistic":
      return logistic(work);
    case "two-layer":
      return twoLayer(work);
    default:
      return undefined;
  }
}

function producing(inputs: tf.Tensor[], make: () => tf.Tensor): Runnable {
  return {
    run: () => make().dispose(),
    answer: () => tf.tidy(() => make().dataSync()),
    release: () => tf.dispose(inputs),
  };
}

function gemm(work: WorkOf<"gemm">): Runnable {
  const { m, n, k, transposed } = work;
  const { a, b } = gemmInputs(work);
  const flipA = transposed === "a" || transposed === "both";
  const flipB = transposed === "b" || transposed === "both";
  const x = tf.tensor2d(a as Float32Array, flipA ? [k, m] : [m, k]);
  const y = tf.tensor2d(b as Float32Array, flipB ? [n, k] : [k, n]);
  return producing([x, y], () => tf.matMul(x, y, flipA, flipB));
}
