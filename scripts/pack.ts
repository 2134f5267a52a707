/** Packs the kernel's builds into text; the format is described in assembly/unpacker, which reads it. */

const MATCH = 65536;
const REPEAT = MATCH + 4;
const LENGTH = REPEAT + 4;
const DISTANCE = LENGTH + 64;
const CHANCES = DISTANCE + 32;

/** An adaptive binary range coder that writes digits of six bits. */
class Coder {
  readonly #chances = new Uint16Array(CHANCES).fill(2048);
  readonly #digits: number[] = [];
  #low = 0;
  #range = 2 ** 30 - 1;

  /** The `bits` lowest bits of a value from the highest, each in the context of those before. */
  tree(context: number, bits: number, value: number): void {
    for (let i = bits - 1, node = 1; i >= 0; i--) {
      const place = context + node;
      const chance = this.#chances[place]!;
      const bound = Math.floor(this.#range / 4096) * chance;
      const one = (value >> i) & 1;
      if (one) this.#narrow(bound, this.#range - bound);
      else this.#narrow(0, bound);
      this.#chances[place] = one ? chance - (chance >> 4) : chance + ((4096 - chance) >> 4);
      node = 2 * node + one;
    }
  }

  number(context: number, n: number): void {
    const bits = 31 - Math.clz32(n);
    this.tree(context, 5, bits);
    const step = Math.floor(this.#range / 2 ** bits);
    this.#narrow((n - 2 ** bits) * step, step);
  }

  #narrow(from: number, range: number): void {
    this.#low += from;
    this.#range = range;
    for (; this.#range < 2 ** 24; this.#range *= 64) this.#shift();
  }

  /** Moves the upper six of 30 bits out. What runs over carries into the digits before. */
  #shift(): void {
    const digit = Math.floor(this.#low / 2 ** 24);
    this.#low = (this.#low % 2 ** 24) * 64;
    this.#digits.push(digit % 64);
    if (digit < 64) return;
    let i = this.#digits.length - 2;
    for (; this.#digits[i] === 63; i--) this.#digits[i] = 0;
    this.#digits[i]!++;
  }

  text(): string {
    for (let i = 0; i < 5; i++) this.#shift();
    return this.#digits.map((digit) => String.fromCharCode(digit === 44 ? 112 : digit + 48)).join("");
  }
}

interface Match {
  distance: number;
  length: number;
  /** About how many bits it saves. */
  gain: number;
}

/** Finds earlier occurrences through an index of three bytes. */
class Finder {
  readonly #data: Uint8Array;
  readonly #places = new Map<number, number[]>();

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** Makes a position one that later ones can match. */
  add(position: number): void {
    const places = this.#places.get(this.#key(position));
    if (places) places.push(position);
    else this.#places.set(this.#key(position), [position]);
  }

  /** The match that saves the most, the distance of the last one costing little; undefined if none saves. */
  best(position: number, last: number): Match | undefined {
    let best: Match | undefined;
    const consider = (distance: number, cost: number): void => {
      const length = this.#length(position, distance);
      const gain = 6 * length - cost - 1.5 * Math.log2(length + 1);
      if (gain > (best?.gain ?? 0)) best = { distance, length, gain };
    };
    if (last) consider(last, 4);
    for (const place of this.#places.get(this.#key(position)) ?? []) {
      if (place < position) consider(position - place, 10 + 1.1 * Math.log2(position - place));
    }
    return best;
  }

  #key(position: number): number {
    return this.#data[position]! | (this.#data[position + 1]! << 8) | (this.#data[position + 2]! << 16);
  }

  #length(position: number, distance: number): number {
    let length = 0;
    const data = this.#data;
    while (position + length < data.length && data[position + length - distance] === data[position + length])
      length++;
    return length;
  }
}

/** Text from which the unpacker makes these bytes again. */
export function pack(data: Uint8Array): string {
  const coder = new Coder();
  const finder = new Finder(data);
  let last = 0;
  let matched = 0;
  for (let position = 0; position < data.length; ) {
    const match = finder.best(position, last);
    finder.add(position);
    // A better match may begin at the next byte.
    const next = match && finder.best(position + 1, last);
    if (match && !(next && next.gain > match.gain + 5)) {
      const repeat = match.distance === last ? 1 : 0;
      coder.tree(MATCH + 2 * matched, 1, 1);
      coder.tree(REPEAT + 2 * matched, 1, repeat);
      if (!repeat) coder.number(DISTANCE, match.distance);
      coder.number(LENGTH + 32 * repeat, match.length - 1 + repeat);
      for (let i = 1; i < match.length; i++) finder.add(position + i);
      position += match.length;
      last = match.distance;
      matched = 1;
    } else {
      coder.tree(MATCH + 2 * matched, 1, 0);
      coder.tree(256 * (data[position - 1] ?? 0), 8, data[position]!);
      position++;
      matched = 0;
    }
  }
  return coder.text();
}
