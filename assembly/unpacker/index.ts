/**
 * Unpacks the kernel: a module of its own of some 600 bytes, because a host that has just started compiles wasm
 * and only interprets JavaScript. scripts/pack.ts is the other direction.
 *
 * The format is LZ77 with an adaptive binary range coder, as in LZMA (Pavlov; the coder is that of Martin, "Range
 * encoding", 1979), with only what the kernel needs of it. A decision is coded under a chance of its own, which
 * learns from each outcome:
 *
 *   match?  no:   a byte, bit by bit from the highest; the context is the byte before it
 *           yes:  as far back as the last match?  if not, the distance;  then the length
 *
 * A number n >= 1 is the count of its bits below the highest, coded like a byte, then these bits as they are.
 * The code is in digits of six bits, each a character from "0" on, except that "p" replaces the backslash: text
 * without escapes.
 */

// Where the chances of a kind of decision start: for bytes, 256 for each byte before.
const MATCH = 65536;
const REPEAT = MATCH + 4;
const LENGTH = REPEAT + 4;
const DISTANCE = LENGTH + 64;

let digits: usize;
let chances: usize;
let range: u32;
let code: u32;

function digit(): u32 {
  const character = <u32>load<u8>(digits++);
  return character == 112 ? 44 : character - 48;
}

/**
 * `bits` decisions, each in the context of those before, with a 1 in front. Memory starts as zeros, so what is
 * stored is how far the chance of a 0 is from one half, in 1/4096.
 */
function tree(context: u32, bits: i32): u32 {
  const row = chances + 2 * context;
  const end: u32 = 1 << bits;
  let low = code;
  let width = range;
  let node: u32 = 1;
  while (node < end) {
    const place = row + 2 * node;
    const chance: i32 = 2048 + load<i16>(place);
    const bound = (width >>> 12) * chance;
    const one = low >= bound;
    low -= select<u32>(bound, 0, one);
    width = select<u32>(width - bound, bound, one);
    node = 2 * node + select<u32>(1, 0, one);
    // A sixteenth of the way to 4096, or to 15, from where rounding goes no further down.
    store<i16>(place, chance - 2048 + ((select<i32>(15, 4096, one) - chance) >> 4));
    while (width < 1 << 24) {
      width <<= 6;
      low = (low << 6) | digit();
    }
  }
  code = low;
  range = width;
  return node;
}

function number(context: u32): u32 {
  const bits = tree(context, 5) & 31;
  range >>>= bits;
  const below = code / range;
  code -= below * range;
  while (range < 1 << 24) {
    range <<= 6;
    code = (code << 6) | digit();
  }
  return (1 << bits) | below;
}

/** Writes `size` bytes to `out` from the digits at `text`; works in the memory behind, which must be zeros. */
export function unpack(text: usize, out: usize, size: usize): void {
  const end = out + size;
  digits = text;
  chances = (end + 1) & ~1;
  range = (1 << 30) - 1;
  code = 0;
  for (let i = 0; i < 5; i++) code = (code << 6) | digit();
  let distance: usize = 0;
  let before: u32 = 0;
  let matched: u32 = 0;
  while (out < end) {
    if (tree(MATCH + 2 * matched, 1) & 1) {
      const repeat = tree(REPEAT + 2 * matched, 1) & 1;
      if (!repeat) distance = number(DISTANCE);
      for (let length = number(LENGTH + 32 * repeat) + 1 - repeat; length > 0; length--) {
        before = load<u8>(out - distance);
        store<u8>(out++, before);
      }
      matched = 1;
    } else {
      before = tree(before << 8, 8) & 255;
      store<u8>(out++, before);
      matched = 0;
    }
  }
}
