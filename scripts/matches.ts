/** Finds where bytes have stood before, for the packer. */

/** Neither distances nor lengths are larger. */
const MOST = 65535;

/** A match of so many bytes is good enough. */
const ENOUGH = 1000;

/** Bytes that stand again `distance` bytes later, and how many they are. */
export interface Match {
  readonly distance: number;
  readonly length: number;
}

/** The repetitions in some bytes, of two bytes or more. */
export class Matches {
  readonly #data: Uint8Array;
  /** The position before where the same two bytes stand, or −1. */
  readonly #before: Int32Array;

  constructor(data: Uint8Array) {
    this.#data = data;
    const last = new Int32Array(65536).fill(-1);
    this.#before = Int32Array.from(data, (byte, position) => {
      if (position + 1 === data.length) return -1;
      const pair = byte | (data[position + 1]! << 8);
      const before = last[pair]!;
      last[pair] = position;
      return before;
    });
  }

  /** The nearest match of each length, the shortest and nearest first. */
  at(position: number): Match[] {
    const found: Match[] = [];
    const data = this.#data;
    let longest = 1;
    for (let from = this.#before[position]!; from >= Math.max(position - MOST, 0); from = this.#before[from]!) {
      if (data[from + longest] !== data[position + longest]) continue;
      const length = this.length(position, position - from);
      if (length <= longest) continue;
      longest = length;
      found.push({ distance: position - from, length });
      if (length >= ENOUGH || position + length === data.length) break;
    }
    return found;
  }

  /** How many bytes from a position on are those `distance` bytes before. */
  length(position: number, distance: number): number {
    const data = this.#data;
    const last = Math.min(position + MOST, data.length);
    let end = position;
    while (end < last && data[end] === data[end - distance]) end++;
    return end - position;
  }
}
