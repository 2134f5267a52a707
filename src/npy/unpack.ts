/** The bytes of a file within an archive, and no more of them than it declares. */
import { Inflate } from "fflate";
import { crc32 } from "./crc32.ts";
import type { Entry } from "./directory.ts";
import { damaged, quote, type Source } from "./errors.ts";

/** Bytes given to the inflater at a time, so that it makes no more than 17 MB before somebody looks. */
const PIECE = 16 * 1024;

/** Unpacks an entry and compares its checksum. Stored entries are not copied. */
export function unpack(source: Source, entry: Entry): Uint8Array {
  const bytes = entry.deflated ? inflate(source, entry) : entry.packed;
  if (crc32(bytes) !== entry.crc)
    damaged(source, `${quote(entry.name)} with another checksum`, "that of its directory");
  return bytes;
}

function inflate(source: Source, { name, packed, size }: Entry): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  const stream = new Inflate((piece) => {
    if (filled + piece.length <= size) bytes.set(piece, filled);
    filled += piece.length;
  });
  for (let at = 0; at < packed.length && filled <= size; at += PIECE) {
    try {
      stream.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
    } catch {
      damaged(source, `${quote(name)} with data that are not deflated`, "data as deflate makes them");
    }
  }
  const found = filled > size ? "more" : filled;
  if (filled !== size) damaged(source, `${quote(name)} with ${found} bytes`, `the ${size} of its directory`);
  return bytes;
}
