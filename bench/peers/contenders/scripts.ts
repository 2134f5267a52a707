/** Libraries in JavaScript itself: ml-matrix, ml-logistic-regression, stdlib, brain.js. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Matrix } from "ml-matrix";
import type { Contender, Prepared } from "../../contenders/contender.ts";
import { fitInputs, gemmInputs, LEARNING_RATE, type Numbers, twoLayerInputs, zeros } from "../../inputs.ts";
import type { Work, WorkOf } from "../../work.ts";

const require = createRequire(import.meta.url);

/** Products that take longer than this many operations say nothing new. */
const MOST_FLOPS = 0.3e9;

function versionOf(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

function isProduct(work: Work): work is WorkOf<"gemm"> {
  return work.kind === "gemm" && !work.transposed && 2 * work.m * work.n * work.k <= MOST_FLOPS;
}

const mlMatrix: Contender = {
  name: "ml-matrix",
  version: versionOf("ml-matrix"),
  note: "f64 throughout",
  prepare(work) {
    if (!isProduct(work)) return undefined;
    const { a, b } = gemmInputs(work);
    const x = Matrix.from1DArray(work.m, work.k, a);
    const y = Matrix.from1DArray(work.k, work.n, b);
    return { run: () => x.mmul(y), answer: () => x.mmul(y).to1DArray() };
  },
};

type Gemm = (
  order: string,
  transA: string,
  transB: string,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Numbers,
  lda: number,
  b: Numbers,
  ldb: number,
  beta: number,
  c: Numbers,
  ldc: number,
) => Numbers;

const stdlib: Contender = {
  name: "stdlib",
  version: versionOf("@stdlib/blas-base-dgemm"),
  note: "dgemm and sgemm, the JavaScript implementation",
  prepare(work) {
    if (!isProduct(work)) return undefined;
    const { m, n, k, dtype } = work;
    const name = `@stdlib/blas-base-${dtype === "f32" ? "s" : "d"}gemm`;
    const gemm = require(`${name}/lib/main.js`) as Gemm;
    const { a, b } = gemmInputs(work);
    const c = zeros(dtype, m * n);
    const run = () => gemm("row-major", "no-transpose", "no-transpose", m, n, k, 1, a, k, b, n, 0, c, n);
    return { run, answer: run };
  },
};

const mlLogistic: Contender = {
  name: "ml-logistic-regression",
  version: versionOf("ml-logistic-regression"),
  note: "trains one model for each of the two classes, without intercept; making its matrices counts",
  async prepare(work) {
    if (work.kind !== "logistic-fit") return undefined;
    const { default: LogisticRegression } = await import("ml-logistic-regression");
    const { n_x, m, iterations } = work;
    const inputs = fitInputs(work);
    const run = () => {
      const model = new LogisticRegression({ numSteps: iterations, learningRate: LEARNING_RATE / m });
      const X = Matrix.from1DArray(m, n_x, inputs.X);
      model.train(X, Matrix.columnVector(inputs.Y));
      return { model, X };
    };
    const answer = () => {
      const { model, X } = run();
      return [model.predict(X).filter((label, j) => label === inputs.Y[j]).length / m];
    };
    return { run, answer };
  },
};

interface Brain {
  NeuralNetwork: new (options: {
    hiddenLayers: number[];
    activation: string;
    learningRate: number;
  }) => {
    train(data: { input: number[]; output: number[] }[], options: object): { error: number };
  };
}

/** It updates after every sample, so its answer cannot be that of the others: its own error has to fall. */
const brain: Contender = {
  name: "brain.js",
  version: versionOf("brain.js"),
  note: "updates after every sample: as many of them, other mathematics; verified by its falling error only",
  verifiesItself: true,
  prepare(work) {
    if (work.kind !== "two-layer" || work.m > 1000) return undefined;
    const { NeuralNetwork } = require("brain.js") as Brain;
    const { X, Y } = twoLayerInputs(work);
    const data = Array.from({ length: work.m }, (_, j) => ({
      input: Array.from({ length: work.n_x }, (_, i) => X[i * work.m + j]!),
      output: [Y[j]!],
    }));
    const network = new NeuralNetwork({ hiddenLayers: [work.n_1], activation: "tanh", learningRate: 0.01 });
    const train = (iterations: number) =>
      network.train(data, { iterations, errorThresh: 1e-9, keepNetworkIntact: true });
    const prepared: Prepared = {
      turn(milliseconds, batch) {
        const times: number[] = [];
        const end = performance.now() + milliseconds;
        for (let now = performance.now(); now < end || times.length === 0; now = performance.now()) {
          train(batch);
          times.push((performance.now() - now) / batch);
        }
        return times;
      },
      answer() {
        const before = train(1).error;
        if (!(train(50).error < before)) throw new Error("brain.js does not learn");
        return [];
      },
    };
    return prepared;
  },
};

/** All four. */
export const scripts: readonly Contender[] = [mlMatrix, stdlib, mlLogistic, brain];
