/** The rows of the suite: named shapes, and what is asked of them. Data only. */
import type { Row, Target } from "./row.ts";
import type { DType, Work, WorkOf } from "./work.ts";

const SIMD = "fourlane simd";
const RELAXED = "fourlane relaxed";
const PLAIN = ["plain JavaScript"];
const TFJS = ["TensorFlow.js wasm"];
const NUMPY = ["NumPy"];
const WASM_PEERS = ["TensorFlow.js wasm", "ONNX Runtime Web", "numpy-ts", "jax-js"];

/** The same target for both builds. */
function both(target: Omit<Target, "of">): Target[] {
  return [SIMD, RELAXED].map((of) => ({ of, ...target }));
}

function faster(against: readonly string[], simd: number, relaxed: number): Target[] {
  return [
    { of: SIMD, against, atLeast: simd },
    { of: RELAXED, against, atLeast: relaxed },
  ];
}

const shares: Target[] = [
  { of: SIMD, against: ["peak simd"], atLeast: 0.72 },
  { of: RELAXED, against: ["peak relaxed"], atLeast: 0.9 },
];

function square(dtype: DType, n: number, quick: boolean, targets: readonly Target[]): Row {
  const work: Work = { kind: "gemm", dtype, m: n, n, k: n };
  return { id: `gemm ${dtype} ${n}`, group: `products ${dtype}`, work, quick, targets };
}

const large = [...shares, ...faster(WASM_PEERS, 1.35, 1.7), ...both({ against: PLAIN, atLeast: 35 })];
const large64 = [...shares, ...both({ against: ["numpy-ts"], atLeast: 1.6 })];
const smallProduct = (atLeast: number) => both({ against: TFJS, atLeast });

const products: Row[] = [
  square("f32", 4, true, smallProduct(8)),
  square("f32", 8, true, smallProduct(8)),
  square("f32", 16, true, smallProduct(8)),
  square("f32", 32, true, smallProduct(3)),
  square("f32", 64, true, smallProduct(1.6)),
  square("f32", 128, true, large),
  square("f32", 256, true, large),
  square("f32", 512, true, large),
  square("f32", 768, false, large),
  square("f32", 1024, false, large),
  square("f64", 4, false, []),
  square("f64", 16, true, []),
  square("f64", 64, true, []),
  square("f64", 128, false, large64),
  square("f64", 256, true, large64),
  square("f64", 512, false, large64),
  square("f64", 1024, false, large64),
];

const transposed: Row[] = (["a", "b", "both"] as const).flatMap((which) =>
  ([128, 384] as const).map((n): Row => {
    const name = { a: "Aᵀ·B", b: "A·Bᵀ", both: "Aᵀ·Bᵀ" }[which];
    return {
      id: `gemm f32 ${n} ${name}`,
      group: "transposed products",
      work: { kind: "gemm", dtype: "f32", m: n, n, k: n, transposed: which },
      quick: n === 128,
      targets: [
        { of: SIMD, against: ["untransposed simd"], atLeast: 1 / 1.1 },
        { of: RELAXED, against: ["untransposed relaxed"], atLeast: 1 / 1.1 },
      ],
    };
  }),
);

function shape(group: string, m: number, n: number, k: number, targets: readonly Target[], more = {}): Row {
  const work: WorkOf<"gemm"> = { kind: "gemm", dtype: "f32", m, n, k };
  return { id: `gemm f32 (${m}, ${n}, ${k})`, group, work, quick: true, targets, ...more };
}

const noSlower = both({ against: WASM_PEERS, atLeast: 1 });
const streams = both({ against: ["streaming read"], atLeast: 0.8 });

const shapes: Row[] = [
  shape("training shapes", 4, 400, 2, noSlower),
  shape("training shapes", 128, 10_000, 64, noSlower),
  shape("training shapes", 1, 10_000, 128, noSlower),
  shape("training shapes", 128, 64, 10_000, noSlower),
  shape("training shapes", 128, 512, 784, noSlower),
  shape("matrix–vector", 4096, 1, 4096, streams, { id: "matrix · vector f32 4096" }),
  shape("matrix–vector", 1, 4096, 4096, streams, { id: "vector · matrix f32 4096" }),
];

const MILLION = 1_000_000;

