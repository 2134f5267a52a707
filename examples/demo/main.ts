/** Trains three models on real data and shows what they learned: `npm run demo`. */
import { setImmediate as breath } from "node:timers/promises";
import {
  info,
  LogisticRegression,
  StandardScaler,
  scope,
  TwoLayerNetwork,
  trainTestSplit,
} from "../../src/index.ts";
import { loadDigits, loadFlower, loadTumours } from "./load.ts";
import { decisionMap } from "./pictures.ts";
import { environment, heading, type Result, summary, thousands, wrapped } from "./report.ts";
import { type Screen, standardOutput } from "./screen.ts";
import { mistakes, study } from "./study.ts";

/** Decides who is in which part, where training starts and the order of the batches. Not chosen by its results. */
const SEED = 1;

/** Logistic regression on 30 standardised features. */
function tumours(screen: Screen): Result {
  const { X, Y } = loadTumours();
  const split = trainTestSplit(X, Y, { seed: SEED, stratify: true });
  const scaler = new StandardScaler(); // knows the training part only
  const scaled = { ...split, XTrain: scaler.fitTransform(split.XTrain), XTest: scaler.transform(split.XTest) };
  scaler.free();

  const epochs = 1000;
  using model = new LogisticRegression({ learningRate: 0.1, epochs });
  return study(screen, model, scaled, {
    name: "tumours",
    title: "Is a tumour benign?",
    about: "Logistic regression from 30 measurements of cell nuclei, each standardised. Learning rate 0.1.",
    classes: ["malignant", "benign"],
    epochs,
  });
}

/** A network on two features that no straight line can tell apart. */
function flower(screen: Screen): Result {
  const { X, Y } = loadFlower();
  const split = trainTestSplit(X, Y, { seed: SEED, stratify: true, testSize: 0.2 });
  const epochs = 10_000;
  using model = new TwoLayerNetwork({ hidden: 4, activation: "tanh", learningRate: 1.2, epochs, seed: SEED });
  const result = study(screen, model, split, {
    name: "flower",
    title: "Is a point of the flower red?",
    about: "Two-layer network from two coordinates: 4 hidden units, tanh. Learning rate 1.2.",
    classes: ["blue", "red"],
    epochs,
  });
  screen.print(wrapped(screen, "All points, ● red and ○ blue. The network calls everything red on dotted ground:"));
  screen.print(decisionMap(screen, model, X, Y));
  screen.print();
  return result;
}

/** A network on 64 pixels, with mini-batches. */
function eights(screen: Screen): Result {
  const { X, Y } = loadDigits(8);
  const split = trainTestSplit(X, Y, { seed: SEED, stratify: true });
  const [epochs, batchSize] = [200, 64];
  using model = new TwoLayerNetwork({
    hidden: 32,
    activation: "relu",
    initialization: "he",
    learningRate: 0.2,
    epochs,
    batchSize,
    seed: SEED,
  });
  const result = study(screen, model, split, {
    name: "eights",
    title: "Is a handwritten digit an 8?",
    about: "Two-layer network from 8 × 8 pixels: 32 hidden units, relu. Learning rate 0.2, batches of 64.",
    classes: ["others", "eights"],
    epochs,
    batchSize,
  });
  screen.print(mistakes(screen, model, split, 8));
  screen.print();
  return result;
}

const screen = standardOutput();
screen.print(wrapped(screen, environment(info())));
screen.print();

const results: Result[] = [];
for (const part of [tumours, flower, eights]) {
  results.push(scope(() => part(screen))); // frees every array that the part made
  await breath(); // a fit keeps the event loop waiting; here it can hear a Ctrl-C
}

screen.print(heading(screen, "All three"));
screen.print(summary(screen, results));
screen.print();
const { arrays, total } = info().memory;
screen.print(wrapped(screen, `Memory: ${arrays} arrays left behind, ${thousands(total / 1024)} KiB in all.`));
