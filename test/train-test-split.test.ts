import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { array, type NDArray, type SplitOptions, trainTestSplit } from "../src/index.ts";
import { expectSame } from "./compare.ts";
import { golden, inOrder, orders } from "./fixtures.ts";
import { elements, expectRefusal, held, type Kind, rowsOf } from "./model-state.ts";

const { sizes } = golden<{ sizes: [m: number, testSize: number, train: number, test: number][] }>("preprocessing");

/** Sample j is (j, −j); every third label is 1. */
function numbered(m: number) {
  const all = Array.from({ length: m }, (_, j) => j);
  return { X: [all, all.map((j) => 0 - j)], Y: [all.map((j) => (j % 3 === 0 ? 1 : 0))] };
}

/** Which samples are in a part, once each feature and label is seen to belong to them. */
function samplesOf(X: NDArray, Y: NDArray): number[] {
  const [first, second] = rowsOf(X);
  expectSame(
    second!,
    first!.map((j) => 0 - j),
    "second feature",
  );
  expectSame(
    elements(Y),
    first!.map((j) => (j % 3 === 0 ? 1 : 0)),
    "labels",
  );
  return first!;
}

function split(m: number, options: SplitOptions, order: "rows" | "columns" = "rows") {
  const { X, Y } = numbered(m);
  const { XTrain, XTest, YTrain, YTest } = trainTestSplit(
    inOrder(X, order, "f64"),
    array(Y, { dtype: "f64" }),
    options,
  );
  return { train: samplesOf(XTrain, YTrain), test: samplesOf(XTest, YTest) };
}

const ascending = (all: number[]) => [...all].sort((a, b) => a - b);

