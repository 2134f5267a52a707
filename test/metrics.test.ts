import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accuracy, confusionMatrix, f1, logLoss, precision, recall, rocAuc } from "../src/index.ts";
import { golden } from "./fixtures.ts";
import { expectRefusal } from "./model-state.ts";

interface Case {
  y: number[];
  probability: number[];
  predicted: number[];
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
  confusionMatrix: number[][];
  logLoss: number;
  rocAuc: number | null;
}

const { cases } = golden<{ cases: Case[] }>("metrics");
const ofLabels = { accuracy, precision, recall, f1 };

describe("like scikit-learn's, degenerate cases included:", () => {
  test.each(cases.map((one, i) => [i, one] as const))("case %i", (_, one) => {
    const { y, probability, predicted } = one;
    for (const name of ["accuracy", "precision", "recall", "f1"] as const) {
      expect(ofLabels[name](y, predicted), name).toBeCloseTo(one[name], 14);
    }
    expect(confusionMatrix(y, predicted)).toEqual(one.confusionMatrix);
    expect(logLoss(y, probability)).toBeCloseTo(one.logLoss, 12);
    if (one.rocAuc === null) {
      const message = `rocAuc: all ${y.length} labels are ${y[0]}; expected both classes, without which there is no ranking.`;
      expectRefusal(() => rocAuc(y, probability), RangeError, message);
    } else {
      expect(rocAuc(y, probability)).toBeCloseTo(one.rocAuc, 14);
    }
  });
});

describe("by hand:", () => {
  const [y, predicted] = [
    [0, 0, 0, 1, 1, 1, 1, 0],
    [0, 1, 1, 1, 1, 0, 1, 0],
  ];

  test("2 true negatives, 2 false positives, 1 false negative, 3 true positives, in rows of the true label", () => {
    expect(confusionMatrix(y, predicted)).toEqual([
      [2, 2],
      [1, 3],
    ]);
    expect([accuracy, precision, recall, f1].map((metric) => metric(y, predicted))).toEqual([
      5 / 8,
      3 / 5,
      3 / 4,
      2 / 3,
    ]);
  });

  test("certain and wrong costs 52·ln 2, certain and right almost nothing, neither is infinite", () => {
    expect(logLoss([1], [0])).toBeCloseTo(52 * Math.LN2, 12);
    expect(logLoss([0], [1])).toBeCloseTo(52 * Math.LN2, 12);
    expect(logLoss([0, 1], [0, 1])).toBeLessThan(1e-15);
    expect(logLoss([0, 1], [0.5, 0.5])).toBeCloseTo(Math.LN2, 15);
  });

  test("ties count half, a perfect ranking 1, its reverse 0", () => {
    expect(rocAuc([0, 1], [0.3, 0.3])).toBe(0.5);
    expect(rocAuc([0, 1, 0, 1], [0.1, 0.5, 0.5, 0.9])).toBe(0.875);
    expect(rocAuc([0, 0, 1, 1], [-5, 1, 2, Number.POSITIVE_INFINITY])).toBe(1);
    expect(rocAuc([1, 1, 0, 0], [1, 2, 3, 4])).toBe(0);
  });
});

describe("properties:", () => {
  const labels = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 50 });
  const pairs = labels.chain((y) =>
    fc.tuple(fc.constant(y), fc.array(fc.constantFrom(0, 1), { minLength: y.length, maxLength: y.length })),
  );
  const scored = fc
    .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: -20, max: 20 })), { minLength: 2, maxLength: 50 })
    .filter((all) => new Set(all.map(([y]) => y)).size === 2);

  test("the confusion matrix counts every sample once: its rows are the true labels, its columns the predicted", () => {
    fc.assert(
      fc.property(pairs, ([y, p]) => {
        const [[tn, fp], [fn, tp]] = confusionMatrix(y, p);
        const count = (all: number[], label: number) => all.filter((one) => one === label).length;
        expect([tn + fp, fn + tp, tn + fn, fp + tp]).toEqual([count(y, 0), count(y, 1), count(p, 0), count(p, 1)]);
        expect(accuracy(y, p)).toBe((tn + tp) / y.length);
        expect(confusionMatrix(p, y)).toEqual([
          [tn, fn],
          [fp, tp],
        ]);
        expect(f1(y, p)).toBeCloseTo(f1(p, y), 14);
        expect(precision(y, p)).toBe(recall(p, y));
      }),
    );
  });

  test("rocAuc is the share of pairs in the right order, ties half", () => {
    fc.assert(
      fc.property(scored, (all) => {
        let right = 0;
        let count = 0;
        for (const [y1, s1] of all) {
          for (const [y0, s0] of all) {
            if (y1 !== 1 || y0 !== 0) continue;
            count++;
            right += s1 > s0 ? 1 : s1 === s0 ? 0.5 : 0;
          }
        }
        const auc = rocAuc(
          all.map(([y]) => y),
          all.map(([, s]) => s),
        );
        expect(auc).toBeCloseTo(right / count, 12);
      }),
    );
  });

  test("rocAuc stays under growing maps of the scores, turns over under falling ones, ignores the order", () => {
    fc.assert(
      fc.property(scored, (all) => {
        const [y, s] = [all.map(([label]) => label), all.map(([, score]) => score)];
        const auc = rocAuc(y, s);
        const double = (map: (score: number) => number) => Float64Array.from(s, map);
        for (const map of [Math.exp, Math.atan, (x: number) => x ** 3, (x: number) => 2 * x - 7]) {
          expect(rocAuc(y, double(map))).toBe(auc);
        }
        expect(
          rocAuc(
            y,
            double((x) => -x),
          ),
        ).toBeCloseTo(1 - auc, 12);
        expect(rocAuc([...y].reverse(), [...s].reverse())).toBe(auc);
      }),
    );
  });
});
