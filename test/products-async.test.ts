/** matmulAsync in slices: the bits of matmul, whatever the shapes, whoever frees the operands meanwhile. */
import { beforeAll, describe, expect, test } from "vitest";
import { array, info, matmul, matmulAsync, type NDArray, scope, zeros } from "../src/index.ts";
import { AT_ONCE, countingSignal, disturb, expectRejection, rejectionOf, turn } from "./async-cases.ts";
import { dtypes, expectSame } from "./compare.ts";
import { wrong } from "./error-rows.ts";
import { inOrder, noisy, orders } from "./fixtures.ts";
import { builds, elements, held, type Kind, useBuild } from "./model-state.ts";

/** m, k, n: one stripe or many, tails, taller, wider, square, a single row or column, nothing. */
const shapes = [
  [1, 1, 1],
  [3, 200, 5],
  [119, 7, 119],
  [120, 7, 3],
  [121, 33, 121],
  [240, 5, 239],
  [241, 64, 17],
  [17, 64, 241],
  [400, 1, 1],
  [1, 9, 400],
  [361, 50, 250],
  [250, 50, 361],
  [241, 7, 513],
  [120, 7, 512],
  [300, 0, 5],
  [0, 5, 300],
  [300, 5, 0],
  [0, 0, 0],
] as const;

describe.each(builds)("on the %s build", (build) => {
  beforeAll(() => useBuild(build));

  describe.each(dtypes)("%s", (dtype) => {
    test.each(shapes)(
      "(%i, %i) times (…, %i) has the bits of matmul in every memory order, also of slices",
      async (m, k, n) => {
        for (const first of orders) {
          for (const second of orders) {
            const made: NDArray[] = [];
            const operand = (rows: number, columns: number, order: (typeof orders)[number], seed: number) => {
              // A slice of something larger, so that neither axis need be contiguous.
              const whole = inOrder(noisy(rows + 3, columns + 2, seed), order, dtype);
              made.push(whole);
              return whole.rows(2, rows + 2).columns(1, columns + 1);
            };
            const [a, b] = [operand(m, k, first, 1), operand(k, n, second, 2)];
            const wanted = matmul(a, b);
            for (const sliceMs of [8, AT_ONCE]) {
              const c = await matmulAsync(a, b, { sliceMs });
              expect([c.shape, c.dtype]).toEqual([[m, n], dtype]);
              expectSame(elements(c), elements(wanted), `${first} and ${second}`);
              c.free();
            }
            for (const x of [wanted, ...made]) x.free();
          }
        }
      },
    );
  });
});

/** The elements of matmul's product. */
function productOf(a: NDArray, b: NDArray): number[] {
  const c = matmul(a, b);
  const found = elements(c);
  c.free();
  return found;
}

