/** The kernel and the memory that everything uses: chosen at first use, or as `configure` and `init` say. */
import { checkConfiguration, contradictoryBuild, onlyPlain, otherBuild, promised } from "./check.ts";
import { census, loadAsync } from "./deferred.ts";
import { threading } from "./host.ts";
import { type Build, Kernel, type KernelKind, type KernelSource } from "./kernel.ts";
import { choose, loadKernel, loadKernelAsync, plain } from "./loading/inlined.ts";
import { ADDRESSABLE, Memory } from "./memory.ts";

/** A kernel with the allocator of its memory. Arrays of two runtimes cannot meet. */
export interface Runtime {
  readonly kernel: Kernel;
  readonly memory: Memory;
}

/** Options of `configure`. What is left out stays as it is. */
export interface Configuration {
  /** True: the `simd` build, whose results are the same bits on every host. False: the fastest build. */
  reproducible?: boolean;
  /** A build by name; `undefined` lets the host decide. */
  build?: Build | undefined;
  /** Bytes of linear memory never to be exceeded; at most, and by default, 4 GiB. Workers have memory of their own. */
  memoryLimit?: number;
  /**
   * Address of the workers' script, `worker.js` of this package, where a bundler or server has moved it; `undefined`
   * means beside the module that starts them.
   */
  workerUrl?: URL | string | undefined;
}

/** What `info` tells. */
export interface Info {
  /** The build that runs. */
  build: KernelKind;
  /** Why it is this one. */
  reason: string;
  /** Whether results are the same bits on every host: true for `simd` and `js`. */
  reproducible: boolean;
  /** How much memory there is, and is in use. */
  memory: {
    /** Bytes that arrays and models hold. */
    used: number;
    /** How many of them there are. */
    arrays: number;
    /** Bytes that kernels keep to work in. */
    scratch: number;
    /** Bytes of linear memory so far. It never shrinks. */
    total: number;
    /** Bytes it may grow to. */
    limit: number;
  };
  /** What there is for threads. */
  threads: {
    /** Whether threads can share memory here, so that several can train one model. */
    shared: boolean;
    /** Why, with the remedy if they cannot. */
    reason: string;
    /** Workers that are alive. */
    workers: number;
    /** Bytes of the memories that they share. */
    memory: number;
  };
}

let current: Runtime | undefined;
let wanted: Build | undefined;
let limit = ADDRESSABLE;
let script: string | undefined;

/** Address of the workers' script, if `configure` was given one. */
export function workerScript(): string | undefined {
  return script;
}

function start(kernel: Kernel): Runtime {
  current = { kernel, memory: new Memory(kernel, limit) };
  return current;
}

/** The current runtime; compiles the kernel the first time. */
export function runtime(): Runtime {
  return current ?? start(loadKernel(wanted));
}

/**
 * Chooses the build and the memory limit.
 *
 * A new build means a new memory: arrays made before keep working among themselves, but not with arrays
 * made after, so call this first.
 *
 * @throws TypeError for an unknown option or a value of the wrong kind; RangeError for a limit out of
 * range or for `reproducible` with the relaxed build; Error where the host cannot run the build.
 */
export function configure(options: Configuration): void {
  checkConfiguration(options);
  let build = wanted;
  if (options.reproducible !== undefined) build = options.reproducible && !plain ? "simd" : undefined;
  if ("build" in options) {
    if (options.reproducible && options.build === "relaxed") contradictoryBuild();
    build = options.build ?? build;
    if (options.build === undefined && options.reproducible === undefined) build = undefined;
  }
  if (build !== wanted) choose(build);
  const changes = build !== wanted && current?.kernel.build !== build;
  const kernel = current && changes ? loadKernel(build) : undefined;
  // Nothing above changed anything, nothing below throws.
  limit = options.memoryLimit ?? limit;
  if ("workerUrl" in options) script = options.workerUrl?.toString();
  wanted = build;
  if (kernel) start(kernel);
  else if (current) current.memory.limit = limit;
}

/**
 * Makes the kernel ready without synchronous compilation, for hosts that refuse it; elsewhere nobody
 * needs to call this. With a source, uses that kernel instead of the one in the package.
 *
 * @param source bytes, a URL, a Response or a compiled module of one of this package's kernels.
 * @throws Error where the source is not this package's kernel.
 */
export async function init(source?: KernelSource): Promise<Info> {
  if (source !== undefined) {
    if (plain) onlyPlain("init", "source is given");
    const { linkFrom } = await loadAsync();
    const kernel = new Kernel(await linkFrom(source), "init was given this kernel");
    if (wanted && kernel.build !== wanted) otherBuild(kernel.build, wanted);
    start(kernel);
  }
  // Meanwhile someone else may have started a kernel, or asked for another build.
  while (!current) {
    const asked = wanted;
    const kernel = await loadKernelAsync(asked);
    if (!current && asked === wanted) start(kernel);
  }
  return info();
}

/** A kernel and a memory apart from all others. */
export interface IndependentRuntime {
  /**
   * Runs `body`, whose arrays and models live in this memory, and returns what it does.
   *
   * @throws TypeError where `body` returns a promise: what it makes after its first await would live elsewhere.
   */
  run<R>(body: () => R): R;
  /** What `info()` tells, of this memory. */
  info(): Info;
}

/**
 * A kernel of the present build with a memory of its own. Linear memory never shrinks, but one that nothing refers to any more,
 * neither this runtime nor an array in it, is given back whole. Arrays of two runtimes cannot meet.
 */
export async function createRuntime(): Promise<IndependentRuntime> {
  const { code, build, reason } = runtime().kernel;
  const { instanceOf } = await loadAsync();
  const kernel = code ? await instanceOf(code, build, reason) : loadKernel(wanted);
  const own = { kernel, memory: new Memory(kernel, limit) };
  const run = <R>(body: () => R): R => {
    const outer = current;
    current = own;
    try {
      const result = body();
      if (result instanceof Promise) promised("run", "What it makes after its first await would live elsewhere.");
      return result;
    } finally {
      current = outer;
    }
  };
  return { run, info: () => run(info) };
}

/** Which build runs and why, and how much memory is in use. */
export function info(): Info {
  const { kernel, memory } = runtime();
  const { shared, reason } = threading(kernel.code);
  const { workers, bytes } = census();
  return {
    build: kernel.build,
    reason: kernel.reason,
    reproducible: kernel.build !== "relaxed",
    memory: {
      used: memory.used,
      arrays: memory.count,
      scratch: memory.scratchSize,
      total: memory.total,
      limit: memory.limit,
    },
    threads: { shared, reason, workers, memory: bytes },
  };
}
