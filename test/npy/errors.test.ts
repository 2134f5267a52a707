/** Every message of fourlane/npy, word for word. Rows leave the memory as it was. */
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { array, type NDArray, ones } from "../../src/index.ts";
import { readNpy, readNpz, writeNpy, writeNpz } from "../../src/npy.ts";
import { type Row, testErrors, wrong } from "../error-rows.ts";
import { usage } from "../usage.ts";
import { file, filesWith } from "./golden.ts";
import { npy, type ZipPart, zip } from "./made.ts";

const one = npy({ data: new Uint8Array(4), shape: "(1,)" });
const large = npy({ data: new Uint8Array(40_000), shape: "(10000,)" });
const grid = ones([2, 3]);
const freed = ones([2, 3]);
freed.free();
const endless = grid.view([40_000, 40_000], [0, 0], 0);
const header = (text: string) => () => readNpy(npy({ header: text }));
const part = (more: Partial<ZipPart>, name = "X.npy"): ZipPart => ({ name, data: one, ...more });
const text = (words: string) => new TextEncoder().encode(words);

const args: Row[] = [
  [
    "bytes that are none",
    () => readNpy(wrong("x.npy")),
    TypeError,
    'readNpy: bytes is "x.npy"; expected an ArrayBuffer or a Uint8Array. await response.arrayBuffer() gives one in browsers, readFileSync(path) in Node.',
  ],
  [
    "bytes of an archive that are none",
    () => readNpz(wrong(Promise.resolve())),
    TypeError,
    "readNpz: bytes is an object (Promise); expected an ArrayBuffer or a Uint8Array. await response.arrayBuffer() gives one in browsers, readFileSync(path) in Node.",
  ],
  [
    "options that are none",
    () => readNpy(one, wrong("f64")),
    TypeError,
    'readNpy: options is "f64"; expected an object with options.',
  ],
  [
    "an option that does not exist",
    () => readNpy(one, wrong({ allowPickle: true })),
    TypeError,
    'readNpy: option "allowPickle" does not exist; expected "dtype".',
  ],
  [
    "an option of an archive that does not exist",
    () => readNpz(one, wrong({ maxbytes: 1 })),
    TypeError,
    'readNpz: option "maxbytes" does not exist; expected "maxBytes" or "dtype".',
  ],
  [
    "a dtype that is no text",
    () => readNpy(one, { dtype: wrong(64) }),
    TypeError,
    'readNpy: dtype is 64; expected "f32" or "f64".',
  ],
  [
    "a dtype that does not exist",
    () => readNpz(one, { dtype: wrong("float32") }),
    RangeError,
    'readNpz: dtype is "float32"; expected "f32" or "f64".',
  ],
  [
    "a limit that is no number",
    () => readNpz(one, { maxBytes: wrong(1n) }),
    TypeError,
    "readNpz: maxBytes is 1n; expected a number.",
  ],
  [
    "a limit that is none",
    () => readNpz(one, { maxBytes: NaN }),
    RangeError,
    "readNpz: maxBytes is NaN; expected a number >= 0.",
  ],
  [
    "nested numbers to write",
    () => writeNpy(wrong([1, 2])),
    TypeError,
    "writeNpy: array is an array of 2; expected an NDArray. array(values) makes one.",
  ],
  [
    "a value that is no array",
    () => writeNpz({ X: grid, Y: wrong(() => grid) }),
    TypeError,
    'writeNpz: "Y" is a function; expected an NDArray. array(values) makes one.',
  ],
  [
    "arrays without names",
    () => writeNpz(wrong([grid])),
    TypeError,
    "writeNpz: arrays is an array of 1; expected an object with an NDArray for each name.",
  ],
  [
    "a flag that is none",
    () => writeNpz({}, { compress: wrong(6) }),
    TypeError,
    "writeNpz: compress is 6; expected true or false.",
  ],
  [
    "a name that is too long",
    () => writeNpz({ ["ü".repeat(32_766)]: grid }),
    RangeError,
    `writeNpz: the name "${"ü".repeat(59)}…" cannot stand in an archive; expected text of at most 65531 bytes.`,
  ],
  [
    "a name that is no text",
    () => writeNpz({ "\ud800": grid }),
    RangeError,
    'writeNpz: the name "\\ud800" cannot stand in an archive; expected text of at most 65531 bytes.',
  ],
  [
    "more arrays than an archive counts",
    () => writeNpz(Object.fromEntries(Array.from({ length: 65_535 }, (_, i) => [`x${i}`, grid]))),
    RangeError,
    "writeNpz: arrays has 65535 names; expected at most 65534. Write several archives.",
  ],
  [
    "a view of 6.4 GB",
    () => writeNpy(endless),
    RangeError,
    "writeNpy: the file takes 6400000128 bytes; expected less than 4294967295. Write several files.",
  ],
  [
    "arrays of 4.8 GB in all",
    () => writeNpz({ X: endless.view([20_000, 20_000], [0, 0], 0), Y: endless.view([40_000, 20_000], [0, 0], 0) }),
    RangeError,
    "writeNpz: the file takes 4800000450 bytes; expected less than 4294967295. Write several files.",
  ],
  [
    "an array of 65 axes",
    () => writeNpy(array(1).reshape(Array(65).fill(1))),
    RangeError,
    "writeNpy: array has 65 axes; expected at most 64, as NumPy does.",
  ],
  [
    "a freed array",
    () => writeNpz({ X: grid, Y: freed }),
    Error,
    "NDArray: the array (2, 3) was freed. Use it before free() or the end of its scope, or copy() it.",
  ],
];

