/**
 * Options that must not compile. Each comment names what the compiler has to complain about; test/types.test.ts sees that it
 * does, and that no type of options is missing. Nothing here runs.
 */
import * as graph from "../../src/graph.ts";
import {
  type AsyncOptions,
  type AxisOptions,
  add,
  allClose,
  arange,
  argmax,
  array,
  concatenate,
  configure,
  type EarlyStopping,
  equal,
  full,
  LogisticRegression,
  linspace,
  matmul,
  matmulAsync,
  max,
  mean,
  min,
  ones,
  power,
  Random,
  square,
  sum,
  type TotalOptions,
  TwoLayerNetwork,
  tanh,
  trainTestSplit,
  where,
  zeros,
} from "../../src/index.ts";
import { readNpy, readNpz, writeNpz } from "../../src/npy.ts";

const a = array([[1, 2]]);
const bytes = new Uint8Array();
const model = new LogisticRegression();
const network = new TwoLayerNetwork();
const random = new Random(1);

// ---- names that do not exist ----

// @ts-expect-error learningrate
new LogisticRegression({ learningrate: 0.1 });
// @ts-expect-error hidden
new LogisticRegression({ hidden: 4 });
// @ts-expect-error c
new LogisticRegression({ initialization: { w: [[0]], b: 0, c: 1 } });
// @ts-expect-error hiddenUnits
new TwoLayerNetwork({ hiddenUnits: 4 });
// @ts-expect-error w
new TwoLayerNetwork({ initialization: { W1: a, b1: a, W2: a, b2: a, w: a } });
// @ts-expect-error threads
model.fit(a, a, { threads: 2 });
// @ts-expect-error wait
model.fit(a, a, { earlyStopping: { validation: [a, a], wait: 5 } });
// @ts-expect-error thread
model.fitAsync(a, a, { thread: 2 });
// @ts-expect-error onEpoch
model.epochs(a, a, { onEpoch: () => true });
// @ts-expect-error threads
model.fitStream(() => [], { threads: 2 });
// @ts-expect-error batchSize
network.fit(a, a, { batchSize: 2 });
// @ts-expect-error epochs
network.fitAsync(a, a, { epochs: 2 });
// @ts-expect-error earlyStopping
network.fitStream(() => [], { earlyStopping: { validation: [a, a] } });
// @ts-expect-error seed
network.initialize(2, { seed: 1 });
// @ts-expect-error type
array([1], { type: "f64" });
// @ts-expect-error type
array([1], { dtype: "f64", type: "f64" });
// @ts-expect-error order
array(new Float64Array(4), { order: "F" });
// @ts-expect-error shape
zeros([2], { shape: [2] });
// @ts-expect-error type
ones([2], { type: "f64" });
// @ts-expect-error type
full([2], 1, { type: "f64" });
// @ts-expect-error endPoint
linspace(0, 1, 5, { endPoint: false });
// @ts-expect-error endpoint
arange(0, 1, 0.5, { endpoint: false });
// @ts-expect-error min
random.uniform([2], { min: 0 });
// @ts-expect-error sd
random.normal([2], { sd: 1 });
// @ts-expect-error keepdims
sum(a, { axis: 0, keepdims: true });
// @ts-expect-error dim
mean(a, { dim: 0 });
// @ts-expect-error keepdims
max(a, { keepdims: true });
// @ts-expect-error dtype
min(a, { axis: 0, dtype: "f64" });
// @ts-expect-error out
argmax(a, { axis: 0, out: a });
// @ts-expect-error output
add(a, a, { output: a });
// @ts-expect-error dtype
matmul(a, a, { dtype: "f64" });
// @ts-expect-error inPlace
tanh(a, { inPlace: true });
// @ts-expect-error axis
equal(a, a, { axis: 0 });
// @ts-expect-error to
where(a, a, a, { to: a });
// @ts-expect-error to
square(a, { to: a });
// @ts-expect-error to
power(a, 2, { to: a });
// @ts-expect-error dim
concatenate([a, a], { dim: 1 });
// @ts-expect-error tolerance
allClose(a, a, { tolerance: 1e-3 });
// @ts-expect-error onEpoch
matmulAsync(a, a, { onEpoch: () => true });
// @ts-expect-error test
trainTestSplit(a, a, { test: 0.2 });
// @ts-expect-error simd
configure({ simd: true });
// @ts-expect-error progress
({ progress: 50 }) satisfies AsyncOptions;
// @ts-expect-error axes
({ axis: 0, axes: [0] }) satisfies AxisOptions;
// @ts-expect-error keep
({ keep: true }) satisfies TotalOptions;
// @ts-expect-error best
({ validation: [a, a], best: true }) satisfies EarlyStopping;
// @ts-expect-error requiresGrad
graph.variable(1, { requiresGrad: true });
// @ts-expect-error keepdims
graph.sum(a, { axis: 0, keepdims: true });
// @ts-expect-error out
graph.concatenate([a], { out: a });
// @ts-expect-error epsilon
graph.checkGradients((x) => x, [1], { epsilon: 1e-5 });
// @ts-expect-error mmap
readNpy(bytes, { mmap: true });
// @ts-expect-error maxbytes
readNpz(bytes, { maxbytes: 1 });
// @ts-expect-error level
writeNpz({ a }, { level: 9 });

// ---- values of another kind ----

// @ts-expect-error learningRate
new LogisticRegression({ learningRate: "0.1" });
// @ts-expect-error initialization
new LogisticRegression({ initialization: "xavier" });
// @ts-expect-error dtype
new LogisticRegression({ dtype: "float32" });
// @ts-expect-error activation
new TwoLayerNetwork({ activation: "gelu" });
// @ts-expect-error initialization
new TwoLayerNetwork({ initialization: { W1: a, b1: a, W2: a } });
// @ts-expect-error hidden
new TwoLayerNetwork({ hidden: [4] });
// @ts-expect-error validation
model.fit(a, a, { earlyStopping: { validation: a } });
// @ts-expect-error onAbort
model.fitAsync(a, a, { onAbort: "discard" });
// @ts-expect-error threads
model.fitAsync(a, a, { threads: "all" });
// @ts-expect-error epochs
model.fitStream(() => [], { epochs: "3" });
// @ts-expect-error dtype
array([1], { dtype: "i32" });
// @ts-expect-error axis
sum(a, { axis: [0, 1] });
// @ts-expect-error axis
concatenate([a], { axis: "rows" });
// @ts-expect-error stratify
trainTestSplit(a, a, { stratify: a });
// @ts-expect-error build
configure({ build: "debug" });
// @ts-expect-error name
graph.variable(1, { name: 1 });
// @ts-expect-error dtype
readNpy(bytes, { dtype: "f16" });
// @ts-expect-error compress
writeNpz({ a }, { compress: 9 });
