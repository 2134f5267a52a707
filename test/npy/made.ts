/** Files made by hand: what NumPy would not write. */
import { crc32, deflateRawSync } from "node:zlib";

/** Parts of an .npy; what is left out is as it should be. */
export interface NpyParts {
  magic?: string;
  version?: [number, number];
  /** The dictionary. */
  header?: string;
  descr?: string;
  fortran?: boolean;
  shape?: string;
  /** Length of the header as written, where it shall not be the right one. */
  length?: number;
  data?: Uint8Array;
  /** Take no more of the data than one element. */
  cut?: boolean;
}

/** An .npy of these parts: by default of no elements. */
export function npy(parts: NpyParts = {}): Uint8Array {
  const { magic = "\x93NUMPY", version = [1, 0], descr = "<f4", fortran = false, shape = "(0,)" } = parts;
  const written = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const { header = written, length = header.length, data = new Uint8Array(0) } = parts;
  const taken = parts.cut ? data.subarray(0, Number(/\d+/.exec(descr)![0])) : data;
  const count =
    version[0] === 1 ? [length & 255, length >> 8] : [0, 8, 16, 24].map((bits) => (length >> bits) & 255);
  return Uint8Array.from([...latin(magic), ...version, ...count, ...latin(header), ...taken]);
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A file of an archive; what is left out follows from the rest. */
export interface ZipPart {
  name: string | Uint8Array;
  data: Uint8Array;
  method?: number;
  packed?: Uint8Array;
  flags?: number;
  crc?: number;
  size?: number;
  packedSize?: number;
  /** Place of the local header, where the directory shall not say the right one. */
  from?: number;
  /** Name and method before the data. */
  localName?: string;
  localMethod?: number;
  localSignature?: number;
  extra?: Uint8Array;
}

/** The end record, and what stands around the directory. */
export interface ZipEnd {
  count?: number;
  start?: number;
  size?: number;
  disk?: number;
  comment?: Uint8Array;
  /** Bytes behind the last entry of the directory, that belong to it. */
  padding?: Uint8Array;
  /** Signature of the directory's entries. */
  central?: number;
  /** Write zip64's records, and what the end record cannot hold then. */
  zip64?: { signature?: number; size?: number; locator?: number } | undefined;
}

/** A zip archive of these parts. */
export function zip(parts: ZipPart[], end: ZipEnd = {}): Uint8Array {
  const local: number[] = [];
  const central: number[] = [];
  for (const part of parts) {
    const { data, method = 8, flags = 0x800, crc = crc32(data), size = data.length } = part;
    const packed = part.packed ?? (method === 8 ? deflateRawSync(data) : data);
    const { packedSize = packed.length, from = local.length, extra = new Uint8Array(0) } = part;
    const name = typeof part.name === "string" ? new TextEncoder().encode(part.name) : part.name;
    const localName = part.localName === undefined ? name : new TextEncoder().encode(part.localName);
    const { localMethod = method, localSignature = 0x04034b50 } = part;
    local.push(...u32(localSignature), ...u16(20, flags, localMethod, 0, 33), ...u32(crc, packed.length, size));
    local.push(...u16(localName.length, 0), ...localName);
    for (const byte of packed) local.push(byte);
    central.push(...u32(end.central ?? 0x02014b50), ...u16(20, 20, flags, method, 0, 33));
    central.push(...u32(crc, packedSize, size), ...u16(name.length, extra.length, 0, 0, 0), ...u32(0, from));
    central.push(...name, ...extra);
  }
  central.push(...(end.padding ?? []));
  const { count = parts.length, start = local.length, size = central.length, disk = 0, zip64 } = end;
  const { comment = new Uint8Array(0) } = end;
  const at = local.length + central.length;
  const records = zip64
    ? [
        ...u32(zip64.signature ?? 0x06064b50),
        ...u64(zip64.size ?? 44),
        ...u16(45, 45),
        ...u32(0, 0),
        ...u64(count, count, size, start),
        ...u32(zip64.locator ?? 0x07064b50, 0),
        ...u64(at),
        ...u32(1),
      ]
    : [];
  const counted = zip64 ? [0xffff, 0xffffffff, 0xffffffff] : [count, size, start];
  return Uint8Array.from([
    ...local,
    ...central,
    ...records,
    ...u32(0x06054b50),
    ...u16(disk, disk, counted[0]!, counted[0]!),
    ...u32(counted[1]!, counted[2]!),
    ...u16(comment.length),
    ...comment,
  ]);
}

function u16(...values: number[]): number[] {
  return values.flatMap((value) => [value & 255, (value >> 8) & 255]);
}

function u32(...values: number[]): number[] {
  return values.flatMap((value) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255]);
}

/** Numbers of 64 bits. */
export function u64(...values: number[]): number[] {
  return values.flatMap((value) => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))]);
}
