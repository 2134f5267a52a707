/** power: its published error bound, whole results, special values, reproducible bits. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectSame } from "../compare.ts";
import { randomFrom } from "./data.ts";
import { builds, instantiate } from "./load.ts";
import { evaluatePower, judgeGoldenPower, POWER_BOUND, sweepPower } from "./power-accuracy.ts";
import type { DType } from "./ulp.ts";

const kernels = builds.map((build) => instantiate(build, 1 << 17));
const dtypes: DType[] = ["f32", "f64"];

test.each(dtypes)("%s is within its published error bound in every build", (dtype) => {
  for (const [k, summary] of sweepPower(dtype, kernels, dtype === "f32" ? 1 << 18 : 1 << 15).entries()) {
    expect(summary.worst, `${kernels[k]!.build} at ${summary.at}`).toBeLessThanOrEqual(POWER_BOUND[dtype]);
  }
});

test("f64 is within the bound where the golden file looks: every kind of x, subnormal results, both ends", () => {
  for (const kernel of kernels) {
    const summary = judgeGoldenPower(kernel);
    expect(summary.worst, `${kernel.build} at ${summary.at}`).toBeLessThanOrEqual(POWER_BOUND.f64);
    expect(summary.count).toBeGreaterThan(900);
  }
});

test.each(dtypes)("whole bases to whole powers are exact where %s holds them", (dtype) => {
  const most = dtype === "f32" ? 2 ** 24 : 2 ** 53;
  const a: number[] = [];
  const b: number[] = [];
  const want: number[] = [];
  for (let x = -120; x <= 120; x++) {
    for (let y = 0, z = 1; y < 64 && Math.abs(z) <= most; y++, z *= x) {
      a.push(x);
      b.push(y);
      want.push(z === 0 ? 0 : z);
    }
  }
  for (const kernel of kernels) {
    for (let i = 0; i < a.length; i += 4096) {
      const part = [a, b, want].map((all) => all.slice(i, i + 4096)) as [number[], number[], number[]];
      expectSame(evaluatePower(kernel, dtype, part[0], part[1]), part[2], `${kernel.build} ${dtype}`);
    }
  }
});

const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;
// The table of C's pow (C23, F.10.4.4), as far as an operand is special.
const special: [a: number, b: number, c: number][] = [
  [0, 0, 1],
  [NAN, 0, 1],
  [INF, -0, 1],
  [1, NAN, 1],
  [1, INF, 1],
  [-1, INF, 1],
  [-1, -INF, 1],
  [NAN, 2, NAN],
  [2, NAN, NAN],
  [0, NAN, NAN],
  [INF, NAN, NAN],
  [-8, 1 / 3, NAN],
  [-2, 3, -8],
  [-2, -1, -0.5],
  [-2, 4, 16],
  [0, 3, 0],
  [-0, 3, -0],
  [-0, 2, 0],
  [-0, 0.5, 0],
  [0, -3, INF],
  [-0, -3, -INF],
  [-0, -2, INF],
  [-0, -0.5, INF],
  [0, 1e-30, 0],
  [0, INF, 0],
  [0, -INF, INF],
  [0.5, INF, 0],
  [0.5, -INF, INF],
  [-0.5, INF, 0],
  [2, INF, INF],
  [-2, -INF, 0],
  [INF, 0.5, INF],
  [INF, 1e-30, INF],
  [INF, -2, 0],
  [-INF, 3, -INF],
  [-INF, 2, INF],
  [-INF, 0.5, INF],
  [-INF, -3, -0],
  [-INF, -2, 0],
  [INF, INF, INF],
  [INF, -INF, 0],
  [2, 1e30, INF],
  [2, -1e30, 0],
  [-3, 1e30, INF],
  [4, 0.5, 2],
  [2, -149, 2 ** -149],
  [2, 127, 2 ** 127],
];

test.each(dtypes)("special operands give what C's pow gives in %s, in every lane and in the tail", (dtype) => {
  for (const kernel of kernels) {
    for (const [a, b, c] of special) {
      const got = evaluatePower(kernel, dtype, Array(7).fill(a), Array(7).fill(b));
      expectSame(got, Array(7).fill(c), `${a}^${b} on ${kernel.build}`);
    }
  }
});

describe("f64", () => {
  test.each([
    [5e-324, 0.5, 2 ** -537],
    [2, -1074, 5e-324],
    [2, -1076, 0],
    [2, 1023, 2 ** 1023],
    [2, 1024, INF],
    [-2, 9007199254740991, -INF],
    [-2, 9007199254740992, INF],
    [1 - 2 ** -53, -(2 ** 63), INF],
  ])("%d^%d is %d", (a, b, c) => {
    for (const kernel of kernels) expectSame(evaluatePower(kernel, "f64", [a], [b]), [c], kernel.build);
  });
});

test("has the same bits as ever without fused multiply-add", () => {
  const random = randomFrom(5);
  const a = Array.from({ length: 4096 }, () => 10 * random());
  const b = Array.from({ length: 4096 }, () => 40 * random() - 20);
  for (const kernel of kernels.filter(({ build }) => build !== "relaxed")) {
    const digests = dtypes.map((dtype) => {
      const z = evaluatePower(kernel, dtype, a, b);
      const hash = createHash("sha256").update(new Uint8Array(z.buffer, z.byteOffset, z.byteLength));
      return hash.digest("hex").slice(0, 16);
    });
    expect(digests, kernel.build).toEqual(["bfb1e76e0c926997", "bcdf0f89c1fa3352"]);
  }
});
