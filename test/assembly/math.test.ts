/** The elementary functions: published error bounds, special values, reproducible bits. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { evaluate, judgeGolden, SCRATCH, sweep } from "./accuracy.ts";
import { functions } from "./functions.ts";
import { builds, instantiate } from "./load.ts";
import { type DType, neighbour } from "./ulp.ts";

const kernels = builds.map((build) => instantiate(build, SCRATCH));
const dtypes: DType[] = ["f32", "f64"];
// One in so many arguments of the full sweep in scripts/accuracy.ts, which docs/accuracy.md shows.
const SWEEP_STEP = { f32: 499, f64: 211 };

describe.each(functions)("$name", (measured) => {
  test.each(dtypes)("%s is within its published error bound in every build", (dtype) => {
    for (const [k, summary] of sweep(measured, dtype, kernels, SWEEP_STEP[dtype]).entries()) {
      expect(summary.worst, `${kernels[k]!.build} at ${summary.at}`).toBeLessThanOrEqual(measured.bound);
    }
  });

  test("f64 is within the bound where the golden file looks: thresholds, subnormal results, both ends", () => {
    for (const kernel of kernels) {
      const summary = judgeGolden(measured.name, kernel);
      expect(summary.worst, `${kernel.build} at ${summary.at}`).toBeLessThanOrEqual(measured.bound);
      expect(summary.count).toBeGreaterThan(900);
    }
  });
});

const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;
const MIN = { f32: 2 ** -149, f64: 2 ** -1074 };
const MAX = { f32: 3.4028234663852886e38, f64: Number.MAX_VALUE };

/** f(x) = y to the bit, for both dtypes unless one is named; the sign of zero counts. */
type SpecialValue = [name: string, x: number, y: number, only?: DType];
const specialValues: SpecialValue[] = [
  ["exp", 0, 1],
  ["exp", -0, 1],
  ["exp", INF, INF],
  ["exp", -INF, 0],
  ["exp", NAN, NAN],
  ["exp", 1e30, INF],
  ["exp", -1e30, 0],
  ["exp", MIN.f32, 1, "f32"],
  ["exp", -MIN.f64, 1, "f64"],
  ["exp", 88.72284, INF, "f32"], // log(2^128 − 2^103) = 88.722839…
  ["exp", 709.7827128933841, INF, "f64"], // above log(2^1024)
  ["exp", -103.9, MIN.f32, "f32"], // rounds to 2^-149 from log(2^-150) = -103.972 on
  ["exp", -103.98, 0, "f32"],
  ["exp", -745.13, MIN.f64, "f64"], // log(2^-1075) = -745.1332
  ["exp", -745.14, 0, "f64"],
  ["log", 0, -INF],
  ["log", -0, -INF],
  ["log", 1, 0],
  ["log", -1, NAN],
  ["log", -INF, NAN],
  ["log", INF, INF],
  ["log", NAN, NAN],
  ["log", -MIN.f32, NAN, "f32"],
  ["log", -MIN.f64, NAN, "f64"],
  ["log", MIN.f32, Math.fround(-149 * Math.LN2), "f32"],
  ["log", MIN.f64, -744.4400719213812, "f64"],
  ["log", MAX.f32, Math.fround(128 * Math.LN2), "f32"],
  ["log", MAX.f64, 709.782712893384, "f64"],
  ["sigmoid", 0, 0.5],
  ["sigmoid", -0, 0.5],
  ["sigmoid", INF, 1],
  ["sigmoid", -INF, 0],
  ["sigmoid", NAN, NAN],
  ["sigmoid", 104, 1],
  ["sigmoid", -104, 0, "f32"],
  ["sigmoid", -103.9, MIN.f32, "f32"],
  ["sigmoid", -745.13, MIN.f64, "f64"],
  ["sigmoid", -745.14, 0, "f64"],
  ["sigmoid_derivative", 0, 0.25],
  ["sigmoid_derivative", INF, 0],
  ["sigmoid_derivative", -INF, 0],
  ["sigmoid_derivative", NAN, NAN],
  ["sigmoid_derivative", 103.9, MIN.f32, "f32"],
  ["sigmoid_derivative", -745.13, MIN.f64, "f64"],
  ["tanh", 0, 0],
  ["tanh", -0, -0],
  ["tanh", INF, 1],
  ["tanh", -INF, -1],
  ["tanh", NAN, NAN],
  ["tanh", 1e30, 1],
  ["tanh", -19.5, -1],
  ["tanh", MIN.f32, MIN.f32, "f32"],
  ["tanh", -MIN.f32, -MIN.f32, "f32"],
  ["tanh", MIN.f64, MIN.f64, "f64"],
  ["tanh", -MIN.f64, -MIN.f64, "f64"],
  ["tanh_derivative", 0, 1],
  ["tanh_derivative", INF, 0],
  ["tanh_derivative", -INF, 0],
  ["tanh_derivative", NAN, NAN],
  ["tanh_derivative", MAX.f32, 0],
  ["tanh_derivative", -MAX.f64, 0, "f64"],
  ["loss", 0, Math.fround(Math.LN2), "f32"],
  ["loss", 0, Math.LN2, "f64"],
  ["loss", NAN, NAN],
  ["loss", 1000, 0],
  ["loss", -1000, 1000],
  ["loss", 103.9, MIN.f32, "f32"],
  ["loss", 745.13, MIN.f64, "f64"],
  ["loss", -MAX.f32, MAX.f32],
];

