/**
 * Unpacks the kernel: a module of its own of some 1500 bytes, because a host that has just started compiles wasm
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

// ---- the simd build -------------------------------------------------------------------------------

const TYPES = 1;
const FUNCTIONS = 3;
const CODE = 10;
const V128 = 0x7b;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;

let at: usize; // in the module that is read
let to: usize; // in the one that is written

/** The number at `at`, in LEB128. */
function leb(): u32 {
  let n: u32 = 0;
  let byte: u32 = 128;
  for (let shift = 0; byte > 127; shift += 7) {
    byte = load<u8>(at++);
    n |= (byte & 127) << shift;
  }
  return n;
}

function put(byte: u32): void {
  store<u8>(to++, byte);
}

function putBytes(from: usize, end: usize): void {
  memory.copy(to, from, end - from);
  to += end - from;
}

function putLocal(instruction: u32, local: u32): void {
  put(instruction);
  put(local);
}

/** An instruction on vectors: 128 + `low` is its number. */
function putVector(low: u32): void {
  put(0xfd);
  put(128 + low);
  put(1);
}

/** Says before what has been written since how many bytes that is; three have been left for it. */
function putSize(start: usize): void {
  const size = <u32>(to - start) - 3;
  store<u8>(start, size | 128);
  store<u8>(start + 1, (size >> 7) | 128);
  store<u8>(start + 2, size >> 14);
}

/** How many parameters functions of a type have. */
function parameters(types: usize, type: u32): u32 {
  at = types;
  leb();
  for (; type > 0; type--) {
    at++;
    for (let i = 0; i < 2; i++) {
      const count = leb();
      at += count;
    }
  }
  at++;
  return leb();
}

/**
 * Writes the module at `from` to `out` with each relaxed multiply-add in two instructions, and returns where it ends. It
 * declares two vectors more in each function, whose locals, with these, must be fewer than 128, and finds the
 * instructions by their bytes, which must be nothing else elsewhere.
 */
export function split(from: usize, size: usize, out: usize): usize {
  const end = from + size;
  let types: usize = 0;
  let functions: usize = 0;
  at = from + 8;
  while (true) {
    const id = load<u8>(at++);
    if (id == CODE) break;
    const length = leb();
    if (id == TYPES) types = at;
    if (id == FUNCTIONS) functions = at;
    at += length;
  }
  to = out;
  putBytes(from, at);
  const section = to;
  to += 3;
  leb();
  const start = at;
  let count = leb();
  putBytes(start, at);
  let next = at;
  at = functions;
  leb();
  functions = at;
  for (; count > 0; count--) {
    at = functions;
    const type = leb();
    functions = at;
    let locals = parameters(types, type);
    at = next;
    const length = leb();
    next = at + length;
    const body = to;
    to += 3;
    const groups = load<u8>(at++);
    put(groups + 1);
    for (let i: u32 = 0; i < groups; i++) {
      const declared = load<u8>(at);
      locals += declared;
      put(declared);
      put(load<u8>(at + 1));
      at += 2;
    }
    put(2);
    put(V128);
    let from = at;
    for (let i = at; i < next; i++) {
      if (load<u8>(i) != 0xfd) continue;
      // f32x4 and f64x2, each c + a·b and c − a·b, from fd 85 02 to fd 88 02
      const kind = <u32>(load<u32>(i) & 0xffffff) - 0x0285fd;
      if (kind & ~0x300) continue;
      putBytes(from, i);
      from = i + 3;
      const add: u32 = kind & 0x200 ? 0x70 : 0x64;
      putLocal(LOCAL_SET, locals);
      putVector(add + 2);
      putLocal(LOCAL_SET, locals + 1);
      putLocal(LOCAL_GET, locals);
      putLocal(LOCAL_GET, locals + 1);
      putVector(add + ((kind >> 8) & 1));
    }
    putBytes(from, next);
    putSize(body);
  }
  putSize(section);
  putBytes(next, end);
  return to;
}
