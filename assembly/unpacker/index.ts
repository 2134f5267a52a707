/**
 * Unpacks the kernel: a module of its own of some 800 bytes, because a host that has just started compiles wasm
 * and only interprets JavaScript. scripts/pack.ts is the other direction.
 *
 * The format is LZ77 with an adaptive binary range coder, as in LZMA (Pavlov; the coder is that of Martin, "Range
 * encoding", 1979), with only what the kernel needs of it. A decision is coded under a chance of its own, which
 * learns from each outcome, from the first ones most:
 *
 *   match?  no:   a byte, bit by bit from the highest; the context is the byte before it or, just after a match, the
 *                 byte that would have continued it
 *           yes:  as far back as one of the last two matches?  which?  the length;  if not, the distance
 *
 * A number from 1 to 65535 is the count of its bits below the highest, coded like a byte, then the two highest of these,
 * coded likewise, then the others as they are. The code is in digits of six bits, each a character from "0" on, except that
 * "p" replaces the backslash: text without escapes.
 */

// Where the chances of a kind of decision start: for bytes, 256 for each byte before.
const EXPECTED = 65536; // as many after a match, for each byte that would have continued it
const MATCH = EXPECTED + 65536; // 256 for each state
const REPEAT = MATCH + 5 * 256; // 2 for each state
const LENGTH = REPEAT + 16; // a number for new matches, one for each repeated one
const NUMBER = 80;
const DISTANCE = LENGTH + 3 * NUMBER; // a number for each length up to 5

let digits: usize;
let chances: usize;
let range: u32;
let code: u32;

function digit(): u32 {
  const character = <u32>load<u8>(digits++);
  return character == 112 ? 44 : character - 48;
}

/** Where the chances of a context lie. */
function row(context: u32): usize {
  return chances + 4 * context;
}

/**
 * Decisions until `node`, the decisions so far with a 1 in front, reaches `end`, each in the context of those before.
 *
 * Memory starts as zeros, so what is stored is how far the chance of a 0 is from one half, in 1/32768, and in the lowest
 * six bits how often it has learned, times four.
 */
function tree(row: usize, node: u32, end: u32): u32 {
  let low = code;
  let width = range;
  while (node < end) {
    const place = row + 4 * node;
    const stored = load<i32>(place);
    const chance = 16384 + (stored >> 6);
    const times = stored & 63;
    const bound = (width >>> 12) * (chance >> 3);
    const one = low >= bound;
    low -= select<u32>(bound, 0, one);
    width = select<u32>(width - bound, bound, one);
    node = 2 * node + select<u32>(1, 0, one);
    // Half of the way at first, a sixteenth in the end; to 32768, or down to where rounding goes no further.
    const rate = <i32>(0x43333332221 >>> <u64>times) & 15;
    const moved = (stored >> 6) + ((select<i32>((1 << rate) - 1, 32768, one) - chance) >> rate);
    store<i32>(place, (moved << 6) | select<i32>(times + 4, times, times < 40));
    while (width < 1 << 24) {
      width <<= 6;
      low = (low << 6) | digit();
    }
  }
  code = low;
  range = width;
  return node;
}

function yes(context: u32): u32 {
  return tree(row(context) - 4, 1, 2) & 1;
}

function number(context: u32): u32 {
  const bits = tree(row(context), 1, 16) & 15;
  const learned = min<u32>(bits, 2);
  const high = tree(row(context + 16 + 4 * bits), 1, 1 << learned);
  const rest = bits - learned;
  range >>>= rest;
  const low = code / range;
  code -= low * range;
  while (range < 1 << 24) {
    range <<= 6;
    code = (code << 6) | digit();
  }
  return (high << rest) | low;
}

/** Writes `size` bytes to `out` from the digits at `text`; works in the memory behind, which must be zeros. */
export function unpack(text: usize, out: usize, size: usize): void {
  const end = out + size;
  digits = text;
  chances = (end + 3) & ~3;
  range = (1 << 30) - 1;
  code = 0;
  for (let i = 0; i < 5; i++) code = (code << 6) | digit();
  let distance: usize = 0;
  let other: usize = 0; // the distance before
  // 3 after a new match, 4 after a repeated one; 1 and 2 one byte later; then 0
  let state: u32 = 0;
  let before: u32 = 0;
  while (out < end) {
    if (yes(MATCH + (state << 8) + before)) {
      let length: u32;
      if (yes(REPEAT + 2 * state)) {
        const swap = yes(REPEAT + 2 * state + 1);
        if (swap) {
          const nearer = distance;
          distance = other;
          other = nearer;
        }
        length = number(LENGTH + NUMBER + NUMBER * swap);
        state = 4;
      } else {
        length = number(LENGTH) + 1;
        other = distance;
        distance = number(DISTANCE + NUMBER * (min<u32>(length, 5) - 2));
        state = 3;
      }
      for (; length > 0; length--) {
        before = load<u8>(out - distance);
        store<u8>(out++, before);
      }
    } else {
      const context = state ? EXPECTED + ((<u32>load<u8>(out - distance)) << 8) : before << 8;
      before = tree(row(context), 1, 256) & 255;
      store<u8>(out++, before);
      state = state > 2 ? state - 2 : 0;
    }
  }
}
