/**
 * The shared-memory twin of a kernel: the same code over memory that it imports. Both differ in two sections only, so
 * one is made of the other instead of being carried along.
 */

const TYPES = 1;
const IMPORT = 2;
const MEMORY = 5;
/** Has a maximum, is shared. */
const SHARED = 3;
/** All that 32 bits can address: an imported memory may have any smaller maximum. */
const PAGES = 65536;

/** Reads a LEB128 number: the value, and where the next byte is. */
function readNumber(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)];
}

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

/**
 * The twin of a module that defines one memory and imports nothing: it imports `env.memory`, shared. What the module
 * exports stays as it is.
 */
export function sharedTwin(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: ArrayLike<number>[] = [module.subarray(0, 8)];
  let place = 1;
  let pages = 0;
  for (let at = 8; at < module.length; ) {
    const id = module[at]!;
    const [size, start] = readNumber(module, at + 1);
    if (id === MEMORY) {
      // How many memories, the one's flags, its pages; flags are one byte.
      const [, flags] = readNumber(module, start);
      [pages] = readNumber(module, flags + 1);
    } else parts.push(module.subarray(at, start + size));
    at = start + size;
    if (id === TYPES) place = parts.length;
  }
  const memory = [1, ...text("env"), ...text("memory"), 2, SHARED, ...number(pages), ...number(PAGES)];
  parts.splice(place, 0, [IMPORT, ...number(memory.length), ...memory]);
  const twin = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    twin.set(part, end);
    end += part.length;
  }
  return twin;
}