const fronts: Row[] = [
  [
    "nothing",
    () => readNpy(new ArrayBuffer(0)),
    RangeError,
    "readNpy: the file is empty; expected 93 4e 55 4d 50 59, as an .npy does.",
  ],
  [
    "a page",
    () => readNpy(text("<!doctype html>")),
    RangeError,
    "readNpy: the file starts with 3c 21 64 6f 63 74; expected 93 4e 55 4d 50 59, as an .npy does. This looks like an HTML page: the server answered with a page.",
  ],
  [
    "an archive",
    () => readNpy(file("stored.npz")),
    RangeError,
    "readNpy: the file starts with 50 4b 03 04 2d 00; expected 93 4e 55 4d 50 59, as an .npy does. This looks like an .npz: use readNpz.",
  ],
  [
    "a pickle",
    () => readNpy(Uint8Array.of(0x80, 4, 0x95, 1)),
    RangeError,
    'readNpy: the file starts with 80 04 95 01; expected 93 4e 55 4d 50 59, as an .npy does. This looks like a pickle: save x.astype("float64") with np.save.',
  ],
  [
    "text in an archive",
    () => readNpz(zip([part({ data: text("hello") }, "a.txt")])),
    RangeError,
    'readNpz: "a.txt" starts with 68 65 6c 6c 6f; expected 93 4e 55 4d 50 59, as an .npy does.',
  ],
  [
    "a version to come",
    () => readNpy(npy({ version: [4, 0] })),
    RangeError,
    "readNpy: the file has version 4.0; expected 1.0, 2.0 or 3.0.",
  ],
  [
    "a version between",
    () => readNpy(npy({ version: [1, 1] })),
    RangeError,
    "readNpy: the file has version 1.1; expected 1.0, 2.0 or 3.0.",
  ],
  [
    "a file that ends before the length of its header",
    () => readNpy(one.subarray(0, 9)),
    RangeError,
    "readNpy: the file is 9 bytes; expected at least 10 for its header: it is cut off.",
  ],
  [
    "a file of version 2 that ends before the length of its header",
    () => readNpy(npy({ version: [2, 0] }).subarray(0, 11)),
    RangeError,
    "readNpy: the file is 11 bytes; expected at least 12 for its header: it is cut off.",
  ],
  [
    "a file that ends within its header",
    () => readNpy(npy({ length: 200 })),
    RangeError,
    "readNpy: the file is 67 bytes; expected at least 210 for its header: it is cut off.",
  ],
  [
    "a header of 4 GB",
    () => readNpy(npy({ version: [3, 0], length: -1 })),
    RangeError,
    "readNpy: the file has a header of 4294967295 bytes; expected at most 10000, as NumPy does.",
  ],
];

