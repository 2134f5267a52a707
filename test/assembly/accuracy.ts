/**
 * Measures the kernel's elementary functions against better ones.
 *
 * f32 is compared with JavaScript's double-precision Math, whose own error of about one double ULP is
 * 2·10⁻⁹ of an f32 ULP; f64 with pairs of doubles (double-double.ts) and with test/golden/functions.json,
 * which test/golden/functions.py computed in 60 digits.
 */
import { readFileSync } from "node:fs";
import type { Measured } from "./functions.ts";
import type { Instance } from "./load.ts";
import { bitsF32, type DType, ErrorSummary, ulp, upperBitsF64 } from "./ulp.ts";

/** How many numbers one call takes, and the bytes above the heap base that needs. */
const CHUNK = 1 << 13;
export const SCRATCH = 16 + 16 * CHUNK;

/** out = f(x) in the kernel: `count` numbers at addresses x and out. */
function apply(kernel: Instance, name: string, dtype: DType, count: number, x: number, out: number): void {
  if (name !== "loss") {
    kernel.call[`${name}_${dtype}`]!(1, count, x, count, 1, out, count, 1);
    return;
  }
  // cross_entropy returns the sum, so a call for each.
  const type = dtype === "f32" ? Float32Array : Float64Array;
  const label = kernel.heapBase;
  new type(kernel.memory.buffer, label, 1)[0] = 1;
  const results = new type(kernel.memory.buffer, out, count);
  const crossEntropy = kernel.call[`cross_entropy_${dtype}`]!;
  for (let i = 0; i < count; i++) {
    results[i] = crossEntropy(1, x + i * results.BYTES_PER_ELEMENT, 1, label, 1, 0, 0, label + 8, 1);
  }
}

/** f(x) in the kernel for up to CHUNK arguments; a view that the next call overwrites. */
export function evaluate(
  kernel: Instance,
  name: string,
  dtype: DType,
  x: ArrayLike<number>,
): Float32Array | Float64Array {
  const type = dtype === "f32" ? Float32Array : Float64Array;
  const at = kernel.heapBase + 16; // below lie the label and the derivative of `loss`
  const out = at + type.BYTES_PER_ELEMENT * x.length;
  new type(kernel.memory.buffer, at, x.length).set(x);
  apply(kernel, name, dtype, x.length, at, out);
  return new type(kernel.memory.buffer, out, x.length);
}

// Below these arguments every function but log is the first terms of its Taylor series: few points do.
export const SPARSE_BELOW = { f32: 2 ** -20, f64: 2 ** -12 };
export const SPARSE = 64;
// Pairs of doubles lose their lower half before the double itself becomes subnormal.
const SMALLEST = { f32: 2 ** -149, f64: 2 ** -900 };

/** Bit patterns from … to, every `step`-th: of whole f32 numbers, or of the upper halves of f64 numbers. */
type Range = [from: number, to: number, step: number, negative: boolean];

function rangesOf({ name, ...measured }: Measured, dtype: DType, step: number): Range[] {
  const bits = dtype === "f32" ? bitsF32 : upperBitsF64;
  const smallest = bits(SMALLEST[dtype]);
  const [low, high] = measured[dtype];
  const sparse = SPARSE * step + 1;
  if (name === "log") {
    // In double precision the exponents are many, and log is only hard around 1.
    if (dtype === "f32") return [[smallest, bits(high), step, false]];
    return [
      [smallest, bits(high), sparse, false],
      [bits(0.5), bits(2), step, false],
    ];
  }
  const dense = bits(SPARSE_BELOW[dtype]);
  return [high, low].flatMap((end) => [
    [smallest, dense, sparse, end < 0] satisfies Range,
    [dense, bits(end), step, end < 0] satisfies Range,
  ]);
}

/** Sweeps a function in several kernels at once through every `step`-th argument. */
export function sweep(
  measured: Measured,
  dtype: DType,
  kernels: Instance[],
  step: number,
  progress: (fraction: number) => void = () => {},
): ErrorSummary[] {
  const summaries = kernels.map(() => new ErrorSummary());
  const ranges = rangesOf(measured, dtype, step);
  const total = ranges.reduce((sum, [from, to, by]) => sum + (to - from) / by, 0);
  let done = 0;
  for (const [from, to, by, negative] of ranges) {
    for (let start = from; start <= to; start += by * CHUNK) {
      const count = Math.min(CHUNK, Math.floor((to - start) / by) + 1);
      const x = argumentsFrom(dtype, count, start, by, negative);
      const exact = exactValues(measured, dtype, x);
      for (const [k, summary] of summaries.entries()) {
        judge(x, evaluate(kernels[k]!, measured.name, dtype, x), exact, summary);
      }
      done += count;
      progress(done / total);
    }
  }
  return summaries;
}

function argumentsFrom(dtype: DType, count: number, start: number, by: number, negative: boolean) {
  const sign = negative ? 0x80000000 : 0;
  const words = new Uint32Array(dtype === "f32" ? count : 2 * count);
  if (dtype === "f32") {
    for (let i = 0; i < count; i++) words[i] = (start + i * by) | sign;
    return new Float32Array(words.buffer);
  }
  for (let i = 0; i < count; i++) {
    words[2 * i] = Math.imul(start + i, 0x9e3779b9); // the lower half scatters: 2^32 over the golden ratio
    words[2 * i + 1] = (start + i * by) | sign;
  }
  return new Float64Array(words.buffer);
}

/** The exact values as high + low, and an ULP of each. */
type Exact = { high: Float64Array; low: Float64Array; unit: Float64Array };

function exactValues({ double, pair }: Measured, dtype: DType, x: Float32Array | Float64Array): Exact {
  const [high, low, unit] = [0, 0, 0].map(() => new Float64Array(x.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < x.length; i++) {
    if (dtype === "f32") high[i] = double(x[i]!);
    else [high[i], low[i]] = pair(x[i]!);
    unit[i] = ulp(high[i]!, dtype);
  }
  return { high, low, unit };
}

function judge(x: ArrayLike<number>, got: ArrayLike<number>, { high, low, unit }: Exact, into: ErrorSummary): void {
  for (let i = 0; i < x.length; i++) into.add(Math.abs(got[i]! - high[i]! - low[i]!) / unit[i]!, x[i]!);
}

/** Rows [x, f(x) rounded to double, (f(x) − rounded)/ULP] by function. */
export const golden = JSON.parse(
  readFileSync(new URL("../golden/functions.json", import.meta.url), "utf8"),
) as Record<string, [x: number, rounded: number, rest: number][]>;

/** Judges f64 on the golden points. */
export function judgeGolden(name: string, kernel: Instance): ErrorSummary {
  const rows = golden[name]!;
  const got = evaluate(
    kernel,
    name,
    "f64",
    rows.map(([x]) => x),
  );
  const summary = new ErrorSummary();
  for (const [i, [x, rounded, rest]] of rows.entries()) {
    summary.add(Math.abs((got[i]! - rounded) / ulp(rounded, "f64") - rest), x);
  }
  return summary;
}
