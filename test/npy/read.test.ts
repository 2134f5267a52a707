/** Reading .npy: NumPy's own files, and others that it would read. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { array, scope } from "../../src/index.ts";
import { readNpy } from "../../src/npy.ts";
import { expectSame } from "../compare.ts";
import { usage } from "../usage.ts";
import { expected, expectGolden, file, filesWith } from "./golden.ts";
import { npy } from "./made.ts";

const readable = filesWith(".npy").filter((name) => name in expected);

test("NumPy's files hold every dtype, both orders of bytes and of axes, and all versions", () => {
  const dtypes = readable.map((name) => expected[name]!.dtype);
  const all = "|b1 |i1 |u1 <i2 >i2 <u2 >u2 <i4 >i4 <u4 >u4 <i8 >i8 <u8 >u8 <f2 >f2 <f4 >f4 <f8 >f8".split(" ");
  expect(new Set(dtypes)).toEqual(new Set(all));
  const headers = readable.map((name) => new TextDecoder("latin1").decode(file(name).subarray(6, 128)));
  expect(headers.filter((header) => header.includes("'fortran_order': True")).length).toBe(3);
  expect(new Set(headers.map((header) => header.charCodeAt(0)))).toEqual(new Set([1, 2, 3]));
});

test.each(readable)("%s has NumPy's shape and values", (name) => {
  scope(() => expectGolden(readNpy(file(name)), name));
});

test.each([
  ["|b1", "f32"],
  ["|i1", "f32"],
  ["|u1", "f32"],
  ["<i2", "f32"],
  ["<u2", "f32"],
  ["<f2", "f32"],
  ["<f4", "f32"],
  ["<i4", "f64"],
  ["<u4", "f64"],
  ["<i8", "f64"],
  ["<u8", "f64"],
  ["<f8", "f64"],
] as const)("%s becomes %s, whose numbers include all of its own", (descr, dtype) => {
  scope(() => expect(readNpy(npy({ descr, data: new Uint8Array(8), shape: "(1,)", cut: true })).dtype).toBe(dtype));
});

test("the dtype may be chosen, and values are then rounded to nearest", () => {
  scope(() => {
    const f32 = readNpy(file("i4.npy"), { dtype: "f32" });
    expect(f32.dtype).toBe("f32");
    expect(f32.item(0, 1)).toBe(Math.fround(2 ** 31 - 1));
    const f64 = readNpy(file("f4.npy"), { dtype: "f64" });
    expect(f64.dtype).toBe("f64");
    expect(f64.item(1, 2)).toBe(Math.fround(1 / 3));
  });
});

test("all 65,536 numbers of half precision are those of IEEE 754", () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const exact = Array.from(bits, (half) => {
    const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent ? 1 + fraction / 1024 : fraction / 512) * 2 ** Math.max(exponent - 15, -15);
  });
  scope(() => {
    const found = readNpy(npy({ descr: "<f2", shape: "(65536,)", data: new Uint8Array(bits.buffer) }));
    expectSame(found.data, exact, "halves");
  });
});

test("a Fortran-ordered file is a transposed view, contiguous once transposed or copied", () => {
  scope(() => {
    const cube = readNpy(file("fortran-cube.npy"));
    expect([cube.shape, cube.strides]).toEqual([
      [2, 3, 4],
      [1, 2, 6],
    ]);
    expect([cube.contiguous, cube.T.contiguous, cube.copy().contiguous]).toEqual([false, true, true]);
  });
});

test.each<[string, (bytes: Uint8Array) => ArrayBuffer | Uint8Array]>([
  ["an ArrayBuffer", (bytes) => bytes.slice().buffer],
  ["a Uint8Array within a larger buffer, at no multiple of 8", (bytes) => inside(bytes, 3)],
  ["Node's Buffer at no multiple of 8", (bytes) => Buffer.from(inside(bytes, 5).buffer, 5, bytes.length)],
])("bytes may be %s", (_, as) => {
  for (const name of ["f8.npy", "f8-big.npy", "i2.npy"]) scope(() => expectGolden(readNpy(as(file(name))), name));
});

function inside(bytes: Uint8Array, start: number): Uint8Array {
  const large = new Uint8Array(bytes.length + 11).fill(255);
  large.set(bytes, start);
  return large.subarray(start, start + bytes.length);
}

test("bytes are copied: what becomes of them later does not matter, and they stay as they were", () => {
  const bytes = file("f8-big.npy");
  const before = bytes.slice();
  scope(() => {
    const found = readNpy(bytes);
    expect(bytes).toEqual(before);
    const native = file("f4.npy");
    const other = readNpy(native);
    bytes.fill(0);
    native.fill(0);
    expectGolden(found, "f8-big.npy");
    expectGolden(other, "f4.npy");
  });
});

test("bytes may lie in the kernel's own memory", () => {
  scope(() => {
    const bytes = file("f4.npy");
    const place = array(new Float32Array(bytes.length / 4));
    const within = new Uint8Array(place.data.buffer, place.pointer, bytes.length);
    within.set(bytes);
    expectGolden(readNpy(within), "f4.npy");
  });
});

const data = new Uint8Array(new Float32Array([1, 2, 3]).buffer);

test.each<[string, string]>([
  ["Python 2's long integers", "{'descr': '<f4', 'fortran_order': False, 'shape': (3L,), }"],
  ["keys in another order", "{'shape': (3,), 'descr': '<f4', 'fortran_order': False}"],
  ["double quotes, no spaces", '{"descr":"<f4","fortran_order":False,"shape":(3,)}'],
  ["spaces and line feeds anywhere", " {\n'descr' : '<f4' ,\t'fortran_order': False, 'shape': ( 3 , ) , }\r\n"],
  ["a tuple without its last comma", "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 3)}"],
  ["a tuple with its last comma", "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 3,)}"],
])("a header may have %s", (_, header) => {
  scope(() =>
    expect(readNpy(npy({ header, data })).toArray()).toEqual(header.includes("1, 3") ? [[1, 2, 3]] : [1, 2, 3]),
  );
});

test.each([
  ["(0,)", [0]],
  ["(0, 1000000000000)", [0, 1e12]],
  ["(5, 0, 7)", [5, 0, 7]],
])("the empty shape %s is read", (shape, found) => {
  scope(() => {
    for (const fortran of [false, true]) expect(readNpy(npy({ shape, fortran })).shape).toEqual(found);
  });
});

test("single bytes may claim an order of bytes, as other programs write them", () => {
  for (const descr of ["<i1", ">i1", "|i1"]) {
    scope(() => expect(readNpy(npy({ descr, data: Uint8Array.of(255), shape: "(1,)" })).toArray()).toEqual([-1]));
  }
});

test("any byte but 0 is true", () => {
  const bytes = npy({ descr: "|b1", data: Uint8Array.of(0, 1, 2, 255), shape: "(4,)" });
  scope(() => expect(readNpy(bytes).toArray()).toEqual([0, 1, 1, 1]));
});

test("64-bit integers of any order and sign up to 2^53 are exact", () => {
  const integer = fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n });
  fc.assert(
    fc.property(fc.array(integer, { maxLength: 20 }), fc.boolean(), (integers, little) => {
      const view = new DataView(new ArrayBuffer(8 * integers.length));
      integers.forEach((value, i) => {
        view.setBigInt64(8 * i, value, little);
      });
      const bytes = npy({
        descr: little ? "<i8" : ">i8",
        data: new Uint8Array(view.buffer),
        shape: `(${integers.length},)`,
      });
      scope(() => expect(readNpy(bytes).toArray()).toEqual(integers.map(Number)));
    }),
  );
});

test("reading leaves one array and nothing else", () => {
  const before = usage();
  for (const name of readable) {
    const found = readNpy(file(name));
    expect(usage().arrays).toBe(before.arrays + 1);
    found.free();
  }
  expect(usage()).toEqual(before);
});
