/**
 * Arrays at chosen places in an instance's memory, and calls that may change nothing but their outputs:
 * every other byte of the memory, the kernel's own tables included, is compared after each call.
 */
import { type Dtype, expectSame } from "../compare.ts";
import type { Operand } from "./data.ts";
import { builds, type Instance, instantiate } from "./load.ts";

/** What fills all memory that holds nothing: around arrays and in the gaps of outputs. */
const GUARD = 0xa5;
/** What fills the gaps of inputs and the scratch: NaN in both dtypes, so that using it shows. */
const POISON = 0xff;

const sizes = { f32: 4, f64: 8, u32: 4 };

/** An output in memory. */
export interface Output {
  at: number;
  /** The elements, dense, row by row. */
  read(): Float64Array;
}

/** An instance whose memory above the heap base is laid out anew for every case. */
export class Arena {
  readonly build: string;
  readonly #instance: Instance;
  readonly #memory: Buffer;
  readonly #expected: Buffer;
  #top: number;
  #writable: (() => void)[] = [];
  #displacement = 0;
  #atEnd = -1;
  #placed = 0;

  /** An arena of at least `bytes` bytes. */
  constructor(build: string, bytes: number) {
    this.build = build;
    this.#instance = instantiate(build, bytes);
    this.#memory = Buffer.from(this.#instance.memory.buffer);
    this.#memory.fill(GUARD, this.#instance.heapBase);
    this.#expected = Buffer.from(this.#memory);
    this.#top = this.#instance.heapBase;
  }

  /**
   * Forgets all arrays. The next ones lie `displacement` bytes further than their shift says, and number
   * `atEnd` of the inputs ends where the memory ends, so that reading past it traps.
   */
  clear(displacement = 0, atEnd = -1): void {
    for (const bytes of [this.#memory, this.#expected]) {
      // Nothing lies between the last array and one at the end of the memory.
      bytes.fill(GUARD, this.#instance.heapBase, this.#atEnd < 0 ? this.#top : bytes.length);
    }
    this.#top = this.#instance.heapBase;
    this.#writable = [];
    this.#displacement = displacement;
    this.#atEnd = atEnd;
    this.#placed = 0;
  }

  #reserve(bytes: number, shift: number): number {
    const at = (this.#top + 16 + 15) & ~15;
    const start = at + shift + this.#displacement;
    const end = start + bytes;
    if (end + 32 > this.#memory.length)
      throw new Error(`The arena has ${this.#memory.length} bytes; ${end} asked.`);
    this.#top = end;
    return start;
  }

  #write(at: number, bytes: Uint8Array): void {
    this.#memory.set(bytes, at);
    this.#expected.set(bytes, at);
  }

  /** Places an input and returns its address. */
  input(dtype: Dtype | "u32", x: Operand): number {
    const bytes = toBytes(dtype, x, POISON);
    const last = this.#placed++ === this.#atEnd;
    const at = last ? this.#memory.length - bytes.length : this.#reserve(bytes.length, x.shift);
    this.#write(at, bytes);
    return at;
  }

  /** Places an output with its elements as given; only they may change. */
  output(dtype: Dtype | "u32", x: Operand): Output {
    const size = sizes[dtype];
    const bytes = toBytes(dtype, x, GUARD);
    const at = this.#reserve(bytes.length, x.shift);
    this.#write(at, bytes);
    this.#writable.push(() => {
      for (let i = 0; i < x.rows; i++) {
        for (let j = 0; j < x.cols; j++) {
          const p = at + size * (i * x.rs + j * x.cs);
          for (let b = p; b < p + size; b++) this.#expected[b] = this.#memory[b]!;
        }
      }
    });
    return { at, read: () => fromBytes(dtype, x, this.#memory.subarray(at, at + bytes.length)) };
  }

  /** Places exactly `bytes` bytes of scratch, full of NaN. */
  scratch(bytes: number): number {
    const at = this.#reserve(bytes, 0);
    this.#write(at, new Uint8Array(bytes).fill(POISON));
    this.#writable.push(() => this.#memory.copy(this.#expected, at, at, at + bytes));
    return at;
  }

  /** What an export returns that has nothing to write; the next `call` would notice if it did. */
  ask(name: string, ...args: number[]): number {
    return this.#instance.call[name]!(...args);
  }

  /** Calls an export and fails if any byte changed that is neither of an output nor of scratch. */
  call(name: string, ...args: (number | bigint)[]): number {
    const result = this.#instance.call[name]!(...args);
    for (const accept of this.#writable) accept();
    if (!this.#memory.equals(this.#expected)) {
      const p = this.#memory.findIndex((byte, i) => byte !== this.#expected[i]);
      throw new Error(`${name}(${args.join(", ")}) of ${this.build} wrote at ${p}, which is not its own.`);
    }
    return result;
  }
}

function typed(dtype: Dtype | "u32", buffer: ArrayBuffer): Float32Array | Float64Array | Uint32Array {
  if (dtype === "f32") return new Float32Array(buffer);
  return dtype === "f64" ? new Float64Array(buffer) : new Uint32Array(buffer);
}

function toBytes(dtype: Dtype | "u32", x: Operand, gap: number): Uint8Array {
  const empty = x.rows === 0 || x.cols === 0;
  const extent = empty ? 0 : (x.rows - 1) * x.rs + (x.cols - 1) * x.cs + 1;
  const bytes = new Uint8Array(extent * sizes[dtype]).fill(gap);
  const elements = typed(dtype, bytes.buffer);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.cols; j++) elements[i * x.rs + j * x.cs] = x.values[i * x.cols + j]!;
  }
  return bytes;
}

function fromBytes(dtype: Dtype | "u32", x: Operand, bytes: Uint8Array): Float64Array {
  const elements = typed(dtype, Uint8Array.from(bytes).buffer);
  const values = new Float64Array(x.rows * x.cols);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.cols; j++) values[i * x.cols + j] = elements[i * x.rs + j * x.cs]!;
  }
  return values;
}

/** A case's results on one build. */
export interface Result {
  build: string;
  values: Float64Array;
}

/**
 * A runner of cases on arenas of `bytes` bytes, one a build. Every case must give the same bits on the
 * optimised simd build as on the debug build, which is the same source translated literally.
 */
export function everyBuild(bytes: number): (label: string, run: (arena: Arena) => Float64Array) => Result[] {
  const arenas = builds.map((build) => new Arena(build, bytes));
  return (label, run) => {
    const results = arenas.map((arena) => {
      arena.clear();
      return { build: arena.build, values: run(arena) };
    });
    const [debug, simd] = ["debug", "simd"].map((build) => results.find((r) => r.build === build)!.values);
    expectSame(simd!, debug!, `${label}, simd against debug`);
    return results;
  };
}