const functions: Row[] = (["f32", "f64"] as const).flatMap((dtype) =>
  (["sigmoid", "tanh", "exp", "log"] as const).map((fn): Row => {
    const single = fn === "tanh" ? both({ against: TFJS, atLeast: 20 }) : faster(TFJS, 1.1, 1.4);
    return {
      id: `${fn} ${dtype} 10^6`,
      group: `functions ${dtype}`,
      work: { kind: "map", dtype, fn, n: MILLION },
      quick: true,
      targets: dtype === "f32" ? single : both({ against: PLAIN, atLeast: 3 }),
    };
  }),
);

const memcpy = both({ against: ["memcpy"], atLeast: 0.8 });

const passes: Row[] = [
  {
    id: "dot f32 10^6",
    group: "passes over memory",
    work: { kind: "dot", dtype: "f32", n: MILLION },
    quick: true,
    targets: [],
  },
  {
    id: "dot f64 10^6",
    group: "passes over memory",
    work: { kind: "dot", dtype: "f64", n: MILLION },
    quick: true,
    targets: [],
  },
  {
    id: "add (128, 100000) + (128, 1)",
    group: "passes over memory",
    work: { kind: "add", dtype: "f32", rows: 128, columns: 100_000 },
    quick: true,
    targets: memcpy,
  },
  {
    id: "sum (128, 100000) axis 0",
    group: "passes over memory",
    work: { kind: "sum", dtype: "f32", axis: 0, rows: 128, columns: 100_000 },
    quick: true,
    targets: memcpy,
  },
  {
    id: "sum (128, 100000) axis 1",
    group: "passes over memory",
    work: { kind: "sum", dtype: "f32", axis: 1, rows: 128, columns: 100_000 },
    quick: true,
    targets: memcpy,
  },
];

const logistic: Row[] = [
  ...(["rows", "columns"] as const).map(
    (samplesIn): Row => ({
      id: `logistic 10^6 × 32, samples in ${samplesIn}`,
      group: `logistic regression, samples in ${samplesIn}`,
      work: { kind: "logistic", dtype: "f32", n_x: 32, m: MILLION, samplesIn },
      quick: true,
      targets: faster(NUMPY, 1.05, 1.35),
    }),
  ),
  {
    id: "logistic fit 569 × 30, 1000 iterations",
    group: "logistic regression, a whole fit",
    work: { kind: "logistic-fit", n_x: 30, m: 569, iterations: 1000 },
    quick: true,
    targets: both({ against: ["ml-logistic-regression"], atLeast: 80 }),
  },
];

function network(n_x: number, n_1: number, m: number, targets: readonly Target[]): Row {
  const work: Work = { kind: "two-layer", dtype: "f32", n_x, n_1, m };
  return { id: `two-layer (${n_x}, ${n_1}, ${m})`, group: `network of ${n_x} inputs`, work, quick: true, targets };
}

const networks: Row[] = [
  network(2, 4, 400, [...both({ against: NUMPY, atLeast: 8 }), ...both({ against: TFJS, atLeast: 100 })]),
  network(64, 128, 10_000, [...faster(NUMPY, 1.2, 1.55), ...both({ against: TFJS, atLeast: 10 })]),
  network(784, 128, 10_000, faster(NUMPY, 0.5, 0.65)),
];

const overhead: Row[] = (["add", "matmul"] as const).map((operation) => ({
  id: `${operation} (2, 2)`,
  group: "operation overhead",
  work: { kind: "small", operation },
  quick: true,
  targets: [
    ...both({ atMost: 0.0004 }),
    ...both({ against: ["TensorFlow.js wasm", "TensorFlow.js cpu", "numpy-ts"], atLeast: 5 }),
  ],
}));

const start: Row[] = [
  {
    id: "import to first product",
    group: "start",
    work: { kind: "start" },
    quick: true,
    targets: [{ of: "fourlane", atMost: 8 }],
  },
  {
    id: "gzipped size",
    group: "size",
    work: { kind: "size" },
    quick: true,
    unit: "bytes",
    targets: [{ of: "fourlane", atMost: 40 * 1024 }],
  },
];

