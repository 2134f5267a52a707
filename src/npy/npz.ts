/** Several arrays in one zip archive, as NumPy's `savez`, `savez_compressed` and `load` have them. */
import { zipSync } from "fflate";
import { type DType, type NDArray, scope } from "../index.ts";
import { readDirectory } from "./directory.ts";
import {
  badName,
  checkCompress,
  checkDType,
  checkMaxBytes,
  checkOptions,
  duplicateName,
  notNamed,
  quote,
  tooLargeToRead,
  tooLargeToWrite,
  tooMany,
} from "./errors.ts";
import {
  checkFile,
  MOST_BYTES,
  npyFile,
  type Parsed,
  parseNpy,
  plainBytes,
  type ReadNpyOptions,
  toArray,
} from "./npy.ts";
import { unpack } from "./unpack.ts";

/** Options of `readNpz`. */
export interface ReadNpzOptions<D extends DType = DType> extends ReadNpyOptions<D> {
  /** Bytes that all files together may have once unpacked. A larger limit lets a hostile archive take more. Default 2^30. */
  maxBytes?: number;
}

/** Options of `writeNpz`. */
export interface WriteNpzOptions {
  /** Deflate the files, as `savez_compressed` does: smaller and slower. Default false. */
  compress?: boolean;
}

/** Bytes that headers take of each entry beside its name, twice. */
const ENTRY = 30 + 46;
const END = 22;

/**
 * The arrays of an .npz file by their names, in an object without a prototype; elements as in `readNpy`.
 *
 * @param bytes the whole file. They are copied.
 * @throws what `readNpy` does; RangeError for an archive that is damaged, encrypted or unpacks to more than `maxBytes`.
 * All of it is checked before the first array is made.
 */
export function readNpz<D extends DType>(
  bytes: ArrayBuffer | Uint8Array,
  options: ReadNpzOptions<D> & { dtype: D },
): Record<string, NDArray<D>>;
export function readNpz(bytes: ArrayBuffer | Uint8Array, options?: ReadNpzOptions): Record<string, NDArray>;
export function readNpz(bytes: ArrayBuffer | Uint8Array, options: ReadNpzOptions = {}): Record<string, NDArray> {
  const who = "readNpz";
  checkOptions(who, options, ["maxBytes", "dtype"]);
  const { maxBytes = 2 ** 30, dtype } = options;
  checkMaxBytes(who, maxBytes);
  checkDType(who, dtype);
  const source = { who, name: "the file", bytes: plainBytes(who, bytes) };
  const entries = readDirectory(source);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) tooLargeToRead(who, total, maxBytes);

  const files = new Map<string, Parsed>();
  for (const entry of entries) {
    const name = entry.name.replace(/\.npy$/, "");
    if (files.has(name)) duplicateName(who, name);
    files.set(name, parseNpy({ who, name: quote(entry.name), bytes: unpack(source, entry) }));
  }
  // Where memory does not suffice for the last array, the scope frees the others.
  return scope(() => {
    const arrays: Record<string, NDArray> = Object.create(null);
    for (const [name, file] of files) arrays[name] = toArray(file, dtype);
    return arrays;
  });
}

/**
 * The .npz file of some arrays: a zip archive with `name.npy` for each, which NumPy's `load` reads.
 *
 * The same arrays give the same bytes: every file is dated 1980, as NumPy does.
 *
 * @throws TypeError for a value that is no NDArray; RangeError for a name of more than 65531 bytes, or 4 GiB in all.
 */
export function writeNpz(arrays: Readonly<Record<string, NDArray>>, options: WriteNpzOptions = {}): Uint8Array {
  const who = "writeNpz";
  if (typeof arrays !== "object" || arrays === null || Array.isArray(arrays)) notNamed(who, arrays);
  checkOptions(who, options, ["compress"]);
  const { compress = false } = options;
  checkCompress(who, compress);
  const named = Object.entries(arrays);
  if (named.length > 65534) tooMany(who, named.length);
  let total = END;
  for (const [name, array] of named) {
    total += ENTRY + 2 * checkName(who, `${name}.npy`) + checkFile(who, quote(name), array);
  }
  if (total >= MOST_BYTES) tooLargeToWrite(who, total);
  const files = Object.fromEntries(named.map(([name, array]) => [`${name}.npy`, npyFile(array)]));
  // fflate writes local time, as zip has it.
  return zipSync(files, { level: compress ? 6 : 0, mtime: new Date(1980, 0, 1) });
}

/** Length of a name that an archive can hold and give back. */
function checkName(who: string, name: string): number {
  const bytes = new TextEncoder().encode(name);
  const same = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) === name;
  if (!same || bytes.length > 0xffff) badName(who, name.slice(0, -4));
  return bytes.length;
}
