/** Workers of whatever host this is, behind one face. */
import { builtin } from "../host.ts";
import type { Order, Report } from "./protocol.ts";

/** A worker, seen from the thread that started it. */
export interface Port {
  post(order: Order, transfer?: ArrayBuffer[]): void;
  /** Ends it at once. */
  terminate(): Promise<void>;
  /** Whether a process may not end while it lives. */
  keepAlive(keeps: boolean): void;
}

/** What a port's owner wants to hear. */
export interface Listener {
  report(report: Report): void;
  /** The worker failed, could not load, or ended by itself; nothing more will come. */
  died(error: unknown): void;
}

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(value: unknown, transfer?: readonly unknown[]): void;
  terminate(): Promise<unknown>;
  ref(): void;
  unref(): void;
}

interface NodeThreads {
  Worker: new (url: URL, options?: { execArgv: string[] }) => NodeWorker;
  parentPort: {
    on(event: string, listener: (value: never) => void): void;
    postMessage(value: unknown): void;
  } | null;
}

/** Starts a worker from a script: that of this package, unless `url` names another. @throws where the host refuses. */
export function startWorker(url: URL | string | undefined, listener: Listener): Port {
  const threads = builtin<NodeThreads>("worker_threads");
  return threads ? startNode(threads, url, listener) : startWeb(url, listener);
}

function startNode({ Worker }: NodeThreads, url: URL | string | undefined, listener: Listener): Port {
  // The literal form is the one that bundlers understand.
  const script = url === undefined ? new URL("./worker.js", import.meta.url) : new URL(url);
  // What the process was started with, such as loaders, is of no use to this script and only delays it.
  const worker = new Worker(script, { execArgv: [] });
  let alive = true;
  const die = (error: unknown): void => {
    if (alive) listener.died(error);
    alive = false;
  };
  worker.on("message", (report: Report) => listener.report(report));
  worker.on("messageerror", die);
  worker.on("error", die);
  worker.on("exit", (code: number) => die(new Error(`the worker ended with exit code ${code}`)));
  return {
    post: (order, transfer) => worker.postMessage(order, transfer),
    async terminate() {
      alive = false;
      await worker.terminate();
    },
    keepAlive: (keeps) => (keeps ? worker.ref() : worker.unref()),
  };
}

function startWeb(url: URL | string | undefined, listener: Listener): Port {
  const options = { type: "module" } as const;
  const worker =
    url === undefined
      ? new Worker(new URL("./worker.js", import.meta.url), { type: "module" })
      : new Worker(url, options);
  worker.onmessage = ({ data }: MessageEvent<Report>) => listener.report(data);
  worker.onmessageerror = () => listener.died(new Error("a message could not be read"));
  worker.onerror = (event) => {
    // An event without a message: the script could not be loaded.
    event.preventDefault();
    listener.died(new Error(event.message || "the worker's script could not be loaded"));
  };
  return {
    post: (order, transfer = []) => worker.postMessage(order, transfer),
    async terminate() {
      worker.terminate();
    },
    keepAlive() {},
  };
}

/** The thread that started this worker. */
export interface Parent {
  post(report: Report, transfer?: ArrayBuffer[]): void;
  /** Sets who hears its orders. */
  listen(listener: (order: Order) => void): void;
}

/** In a worker: the way back to who started it. */
export function parent(): Parent {
  const port = builtin<NodeThreads>("worker_threads")?.parentPort;
  if (port) {
    return {
      post: (report) => port.postMessage(report),
      listen: (listener) => port.on("message", (order: Order) => listener(order)),
    };
  }
  const scope = globalThis as unknown as {
    postMessage(value: unknown, transfer?: readonly unknown[]): void;
    onmessage: ((event: MessageEvent<Order>) => void) | null;
  };
  return {
    post: (report, transfer = []) => scope.postMessage(report, transfer),
    listen: (listener) => {
      scope.onmessage = ({ data }) => listener(data);
    },
  };
}