describe("matmulAsync", () => {
  // Made when the last build has been chosen, or they would lie in another memory.
  let tall: NDArray;
  let wide: NDArray;
  let vector: NDArray;
  let double: NDArray;
  let freed: NDArray;
  beforeAll(() => {
    tall = array(noisy(500, 40, 3));
    wide = array(noisy(40, 300, 4));
    vector = array([1, 2]);
    double = wide.astype("f64");
    freed = zeros([500, 40]);
    freed.free();
  });

  test("is undisturbed by other work in every breath, and by memory that grows", async () => {
    const wanted = productOf(tall, wide);
    const others = disturb();
    const grown: NDArray[] = [];
    let going = true;
    const grow = () => {
      if (!going) return;
      const { total } = info().memory;
      while (info().memory.total === total) grown.push(zeros(500_000));
      if (grown.length < 100) setImmediate(grow);
    };
    setImmediate(grow);
    const c = await matmulAsync(tall, wide, { sliceMs: AT_ONCE });
    going = false;
    others.stop();
    expectSame(elements(c), wanted, "product");
    for (const a of [c, ...grown]) a.free();
  });

  test("multiplies an array with its own transpose, and many products at once", async () => {
    const products = [
      [tall, tall.T],
      [wide.T, wide],
      [tall, wide],
    ] as const;
    const found = await Promise.all(products.map(([a, b]) => matmulAsync(a, b, { sliceMs: AT_ONCE })));
    products.forEach(([a, b], i) => {
      expectSame(elements(found[i]!), productOf(a, b), `product ${i}`);
    });
    for (const c of found) c.free();
  });

  test("reads operands to the end that are freed meanwhile, and then lets go of them", async () => {
    const before = held();
    const [a, b] = [tall.copy(), wide.copy()];
    const product = matmulAsync(a, b, { sliceMs: AT_ONCE });
    for (const x of [a, b]) x.free();
    expect(() => a.free()).toThrow("NDArray.free: the array was freed before. Free it, or one of its views, once.");
    await turn();
    scope(() => void zeros([500, 40]));
    const c = await product;
    expectSame(elements(c), productOf(tall, wide), "product");
    expect(() => a.item(0, 0)).toThrow("was freed");
    c.free();
    expect(held()).toEqual(before);
  });

  test("called inside a scope gives a result that outlives it, of operands that do not", async () => {
    const before = held();
    let product: Promise<NDArray> | undefined;
    for (const sliceMs of [8, AT_ONCE]) {
      scope(() => {
        product = matmulAsync(tall.copy(), wide.copy(), { sliceMs });
        scope(() => void zeros(7));
      });
      const c = await product!;
      expectSame(elements(c), productOf(tall, wide), "product");
      expect(held().arrays).toBe(before.arrays + 1);
      c.free();
      expect(held()).toEqual(before);
    }
  });

  test.each([
    ["before", 0, { sliceMs: 8 }],
    ["right after the call", 0, { sliceMs: 8 }],
    ["right after the call", 0, { sliceMs: AT_ONCE }],
    ["in the middle", 1, { sliceMs: AT_ONCE }],
    ["later", 3, { sliceMs: AT_ONCE }],
  ] as const)(
    "aborted %s (%i turns, %j) is rejected with the reason and leaves nothing",
    async (when, turns, options) => {
      const before = held();
      for (const reason of [new Error("enough"), "a text", null, undefined]) {
        const { controller, signal, listeners } = countingSignal();
        if (when === "before") controller.abort(reason);
        const product = rejectionOf(matmulAsync(tall, wide, { signal, ...options }));
        for (let i = 0; i < turns; i++) await turn();
        controller.abort(reason);
        expect(await product).toBe(signal.reason);
        expect([held(), listeners()]).toEqual([before, 0]);
      }
    },
  );

  test("aborted after its end stays as it is", async () => {
    const controller = new AbortController();
    const c = await matmulAsync(tall, wide, { signal: controller.signal });
    const found = elements(c);
    controller.abort();
    expectSame(elements(c), found, "product");
    c.free();
  });

  test("runs in slices with threads where the product is too small for them", async () => {
    const c = await matmulAsync(array([[2]]), array([[3]]), { threads: 2 });
    expect([c.item(), info().threads.workers]).toEqual([6, 0]);
  });

  const rows: [string, () => Promise<NDArray>, Kind, string][] = [
    [
      "no array",
      () => matmulAsync(wrong([[1]]), wide),
      TypeError,
      "matmulAsync: a is an array of 1; expected an NDArray. array(…) makes one.",
    ],
    [
      "no second array",
      () => matmulAsync(tall, wrong(7)),
      TypeError,
      "matmulAsync: b is 7; expected an NDArray. array(…) makes one.",
    ],
    [
      "shapes that do not fit",
      () => matmulAsync(tall, tall),
      RangeError,
      "matmulAsync: a is (500, 40) and b is (500, 40); expected a's columns (40) to equal b's rows (500). b.T is (40, 500) and would fit.",
    ],
    [
      "a vector",
      () => matmulAsync(vector, wide),
      RangeError,
      "matmulAsync: a is (2); expected 2 axes. reshape(1, 2) is a row, reshape(2, 1) a column.",
    ],
    [
      "two dtypes",
      () => matmulAsync(tall, double),
      TypeError,
      'matmulAsync: a is f32 and b is f64; expected one dtype. astype("f64") converts a.',
    ],
    [
      "a freed first operand",
      () => matmulAsync(freed, wide),
      Error,
      "NDArray: the array (500, 40) was freed. Use it before free() or the end of its scope, or copy() it.",
    ],
    [
      "a freed second operand",
      () => matmulAsync(tall.T, freed),
      Error,
      "NDArray: the array (500, 40) was freed. Use it before free() or the end of its scope, or copy() it.",
    ],
  ];

  test.each(rows)("refuses %s as matmul does, by a rejection", async (_, act, kind, message) => {
    await expectRejection(act, kind, message);
  });

  const given: [string, unknown, Kind, string][] = [
    [
      "unknown options",
      { treads: 2 },
      TypeError,
      'option "treads" does not exist; expected "threads", "signal" or "sliceMs". Did you mean "threads"?',
    ],
    ["out", { out: 7 }, TypeError, 'option "out" does not exist; expected "threads", "signal" or "sliceMs".'],
    ["options that are none", 8, TypeError, "options is 8; expected an object with options."],
    ["no time", { sliceMs: 0 }, RangeError, "sliceMs is 0; expected a finite number > 0."],
    ["all the time", { sliceMs: Infinity }, RangeError, "sliceMs is Infinity; expected a finite number > 0."],
    ["a time in words", { sliceMs: "8" }, TypeError, 'sliceMs is "8"; expected a number.'],
    [
      "no signal",
      { signal: new AbortController() },
      TypeError,
      "signal is an object (AbortController); expected an AbortSignal.",
    ],
    ["no threads", { threads: 0 }, RangeError, 'threads is 0; expected "auto" or a whole number from 1 to 256.'],
    [
      "too many threads",
      { threads: 257 },
      RangeError,
      'threads is 257; expected "auto" or a whole number from 1 to 256.',
    ],
    [
      "threads in words",
      { threads: "all" },
      TypeError,
      'threads is "all"; expected "auto" or a whole number from 1 to 256.',
    ],
  ];

  test.each(given)("refuses %s", async (_, options, kind, message) => {
    await expectRejection(() => matmulAsync(tall, wide, wrong(options)), kind, `matmulAsync: ${message}`);
  });
});