const memory: Row[] = ([0, 128] as const).flatMap((n_1) =>
  ([10_000, 1_000_000] as const).map((m) => ({
    id: `memory of a fit, ${n_1 === 0 ? "logistic" : "two-layer"}, m = ${m}`,
    group: "memory of a fit",
    work: { kind: "fit-memory", n_x: 32, n_1, m },
    quick: m === MILLION && n_1 === 0,
    unit: "bytes",
    targets: both({ atMost: 8 * 2 ** 20 }),
  })),
);

/** What is asked of these is a ratio between rows, which the report works out. */
const growth: Row[] = [3, 4, 5, 6, 7].map((power) => ({
  id: `logistic 10^${power} × 8`,
  group: "growth",
  work: { kind: "logistic", dtype: "f32", n_x: 8, m: 10 ** power, samplesIn: "columns" },
  quick: power === 3 || power === 6,
  targets: [],
}));

/** Two threads are measured against the better of `fit` and a fit in one worker. */
function twice(against: (build: string) => string[], atLeast: number): Target[] {
  return [SIMD, RELAXED].map((build) => ({ of: `${build}, 2 threads`, against: against(build), atLeast }));
}

const onOne = twice((build) => [build, `${build}, 1 thread`], 1.8);
const streamsOnTwo = twice(() => ["streaming read, 2 workers"], 1 / 1.35);

/** Enough for a median where the other core is somebody else's now and then. */
const ROUNDS = 15;

function threaded(id: string, group: string, of: WorkOf<"threaded">["of"], targets: readonly Target[]): Row {
  return { id, group: `threads: ${group}`, work: { kind: "threaded", of }, quick: false, rounds: ROUNDS, targets };
}

function threadedNetwork(n_x: number): Row {
  const of: WorkOf<"two-layer"> = { kind: "two-layer", dtype: "f32", n_x, n_1: 128, m: 10_000 };
  return threaded(`threads, two-layer (${n_x}, 128, 10000)`, `network of ${n_x} inputs`, of, onOne);
}

const threads: Row[] = [
  ...(["rows", "columns"] as const).map((samplesIn) =>
    threaded(
      `threads, logistic 10^6 × 32, samples in ${samplesIn}`,
      `logistic regression, samples in ${samplesIn}`,
      { kind: "logistic", dtype: "f32", n_x: 32, m: MILLION, samplesIn },
      streamsOnTwo,
    ),
  ),
  threadedNetwork(64),
  threadedNetwork(784),
  threaded("threads, gemm f32 1024", "product", { kind: "gemm", dtype: "f32", m: 1024, n: 1024, k: 1024 }, onOne),
  {
    id: "start of two workers",
    group: "threads: beside the training",
    work: { kind: "workers-start", workers: 2 },
    quick: false,
    targets: [],
  },
  {
    id: "a fit's time around its training, 10^6 × 32",
    group: "threads: beside the training",
    work: { kind: "around-training", n_x: 32, m: MILLION },
    quick: false,
    targets: [],
  },
];

/** A fit too small to gain from threads stays on one. */
const noWorse: Target[] = [SIMD, RELAXED].flatMap((build) =>
  ["in slices", "2 threads", "2 threads to be started"].map((how) => ({
    of: `${build}, ${how}`,
    against: [build],
    atLeast: 1 / 1.1,
  })),
);

/** Some 0.01, 0.1, 1, 10 and 100 milliseconds. */
const smallFits: Row[] = (
  [
    [4, 0, 100, 10],
    [2, 4, 400, 30],
    [30, 0, 569, 150],
    [64, 128, 2048, 5],
    [64, 128, 10_000, 10],
  ] as const
).map(([n_x, n_1, m, epochs]) => ({
  id: `fit of ${epochs} epochs, ${n_1 === 0 ? `logistic ${m} × ${n_x}` : `two-layer (${n_x}, ${n_1}, ${m})`}`,
  group: "threads: small fits",
  work: { kind: "small-fit", n_x, n_1, m, epochs },
  quick: false,
  rounds: ROUNDS,
  targets: noWorse,
}));

/** Every row, in the order of the report. */
export const rows: readonly Row[] = [
  ...products,
  ...transposed,
  ...shapes,
  ...functions,
  ...passes,
  ...logistic,
  ...networks,
  ...overhead,
  ...start,
  ...memory,
  ...growth,
  ...threads,
  ...smallFits,
];
