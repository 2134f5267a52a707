/** The figures of the course: drawn from what fourlane computes, the same bytes each time. */
import { mkdirSync, writeFileSync } from "node:fs";
import { configure } from "../../../src/index.ts";
import { descentOneFigure, descentTwoFigure, surfacesFigure } from "./costs.ts";
import { activationsFigure, derivativeFigure, derivativesFigure, sigmoidFigure } from "./curves.ts";
import { backwardFigure, forwardFigure, networkFigure, oneSampleFigure } from "./graphs.ts";
import { boundariesFigure, startsFigure } from "./trainings.ts";

/** Where they are. */
export const FOLDER = new URL("../../../docs/course/figures/", import.meta.url);

/** Each figure by the name of its file. */
export const FIGURES: Readonly<Record<string, () => string>> = {
  "sigmoid.svg": sigmoidFigure,
  "cost-surfaces.svg": surfacesFigure,
  "descent-one.svg": descentOneFigure,
  "descent-two.svg": descentTwoFigure,
  "derivative.svg": derivativeFigure,
  "derivatives.svg": derivativesFigure,
  "graph-forward.svg": forwardFigure,
  "graph-backward.svg": backwardFigure,
  "one-sample.svg": oneSampleFigure,
  "activations.svg": activationsFigure,
  "boundaries.svg": boundariesFigure,
  "back-propagation.svg": networkFigure,
  "initialisation.svg": startsFigure,
};

/** The text of a figure. */
export function figure(name: string): string {
  configure({ reproducible: true });
  return FIGURES[name]!();
}

/** Writes all figures. */
export function drawFigures(): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of Object.keys(FIGURES)) writeFileSync(new URL(name, FOLDER), figure(name));
}
