/** What a host is to the runner: something that can be handed the packed package and the little program. */
import type { Execution } from "../../src/history.ts";
import type { Stage } from "./stage.ts";

/** What the program returns in every host: test/hosts-js/program.mjs. */
export interface Answer {
  build: string;
  product: number[][];
  prediction: number[][];
  /** SHA-256 of the bytes of all trained weights. */
  weights: string;
  /** Where `fitAsync({ threads: 1 })` ran. */
  execution: Execution;
}

/** All that a bundler wrote for a page, source maps aside, in bytes. */
export interface Weight {
  bytes: number;
  gzipped: number;
}

/** What came of a run. */
export interface Ran {
  /** Of the host, and of the bundler or toolchain where there is one: `Chromium 156, Vite 8.3.8`. */
  version: string;
  answer: Answer;
  bundle?: Weight;
}

/** A host of the folder that defines it. */
export interface Host {
  /** As the table names it. On the command line the same in small letters, without spaces. */
  name: string;
  /** How the package gets in, in Markdown. */
  how: string;
  /** Where the long fit has to run. */
  execution: Execution["mode"];
  /** Whether `npm run hosts -- --ci` leaves it out, since it takes long or differs little from another. */
  slow?: true;
  /** What it waits for, if it cannot pass yet. */
  pending?: string;
  run(stage: Stage): Promise<Ran>;
}

/** A host that this machine cannot have. It is recorded as such, and neither as passed nor as failed. */
export class NotAvailable extends Error {}
