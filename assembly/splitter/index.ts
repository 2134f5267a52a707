/**
 * Makes the simd build of the relaxed one: a module of its own, packed behind the kernel, for hosts that run or ask for
 * the simd build.
 */

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
