/** The elementary functions give the same bits wherever an element lies, and mirrored where mathematics says so. */
import { describe, expect, test } from "vitest";
import { rounded } from "../compare.ts";
import { evaluate, SCRATCH } from "./accuracy.ts";
import { functions } from "./functions.ts";
import { builds, type Instance, instantiate } from "./load.ts";
import type { DType } from "./ulp.ts";

const kernels = builds.map((build) => instantiate(build, SCRATCH));
const dtypes: DType[] = ["f32", "f64"];
const typeOf = { f32: Float32Array, f64: Float64Array };

/** Arguments around every branch of every function, of both signs, not a multiple of the lanes. */
const samples: number[] = [
  0.41421,
  0.5,
  0.625,
  Math.SQRT1_2,
  0.881,
  1,
  Math.SQRT2,
  2,
  9.9,
  19,
  30,
  88,
  104,
  700,
  745,
  1e-30,
]
  .flatMap((x) => [x, -x, x * (1 + 2 ** -20), 0.33 * x])
  .concat(Number.NaN, Number.POSITIVE_INFINITY, 0);

/** The bits of an array as text, with one pattern for all NaNs. */
const hex = (values: Float32Array | Float64Array): string =>
  Buffer.from(Float64Array.from(values, (x) => (Number.isNaN(x) ? Number.NaN : x)).buffer).toString("hex");

describe.each(functions.filter(({ name }) => name !== "loss"))("the bits of $name do not depend on", ({ name }) => {
  const cases = kernels.flatMap((kernel) => dtypes.map((dtype) => ({ kernel, dtype, build: kernel.build })));

  test.each(cases)("the lane or the tail ($build $dtype)", ({ kernel, dtype }) => {
    const expected = evaluate(kernel, name, dtype, samples).slice();
    for (let from = 0; from < 9; from++) {
      for (let to = from; to <= 12; to++) {
        expect(hex(evaluate(kernel, name, dtype, samples.slice(from, to)))).toBe(hex(expected.slice(from, to)));
      }
    }
    const alone = samples.map((x) => evaluate(kernel, name, dtype, [x])[0]!);
    expect(hex(typeOf[dtype].from(alone))).toBe(hex(expected));
  });

  test.each(cases)("strides, alignment or being in place ($build $dtype)", ({ kernel, dtype }) => {
    const expected = hex(evaluate(kernel, name, dtype, samples));
    const type = typeOf[dtype];
    const size = type.BYTES_PER_ELEMENT;
    const n = samples.length;
    for (const [x_s, out_s] of [
      [3, 1],
      [1, 2],
      [2, 3],
      [1, 1],
    ] as const) {
      const x = kernel.heapBase + size;
      const out = x_s === out_s ? x : x + size * n * x_s;
      const input = new type(kernel.memory.buffer, x, n * x_s);
      for (const [i, value] of samples.entries()) input[i * x_s] = value;
      kernel.call[`${name}_${dtype}`]!(1, n, x, n * x_s, x_s, out, n * out_s, out_s);
      const output = new type(kernel.memory.buffer, out, n * out_s);
      expect(hex(output.filter((_, i) => i % out_s === 0))).toBe(expected);
    }
  });
});

describe.each(dtypes)("the %s loss", (dtype) => {
  const type = typeOf[dtype];
  /** Σ loss and the derivatives, the arrays `stride` apart. */
  function crossEntropy(kernel: Instance, z: number[], y: number[], stride: number) {
    const [zs, ys, dzs] = [0, 1, 2].map(
      (k) => new type(kernel.memory.buffer, kernel.heapBase + 8 * k * z.length * stride, z.length * stride),
    ) as [Float32Array, Float32Array, Float32Array];
    for (const [i, value] of z.entries()) zs[i * stride] = value;
    for (const [i, value] of y.entries()) ys[i * stride] = value;
    const at = (array: Float32Array) => [array.byteOffset, stride] as const;
    const sum = kernel.call[`cross_entropy_${dtype}`]!(z.length, ...at(zs), ...at(ys), 0, 0, ...at(dzs));
    return { sum, dz: z.map((_, i) => dzs[i * stride]!) };
  }

  test("is the same to the bit in every lane, in the tail and at every stride", () => {
    const z = samples.filter((x) => Math.abs(x) < 1e3);
    for (const kernel of kernels) {
      const expected = evaluate(kernel, "loss", dtype, z).slice();
      for (const [i, value] of z.entries()) {
        const length = 1 + (i % 7);
        const place = i % length;
        // A sure and right prediction costs nothing, so the sum is the one loss.
        const logits = Array.from({ length }, (_, j) => (j === place ? value : 2000));
        for (const stride of [1, 2]) {
          const { sum } = crossEntropy(kernel, logits, Array(length).fill(1), stride);
          // The plain kernel adds in double precision.
          expect(rounded(dtype, sum)).toBe(expected[i]);
        }
      }
    }
  });

  test("of (z, 0) is that of (−z, 1), and so are the derivatives but for the sign", () => {
    for (const kernel of kernels) {
      for (const z of samples.filter((x) => Math.abs(x) < 1e3)) {
        const one = crossEntropy(kernel, [z], [1], 1);
        const zero = crossEntropy(kernel, [-z], [0], 1);
        expect(zero.sum).toBe(one.sum);
        // σ(z) − 1 is rounded once more than σ(−z).
        expect(Math.abs(zero.dz[0]! + one.dz[0]!)).toBeLessThanOrEqual(dtype === "f32" ? 2 ** -23 : 2 ** -52);
      }
    }
  });
});

describe("symmetry to the bit", () => {
  const x = samples.filter((value) => !Number.isNaN(value));
  const mirrored = x.map((value) => -value);
  test.each(dtypes)("tanh is odd and the derivatives are even (%s)", (dtype) => {
    for (const kernel of kernels) {
      const negated = evaluate(kernel, "tanh", dtype, x).map((y) => -y);
      expect(hex(evaluate(kernel, "tanh", dtype, mirrored))).toBe(hex(negated));
      for (const name of ["sigmoid_derivative", "tanh_derivative"]) {
        expect(hex(evaluate(kernel, name, dtype, mirrored))).toBe(hex(evaluate(kernel, name, dtype, x)));
      }
    }
  });
});

test.each(kernels.map(({ build }) => build))(
  "an array that outgrows the caches may end where memory ends (%s)",
  (build) => {
    const n = 2 ** 20 + 7;
    const kernel = instantiate(build, 4 * n);
    const x = kernel.memory.buffer.byteLength - 4 * n;
    const numbers = new Float32Array(kernel.memory.buffer, x, n);
    for (const i of numbers.keys()) numbers[i] = samples[i % samples.length]!;
    const expected = evaluate(kernels.find((other) => other.build === build)!, "exp", "f32", samples).slice();
    kernel.call.exp_f32!(1, n, x, n, 1, x, n, 1);
    const wrong = numbers.findIndex((y, i) => !Object.is(y, expected[i % samples.length]));
    expect(wrong).toBe(-1);
  },
);