const at = (what: string, expected: string) => `readNpy: the file has a header with ${what}; expected ${expected}.`;
const headers: Row[] = [
  ["nothing", "", at("nothing more at character 0", '"{"')],
  ["a call", "__import__('os').system('x')", at(`"__import__('os').sys" at character 0`, '"{"')],
  ["a key without quotes", "{descr: 1}", at('"descr: 1}" at character 1', "a key in quotes")],
  ["a number as key", "{1: 1}", at('"1: 1}" at character 1', "a key in quotes")],
  ["no colon", "{'descr' '<f4'}", at(`"'<f4'}" at character 9`, '":"')],
  ["a number as dtype", "{'descr': 4}", at('"4}" at character 10', "a dtype in quotes")],
  ["a dtype with a backslash", "{'descr': '\\x3cf4'}", at(`"'\\\\x3cf4'}" at character 10`, "a dtype in quotes")],
  ["a quote that does not end", "{'descr': '<f4", at(`"'<f4" at character 10`, "a dtype in quotes")],
  ["no comma between keys", "{'descr': '<f4' 'shape': ()}", at(`"'shape': ()}" at character 16`, '"," or "}"')],
  ["a number as order", "{'fortran_order': 0}", at('"0}" at character 18', "True or False")],
  ["a longer word", "{'fortran_order': Falsey}", at('"Falsey}" at character 18', "True or False")],
  ["a list as shape", "{'shape': [3]}", at('"[3]}" at character 10', '"("')],
  ["a number in brackets as shape", "{'shape': (3)}", at('")}" at character 12', '","')],
  ["a fraction in the shape", "{'shape': (1.5,)}", at('".5,)}" at character 12', '"," or ")"')],
  ["a negative shape", "{'shape': (-1, -6)}", at('"-1, -6)}" at character 11', "a whole number")],
  ["a leading zero", "{'shape': (03,)}", at('"03,)}" at character 11', "a whole number")],
  ["two commas in the shape", "{'shape': (1,,)}", at('",)}" at character 13', "a whole number")],
  ["no comma in the shape", "{'shape': (1, 2 3)}", at('"3)}" at character 16', '"," or ")"')],
  ["a sum in the shape", "{'shape': (1+1,)}", at('"+1,)}" at character 12', '"," or ")"')],
  ["an endless shape", "{'shape': (1, ", at("nothing more at character 14", "a whole number")],
  [
    "a tuple in the shape",
    `{'shape': ${"(".repeat(5000)}`,
    at(`"${"(".repeat(20)}" at character 11`, "a whole number"),
  ],
  [
    "more behind the dictionary",
    "{'descr': '<f4', 'fortran_order': False, 'shape': ()} or 1",
    at('"or 1" at character 54', "the end"),
  ],
  [
    "a second dictionary",
    "{'descr': '<f4', 'fortran_order': False, 'shape': ()}{",
    at('"{" at character 53', "the end"),
  ],
  [
    "a key twice",
    "{'descr': '<f4', 'descr': '<f4'}",
    at('"descr" twice', '"descr", "fortran_order" and "shape" once each'),
  ],
  [
    "no shape",
    "{'descr': '<f4', 'fortran_order': False}",
    at('no "shape"', '"descr", "fortran_order" and "shape" once each'),
  ],
  ["another key", "{'__proto__': '<f4'}", at('"__proto__"', '"descr", "fortran_order" and "shape" once each')],
].map(([what, text, message]) => [`a header with ${what}`, header(text!), RangeError, message!]);

const kinds = "expected booleans, integers or real numbers.";
const dtypes: Row[] = [
  ["objects", 'Python objects ("|O")', 'Reading them would run the file as a program: save x.astype("float64").'],
  ["complex", 'complex numbers ("<c16")', "Save x.real and x.imag as two arrays."],
  ["text", 'text ("<U2")', 'Save x.astype("float64") if the text spells numbers.'],
  ["bytes", 'text ("|S2")', 'Save x.astype("float64") if the text spells numbers.'],
  ["raw", 'raw bytes ("|V3")', "Save x.view() as a numeric dtype."],
  ["date", 'dates ("<M8[D]")', 'Save x.astype("int64").astype("float64").'],
  ["span", 'spans of time ("<m8[s]")', 'Save x.astype("int64").astype("float64").'],
  [
    "structured",
    `a structured dtype ("[('x', '<f4'), ('y', '<f8')], 'fortran_order': False, 'shap…")`,
    'Save each field by itself: x["field"].',
  ],
  ["long-double", 'floating-point numbers of another size ("<f16")', 'Save x.astype("float64").'],
].map(([name, what, remedy]) => [
  `NumPy's ${name}.npy`,
  () => readNpy(file(`${name}.npy`)),
  TypeError,
  `readNpy: the file holds ${what}; ${kinds} ${remedy}`,
]);
dtypes.push(
  ...["float32", "=f4", "|f4", "<f3", "<i16", "<toString", ""].map((descr): Row => {
    const what = /^.f3$/.test(descr) ? "floating-point numbers of another size" : "an unknown dtype";
    const known = descr === "|f4" ? "floating-point numbers of another size" : what;
    return [
      `the dtype "${descr}"`,
      () => readNpy(npy({ descr })),
      TypeError,
      `readNpy: the file holds ${known} ("${descr}"); ${kinds} Save x.astype("float64").`,
    ];
  }),
  [
    "objects in an archive",
    () => readNpz(file("with-objects.npz")),
    TypeError,
    `readNpz: "Z.npy" holds Python objects ("|O"); ${kinds} Reading them would run the file as a program: save x.astype("float64").`,
  ],
  [
    "a negative 64-bit integer that no f64 is equal to",
    () => readNpy(file("large-integer.npy")),
    RangeError,
    'readNpy: the file has -9007199254740993 as element 1; expected integers from -2^53 to 2^53. Save x.astype("float64") to round them.',
  ],
  [
    "a 64-bit integer that no f64 is equal to",
    () => readNpy(file("large-unsigned.npy")),
    RangeError,
    'readNpy: the file has 18446744073709551615 as element 2; expected integers from -2^53 to 2^53. Save x.astype("float64") to round them.',
  ],
);

