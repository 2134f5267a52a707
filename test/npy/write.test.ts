/** Writing .npy: the bytes of NumPy's `save`, and round trips of any array. */

import fc from "fast-check";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { array, NDArray, scope } from "../../src/index.ts";
import { readNpy, writeNpy } from "../../src/npy.ts";
import { dtypes, expectSame } from "../compare.ts";
import { count, elements, layouts, place, plainOf, read, shapes } from "../plain.ts";
import { usage } from "../usage.ts";
import { expected, expectGolden, file } from "./golden.ts";

test.each(["f4.npy", "f8.npy"])("%s read and written is %s", (name) => {
  const bytes = file(name);
  scope(() => expect(writeNpy(readNpy(bytes))).toEqual(bytes));
});

test.each(["shapes-f4.npz", "shapes-f8.npz"])("each array of %s is written with NumPy's bytes", (name) => {
  const files = Object.entries(unzipSync(file(name)));
  expect(files.length).toBe(Object.keys(expected).filter((key) => key.startsWith(`${name}:`)).length);
  for (const [key, bytes] of files) {
    scope(() => {
      const found = readNpy(bytes);
      expectGolden(found, `${name}:${key.slice(0, -4)}`);
      expect(writeNpy(found), key).toEqual(bytes);
      expect(bytes.length % 64).toBe((found.size * (found.dtype === "f32" ? 4 : 8)) % 64);
    });
  }
});

test.each(["fortran.npy", "fortran-cube.npy"])("%s is written in C order", (name) => {
  scope(() => {
    const view = readNpy(file(name));
    const written = writeNpy(view);
    expect(written).toEqual(writeNpy(view.copy()));
    expectGolden(readNpy(written), name);
    expect(readNpy(written).contiguous).toBe(true);
  });
});

/** An array in any layout, and its elements in the order of their indices. */
const views = fc
  .tuple(shapes, fc.constantFrom(...dtypes))
  .chain(([shape, dtype]) =>
    fc
      .tuple(layouts(shape.length), fc.array(elements(dtype), { minLength: count(shape), maxLength: count(shape) }))
      .map(([layout, values]) => ({ layout, values, shape, dtype })),
  );

test("any array in any layout and dtype comes back with its shape, dtype and bits, and stays as it was", () => {
  const before = usage();
  fc.assert(
    fc.property(views, ({ shape, dtype, layout, values }) => {
      scope(() => {
        let i = 0;
        const given = place(
          plainOf(shape, () => values[i++]!),
          dtype,
          layout,
        );
        const copies = usage();
        const bytes = writeNpy(given);
        expect(usage()).toEqual(copies);
        expectSame(read(given).values, values, "given");
        const found = readNpy(bytes);
        expect([found.shape, found.dtype, found.contiguous]).toEqual([shape, dtype, true]);
        expectSame(read(found).values, values, "found");
      });
    }),
    { numRuns: 500 },
  );
  expect(usage()).toEqual(before);
});

test("repeated elements of a view without strides are written as often as they are seen", () => {
  scope(() => {
    const row = array([1, 2, 3]);
    const rows = row.view([2, 3], [0, 1], 0);
    expect(readNpy(writeNpy(rows)).toArray()).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});

test("NaN keeps its bits", () => {
  scope(() => {
    const bits = Uint32Array.of(0x7fc00001, 0xffc12345);
    const bytes = writeNpy(array([0, 0]));
    bytes.set(new Uint8Array(bits.buffer), bytes.length - 8);
    const found = readNpy(bytes);
    expect(found).toBeInstanceOf(NDArray);
    expect(writeNpy(found)).toEqual(bytes);
  });
});
