/** Products in workers, or in slices. */
import type { FitAsyncOptions } from "../fit-options.ts";
import type { empty, NDArray } from "../ndarray.ts";
import type { matmul } from "../operations.ts";
import { itemSize } from "../strided.ts";
import { multiply as multiplyInTeam } from "../threads/run.ts";
import { Slices } from "./driving.ts";
import { type Filled, filled } from "./options.ts";
import { matrixOf, place } from "./placement.ts";

/** Options of a product. */
type ProductOptions = Pick<FitAsyncOptions, "threads" | "signal" | "sliceMs">;

/** What is to be multiplied, and with what: this module makes no arrays itself. */
export interface Product {
  who: string;
  a: NDArray;
  b: NDArray;
  options: ProductOptions;
  /** Address of the workers' script, if `configure` was given one. */
  script: string | undefined;
  empty: typeof empty;
  matmul: typeof matmul;
}

/** Multiplications and additions that one thread gets through in a millisecond, roughly. */
const PER_MILLISECOND = 2e7;

/** a·b, wherever it can be computed. */
export async function multiply(product: Product): Promise<NDArray> {
  const { who, a, b, script, empty } = product;
  const options = filled(who, product.options);
  const { threads, signal, sliceMs } = options;
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  const { runtime, dtype } = a;
  const { kind } = place({
    runtime,
    script,
    threads,
    parts: Math.ceil(Math.max(m, n) / ROWS),
    parallel: (m * n * k) / PER_MILLISECOND,
    serial: 0,
    bytes: (m * k + k * n + m * n) * itemSize(dtype),
    // One product is over before workers have started, but those who multiply once multiply again.
    once: false,
  });
  if (!kind || kind.size === 1) return inSlices(product, options);
  let c: NDArray | undefined;
  const result = await multiplyInTeam({
    ...{ kind, who, dtype, a: matrixOf(a), b: matrixOf(b), sliceMs, signal },
    read(values) {
      c = empty([m, n], dtype, who, runtime);
      c.data.set(values);
    },
  });
  if (result.type === "aborted") throw signal!.reason;
  return c ?? inSlices(product, options);
}

/** Rows and columns of C that are computed between two breaths; smaller ones would pack the operands too often. */
const ROWS = 120;
const COLUMNS = 256;

async function inSlices({ who, a, b, empty, matmul }: Product, { signal, sliceMs }: Filled): Promise<NDArray> {
  const m = a.shape[0]!;
  const n = b.shape[1]!;
  const slices = new Slices(sliceMs);
  const c = empty([m, n], a.dtype, who, a.runtime);
  try {
    for (let i = 0; i < m; i += ROWS) {
      const rows = a.rows(i, Math.min(i + ROWS, m));
      for (let j = 0; j < n; j += COLUMNS) {
        const end = Math.min(j + COLUMNS, n);
        matmul(rows, b.columns(j, end), { out: c.rows(i, Math.min(i + ROWS, m)).columns(j, end) });
        const breath = slices.next();
        if (!breath) continue;
        await breath;
        signal?.throwIfAborted();
      }
    }
    return c;
  } catch (error) {
    c.free();
    throw error;
  }
}