const shaped = (shape: string) => () => readNpy(npy({ shape, data: new Uint8Array(24) }));
const bounds = "expected one that takes less than 2^53 bytes.";
const sizes: Row[] = [
  [
    "a shape whose product is beyond 2^64",
    shaped("(4294967296, 4294967296, 6)"),
    RangeError,
    `readNpy: the file has shape (4294967296, 4294967296, 6); ${bounds}`,
  ],
  [
    "a shape beyond all bounds beside a zero",
    shaped(`(0, ${"9".repeat(400)})`),
    RangeError,
    `readNpy: the file has shape (0, Infinity); ${bounds}`,
  ],
  [
    "more axes than NumPy has",
    shaped(`(${"1, ".repeat(65)})`),
    RangeError,
    "readNpy: the file has 65 axes; expected at most 64, as NumPy does.",
  ],
  [
    "a file that ends within its elements",
    shaped("(7,)"),
    RangeError,
    "readNpy: the file has 24 bytes of elements; expected 28 for (7): it is cut off.",
  ],
  [
    "a shape of 4 TB",
    shaped("(1024, 1024, 1024, 1024)"),
    RangeError,
    "readNpy: the file has 24 bytes of elements; expected 4398046511104 for (1024, 1024, 1024, 1024): it is cut off.",
  ],
  [
    "two arrays in a file",
    shaped("(2, 2)"),
    RangeError,
    "readNpy: the file has 24 bytes of elements; expected 16 for (2, 2): more follows than one array.",
  ],
];

/** A megabyte of zeros a thousand times over, in as few bytes as deflate can. */
const bomb = deflateRawSync(new Uint8Array(2 ** 20));
const is = (what: string, expected: string) =>
  `readNpz: the file has ${what}; expected ${expected}. It is damaged.`;
