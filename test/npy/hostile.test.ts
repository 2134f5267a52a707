/** Damaged and hostile files: refused in our own words, at once, with nothing left behind. */
import { constants, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { Inflate } from "fflate";
import { expect, test, vi } from "vitest";
import { info, type NDArray, scope } from "../../src/index.ts";
import { readNpy, readNpz } from "../../src/npy.ts";
import { read } from "../plain.ts";
import { expectRejected, usage } from "../usage.ts";
import { file, filesWith } from "./golden.ts";
import { zip } from "./made.ts";

const reading = (name: string) => (bytes: Uint8Array) =>
  Object.entries(name.endsWith(".npz") ? readNpz(bytes) : { x: readNpy(bytes) });

/** What a file holds, as text that tells NaN and −0 apart. */
function contents(arrays: [string, NDArray][]): string {
  return JSON.stringify(
    arrays.map(([name, value]) => [
      name,
      value.dtype,
      value.shape,
      read(value).values.map((x) => (Object.is(x, -0) ? "-0" : `${x}`)),
    ]),
  );
}

/** Reads bytes: what they hold, or undefined where they are refused in our own words. Nothing may stay behind. */
function attempt(read: (bytes: Uint8Array) => [string, NDArray][], bytes: Uint8Array): string | undefined {
  const before = usage();
  let found: string | undefined;
  try {
    found = scope(() => contents(read(bytes)));
  } catch (error) {
    const { message } = error as Error;
    if (!/^readNp[yz]: (the file|"[^"]*") .+; expected .+\.$/s.test(message)) throw error;
  }
  expect(usage()).toEqual(before);
  return found;
}

const small = [...filesWith(".npy"), ...filesWith(".npz").filter((name) => !name.startsWith("shapes"))];
const archives = ["stored.npz", "deflated.npz", "piped.npz"];

test.each(small)("%s is refused wherever it is cut off, and with a byte behind it", (name) => {
  const bytes = file(name);
  for (let length = 0; length < bytes.length; length++) {
    if (attempt(reading(name), bytes.subarray(0, length)) !== undefined)
      throw new Error(`was read cut to ${length}`);
  }
  expect(attempt(reading(name), Uint8Array.from([...bytes, 0]))).toBe(undefined);
});

test.each(archives)("whichever bit of %s is flipped: refused, or it made no difference", (name) => {
  const bytes = file(name);
  const before = attempt(reading(name), bytes);
  expect(before).toContain('"X"');
  let refused = 0;
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const found = attempt(reading(name), flipped);
    if (found === undefined) refused++;
    else if (found !== before) throw new Error(`bit ${bit} changed what was read to ${found}`);
  }
  expect(refused).toBeGreaterThan(4 * bytes.length);
});

test.each(filesWith(".npy"))("whichever byte of the front of %s becomes whatever: read, or refused", (name) => {
  const bytes = file(name);
  for (let at = 0; at < Math.min(bytes.length, 90); at++) {
    for (const value of [0, 1, 9, 32, 39, 40, 41, 44, 48, 57, 91, 123, 125, 127, 128, 255, bytes[at]! ^ 1]) {
      const changed = bytes.slice();
      changed[at] = value;
      attempt(reading(name), changed);
    }
  }
});

test("whatever bytes of a file are replaced, removed or repeated: read, or refused", () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 40 }),
    insert: fc.uint8Array({ maxLength: 40 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...small), fc.array(edit, { minLength: 1, maxLength: 4 }), (name, edits) => {
      let bytes = file(name);
      for (const { at, remove, insert } of edits) {
        const place = Math.floor(at * bytes.length);
        bytes = Uint8Array.from([...bytes.subarray(0, place), ...insert, ...bytes.subarray(place + remove)]);
      }
      attempt(reading(name), bytes);
    }),
    { numRuns: 3000 },
  );
});

test("any bytes behind the magic: refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
      expect(attempt(reading("x.npy"), Uint8Array.from([...file("f4.npy").subarray(0, 6), ...tail]))).toBe(
        undefined,
      );
      expect(attempt(reading("x.npz"), Uint8Array.from([0x50, 0x4b, 3, 4, ...tail]))).toBe(undefined);
    }),
    { numRuns: 1000 },
  );
});

/** A gigabyte of zeros in a megabyte: a thousand times the same block, which refers to nothing before it. */
function gigabyte(): Uint8Array {
  const block = deflateRawSync(new Uint8Array(2 ** 20), { finishFlush: constants.Z_SYNC_FLUSH });
  const bytes = new Uint8Array(1024 * block.length);
  for (let i = 0; i < 1024; i++) bytes.set(block, i * block.length);
  return bytes;
}

test("a bomb that declares its size is not unpacked at all, one that lies no further than a piece beyond", () => {
  const push = vi.spyOn(Inflate.prototype, "push");
  try {
    const { total } = info().memory;
    const packed = gigabyte();
    const bomb = (size: number) => zip([{ name: "X.npy", data: new Uint8Array(0), packed, size }]);
    expectRejected(() => readNpz(bomb(2 ** 30), { maxBytes: 2 ** 30 - 1 }));
    expect(push).toHaveBeenCalledTimes(0);
    expectRejected(() => readNpz(bomb(100)));
    expect(push).toHaveBeenCalledTimes(1);
    expect(info().memory.total).toBe(total);
  } finally {
    push.mockRestore();
  }
});

const good = { name: "X.npy", data: file("f4.npy") };

test.each([
  ["another method before the data", zip([{ ...good, localMethod: 0 }])],
  ["data that reach into the directory", zip([{ ...good, packedSize: 200 }])],
  ["another signature before the data", zip([{ ...good, localSignature: 0x04034b51 }])],
  ["another signature in the directory", zip([good], { central: 0x02014b51 })],
  ["bytes between directory and end", zip([good], { padding: Uint8Array.of(0), size: 51 })],
  ["bytes at the end of the directory", zip([good], { padding: Uint8Array.of(0) })],
  ["another signature of zip64's end record", zip([good], { zip64: { signature: 0x06064b51 } })],
  ["another signature of zip64's locator", zip([good], { zip64: { locator: 0x07064b51 } })],
  ["an end record of zip64 that is longer than its place", zip([good], { zip64: { size: 45 } })],
  ["an encrypted directory", zip([{ ...good, flags: 0x2000 }])],
  ["strong encryption", zip([{ ...good, flags: 0x40 }])],
])("%s: refused", (_, bytes) => {
  expect(attempt(reading("x.npz"), zip([good]))).toContain('"X"');
  expect(attempt(reading("x.npz"), bytes)).toBe(undefined);
});

test("an archive with one bad file among good ones leaves no array, wherever it stands", () => {
  const bad = { data: file("objects.npy") };
  const before = usage();
  for (let place = 0; place < 3; place++) {
    const parts = ["a", "b", "c"].map((name, i) => ({ ...(i === place ? bad : good), name }));
    expectRejected(() => readNpz(zip(parts)));
  }
  expect(usage()).toEqual(before);
});
