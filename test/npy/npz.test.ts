/** Archives: NumPy's own, and back. */

import fc from "fast-check";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { array, configure, info, type NDArray, ones, scope, zeros } from "../../src/index.ts";
import { readNpz, writeNpy, writeNpz } from "../../src/npy.ts";
import { expectSame } from "../compare.ts";
import { usage } from "../usage.ts";
import { expected, expectGolden, file } from "./golden.ts";
import { npy, u64, zip } from "./made.ts";

describe.each(["stored.npz", "deflated.npz", "piped.npz", "shapes-f4.npz", "shapes-f8.npz", "none.npz"])(
  "NumPy's %s",
  (name) => {
    test("has NumPy's names, shapes and values", () => {
      scope(() => {
        const found = readNpz(file(name));
        const keys = Object.keys(found).map((key) => `${name}:${key}`);
        expect(keys).toEqual(Object.keys(expected).filter((key) => key.startsWith(`${name}:`)));
        for (const [key, value] of Object.entries(found)) expectGolden(value, `${name}:${key}`);
      });
    });

    test.each([false, true])("comes back when written with compress: %s", (compress) => {
      scope(() => {
        const found = readNpz(file(name));
        const again = readNpz(writeNpz(found, { compress }));
        expect(Object.keys(again)).toEqual(Object.keys(found));
        for (const [key, value] of Object.entries(found)) {
          const { shape, dtype } = again[key]!;
          expect([shape, dtype]).toEqual([value.shape, value.dtype]);
          expectSame(again[key]!.data, value.data, key);
        }
      });
    });
  },
);

test("NumPy's archives hold stored and deflated files, zip64's sizes before the data, and sizes behind the data", () => {
  // Version, flags and method of the first local header, and its 32-bit size.
  const first = (name: string): number[] => {
    const view = new DataView(file(name).buffer);
    return [
      view.getUint16(4, true),
      view.getUint16(6, true) & 8,
      view.getUint16(8, true),
      view.getUint32(22, true),
    ];
  };
  expect(first("stored.npz")).toEqual([45, 0, 0, 0xffffffff]);
  expect(first("deflated.npz")).toEqual([45, 0, 8, 0xffffffff]);
  expect(first("piped.npz").slice(1, 3)).toEqual([8, 8]);
});

test("a written archive is one that others read, stored unless told", () => {
  scope(() => {
    const X = ones([30, 40]);
    const plain = writeNpz({ X, Y: X.T });
    expect(unzipSync(plain)).toEqual({ "X.npy": writeNpy(X), "Y.npy": writeNpy(X.T) });
    expect(plain.length).toBeGreaterThan(9600);
    const packed = writeNpz({ X, Y: X.T }, { compress: true });
    expect(unzipSync(packed)).toEqual({ "X.npy": writeNpy(X), "Y.npy": writeNpy(X.T) });
    expect(packed.length).toBeLessThan(600);
  });
});

test("the same arrays give the same bytes at any time", () => {
  scope(() => {
    const X = array([1]);
    const view = new DataView(writeNpz({ X }).buffer);
    // 1980-01-01 00:00, as MS-DOS counts.
    expect([view.getUint16(10, true), view.getUint16(12, true)]).toEqual([0, 33]);
  });
});

test("names may be anything that is text, and reach no prototype", () => {
  const names = ["__proto__", "constructor", "", "a/b", "../up", "7", "größe", "X.npy", "\ufeffx", "💡"];
  scope(() => {
    const given: Record<string, NDArray> = Object.create(null);
    names.forEach((name, i) => {
      given[name] = array(i);
    });
    const found = readNpz(writeNpz(given));
    expect(Object.getPrototypeOf(found)).toBe(null);
    expect(Object.keys(found).sort()).toEqual([...names].sort());
    for (const name of names) expect(found[name]!.item()).toBe(names.indexOf(name));
    expect("polluted" in {}).toBe(false);
  });
});

test("any names come back", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 5 }), (names) => {
      scope(() => {
        const one = array(1);
        const found = readNpz(writeNpz(Object.fromEntries(names.map((name) => [name, one]))));
        expect(Object.keys(found).sort()).toEqual([...names].sort());
      });
    }),
  );
});

test("the dtype may be chosen for all", () => {
  scope(() => {
    const found = readNpz(file("stored.npz"), { dtype: "f64" });
    expect(Object.values(found).map(({ dtype }) => dtype)).toEqual(["f64", "f64", "f64"]);
  });
});

const one = npy({ data: new Uint8Array(new Float32Array([7]).buffer), shape: "(1,)" });
const all = 0xffffffff;

test.each<[string, Uint8Array]>([
  ["a comment", zip([{ name: "X.npy", data: one }], { comment: new Uint8Array(300).fill(80) })],
  ["zip64's end records", zip([{ name: "X.npy", data: one }], { zip64: {} })],
  [
    "zip64's sizes and place",
    zip([
      {
        name: "X.npy",
        data: one,
        method: 0,
        size: all,
        packedSize: all,
        from: all,
        extra: Uint8Array.from([9, 9, 1, 0, 5, 1, 0, 24, 0, ...u64(one.length, one.length, 0)]),
      },
    ]),
  ],
  ["a name without .npy", zip([{ name: "X", data: one }])],
])("an archive may have %s", (_, bytes) => {
  scope(() => expect(readNpz(bytes).X!.toArray()).toEqual([7]));
});

test("maxBytes counts what files unpack to, all together", () => {
  scope(() => {
    const bytes = writeNpz({ X: zeros(1000), Y: zeros([2, 500]) }, { compress: true });
    expect(bytes.length).toBeLessThan(600);
    const total = 2 * (128 + 4000);
    expect(Object.keys(readNpz(bytes, { maxBytes: total }))).toEqual(["X", "Y"]);
    expect(() => readNpz(bytes, { maxBytes: total - 1 })).toThrow(
      `unpacks to ${total} bytes; expected at most 8255`,
    );
  });
});

test("an archive whose last array finds no room leaves none of the others", () => {
  const { limit, total } = info().memory;
  const large = scope(() => writeNpz({ small: ones(10), large: zeros(total / 4 + 50_000) }, { compress: true }));
  const before = usage();
  configure({ memoryLimit: info().memory.total });
  try {
    const fill = zeros(Math.floor((info().memory.total - 2 ** 18) / 8));
    expect(() => readNpz(large, { dtype: "f64" })).toThrow("out of memory");
    fill.free();
    expect(usage()).toEqual(before);
  } finally {
    configure({ memoryLimit: limit });
  }
});

test("a scope keeps the arrays of an archive that it returns", () => {
  const before = usage();
  const found = scope(() => readNpz(file("stored.npz")));
  expect(usage().arrays).toBe(before.arrays + 3);
  for (const value of Object.values(found)) value.free();
  expect(usage()).toEqual(before);
});
