/**
 * Measures power against better ones, as accuracy.ts does functions of one number: f32 against JavaScript's double
 * precision, f64 against pairs of doubles and against test/golden/power.json, computed in 60 digits.
 */
import { readFileSync } from "node:fs";
import { randomFrom, type Source } from "./data.ts";
import * as precise from "./double-double.ts";
import type { Instance } from "./load.ts";
import { type DType, ErrorSummary, ulp } from "./ulp.ts";

/** The published bounds of the error in ULP, for all builds. */
export const POWER_BOUND = { f32: 0.501, f64: 1.2 };
const CHUNK = 1 << 12;

/** Exponents of e between which results are measured: f32 to both ends, f64 where pairs keep their digits. */
const RESULTS = { f32: [-103, 88.7], f64: [-600, 709] } as const;

/** a^b in the kernel for up to 4096 pairs; a view that the next call overwrites. */
export function evaluatePower(
  kernel: Instance,
  dtype: DType,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Float32Array | Float64Array {
  const type = dtype === "f32" ? Float32Array : Float64Array;
  const n = a.length;
  const [x, y, out] = [0, 1, 2].map((i) => kernel.heapBase + 16 + 8 * CHUNK * i) as [number, number, number];
  new type(kernel.memory.buffer, x, n).set(a);
  new type(kernel.memory.buffer, y, n).set(b);
  kernel.call[`power_${dtype}`]!(1, n, x, n, 1, y, n, 1, out, n, 1);
  return new type(kernel.memory.buffer, out, n);
}

/** x of four kinds: ordinary, around 1, at the ends of the series' interval, of any magnitude. */
function base(kind: number, dtype: DType, random: Source): number {
  if (kind === 0) return 10 * random();
  if (kind === 1) return 1 + (random() - 0.5) * 10 ** (-12 * random());
  if (kind === 2) return (random() < 0.5 ? Math.SQRT2 : Math.SQRT1_2) * (1 + (random() - 0.5) / 64);
  return Math.exp((dtype === "f32" ? 85 : 600) * (2 * random() - 1));
}

/** Errors over `count` pairs whose results spread over all magnitudes, or for the first kind are ordinary. */
export function sweepPower(
  dtype: DType,
  kernels: Instance[],
  count: number,
  progress: (fraction: number) => void = () => {},
): ErrorSummary[] {
  const summaries = kernels.map(() => new ErrorSummary());
  const random = randomFrom(1);
  const [low, high] = RESULTS[dtype];
  const round = dtype === "f32" ? Math.fround : (x: number) => x;
  for (let start = 0; start < count; start += CHUNK) {
    const x: number[] = [];
    const y: number[] = [];
    while (x.length < CHUNK) {
      const kind = x.length % 4;
      const a = round(base(kind, dtype, random));
      const b = round(kind === 0 ? 20 * random() - 10 : (low + (high - low) * random()) / Math.log(a));
      const size = b * Math.log(a);
      if (a !== 1 && size >= low && size <= high) {
        x.push(a);
        y.push(b);
      }
    }
    const exact = x.map((a, i): precise.Pair => (dtype === "f32" ? [a ** y[i]!, 0] : precise.power(a, y[i]!)));
    kernels.forEach((kernel, k) => {
      const got = evaluatePower(kernel, dtype, x, y);
      exact.forEach(([whole, rest], i) => {
        summaries[k]!.add(Math.abs(got[i]! - whole - rest) / ulp(whole, dtype), x[i]!);
      });
    });
    progress(Math.min((start + CHUNK) / count, 1));
  }
  return summaries;
}

/** Rows [x, y, x^y rounded to double, (x^y − rounded)/ULP]. */
const golden: [x: number, y: number, rounded: number, rest: number][] = JSON.parse(
  readFileSync(new URL("../golden/power.json", import.meta.url), "utf8"),
);

/** Judges f64 on the golden points. */
export function judgeGoldenPower(kernel: Instance): ErrorSummary {
  const got = evaluatePower(
    kernel,
    "f64",
    golden.map(([x]) => x),
    golden.map(([, y]) => y),
  );
  const summary = new ErrorSummary();
  golden.forEach(([x, , rounded, rest], i) => {
    summary.add(Math.abs((got[i]! - rounded) / ulp(rounded, "f64") - rest), x);
  });
  return summary;
}