const archives: Row[] = (
  [
    [
      "an .npy",
      () => readNpz(one),
      "readNpz: the file starts with 93 4e 55 4d 50 59 and has no end record; expected a zip archive, as an .npz is. This looks like an .npy: use readNpy.",
    ],
    [
      "nothing",
      () => readNpz(new Uint8Array(0)),
      "readNpz: the file is empty and has no end record; expected a zip archive, as an .npz is.",
    ],
    [
      "an archive that is cut off",
      () => readNpz(file("stored.npz").subarray(0, 3000)),
      "readNpz: the file starts with 50 4b 03 04 2d 00 and has no end record; expected a zip archive, as an .npz is. It is cut off, or something follows it.",
    ],
    [
      "a part of an archive",
      () => readNpz(zip([part({})], { disk: 1 })),
      "readNpz: the file is one part of an archive; expected a whole one. Save with np.savez.",
    ],
    [
      "zip64 without its record",
      () => readNpz(zip([part({})], { size: 0xffffffff })),
      is("no end record of zip64", "one, as its end record says"),
    ],
    [
      "a directory elsewhere",
      () => readNpz(zip([part({})], { start: 7 })),
      is("a directory from byte 7 to 58", "it to end at 155"),
    ],
    [
      "fewer entries than counted",
      () => readNpz(zip([part({})], { count: 2 })),
      is("no entry 1 in its directory", "2 entries"),
    ],
    [
      "more entries than counted",
      () => readNpz(zip([part({}), part({}, "Y.npy")], { count: 1 })),
      is("51 bytes behind the last entry of its directory", "none"),
    ],
    [
      "a name that leaves the directory",
      () => {
        const bytes = zip([part({})]);
        bytes[bytes.length - 22 - 51 + 28] = 200;
        return readNpz(bytes);
      },
      is("entry 0 past the end of its directory", "it within"),
    ],
    [
      "a name in Latin-1",
      () => readNpz(zip([part({ name: Uint8Array.of(0xfc) })])),
      is("a name that is no UTF-8", "names in UTF-8"),
    ],
    [
      "an encrypted file",
      () => readNpz(zip([part({ flags: 1 })])),
      'readNpz: "X.npy" is encrypted; expected plain data. Save it with np.savez.',
    ],
    [
      "a file packed by LZMA",
      () => readNpz(zip([part({ method: 14 })])),
      'readNpz: "X.npy" is packed by method 14; expected 0, stored, or 8, deflated. Save it with np.savez_compressed.',
    ],
    [
      "zip64's sizes that are missing",
      () => readNpz(zip([part({ size: 0xffffffff, extra: Uint8Array.of(1, 0, 4, 0, 1, 2, 3, 4) })])),
      is('"X.npy" without its sizes for zip64', "them in its extra field"),
    ],
    [
      "a file that lies elsewhere",
      () => readNpz(zip([part({ from: 1 })])),
      is('"X.npy" not where its directory says', "it before that"),
    ],
    [
      "another name before the data",
      () => readNpz(zip([part({ localName: "Y.npy" })])),
      is('another name or method before the data of "X.npy"', "those of its directory"),
    ],
    [
      "a stored file of another size",
      () => readNpz(zip([part({ method: 0, size: 70 })])),
      is('"X.npy" with 70 bytes in 71', "as many"),
    ],
    [
      "a file larger than deflate makes any",
      () => readNpz(zip([part({ packed: bomb, size: 2 ** 30 })])),
      is(`"X.npy" with 1073741824 bytes in ${bomb.length}`, "at most 1032 in one"),
    ],
    [
      "files that overlap, each small by itself",
      () => readNpz(zip([part({}), part({ from: 0, localName: "Y.npy" })])),
      is('"X.npy" and "X.npy" in the same bytes', "bytes of its own for each"),
    ],
    [
      "two arrays of one name",
      () => readNpz(zip([part({}), part({}, "X")])),
      'readNpz: the file has two arrays named "X"; expected a name for each.',
    ],
    [
      "more bytes than allowed",
      () => readNpz(zip([part({}), part({ data: large }, "Y.npy")]), { maxBytes: 40_000 }),
      `readNpz: the file unpacks to ${one.length + large.length} bytes; expected at most 40000. Pass a larger maxBytes if you trust it.`,
    ],
    [
      "more than a gigabyte",
      () => readNpz(zip([part({ packed: new Uint8Array(2 ** 21), size: 2 ** 31 })])),
      "readNpz: the file unpacks to 2147483648 bytes; expected at most 1073741824. Pass a larger maxBytes if you trust it.",
    ],
    [
      "other bytes than the checksum's",
      () => readNpz(zip([part({ crc: 1 })])),
      is('"X.npy" with another checksum', "that of its directory"),
    ],
    [
      "data that are not deflated",
      () => readNpz(zip([part({ packed: new Uint8Array(75).fill(255) })])),
      is('"X.npy" with data that are not deflated', "data as deflate makes them"),
    ],
    [
      "more data than declared",
      () => readNpz(zip([part({ packed: bomb, size: 1000 })])),
      is('"X.npy" with more bytes', "the 1000 of its directory"),
    ],
    [
      "fewer data than declared",
      () => readNpz(zip([part({ size: 76 })])),
      is('"X.npy" with 71 bytes', "the 76 of its directory"),
    ],
  ] as [string, () => unknown, string][]
).map(([what, act, message]) => [what, act, RangeError, message]);

testErrors([...args, ...fronts, ...headers, ...dtypes, ...sizes, ...archives]);

let before: ReturnType<typeof usage>;
beforeAll(() => {
  before = usage();
});
afterAll(() => {
  // One array of 65 axes, which writeNpy refused.
  expect(usage().arrays).toBe(before.arrays + 1);
});

test("every file of NumPy's that is refused has a row", () => {
  const refused = filesWith(".npy").filter((name) => {
    let found: NDArray | undefined;
    try {
      found = readNpy(file(name));
    } catch {}
    found?.free();
    return found === undefined;
  });
  expect(refused.length).toBe(11);
});
