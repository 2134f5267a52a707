/**
 * What a zip archive holds, read from its end and strictly:
 *
 *   local header │ data │ local header │ data │ … │ directory │ end record, preceded by two of zip64 where needed
 *
 * Nothing may overlap, nothing may stand between directory and end. Layout and numbers are those of PKWARE's
 * APPNOTE.TXT, sections 4.3 to 4.5.
 */
import { damaged, notNpz, quote, type Source, unsupportedZip } from "./errors.ts";

/** A file within an archive, not yet unpacked. */
export interface Entry {
  name: string;
  /** Bytes in the archive. */
  packed: Uint8Array;
  deflated: boolean;
  /** Bytes once unpacked, as the archive says. */
  size: number;
  crc: number;
}

const END = 0x06054b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const END64 = 0x06064b50;
const END64_SIZE = 56;
const LOCATOR = 0x07064b50;
const LOCATOR_SIZE = 20;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
const EXTRA64 = 1;
/** Flags of traditional and strong encryption, and of headers that are masked with it. */
const ENCRYPTED = 0x2041;
const STORED = 0;
const DEFLATED = 8;
/** Two bits of deflate make 258 bytes at most. */
const MOST_RATIO = 1032;

/** An archive with what reads its numbers. */
class Archive {
  readonly source: Source;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(source: Source) {
    const { bytes } = source;
    this.source = source;
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** Rounded beyond 2^53, which is out of all bounds. */
  u64(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }
}

/** Where the directory lies and how many entries it should have. */
interface Extent {
  start: number;
  end: number;
  count: number;
}

/** The entries of an archive in the directory's order. No more is looked at than headers. */
export function readDirectory(source: Source): Entry[] {
  const archive = new Archive(source);
  const extent = findDirectory(archive);
  const entries: Entry[] = [];
  const places: { from: number; to: number; name: string }[] = [];
  let at = extent.start;
  for (let i = 0; i < extent.count; i++) {
    const fits = at + CENTRAL_SIZE <= extent.end && archive.u32(at) === CENTRAL;
    if (!fits) damaged(source, `no entry ${i} in its directory`, `${extent.count} entries`);
    const lengths = [28, 30, 32].map((field) => archive.u16(at + field)) as [number, number, number];
    const next = at + CENTRAL_SIZE + lengths[0] + lengths[1] + lengths[2];
    if (next > extent.end) damaged(source, `entry ${i} past the end of its directory`, "it within");
    const { entry, from, to } = readEntry(archive, at, lengths, extent.start);
    entries.push(entry);
    places.push({ from, to, name: entry.name });
    at = next;
  }
  if (at !== extent.end) damaged(source, `${extent.end - at} bytes behind the last entry of its directory`, "none");
  places.sort((a, b) => a.from - b.from);
  places.forEach(({ from, name }, i) => {
    const before = places[i - 1];
    if (!before || before.to <= from) return;
    damaged(source, `${quote(before.name)} and ${quote(name)} in the same bytes`, "bytes of its own for each");
  });
  return entries;
}

function findDirectory(archive: Archive): Extent {
  const { source, bytes } = archive;
  const lowest = Math.max(bytes.length - END_SIZE - LONGEST_COMMENT, 0);
  let at = bytes.length - END_SIZE;
  // A comment of the length that the record says may follow it.
  while (at >= lowest && !(archive.u32(at) === END && archive.u16(at + 20) === bytes.length - at - END_SIZE)) at--;
  if (at < lowest) notNpz(source);
  if (archive.u16(at + 4) !== 0 || archive.u16(at + 6) !== 0 || archive.u16(at + 8) !== archive.u16(at + 10)) {
    unsupportedZip(source.who, "the file is one part of an archive", "a whole one", "Save with np.savez.");
  }
  let [count, size, start] = [archive.u16(at + 10), archive.u32(at + 12), archive.u32(at + 16)];
  let end = at;
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    const locator = at - LOCATOR_SIZE;
    end = locator >= 0 && archive.u32(locator) === LOCATOR ? archive.u64(locator + 8) : -1;
    // The record ends where the locator starts.
    const fits = end >= 0 && end + END64_SIZE <= locator && archive.u32(end) === END64;
    if (!fits || archive.u64(end + 4) !== locator - end - 12) {
      damaged(source, "no end record of zip64", "one, as its end record says");
    }
    [count, size, start] = [archive.u64(end + 32), archive.u64(end + 40), archive.u64(end + 48)];
  }
  if (start + size !== end) {
    damaged(source, `a directory from byte ${start} to ${start + size}`, `it to end at ${end}`);
  }
  return { start, end, count };
}

