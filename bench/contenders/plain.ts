/** Plain JavaScript as a careful programmer writes it: typed arrays, the best loop order, nothing allocated. */
import { fitInputs, gemmInputs, mapInput, type Numbers, uniform, zeros } from "../inputs.ts";
import type { Work, WorkOf } from "../work.ts";
import { type Contender, type Prepared, type Runnable, writing } from "./contender.ts";
import {
  product,
  productTransposedA,
  productTransposedB,
  productTransposedBoth,
  unrolledProduct,
} from "./plain-products.ts";
import { logistic, twoLayer } from "./plain-training.ts";

/** More than a second for one product says nothing more than half a second does. */
const MOST_FLOPS = 0.7e9;

const version = `V8 ${process.versions.v8}`;

/** Plain loops in the engine's own code. */
export const plain: Contender = { name: "plain JavaScript", version, prepare };

/** The same for products only, unrolled by hand. */
export const unrolled: Contender = {
  name: "unrolled JavaScript",
  version,
  note: "plain JavaScript with four rows of B at a time",
  prepare(work) {
    if (work.kind !== "gemm" || work.transposed || work.n < 8 || work.k < 4) return undefined;
    return gemm(work, unrolledProduct);
  },
};

function prepare(work: Work): Prepared | undefined {
  switch (work.kind) {
    case "gemm":
      return gemm(work, orderOf(work));
    case "map":
      return map(work);
    case "dot":
      return dot(work);
    case "add":
      return add(work);
    case "sum":
      return sum(work);
    case "logistic":
      return logistic(work);
    case "two-layer":
      return 4 * work.n_1 * work.n_x * work.m > MOST_FLOPS ? undefined : twoLayer(work);
    case "logistic-fit":
      return logisticFit(work);
    case "small":
      return small(work);
    default:
      return undefined;
  }
}

type Product = (a: Numbers, b: Numbers, c: Numbers, m: number, n: number, k: number, scratch: Numbers) => void;

/** With one column, the product that keeps its sum in a register is the best one. */
function orderOf({ transposed, n }: WorkOf<"gemm">): Product {
  if (transposed === "a") return productTransposedA;
  if (transposed === "b" || (transposed === undefined && n === 1)) return productTransposedB;
  return transposed === "both" ? productTransposedBoth : product;
}

function gemm(work: WorkOf<"gemm">, multiply: Product): Runnable | undefined {
  const { m, n, k, dtype } = work;
  if (2 * m * n * k > MOST_FLOPS) return undefined;
  const { a, b } = gemmInputs(work);
  const c = zeros(dtype, m * n);
  const scratch = zeros(dtype, work.transposed === "both" ? m * n : 0);
  const run = () => multiply(a, b, c, m, n, k, scratch);
  return writing(c, run);
}

function map(work: WorkOf<"map">): Runnable {
  const x = mapInput(work);
  const out = zeros(work.dtype, work.n);
  const runs = {
    sigmoid: () => {
      for (let i = 0; i < out.length; i++) out[i] = 1 / (1 + Math.exp(-x[i]!));
    },
    tanh: () => {
      for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i]!);
    },
    exp: () => {
      for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i]!);
    },
    log: () => {
      for (let i = 0; i < out.length; i++) out[i] = Math.log(x[i]!);
    },
  };
  const run = runs[work.fn];
  return writing(out, run);
}

function dot({ dtype, n }: WorkOf<"dot">): Runnable {
  const x = uniform(dtype, n, 1);
  const y = uniform(dtype, n, 2);
  const run = () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += x[i]! * y[i]!;
    return sum;
  };
  return { run, answer: () => [run()] };
}

function add({ dtype, rows, columns }: WorkOf<"add">): Runnable {
  const x = uniform(dtype, rows * columns, 1);
  const bias = uniform(dtype, rows, 2);
  const out = zeros(dtype, rows * columns);
  const run = () => {
    for (let i = 0; i < rows; i++) {
      const b = bias[i]!;
      for (let j = i * columns; j < (i + 1) * columns; j++) out[j] = x[j]! + b;
    }
  };
  return writing(out, run);
}

function sum({ dtype, axis, rows, columns }: WorkOf<"sum">): Runnable {
  const x = uniform(dtype, rows * columns, 1, 0, 1);
  const out = zeros(dtype, axis === 0 ? columns : rows);
  const alongColumns = () => {
    out.fill(0);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j]! += x[i * columns + j]!;
  };
  const alongRows = () => {
    for (let i = 0; i < rows; i++) {
      let total = 0;
      for (let j = i * columns; j < (i + 1) * columns; j++) total += x[j]!;
      out[i] = total;
    }
  };
  const run = axis === 0 ? alongColumns : alongRows;
  return writing(out, run);
}

/** Answers with the share of samples that the trained model gets right. */
function logisticFit(work: WorkOf<"logistic-fit">): Runnable {
  const { n_x, m, iterations } = work;
  const inputs = fitInputs(work);
  const run = () => {
    const model = logistic({ kind: "logistic", dtype: "f64", n_x, m, samplesIn: "rows" }, inputs);
    for (let i = 0; i < iterations; i++) model.iterate();
    return model.w;
  };
  const answer = () => {
    const w = run();
    let right = 0;
    for (let j = 0; j < m; j++) {
      let z = w[n_x]!;
      for (let i = 0; i < n_x; i++) z += w[i]! * inputs.X[j * n_x + i]!;
      right += Number(z > 0) === inputs.Y[j] ? 1 : 0;
    }
    return [right / m];
  };
  return { run, answer };
}

function small({ operation }: WorkOf<"small">): Runnable {
  const a = Float32Array.of(1, 2, 3, 4);
  const b = Float32Array.of(5, 6, 7, 8);
  const runs = {
    add: () => {
      const c = new Float32Array(4);
      for (let i = 0; i < 4; i++) c[i] = a[i]! + b[i]!;
      return c;
    },
    matmul: () => {
      const c = new Float32Array(4);
      product(a, b, c, 2, 2, 2);
      return c;
    },
  };
  return { run: runs[operation], answer: runs[operation] };
}
