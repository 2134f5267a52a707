/** How good predictions are: of labels, of probabilities, of scores. Labels are 0 or 1, but for `accuracy`. */
import { badLabel, checkSameSize, notArrayLike, notOrdered, oneClass, outOfUnit } from "./check.ts";
import { type ArrayInput, arrayFor } from "./creation.ts";
import { NDArray } from "./ndarray.ts";

/** All elements of an argument in row-major order, copied out of linear memory. */
function elements(who: string, name: string, values: ArrayInput): Float64Array {
  if (values === undefined || values === null) notArrayLike(who, name, values);
  const array = arrayFor(who, name, values, values instanceof NDArray ? {} : { dtype: "f64" });
  const copy = Float64Array.from(array.data);
  array.free();
  return copy;
}

/** The labels of an argument. */
function labels(who: string, name: string, values: ArrayInput, classes = 2): Float64Array {
  const all = elements(who, name, values);
  all.forEach((label, i) => {
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) badLabel(who, i, label, name, classes);
  });
  return all;
}

function pair(
  who: string,
  yTrue: ArrayInput,
  name: string,
  other: ArrayInput,
  read: typeof labels,
  classes = 2,
): [Float64Array, Float64Array] {
  const truth = labels(who, "yTrue", yTrue, classes);
  const second = read(who, name, other, classes);
  checkSameSize(who, "yTrue", truth.length, name, second.length);
  return [truth, second];
}

/** Counts of true label by predicted label, `matrix[true][predicted]`. */
export type ConfusionMatrix = [[number, number], [number, number]];

/** Counts of each true label by predicted label: `[[true negatives, false positives], [false negatives, true positives]]`. */
export function confusionMatrix(yTrue: ArrayInput, yPredicted: ArrayInput): ConfusionMatrix {
  return count("confusionMatrix", yTrue, yPredicted);
}

function count(who: string, yTrue: ArrayInput, yPredicted: ArrayInput): ConfusionMatrix {
  const [truth, predicted] = pair(who, yTrue, "yPredicted", yPredicted, labels);
  const matrix: ConfusionMatrix = [
    [0, 0],
    [0, 0],
  ];
  truth.forEach((label, i) => {
    matrix[label as 0 | 1][predicted[i] as 0 | 1]++;
  });
  return matrix;
}

/** The share of labels predicted correctly, of any number of classes. */
export function accuracy(yTrue: ArrayInput, yPredicted: ArrayInput): number {
  const [truth, predicted] = pair("accuracy", yTrue, "yPredicted", yPredicted, labels, Infinity);
  return truth.filter((label, i) => label === predicted[i]).length / truth.length;
}

/** The share of predicted ones that are ones; 0 where nothing was predicted to be 1. */
export function precision(yTrue: ArrayInput, yPredicted: ArrayInput): number {
  const [[, falsePositive], [, truePositive]] = count("precision", yTrue, yPredicted);
  return ratio(truePositive, truePositive + falsePositive);
}

/** The share of ones that are predicted to be ones; 0 where there are none. */
export function recall(yTrue: ArrayInput, yPredicted: ArrayInput): number {
  const [, [falseNegative, truePositive]] = count("recall", yTrue, yPredicted);
  return ratio(truePositive, truePositive + falseNegative);
}

/** The harmonic mean of precision and recall, 2·TP/(2·TP + FP + FN); 0 where there is nothing to find. */
export function f1(yTrue: ArrayInput, yPredicted: ArrayInput): number {
  const [[, falsePositive], [falseNegative, truePositive]] = count("f1", yTrue, yPredicted);
  return ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * The mean of −y·log p − (1 − y)·log(1 − p). Probabilities of exactly 0 and 1 count as 2^−52 and
 * 1 − 2^−52, as in scikit-learn, so that one wrong certainty does not make it infinite.
 */
export function logLoss(yTrue: ArrayInput, probability: ArrayInput): number {
  const [truth, given] = pair("logLoss", yTrue, "probability", probability, elements);
  let total = 0;
  truth.forEach((label, i) => {
    if (!(given[i]! >= 0 && given[i]! <= 1)) outOfUnit("logLoss", "probability", i, given[i]!);
    const p = Math.min(Math.max(given[i]!, Number.EPSILON), 1 - Number.EPSILON);
    total -= label === 1 ? Math.log(p) : Math.log1p(-p);
  });
  return total / truth.length;
}

/**
 * The area under the ROC curve: the chance that a random one has a higher score than a random zero, ties
 * counting half. From rank sums (Mann and Whitney, 1947). @throws RangeError if only one class is there.
 */
export function rocAuc(yTrue: ArrayInput, score: ArrayInput): number {
  const [truth, scores] = pair("rocAuc", yTrue, "score", score, elements);
  const unranked = scores.findIndex(Number.isNaN);
  if (unranked >= 0) notOrdered("rocAuc", "score", unranked, scores[unranked]!);
  const order = Array.from(scores.keys()).sort((i, j) => scores[i]! - scores[j]!);
  let ones = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    const rank = (from + 1 + to) / 2; // the mean rank of a tie
    for (let i = from; i < to; i++) {
      if (truth[order[i]!] === 0) continue;
      ones++;
      rankSum += rank;
    }
    from = to;
  }
  const zeros = truth.length - ones;
  if (ones === 0 || zeros === 0) oneClass("rocAuc", truth.length, ones > 0 ? 1 : 0);
  return (rankSum - (ones * (ones + 1)) / 2) / (ones * zeros);
}
