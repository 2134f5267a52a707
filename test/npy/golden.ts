/** The files that NumPy wrote, and what it reads from them. test/golden/npy.py made both. */
import { readdirSync, readFileSync } from "node:fs";
import type { NDArray } from "../../src/index.ts";
import { expectSame } from "../compare.ts";
import { read } from "../plain.ts";

/** An array as NumPy has it: values in C order, as text that keeps the sign of zero. */
export interface Expected {
  dtype: string;
  shape: number[];
  values: string[];
}

const folder = new URL("../golden/npy/", import.meta.url);

/** The bytes of a file. */
export function file(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(name, folder)));
}

/** Names of the files with an ending. */
export function filesWith(ending: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(ending));
}

/** What NumPy reads from each file, or from `archive:name`. */
export const expected: Record<string, Expected> = JSON.parse(
  readFileSync(new URL("values.json", folder), "utf8"),
).arrays;

/** That an array has the shape and, to the bit, the values that NumPy reads. */
export function expectGolden(found: NDArray, key: string): void {
  const { shape, values } = expected[key]!;
  const plain = read(found);
  if (plain.shape.join() !== shape.join()) throw new Error(`${key} is (${plain.shape}); expected (${shape}).`);
  expectSame(plain.values, values.map(Number), key);
}
