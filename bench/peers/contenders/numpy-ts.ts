/** numpy-ts, whose kernels are WebAssembly compiled from Zig. Results are disposed of at once. */
import { readFileSync } from "node:fs";
import * as np from "numpy-ts";
import type { Contender, Prepared, Runnable } from "../../contenders/contender.ts";
import { fresh, timed } from "../../contenders/start.ts";
import { gemmInputs, mapInput, type Numbers, uniform } from "../../inputs.ts";
import type { Work } from "../../work.ts";

type NDArray = ReturnType<typeof np.matmul>;

const manifest = new URL("../node_modules/numpy-ts/package.json", import.meta.url);

/** An array of a shape, copied in once. */
function array(values: Numbers, shape: number[]): NDArray {
  const dtype = values instanceof Float32Array ? "float32" : "float64";
  return np.array(values, dtype).reshape(...shape) as unknown as NDArray;
}

function producing(inputs: NDArray[], make: () => unknown): Runnable {
  return {
    run: () => (make() as NDArray).dispose(),
    answer: () => (make() as NDArray).flatten().data as Float32Array,
    release: () => {
      for (const input of inputs) input.dispose();
    },
  };
}

function prepare(work: Work): Prepared | undefined {
  switch (work.kind) {
    case "gemm": {
      const { m, n, k, transposed } = work;
      const { a, b } = gemmInputs(work);
      const flipA = transposed === "a" || transposed === "both";
      const flipB = transposed === "b" || transposed === "both";
      const x = flipA ? array(a, [k, m]).transpose() : array(a, [m, k]);
      const y = flipB ? array(b, [n, k]).transpose() : array(b, [k, n]);
      return producing([x as NDArray, y as NDArray], () => np.matmul(x, y));
    }
    case "map": {
      const x = array(mapInput(work), [work.n]);
      if (work.fn === "sigmoid") return undefined;
      const apply = { tanh: np.tanh, exp: np.exp, log: np.log }[work.fn];
      return producing([x], () => apply(x));
    }
    case "dot": {
      const x = array(uniform(work.dtype, work.n, 1), [work.n]);
      const y = array(uniform(work.dtype, work.n, 2), [work.n]);
      const run = () => np.dot(x, y);
      return { run, answer: () => [Number(run())] };
    }
    case "add": {
      const x = array(uniform(work.dtype, work.rows * work.columns, 1), [work.rows, work.columns]);
      const bias = array(uniform(work.dtype, work.rows, 2), [work.rows, 1]);
      return producing([x, bias], () => np.add(x, bias));
    }
    case "sum": {
      const x = array(uniform(work.dtype, work.rows * work.columns, 1, 0, 1), [work.rows, work.columns]);
      return producing([x], () => np.sum(x, work.axis));
    }
    case "small": {
      const a = array(Float32Array.of(1, 2, 3, 4), [2, 2]);
      const b = array(Float32Array.of(5, 6, 7, 8), [2, 2]);
      return producing([a, b], work.operation === "add" ? () => np.add(a, b) : () => np.matmul(a, b));
    }
    case "start": {
      const script = timed(
        `const np = await import("numpy-ts");
         if (np.matmul(np.array([[1, 2], [3, 4]]), np.array([[5, 6], [7, 8]])).get([0, 0]) !== 19) throw new Error();`,
      );
      return { turn: () => [fresh(script, new URL("../", import.meta.url))], answer: () => [] };
    }
    default:
      return undefined;
  }
}

/** Products, functions, sums. */
export const numpyTs: Contender = {
  name: "numpy-ts",
  version: (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version,
  note: "a new array for each result, disposed of at once",
  prepare,
};
