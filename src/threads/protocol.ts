/**
 * What the calling thread and its workers say to each other.
 *
 *   caller                          coordinator (worker 0)            helpers (workers 1 … n − 1)
 *   start: code, memory         →   ready                         and ready
 *   job                         →   room: where its arrays go
 *   [help                       →                                     compute parts until the job is over]
 *   writes or sends the arrays
 *   go                          →   told: an epoch, answered or not
 *   [stop]                      →   done, aborted or failed           idle
 *
 * Everything here can be cloned. With shared memory, numbers that change all the time go through control.ts instead.
 */

import type { DType } from "../abi.ts";
import type { StoppingRule } from "../early-stopping.ts";
import type { History, Progress } from "../history.ts";
import type { Hyperparameters } from "../hyperparameters.ts";
import type { Build, KernelCode, SharedMemory } from "../kernel.ts";
import type { Optimizer } from "../optimizer.ts";
import type { PassSpec } from "../passes.ts";

/** A fit for a worker to run. */
export interface FitJob {
  kind: "fit";
  who: string;
  owner: string;
  dtype: DType;
  settings: Omit<Hyperparameters, "onEpoch" | "optimizer">;
  /** What makes the optimizer anew. */
  optimizer: Pick<Optimizer, "name" | "options"> | undefined;
  spec: PassSpec;
  /** m. */
  count: number;
  /** Whether samples are contiguous in memory, instead of features. */
  wholeSamples: boolean;
  /** Whether the samples have weights. */
  weighted: boolean;
  validation?: { count: number; wholeSamples: boolean; rule: StoppingRule } | undefined;
  /** Bytes that the worker's memory may take. */
  limit: number;
  threads: number;
  /** Milliseconds between two epochs that are told; undefined if none are. With 0 each waits for its answer. */
  progressMs: number | undefined;
  /** Send the parameters along with each epoch that is told. */
  follow: boolean;
  /** Remember the parameters of the last epoch that was over, for an abort. */
  keep: boolean;
}

/** A product C = A·B for a worker to compute: A (m, k), B (k, n), C (m, n) with contiguous rows. */
export interface ProductJob {
  kind: "product";
  who: string;
  dtype: DType;
  m: number;
  n: number;
  k: number;
  /** Whether A's, B's columns are contiguous instead of their rows. */
  transposed: [a: boolean, b: boolean];
  limit: number;
  threads: number;
}

/** Any job. */
export type Job = FitJob | ProductJob;

/** To a worker. */
export type Order =
  | {
      type: "start";
      /** 0 is the coordinator. */
      index: number;
      code: KernelCode;
      build: Build;
      /** Shared with the team; without it the worker has its own. */
      memory: SharedMemory | undefined;
      control: SharedArrayBuffer | undefined;
    }
  | { type: "job"; job: Job }
  | { type: "help"; job: Job }
  /** Values for array `index` from element `start` on, where memory is not shared. */
  | { type: "values"; index: number; start: number; values: Float32Array | Float64Array }
  | { type: "go" }
  /** The answer to an epoch that was told, where memory is not shared. */
  | { type: "answer"; goOn: boolean }
  /** Give the job up, where memory is not shared. */
  | { type: "stop" };

/** From a worker. */
export type Report =
  | { type: "ready" }
  /** Where the job's arrays lie; the buffer, where it is shared, in its present size. */
  | { type: "room"; offsets: number[]; buffer: SharedArrayBuffer | undefined }
  | { type: "told"; progress: Progress; parameters: Values | undefined }
  | { type: "done"; history: History | undefined; result: Values | undefined }
  /** Given up; the parameters of the last epoch that was over, and what is to be said about it, if they were kept. */
  | { type: "aborted"; kept: Values | undefined; progress: Progress | undefined }
  | { type: "failed"; error: unknown }
  | { type: "idle" };

/** Numbers on their way. */
export type Values = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
