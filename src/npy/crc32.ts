/** The checksum of zip archives: CRC-32 of ISO 3309, polynomial 0xEDB88320 with its bits reversed. */

let table: Int32Array | undefined;

function makeTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    return rest;
  });
}

/** The checksum of `bytes`, from 0 to 2^32 − 1. */
export function crc32(bytes: Uint8Array): number {
  table ??= makeTable();
  let rest = -1;
  for (let i = 0; i < bytes.length; i++) rest = (rest >>> 8) ^ table[(rest ^ bytes[i]!) & 255]!;
  return ~rest >>> 0;
}