const show = (x: number) => (Object.is(x, -0) ? "−0" : String(x));

describe("special values", () => {
  const rows = specialValues.map(([name, x, y, only]) => ({
    claim: `${name}(${show(x)}) is ${show(y)} in ${only ?? "both dtypes"}`,
    name,
    x,
    y,
    only: only ? [only] : dtypes,
  }));
  test.each(rows)("$claim", ({ name, x, y, only }) => {
    for (const kernel of kernels) {
      for (const dtype of only) {
        // In every lane, both in whole vectors and in the tail.
        for (const got of evaluate(kernel, name, dtype, Array(7).fill(x))) {
          expect(got, `${kernel.build} ${dtype}`).toBe(y);
        }
      }
    }
  });

  test.each(dtypes)("exp overflows to infinity right after its largest finite result (%s)", (dtype) => {
    const x = dtype === "f32" ? 88.72283172607422 : 709.782712893384;
    for (const kernel of kernels) {
      const [largest, next] = evaluate(kernel, "exp", dtype, [x, neighbour(x, 1, dtype)]);
      expect(largest! / MAX[dtype]).toBeCloseTo(1, 4);
      expect(next).toBe(INF);
    }
  });
});

/**
 * SHA-256 of the results at 131 072 arguments. The simd build promises the same bits on every host, and every
 * trained weight hangs on them: whoever changes these numbers changes every model.
 */
const fingerprints: [name: string, f32: string, f64: string][] = [
  ["exp", "ba3e47570505d00d", "07e7195ab07bb091"],
  ["log", "9d3dca270845b458", "440a320e855ee0a1"],
  ["sigmoid", "2168a66a49f19000", "62e318a976314607"],
  ["sigmoid_derivative", "94564d086b6b686a", "380d8008e18a052a"],
  ["tanh", "0084d698ffc4e63c", "e5062001c4124bcb"],
  ["tanh_derivative", "c121b6ec258d2388", "cb50b44c092cfdcd"],
];

describe("fingerprints", () => {
  // The fractions of the multiples of the golden ratio are spread evenly; half of them around 0, half up to ±64.
  const batches = Array.from({ length: 16 }, (_, batch) =>
    Array.from({ length: 8192 }, (_, i) => {
      const fraction = ((8192 * batch + i) * 0.6180339887498949) % 1;
      return (fraction - 0.5) * (i & 1 ? 4 : 128);
    }),
  );
  test.each(fingerprints)("%s has the same bits as ever without fused multiply-add", (name, f32, f64) => {
    for (const kernel of kernels.filter(({ build }) => build !== "relaxed")) {
      const digests = dtypes.map((dtype) => {
        const hash = createHash("sha256");
        for (const x of batches) {
          const y = evaluate(kernel, name, dtype, name === "log" ? x.map(Math.abs) : x);
          hash.update(new Uint8Array(y.buffer, y.byteOffset, y.byteLength));
        }
        return hash.digest("hex").slice(0, 16);
      });
      // The plain kernel computes f32 in double precision: test/plain says what comes of it.
      expect(digests, kernel.build).toEqual([kernel.build === "plain" ? digests[0] : f32, f64]);
    }
  });
});
