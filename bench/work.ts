/** The kinds of work that are measured, and how much arithmetic and memory traffic each one is. */

/** Type of the elements: 32-bit or 64-bit floating point. */
export type DType = "f32" | "f64";

/** C (m, n) = A (m, k) · B (k, n). A transposed operand lies in memory as its transpose. */
export interface Gemm {
  kind: "gemm";
  dtype: DType;
  m: number;
  n: number;
  k: number;
  transposed?: "a" | "b" | "both";
}

/** y = f(x) for n numbers. */
export interface Mapping {
  kind: "map";
  dtype: DType;
  fn: "sigmoid" | "tanh" | "exp" | "log";
  n: number;
}

/** The course's experiment: the dot product of two vectors of n numbers. */
export interface Dot {
  kind: "dot";
  dtype: DType;
  n: number;
}

/** (rows, columns) + (rows, 1), as a bias is added. */
export interface BroadcastAdd {
  kind: "add";
  dtype: DType;
  rows: number;
  columns: number;
}

/** Sum of a (rows, columns) matrix along an axis. */
export interface Sum {
  kind: "sum";
  dtype: DType;
  axis: 0 | 1;
  rows: number;
  columns: number;
}

/** One full-batch iteration of logistic regression: forward, cost, gradient, update. */
export interface Logistic {
  kind: "logistic";
  dtype: DType;
  n_x: number;
  m: number;
  /** What lies together in memory: all features of a sample (`rows`), or one feature of all samples (`columns`). */
  samplesIn: "rows" | "columns";
}

/** One full-batch iteration of the two-layer network with tanh: forward, cost, backward, update. */
export interface TwoLayer {
  kind: "two-layer";
  dtype: DType;
  n_x: number;
  n_1: number;
  m: number;
}

/** A whole training of logistic regression from plain typed arrays, conversions included. */
export interface LogisticFit {
  kind: "logistic-fit";
  n_x: number;
  m: number;
  iterations: number;
}

/** One operation on (2, 2) arrays through the public interface, its result made and given back. */
export interface Small {
  kind: "small";
  operation: "add" | "matmul";
}

/** From `import` to the first product of two 2 × 2 matrices, in a fresh process. */
export interface Start {
  kind: "start";
}

/** Bytes that a page downloads to begin with: everything the package exports, minified and gzipped, with its kernels. */
export interface Size {
  kind: "size";
}

/** Bytes that a fit takes beyond data and parameters. */
export interface FitMemory {
  kind: "fit-memory";
  n_x: number;
  /** Hidden units; 0 is logistic regression. */
  n_1: number;
  m: number;
}

/** The same work on one thread and on more, for how many times as fast they make it. */
export interface Threaded {
  kind: "threaded";
  of: Gemm | Logistic | TwoLayer;
}

/** A whole fit through `fit` and through `fitAsync`, which must not be the worse choice for small ones. */
export interface SmallFit {
  kind: "small-fit";
  n_x: number;
  /** Hidden units; 0 is logistic regression. */
  n_1: number;
  m: number;
  epochs: number;
}

/** What the first work in new workers takes longer than the next, the same work. */
export interface WorkersStart {
  kind: "workers-start";
  workers: number;
}

/** What a fit takes outside of its training: it looks for NaN in the data and, with threads, copies it. */
export interface AroundTraining {
  kind: "around-training";
  n_x: number;
  m: number;
}

/** A piece of work with its sizes. */
export type Work =
  | Gemm
  | Mapping
  | Dot
  | BroadcastAdd
  | Sum
  | Logistic
  | TwoLayer
  | LogisticFit
  | Small
  | Start
  | Size
  | FitMemory
  | Threaded
  | SmallFit
  | WorkersStart
  | AroundTraining;

/** Work of one kind. */
export type WorkOf<K extends Work["kind"]> = Extract<Work, { kind: K }>;

/** Bytes of one element. */
export function itemSize(dtype: DType): number {
  return dtype === "f32" ? 4 : 8;
}

/** Multiplications and additions of a piece of work whose limit is arithmetic; undefined for the others. */
export function flops(work: Work): number | undefined {
  switch (work.kind) {
    case "gemm":
      return 2 * work.m * work.n * work.k;
    case "two-layer":
      // W1·X, dZ1·Xᵀ and the output unit's three products; tanh, loss and sums are not counted.
      return 4 * work.n_1 * work.n_x * work.m + 6 * work.n_1 * work.m;
    case "threaded":
      return flops(work.of);
    default:
      return undefined;
  }
}

/** Bytes that must cross the memory bus at least once where the data is larger than the caches. */
export function traffic(work: Work): number | undefined {
  switch (work.kind) {
    case "gemm":
      return work.m === 1 || work.n === 1
        ? (work.m * work.k + work.k * work.n + work.m * work.n) * itemSize(work.dtype)
        : undefined;
    case "dot":
      return 2 * work.n * itemSize(work.dtype);
    case "map":
      return 2 * work.n * itemSize(work.dtype);
    case "add":
      return 2 * work.rows * work.columns * itemSize(work.dtype);
    case "sum":
      return work.rows * work.columns * itemSize(work.dtype);
    case "logistic":
      return (work.n_x + 1) * work.m * itemSize(work.dtype);
    case "around-training":
      return 2 * (work.n_x + 1) * work.m * itemSize("f32");
    case "threaded":
      return traffic(work.of);
    default:
      return undefined;
  }
}

/** Samples of one iteration, for time per sample; undefined for what has none. */
export function samples(work: Work): number | undefined {
  if (work.kind === "threaded") return samples(work.of);
  return work.kind === "logistic" || work.kind === "two-layer" ? work.m : undefined;
}