describe("trainTestSplit", () => {
  test.each(sizes)(
    "of %i samples, testSize %d: %i to train on and %i to test with, as scikit-learn",
    (m, testSize, train, tests) => {
      for (const options of [{}, { shuffle: false }, { stratify: true }]) {
        const parts = split(m, { testSize, ...options });
        expect([parts.train.length, parts.test.length]).toEqual([train, tests]);
      }
    },
  );

  test("tests with a quarter unless told", () => {
    expect(split(100, {}).test).toHaveLength(25);
  });

  test("puts each sample into one part, whole and with its label, X in either memory order", () => {
    const cases = { m: fc.integer({ min: 2, max: 70 }), share: fc.double({ min: 0.01, max: 0.6, noNaN: true }) };
    const flags = { seed: fc.nat(2 ** 31), shuffle: fc.boolean(), stratify: fc.boolean() };
    fc.assert(
      fc.property(fc.record({ ...cases, ...flags }), ({ m, share, ...options }) => {
        fc.pre(Math.ceil(share * m) < m);
        const [rows, columns] = orders.map((order) => split(m, { testSize: share, ...options }, order));
        expect(ascending([...rows!.train, ...rows!.test])).toEqual(Array.from({ length: m }, (_, j) => j));
        expect(columns).toEqual(rows);
      }),
    );
  });

  test("draws by the seed: the same again, another for another, in no order", () => {
    const drawn = split(60, { seed: 5 });
    expect(split(60, { seed: 5 })).toEqual(drawn);
    expect(split(60, { seed: 6 })).not.toEqual(drawn);
    expect(split(60, {})).toEqual(split(60, { seed: 0 }));
    expect(drawn.test).not.toEqual(ascending(drawn.test));
    expect(drawn.train).not.toEqual(ascending(drawn.train));
  });

  test("draws every sample about as often", () => {
    const counts = Array(20).fill(0);
    for (let seed = 0; seed < 1000; seed++) for (const j of split(20, { seed }).test) counts[j]++;
    // 250 expected, standard deviation 13.7: five of them.
    for (const count of counts) expect(Math.abs(count - 250)).toBeLessThan(69);
  });

  test("without shuffle keeps the order and tests with the last samples", () => {
    expect(split(7, { shuffle: false, testSize: 3 })).toEqual({ train: [0, 1, 2, 3], test: [4, 5, 6] });
    expect(split(120, { shuffle: false }).test).toEqual(Array.from({ length: 30 }, (_, i) => 90 + i));
  });

  test("stratified gives both parts the same share of ones, as nearly as counts allow", () => {
    for (const [m, testSize] of [
      [9, 3],
      [30, 0.2],
      [100, 0.25],
      [569, 0.3],
      [5, 1],
    ] as const) {
      for (const shuffle of [true, false]) {
        const { test: tests } = split(m, { stratify: true, testSize, shuffle, seed: 3 });
        const ones = tests.filter((j) => j % 3 === 0).length;
        expect(Math.abs(ones - (tests.length * Math.ceil(m / 3)) / m)).toBeLessThanOrEqual(0.5);
      }
    }
    expect(split(9, { stratify: true, testSize: 3, shuffle: false })).toEqual({
      train: [0, 1, 2, 3, 4, 5],
      test: [6, 7, 8],
    });
  });

  test.each([true, false])(
    "stratified gives both parts the share of each of many classes, shuffle %s",
    (shuffle) => {
      // Classes of 1, 2, … 13 samples, none of them neighbours.
      const labels = Array.from({ length: 13 }, (_, k) => Array(k + 1).fill(k)).flat();
      const mixed = labels.map((_, i) => labels[(i * 19) % labels.length]!);
      for (const testSize of [1, 13, 30, 60, 90]) {
        const { YTest } = trainTestSplit([mixed], [mixed], { stratify: true, testSize, shuffle });
        expect(YTest.shape).toEqual([1, testSize]);
        for (let k = 0; k < 13; k++) {
          const found = elements(YTest).filter((label) => label === k).length;
          expect(Math.abs(found - (testSize * (k + 1)) / 91)).toBeLessThanOrEqual(1);
        }
      }
    },
  );

  test("stratified or not, leaves the classes mixed in both parts", () => {
    for (const stratify of [true, false]) {
      for (const part of Object.values(split(200, { stratify }))) {
        const changes = part.filter((j, i) => i > 0 && (j % 3 === 0) !== (part[i - 1]! % 3 === 0));
        expect(changes.length).toBeGreaterThan(part.length / 4);
      }
    }
  });

  test("copies: parts have X's dtype, are the caller's to free, and leave X alone", () => {
    const before = held();
    const { X, Y } = numbered(10);
    const x = array(X, { dtype: "f64" });
    const parts = Object.values(trainTestSplit(x, Y));
    expect(parts.map((part) => part.dtype)).toEqual(Array(4).fill("f64"));
    for (const part of parts) part.data.fill(9);
    expectSame(elements(x), X.flat(), "X");
    for (const part of [...parts, x]) part.free();
    expect(held()).toEqual(before);
  });

  const { X, Y } = numbered(4);
  const shares = "expected a share below 1 or a whole number that leaves both parts some.";
  const refusals: [options: unknown, kind: Kind, message: string][] = [
    [{ testSize: 0 }, RangeError, `testSize is 0 of 4 samples; ${shares}`],
    [{ testSize: 4 }, RangeError, `testSize is 4 of 4 samples; ${shares}`],
    [{ testSize: 1.5 }, RangeError, `testSize is 1.5 of 4 samples; ${shares}`],
    [{ testSize: -0.5 }, RangeError, `testSize is -0.5 of 4 samples; ${shares}`],
    [{ testSize: 0.9 }, RangeError, `testSize is 0.9 of 4 samples; ${shares}`],
    [{ testSize: Number.NaN }, RangeError, `testSize is NaN of 4 samples; ${shares}`],
    [{ testSize: "half" }, TypeError, 'testSize is "half"; expected a number.'],
    [{ seed: -1 }, RangeError, "seed is -1; expected a whole number from 0 to 9007199254740991."],
    [{ shuffle: 0 }, TypeError, "shuffle is 0; expected true or false."],
    [{ stratify: "y" }, TypeError, 'stratify is "y"; expected true or false.'],
    [
      { testsize: 0.2 },
      TypeError,
      'option "testsize" does not exist; expected "testSize", "seed", "shuffle" or "stratify". Did you mean "testSize"?',
    ],
  ];

  test.each(refusals)("refuses %j", (options, kind, message) => {
    expectRefusal(() => trainTestSplit(X, Y, options as never), kind, `trainTestSplit: ${message}`);
  });

  test("refuses data as the models do", () => {
    const labels = "trainTestSplit: Y[0, 1] is -5; expected class numbers 0, 1 ….";
    expectRefusal(() => trainTestSplit(X, [[0, -5, 0, 1]]), RangeError, labels);
    const samples =
      "trainTestSplit: X is (2, 4) and Y is (1, 2); expected samples as columns. X.T is (4, 2) and costs nothing.";
    expectRefusal(() => trainTestSplit(X, [[0, 1]]), RangeError, samples);
  });
});