/** One entry of the directory, its lengths within bounds; with its local header, the bytes it takes. */
function readEntry(
  archive: Archive,
  at: number,
  [nameLength, extraLength]: readonly [number, number, number],
  directory: number,
): { entry: Entry; from: number; to: number } {
  const { source, bytes } = archive;
  const { who } = source;
  const nameBytes = bytes.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength);
  const name = decodeName(source, nameBytes);
  const [flags, method, crc] = [archive.u16(at + 8), archive.u16(at + 10), archive.u32(at + 16)];
  if (flags & ENCRYPTED) unsupportedZip(who, `${quote(name)} is encrypted`, "plain data", "Save it with np.savez.");
  if (method !== STORED && method !== DEFLATED) {
    const remedy = "Save it with np.savez_compressed.";
    unsupportedZip(who, `${quote(name)} is packed by method ${method}`, "0, stored, or 8, deflated", remedy);
  }
  const extra = at + CENTRAL_SIZE + nameLength;
  const { packedSize, size, from } = readSizes(archive, at, extra, extra + extraLength, name);

  const local = from + LOCAL_SIZE <= directory && archive.u32(from) === LOCAL;
  const start = local ? from + LOCAL_SIZE + archive.u16(from + 26) + archive.u16(from + 28) : 0;
  const to = start + packedSize;
  if (!local || to > directory) damaged(source, `${quote(name)} not where its directory says`, "it before that");
  const localName = bytes.subarray(from + LOCAL_SIZE, from + LOCAL_SIZE + archive.u16(from + 26));
  const same = localName.length === nameLength && localName.every((byte, i) => byte === nameBytes[i]);
  if (!same || archive.u16(from + 8) !== method) {
    damaged(source, `another name or method before the data of ${quote(name)}`, "those of its directory");
  }
  const deflated = method === DEFLATED;
  if (deflated ? size > MOST_RATIO * packedSize : size !== packedSize) {
    damaged(
      source,
      `${quote(name)} with ${size} bytes in ${packedSize}`,
      deflated ? "at most 1032 in one" : "as many",
    );
  }
  return { entry: { name, packed: bytes.subarray(start, to), deflated, size, crc }, from, to };
}

/** Sizes and place of an entry. Those that 32 bits do not hold stand in zip64's extra field, in this order. */
function readSizes(
  archive: Archive,
  at: number,
  extra: number,
  extraEnd: number,
  name: string,
): { size: number; packedSize: number; from: number } {
  const fields = { size: archive.u32(at + 24), packedSize: archive.u32(at + 20), from: archive.u32(at + 42) };
  const large = (Object.keys(fields) as (keyof typeof fields)[]).filter((field) => fields[field] === 0xffffffff);
  if (large.length === 0) return fields;
  let start = extra;
  while (start + 4 <= extraEnd && archive.u16(start) !== EXTRA64) start += 4 + archive.u16(start + 2);
  const length = start + 4 <= extraEnd ? archive.u16(start + 2) : 0;
  if (length < 8 * large.length || start + 4 + length > extraEnd) {
    damaged(archive.source, `${quote(name)} without its sizes for zip64`, "them in its extra field");
  }
  large.forEach((field, i) => {
    fields[field] = archive.u64(start + 4 + 8 * i);
  });
  return fields;
}

function decodeName(source: Source, name: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return damaged(source, "a name that is no UTF-8", "names in UTF-8");
  }
}
