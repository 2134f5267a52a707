/** What every part of the demo does: train with progress, judge on samples the model has not seen, print. */
import {
  confusionMatrix,
  f1,
  type LogisticRegression,
  precision,
  recall,
  type Split,
  type TwoLayerNetwork,
} from "../../src/index.ts";
import { costCurve, digitPicture, gallery } from "./pictures.ts";
import { fitWithProgress } from "./progress.ts";
import { confusion, facts, heading, percent, type Result, thousands, wrapped } from "./report.ts";
import type { Screen } from "./screen.ts";

/** Either model: they share how to fit and predict. */
export type Model = LogisticRegression | TwoLayerNetwork;

/** What a study tells about itself. */
export interface Plan {
  /** A word for the summary. */
  name: string;
  /** The question that the model learns to answer. */
  title: string;
  /** Model and data in a sentence or two. */
  about: string;
  /** What labels 0 and 1 mean. */
  classes: readonly [string, string];
  epochs: number;
  /** Samples of one update; all of them if left out. */
  batchSize?: number;
}

/** Trains the model on one part of the data, tests it with the other and prints what came of it. */
export function study(screen: Screen, model: Model, split: Split, plan: Plan): Result {
  const { XTrain, XTest, YTrain, YTest } = split;
  screen.print(heading(screen, plan.title));
  const sizes = `${thousands(YTrain.size)} samples to learn from, ${thousands(YTest.size)} to be tested with.`;
  screen.print(wrapped(screen, `${plan.about} ${sizes}`));
  screen.print();

  const updates = Math.ceil(YTrain.size / (plan.batchSize ?? YTrain.size));
  const training = fitWithProgress(screen, model, XTrain, YTrain, { epochs: plan.epochs, updates });
  const { history, seconds, speed } = training;
  const result: Result = {
    name: plan.name,
    first: history.cost[0]!,
    last: history.cost.at(-1)!,
    train: model.score(XTrain, YTrain),
    test: model.score(XTest, YTest),
    speed,
  };
  using predicted = model.predict(XTest);
  const scores = {
    precision: precision(YTest, predicted),
    recall: recall(YTest, predicted),
    f1: f1(YTest, predicted),
  };

  screen.print();
  screen.print(facts(screen, result, seconds));
  screen.print();
  screen.print(confusion(screen, confusionMatrix(YTest, predicted), plan.classes, scores));
  screen.print();
  screen.print(costCurve(screen, history.cost));
  screen.print();
  return result;
}

/** The worst mistake of each kind: the wanted digit that looks least like it, another that looks most like it. */
export function mistakes(screen: Screen, model: Model, { XTest, YTest }: Split, wanted: number): string {
  using probability = model.predictProbability(XTest);
  const worst = [1, 0].flatMap((label) => {
    const wrong = Array.from(YTest.data.keys())
      .filter((i) => YTest.item(0, i) === label)
      .map((i) => ({ i, p: probability.item(0, i), error: Math.abs(label - probability.item(0, i)) }))
      .filter(({ error }) => error > 0.5)
      .sort((a, b) => b.error - a.error);
    return wrong.slice(0, 1).map(({ i, p }) => {
      using pixels = XTest.columns(i, i + 1).copy();
      const caption = `${label === 1 ? "an" : "not an"} ${wanted}; P(${wanted}) = ${percent(p)}`;
      return { picture: digitPicture(pixels.data), caption };
    });
  });
  if (worst.length === 0) return "No mistakes among the test samples.";
  return `${wrapped(screen, "The worst mistake of each kind among the test samples:")}\n\n${gallery(screen, worst)}`;
}
