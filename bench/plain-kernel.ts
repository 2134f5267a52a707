/**
 * The kernel in plain JavaScript against the wasm simd build, function by function, as a table in Markdown. They take
 * turns, a round each, so that both meet the same machine; medians. One dtype a process, as most programs have one.
 *
 *     npm run bench:plain [-- f32 | f64]
 */
import { performance } from "node:perf_hooks";
import type { DType } from "../src/abi.ts";
import { type Instance, instantiate } from "../test/assembly/load.ts";
import { expectWithin } from "../test/compare.ts";
import { uniform } from "./inputs.ts";

const dtype = (process.argv[2] ?? "f32") as DType;
const MEGABYTE = 1 << 20;
const ROUNDS = 15;
/** Milliseconds of a round, about. */
const TURN = 40;

/** Places for operands, above the heap's base. */
const [A, B, OUT, SCRATCH] = [0, 8, 16, 24].map((megabytes) => megabytes * MEGABYTE) as [
  number,
  number,
  number,
  number,
];

type Call = (kernel: Instance, at: (place: number) => number) => unknown;

function logistic(n_x: number, m: number): [name: string, call: Call] {
  return [
    `logistic gradient (${n_x}, ${m})`,
    ({ call }, at) =>
      call[`logistic_gradient_${dtype}`]!(n_x, m, at(A), m, 1, at(B), 1, 0, 0, at(B), at(OUT), at(SCRATCH)),
  ];
}

function network(n_x: number, n_1: number, m: number): [name: string, call: Call] {
  return [
    `network gradient (${n_x}, ${n_1}, ${m}), tanh`,
    ({ call }, at) =>
      call[`two_layer_gradient_${dtype}`]!(
        ...[n_x, n_1, m, at(A), m, 1, at(B), 1, 0, 0, at(B), 1, at(OUT), at(SCRATCH)],
      ),
  ];
}

function product(n: number): [name: string, call: Call] {
  return [
    `product of ${n} × ${n}`,
    ({ call }, at) => call[`gemm_${dtype}`]!(n, n, n, at(A), n, 1, at(B), n, 1, 1, 0, at(OUT), n, 1, at(SCRATCH)),
  ];
}

function unary(name: string): [name: string, call: Call] {
  return [
    `${name} of 100,000`,
    ({ call }, at) => call[`${name}_${dtype}`]!(1, 100_000, at(A), 0, 1, at(OUT), 0, 1),
  ];
}

const kernels = ["simd", "plain"].map((build) => instantiate(build, 32 * MEGABYTE));

/** Fresh operands, the same for both. */
function fill({ memory, heapBase }: Instance): void {
  const Type = dtype === "f32" ? Float32Array : Float64Array;
  const elements = new Type(memory.buffer, heapBase);
  elements.fill(0);
  for (const place of [A, B]) elements.set(uniform(dtype, MEGABYTE, place + 1), place / Type.BYTES_PER_ELEMENT);
}

function outputOf({ memory, heapBase }: Instance): ArrayLike<number> {
  const Type = dtype === "f32" ? Float32Array : Float64Array;
  return new Type(memory.buffer, heapBase + OUT, 1000).slice();
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;

console.log("| function | wasm simd | plain | ratio |\n| --- | --: | --: | --: |");
for (const [name, call] of [
  ...[logistic(30, 569), logistic(32, 10_000), network(2, 4, 400), network(64, 128, 1000)],
  ...[product(8), product(64), product(256), unary("exp"), unary("tanh")],
]) {
  const run = (kernel: Instance) => call(kernel, (place) => kernel.heapBase + place);
  // Verify, then time.
  const [want, got] = kernels.map((kernel) => {
    fill(kernel);
    run(kernel);
    return outputOf(kernel);
  });
  const tolerance = dtype === "f32" ? 1e-4 : 1e-12;
  expectWithin(
    got!,
    want!,
    Array.from(want!, (v) => tolerance * (1 + Math.abs(v))),
    name,
  );
  const times = kernels.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    kernels.forEach((kernel, k) => {
      const start = performance.now();
      let calls = 0;
      do {
        run(kernel);
        calls++;
      } while (performance.now() - start < TURN);
      // The first round warms up.
      if (round > 0) times[k]!.push((performance.now() - start) / calls);
    });
  }
  const [simd, plain] = times.map(median) as [number, number];
  const micro = (ms: number) => `${(1000 * ms).toLocaleString("en-US", { maximumSignificantDigits: 3 })} µs`;
  console.log(`| ${name} | ${micro(simd)} | ${micro(plain)} | ${(plain / simd).toFixed(1)} |`);
}
