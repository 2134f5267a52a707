/**
 * Every throw, as functions of plain values. `Who.what: argument is X; expected Y. Remedy.`
 *
 * TypeError: the wrong kind of value. RangeError: a wrong value or shape. Error: the wrong moment.
 */

import { describe, show } from "./words.ts";

type Shape = readonly number[];

const MAX_BYTES = 2 ** 32;

// ---- words ----------------------------------------------------------------------------------------

/** How many elements an array of a shape has. */
function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function list(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** Place in nested arrays: values[0][2]. */
function place(name: string, path: Shape): string {
  return name + path.map((i) => `[${i}]`).join("");
}

function typeError(who: string, what: string): never {
  throw new TypeError(`${who}: ${what}`);
}

function rangeError(who: string, what: string): never {
  throw new RangeError(`${who}: ${what}`);
}

function stateError(who: string, what: string, cause?: unknown): never {
  throw new Error(`${who}: ${what}`, cause === undefined ? undefined : { cause });
}

// ---- options --------------------------------------------------------------------------------------

/** Rejects options that do not exist, naming the nearest that does. */
export function checkOptions(who: string, options: unknown, allowed: readonly string[], name = "options"): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    typeError(who, `${name} is ${describe(options)}; expected an object with options.`);
  }
  for (const name of Object.keys(options)) {
    if (allowed.includes(name)) continue;
    typeError(who, `option "${name}" does not exist; ${nearest(name, allowed)}`);
  }
}

/** What is allowed, and the name that takes the fewest edits, if it takes at most three. */
function nearest(name: string, allowed: readonly string[]): string {
  let best: string | undefined;
  let fewest = 4;
  for (const candidate of allowed) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return `expected ${list(allowed)}.${best ? ` Did you mean "${best}"?` : ""}`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** A finite number, at least `least`, more than it if `strict`, and below `limit`. */
export function checkFinite(
  who: string,
  name: string,
  value: unknown,
  least = -Infinity,
  strict = false,
  limit = Infinity,
): void {
  checkNumber(who, name, value);
  if (Number.isFinite(value) && (strict ? value > least : value >= least) && value < limit) return;
  const bound = least === -Infinity ? "" : ` ${strict ? ">" : ">="} ${least}`;
  rangeError(
    who,
    `${name} is ${value}; expected a finite number${bound}${limit < Infinity ? ` and < ${limit}` : ""}.`,
  );
}

/** Something that steps or searches, whichever copy of the package made it. */
export function checkOptimizer(who: string, value: unknown): void {
  if (typeof value === "object" && value !== null && ("begin" in value || "minimise" in value)) return;
  const expected = "what adam(), momentum() or lbfgs() of fourlane/optimizers makes";
  typeError(who, `optimizer is ${describe(value)}; expected ${expected}.`);
}

/** An optimizer whose steps do without some of the samples. */
export function checkStepwise(
  who: string,
  optimizer: { readonly name: string; minimise?: unknown } | undefined,
): void {
  if (optimizer?.minimise)
    rangeError(who, `optimizer is ${optimizer.name}(); expected another, or fit with all samples.`);
}

/** A whole number from `least` to `most`. */
export function checkCount(who: string, name: string, value: unknown, least: number, most = 2 ** 31 - 1): void {
  if (typeof value !== "number") typeError(who, `${name} is ${describe(value)}; expected a whole number.`);
  if (!Number.isInteger(value) || value < least || value > most) {
    rangeError(who, `${name} is ${value}; expected a whole number from ${least} to ${most}.`);
  }
}

/** A seed: a whole number that a double holds exactly. */
export function checkSeed(who: string, value: unknown): void {
  checkCount(who, "seed", value, 0, Number.MAX_SAFE_INTEGER);
}

/** A number. */
export function checkNumber(who: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") typeError(who, `${name} is ${describe(value)}; expected a number.`);
}

/** True or false. */
export function checkFlag(who: string, name: string, value: unknown): void {
  if (typeof value !== "boolean") typeError(who, `${name} is ${describe(value)}; expected true or false.`);
}

/** A function. */
export function checkCallback(who: string, name: string, value: unknown): void {
  if (typeof value !== "function") typeError(who, `${name} is ${describe(value)}; expected a function.`);
}

/** An X with its Y, and perhaps a third. */
export function checkPair(who: string, name: string, value: unknown, third?: string): void {
  if (Array.isArray(value) && (value.length === 2 || (third && value.length === 3))) return;
  typeError(who, `${name} is ${describe(value)}; expected [X, Y]${third ? ` or [X, Y, ${third}]` : ""}.`);
}

/** What a source gave, which is not to be iterated over. */
export function checkIterable(who: string, value: unknown): void {
  const is =
    typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
  if (!is) typeError(who, `source() is ${describe(value)}; expected an iterable or async iterable of [X, Y].`);
}

/** A pass over a source that gave nothing. */
export function emptySource(who: string, epoch: number): never {
  const remedy = epoch > 1 ? " source must begin anew each time it is called." : "";
  rangeError(who, `source() gave no batch in epoch ${epoch}; expected at least one [X, Y].${remedy}`);
}

/** Something that aborts. */
export function checkSignal(who: string, value: unknown): void {
  const is = typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
  if (!is) typeError(who, `signal is ${describe(value)}; expected an AbortSignal.`);
}

/** A number of threads, or "auto". */
export function checkThreads(who: string, value: unknown): void {
  if (value === "auto") return;
  const expected = 'expected "auto" or a whole number from 1 to 256';
  if (typeof value !== "number") typeError(who, `threads is ${describe(value)}; ${expected}.`);
  if (!Number.isInteger(value) || value < 1 || value > 256) rangeError(who, `threads is ${value}; ${expected}.`);
}

/** One of a few words, naming the nearest for any other. */
export function checkOneOf(who: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (typeof value !== "string") typeError(who, `${name} is ${describe(value)}; expected ${list(allowed)}.`);
  if (allowed.includes(value)) return;
  rangeError(who, `${name} is "${value}"; ${nearest(value, allowed)}`);
}

/** "f32" or "f64". */
export function checkDType(who: string, value: unknown): void {
  checkOneOf(who, "dtype", value, ["f32", "f64"]);
}

/** A start by name, or an object with exactly these values. */
export function checkInitialization(
  who: string,
  value: unknown,
  names: readonly string[],
  parts: readonly string[],
): void {
  if (typeof value === "string") {
    checkOneOf(who, "initialization", value, names);
    return;
  }
  const expected = `${list(names)}, or { ${parts.join(", ")} }`;
  if (typeof value !== "object" || value === null) {
    typeError(who, `initialization is ${describe(value)}; expected ${expected}.`);
  }
  const missing = parts.find((part) => !(part in value));
  if (missing) typeError(who, `initialization.${missing} is undefined; expected ${expected}.`);
  if (parts.includes("b")) checkFinite(who, "initialization.b", (value as { b: unknown }).b);
}

/** What `configure` takes: known options, each of its kind and within its range. */
export function checkConfiguration(options: unknown): void {
  const who = "configure";
  checkOptions(who, options, ["reproducible", "build", "memoryLimit", "workerUrl"]);
  const { reproducible, build, memoryLimit, workerUrl } = options as Record<string, unknown>;
  if (reproducible !== undefined) checkFlag(who, "reproducible", reproducible);
  if (build !== undefined) checkOneOf(who, "build", build, ["simd", "relaxed"]);
  if (workerUrl !== undefined && typeof workerUrl !== "string" && !(workerUrl instanceof URL)) {
    typeError(who, `workerUrl is ${describe(workerUrl)}; expected a URL or a string.`);
  }
  if (memoryLimit === undefined) return;
  checkNumber(who, "memoryLimit", memoryLimit);
  if (!(memoryLimit >= 65536 && memoryLimit <= MAX_BYTES)) {
    rangeError(who, `memoryLimit is ${memoryLimit}; expected bytes from 65536 to 4294967296.`);
  }
}

// ---- kernel and memory ----------------------------------------------------------------------------

/** `reproducible` and the relaxed build exclude each other. */
export function contradictoryBuild(): never {
  rangeError(
    "configure",
    'build is "relaxed" and reproducible is true; expected "simd", whose results are the same bits on every host.',
  );
}

/** The relaxed build was asked for where it does not run, or gains nothing; `why` says which. */
export function relaxedUnavailable(why: string): never {
  stateError("configure", `build is "relaxed", but ${why}. Leave build out to use the fastest that works here.`);
}

/** The use of a package without a kernel, before it was given one. */
export function noKernel(): never {
  stateError(
    "fourlane",
    "there is no kernel yet. Call await init(source) first: source is where this package's kernel.simd.wasm is, or its bytes.",
  );
}

/** `fourlane/js` was asked for another kernel than its own. */
export function onlyPlain(who: string, what: string): never {
  stateError(
    who,
    `${what}, but fourlane/js has only the kernel in plain JavaScript. Import "fourlane" for others.`,
  );
}

/** A kernel that is not of the build that was asked for. */
export function otherBuild(build: string, wanted: string): never {
  stateError("init", `the kernel is the ${build} build, but configure asked for "${wanted}".`);
}

/** The kernel would compile, but not synchronously. */
export function synchronousCompilationRefused(cause: unknown): never {
  stateError(
    "fourlane",
    "this host refused to compile the kernel synchronously. Call await init() before anything else.",
    cause,
  );
}

/** The kernel itself does not compile, in whatever way it is asked for. */
export function kernelUnsupported(cause: unknown): never {
  stateError(
    "fourlane",
    "this host cannot compile the kernel; expected WebAssembly with SIMD, " +
      "and in a page with a content security policy that it allows wasm-unsafe-eval.",
    cause,
  );
}

/** A module that is not one of this package's kernels. */
export function badKernel(missing: string): never {
  stateError("init", `the module has no export ${missing}; expected one of this package's kernels.`);
}

/** Bytes that do not begin like a module: `head`, the first four. */
export function notAModule(head: Uint8Array): never {
  const found = Array.from(head, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const html =
    head[0] === 0x3c ? " This looks like an HTML page: the server answered with a page instead of the file." : "";
  stateError("init", `the source starts with ${found || "nothing"}; expected the magic bytes 00 61 73 6d.${html}`);
}

/** Bytes that begin like a module and that the host still refuses, or a module that wants imports. */
export function unusableKernel(cause: unknown): never {
  stateError(
    "init",
    "this host cannot compile or link the module; expected one of this package's kernels. The error's cause says why.",
    cause,
  );
}

/** A source that is neither bytes, response nor module, and no URL either. */
export function badUrl(source: unknown): never {
  typeError(
    "init",
    `source is ${describe(source)}; expected bytes, a URL, a Response or a module. new URL(…, import.meta.url) makes a path absolute.`,
  );
}

/** Linear memory cannot grow by as much as is needed. The remedy is that of a loop that never yields. */
export function outOfMemory(who: string, bytes: number, used: number, count: number, limit: number): never {
  rangeError(
    who,
    `out of memory: ${bytes} bytes are needed and ${count} arrays hold ${used}; expected at most ${limit} in all. ` +
      "free() arrays, or make them in a scope() or with using: a loop that never yields to the event loop keeps dropped arrays.",
  );
}

/** Arrays of two kernels in one call. */
export function mixedRuntimes(who: string): never {
  stateError(
    who,
    "the arrays live in the memories of two kernels. Call configure or init before the first array, or copy one with array(a.toArray()).",
  );
}

/** An array, or a view of one, whose bytes were given back. */
export function usedAfterFree(shape: Shape): never {
  stateError(
    "NDArray",
    `the array ${show(shape)} was freed. Use it before free() or the end of its scope, or copy() it.`,
  );
}

/** Bytes that were given back before. */
export function freedTwice(who: string): never {
  stateError(who, "the array was freed before. Free it, or one of its views, once.");
}

/** Bytes that are a model's to give back. */
export function ownedByModel(who: string, model: string): never {
  stateError(who, `the array is a view of a ${model}'s memory. Call free() on the ${model}.`);
}

/** A scope ends before its promise settles. */
export function scopeOfPromise(): never {
  promised("scope", "The arrays would be freed before it settles.");
}

/** A body that goes on when the call is over, where that has a consequence. */
export function promised(who: string, why: string): never {
  typeError(who, `body returned a promise; expected a result. ${why}`);
}

// ---- arrays ---------------------------------------------------------------------------------------

/** A shape of whole numbers whose elements, `itemSize` bytes each, fit into linear memory. */
export function checkShape(who: string, shape: unknown, itemSize: number): void {
  if (!Array.isArray(shape)) typeError(who, `shape is ${describe(shape)}; expected an array of whole numbers.`);
  let bytes = itemSize;
  for (const extent of shape) {
    if (typeof extent !== "number") typeError(who, `shape has ${describe(extent)}; expected whole numbers.`);
    if (!Number.isInteger(extent) || extent < 0)
      rangeError(who, `shape is ${show(shape)}; expected whole numbers >= 0.`);
    bytes *= extent;
  }
  if (bytes >= MAX_BYTES)
    rangeError(who, `shape ${show(shape)} takes ${bytes} bytes; expected less than 4294967296.`);
}

/** A shape for as many values as there are. */
export function checkTypedShape(who: string, length: number, shape: Shape): void {
  const size = sizeOf(shape);
  if (size !== length) rangeError(who, `shape is ${show(shape)} and there are ${length} values; expected ${size}.`);
}

/** A value that cannot become an array. */
export function notArrayLike(who: string, name: string, value: unknown): never {
  typeError(
    who,
    `${name} is ${describe(value)}; expected an NDArray, nested arrays of numbers, a typed array, or { data, shape }.`,
  );
}

/** An element that is no number; `path` holds its indices. */
export function notANumber(who: string, name: string, path: Shape, value: unknown): never {
  typeError(who, `${place(name, path)} is ${describe(value)}; expected a number.`);
}

/** Nested arrays that do not all have the same shape; `expected` is that of the first. */
export function ragged(who: string, name: string, path: Shape, expected: Shape, value: unknown): never {
  const wanted = expected.length === 0 ? "a number" : `an array of ${expected[0]}`;
  rangeError(who, `${place(name, path)} is ${describe(value)}; expected ${wanted}, like its neighbours.`);
}

/** The shape with −1 replaced by what it stands for. */
export function checkReshape(from: Shape, to: Shape): number[] {
  const who = "NDArray.reshape";
  const size = sizeOf(from);
  const open = to.filter((extent) => extent === -1).length;
  const bad = to.some((extent) => !Number.isInteger(extent) || extent < -1);
  if (bad || open > 1) rangeError(who, `shape is ${show(to)}; expected whole numbers, at most one of them -1.`);
  const known = sizeOf(to.filter((extent) => extent !== -1));
  const rest = known === 0 ? 0 : size / known;
  const shape = to.map((extent) => (extent === -1 ? rest : extent));
  const fits = open === 1 ? known > 0 && Number.isInteger(rest) : known === size;
  if (!fits) rangeError(who, `shape is ${show(to)} and the array is ${show(from)}; expected ${size} elements.`);
  return shape;
}

/** A view that no strides can show in the new shape. */
export function notReshapable(from: Shape, to: Shape): never {
  stateError(
    "NDArray.reshape",
    `the array ${show(from)} is a view whose order in memory does not allow ${show(to)}. Call copy() first.`,
  );
}

/** A view that no typed array can show. */
export function notContiguous(shape: Shape, strides: Shape): never {
  stateError(
    "NDArray.data",
    `the array ${show(shape)} is a view with strides ${show(strides)}; expected contiguous elements. Read copy().data.`,
  );
}

/** An array that has not the shape that was asserted. */
export function wrongShape(found: Shape, expected: Shape): never {
  rangeError("NDArray.assertShape", `the array is ${show(found)}; expected ${show(expected)}.`);
}

/** An array of so many axes. */
export function checkRank(who: string, name: string, shape: Shape, ndim: number): void {
  if (shape.length === ndim) return;
  rangeError(who, `${name} is ${show(shape)}; expected ${ndim} axes.${shape.length === 1 ? rank1(shape) : ""}`);
}

/** What to do about an array with one axis, which is neither a row nor a column. */
function rank1(shape: Shape): string {
  return ` reshape(1, ${shape[0]}) is a row, reshape(${shape[0]}, 1) a column.`;
}

/** A range within an axis. */
export function checkAxisRange(who: string, start: number, stop: number, extent: number): void {
  const whole = Number.isInteger(start) && Number.isInteger(stop);
  if (whole && start >= 0 && start <= stop && stop <= extent) return;
  rangeError(
    who,
    `start and stop are ${describe(start)} and ${describe(stop)}; expected 0 <= start <= stop <= ${extent}.`,
  );
}

/** As many parts as there are axes, or fewer. */
export function checkSlices(shape: Shape, count: number): void {
  if (count > shape.length) wrongCount("NDArray.slice", shape, count);
}

function wrongCount(who: string, shape: Shape, count: number): never {
  rangeError(who, `${count} indices for an array ${show(shape)}; expected ${shape.length}.`);
}

/** An index for each axis; none for a single element. */
export function checkIndices(who: string, shape: Shape, indices: Shape): void {
  const single = indices.length === 0 && shape.every((extent) => extent === 1);
  if (indices.length !== shape.length && !single) wrongCount(who, shape, indices.length);
}

/** An index within an axis, counted from the front. */
export function checkIndex(who: string, shape: Shape, axis: number, index: number): number {
  const extent = shape[axis]!;
  if (Number.isInteger(index) && index >= -extent && index < extent) return index < 0 ? index + extent : index;
  return rangeError(
    who,
    `index ${describe(index)} for axis ${axis} of an array ${show(shape)}; expected ${-extent} to ${extent - 1}.`,
  );
}

/** What `slice` takes for each axis. */
export function badSlice(axis: number, part: unknown): never {
  const found = Array.isArray(part) ? `[${part.join(", ")}]` : describe(part);
  typeError("NDArray.slice", `axis ${axis} is ${found}; expected an index or [start, stop, step], step not 0.`);
}

// ---- operations -----------------------------------------------------------------------------------

/** An operand that is no NDArray, or one of another copy of the package: array(…) copies such a one. */
export function notAnNDArray(who: string, name: string, value: unknown): never {
  const foreign = (value as object | null)?.constructor?.name === "NDArray";
  const found = foreign ? "an NDArray of another copy of the package" : describe(value);
  typeError(who, `${name} is ${found}; expected an NDArray. array(…) makes one.`);
}

/** An operation on two numbers. */
export function noArray(who: string): never {
  typeError(who, "a and b are numbers; expected at least one NDArray.");
}

/** Arrays to join: a list with at least one. */
export function checkList(who: string, value: unknown): void {
  if (!Array.isArray(value) || value.length === 0)
    typeError(who, `arrays is ${describe(value)}; expected an array of at least one NDArray.`);
}

/** Arrays whose shapes differ along one axis at most. */
export function checkJoin(who: string, first: Shape, i: number, shape: Shape, axis: number): void {
  if (shape.length === first.length && shape.every((extent, k) => k === axis || extent === first[k])) return;
  rangeError(
    who,
    `arrays[0] is ${show(first)} and arrays[${i}] is ${show(shape)}; expected equal shapes but for axis ${axis}.`,
  );
}

/** A step that leads somewhere. */
export function checkStep(who: string, step: number): void {
  if (step === 0) rangeError(who, "step is 0; expected another number.");
}

/** Operands of two dtypes. */
export function mixedDTypes(who: string, aName: string, a: string, bName: string, b: string): never {
  typeError(who, `${aName} is ${a} and ${bName} is ${b}; expected one dtype. astype("${b}") converts ${aName}.`);
}

/** Shapes of which two extents differ and neither is 1. */
export function notBroadcastable(who: string, aName: string, a: Shape, bName: string, b: Shape): never {
  const remedy = a.length === b.length ? "" : " Missing axes are added on the left.";
  rangeError(
    who,
    `${aName} is ${show(a)} and ${bName} is ${show(b)}; expected extents that are equal or 1, from right to left.${remedy}`,
  );
}

/** An array for a result: of its shape and dtype. */
export function checkOut(who: string, found: Shape, foundDType: string, shape: Shape, dtype: string): void {
  if (foundDType !== dtype) typeError(who, `out is ${foundDType}; expected ${dtype}.`);
  checkSameShape(who, "out", found, shape);
}

/** A result that would overwrite what is still to be read. */
export function overlapping(who: string): never {
  rangeError(
    who,
    "out overlaps an input; expected memory of its own. Leave out out, or give it an array made for it.",
  );
}

/** Two matrices of which the first has as many columns as the second has rows. */
export function checkMatmul(who: string, a: Shape, b: Shape): void {
  checkRank(who, "a", a, 2);
  checkRank(who, "b", b, 2);
  if (a[1] === b[0]) return;
  let remedy = "";
  if (a[1] === b[1]) remedy = ` b.T is ${show([b[1]!, b[0]!])} and would fit.`;
  else if (a[0] === b[0]) remedy = ` a.T is ${show([a[1]!, a[0]!])} and would fit.`;
  rangeError(
    who,
    `a is ${show(a)} and b is ${show(b)}; expected a's columns (${a[1]}) to equal b's rows (${b[0]}).${remedy}`,
  );
}

/** Two vectors, lying, standing or with one axis, of one length. */
export function checkVectors(a: Shape, b: Shape): void {
  for (const [name, shape] of [
    ["a", a],
    ["b", b],
  ] as const) {
    const long = shape.filter((extent) => extent !== 1).length;
    if (shape.length > 2 || long > 1)
      rangeError("dot", `${name} is ${show(shape)}; expected a vector. matmul multiplies matrices.`);
  }
  if (sizeOf(a) !== sizeOf(b))
    rangeError("dot", `a is ${show(a)} and b is ${show(b)}; expected vectors of one length.`);
}

/** The axis, counted from the front. */
export function checkAxis(who: string, axis: unknown, shape: Shape): number {
  if (typeof axis !== "number") typeError(who, `axis is ${describe(axis)}; expected a whole number.`);
  const ndim = shape.length;
  if (!Number.isInteger(axis) || axis < -ndim || axis >= ndim) {
    const range =
      ndim === 0 ? "none, the array has no axes" : `${-ndim} to ${ndim - 1} for an array ${show(shape)}`;
    rangeError(who, `axis is ${axis}; expected ${range}.`);
  }
  return axis < 0 ? axis + ndim : axis;
}

/** An extreme of nothing. */
export function emptyReduction(who: string, shape: Shape): never {
  rangeError(who, `a is ${show(shape)}; expected at least one element to choose from.`);
}

// ---- data and models ------------------------------------------------------------------------------

/** X: two axes, at least one feature and one sample, and the features the model knows. */
export function checkSampleShape(who: string, X: Shape, features: number | undefined): void {
  if (X.length !== 2) {
    const remedy =
      X.length === 1 ? ` reshape(${X[0]}, 1) makes it one sample, reshape(1, ${X[0]}) one feature.` : "";
    rangeError(who, `X is ${show(X)}; expected two axes, (n_x, m), samples as columns.${remedy}`);
  }
  if (X[0] === 0 || X[1] === 0) rangeError(who, `X is ${show(X)}; expected at least one feature and one sample.`);
  if (features === undefined || X[0] === features) return;
  const remedy = X[1] === features ? ` X.T is ${show([X[1]!, X[0]!])} and costs nothing.` : "";
  rangeError(who, `X is ${show(X)}; expected ${features} features, as the model has, samples as columns.${remedy}`);
}

/** Y: one row with a label for each column of X. */
export function checkLabelShape(who: string, X: Shape, Y: Shape): void {
  if (X.length === 2 && Y.length === 2 && Y[0] === 1 && Y[1] === X[1]) return;
  if (X.length !== 2) checkSampleShape(who, X, undefined);
  const both = `X is ${show(X)} and Y is ${show(Y)}; expected`;
  const XT = show([X[1]!, X[0]!]);
  if (Y.length === 1) {
    rangeError(who, `Y is ${show(Y)}; expected two axes, (1, m). reshape(1, ${Y[0]}) costs nothing.`);
  }
  if (Y.length === 2 && Y[0] === 1 && Y[1] === X[0]) {
    rangeError(who, `${both} samples as columns. X.T is ${XT} and costs nothing.`);
  }
  if (Y.length === 2 && Y[1] === 1 && Y[0] === X[0]) {
    rangeError(who, `${both} samples as columns. X.T is ${XT}, Y.T is (1, ${Y[0]}), and both cost nothing.`);
  }
  if (Y.length === 2 && Y[1] === 1 && Y[0] === X[1]) {
    rangeError(who, `${both} one row of labels. Y.T is (1, ${Y[0]}) and costs nothing.`);
  }
  rangeError(who, `${both} Y to be (1, ${X[1]}), a label for each column of X.`);
}

/** NaN or infinity among the samples. */
export function notFinite(who: string, row: number, column: number, value: number): never {
  rangeError(
    who,
    `X[${row}, ${column}] is ${value}; expected finite numbers. Remove that sample, or put a value in its place.`,
  );
}

/** A label that is none of 0 … classes − 1. */
export function badLabel(who: string, index: number, value: number, name = "Y", classes = 2): never {
  const last = classes === Infinity ? "…" : `… ${classes - 1}`;
  const expected = classes === 2 ? "labels 0 or 1" : `class numbers 0, 1 ${last}`;
  rangeError(who, `${name}[${name === "Y" ? "0, " : ""}${index}] is ${value}; expected ${expected}.`);
}

/** Factors of classes: "balanced", or numbers for some of 0 … classes − 1. */
export function checkClassWeight(who: string, value: unknown, classes: number): void {
  if (typeof value === "string") {
    checkOneOf(who, "classWeight", value, ["balanced"]);
    return;
  }
  const labels = Object.keys(Object(value)).filter((label) => /^\d+$/.test(label) && +label < classes);
  checkOptions(who, value, classes === 2 ? ["0", "1"] : [...labels, `0 … ${classes - 1}`], "classWeight");
  for (const [label, weight] of Object.entries(value as object))
    checkFinite(who, `classWeight[${label}]`, weight, 0);
}

/** Factors of classes that are known before all of the samples are there. */
export function checkPartWeight(who: string, classWeight: unknown): void {
  if (classWeight !== "balanced") return;
  stateError(who, 'classWeight is "balanced"; expected { 0: a, 1: b } for samples in parts.');
}

/** A batch, if there is to be one, no larger than the data. */
export function checkBatchSize(who: string, batchSize: number | undefined, samples: number): void {
  if (batchSize! > samples) {
    rangeError(
      who,
      `batchSize is ${batchSize}; expected at most the ${samples} samples of X. Leave it out for full batches.`,
    );
  }
}

/** The values a model starts from, (rows, columns) in row-major order. */
export function checkParameterValues(who: string, name: string, values: ArrayLike<number>, columns: number): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const place = `${Math.floor(i / columns)}, ${i % columns}`;
    rangeError(who, `initialization.${name}[${place}] is ${values[i]}; expected finite numbers.`);
  }
}

/** Values in the shape of what they are for. */
export function checkSameShape(who: string, name: string, found: Shape, expected: Shape): void {
  if (found.length === expected.length && found.every((extent, axis) => extent === expected[axis])) return;
  rangeError(who, `${name} is ${show(found)}; expected ${show(expected)}.`);
}

/** `what` stopped being finite: the cost, or a parameter; `when`: after which epoch, or at which step. */
export function diverged(who: string, what: string, value: number, when: string, learningRate: number): never {
  const kind = what === "the cost" ? "a finite cost" : "finite parameters";
  rangeError(
    who,
    `${what} is ${value} ${when} with learningRate ${learningRate}; expected ${kind}. ` +
      `Try learningRate ${Number((learningRate / 10).toPrecision(12))}, or standardise X with StandardScaler.`,
  );
}

/** The use of parameters before there are any. */
export function notFitted(who: string, model: string): never {
  stateError(
    who,
    `the ${model} has no parameters yet. Call fit first${model === "StandardScaler" ? "" : ", or initialize(n_x)"}.`,
  );
}

/** The use of a model whose parameters are not its own at the moment. `method` trains. */
export function busyModel(who: string, model: string, method: string): never {
  stateError(who, `the ${model} is being trained by ${method.split(".")[1]}. Await that, or abort it, first.`);
}

/** The part of the package that is loaded when something first runs asynchronously is not where it should be. */
export function asyncMissing(cause: unknown): never {
  stateError(
    "fourlane",
    "its module async.js could not be loaded. Serve it beside index.js, as in the package, or let a bundler do that.",
    cause,
  );
}

/** Why workers could not be started, for a history. */
export function unstartedReason(cause: unknown, shared: boolean): string {
  const what = cause instanceof Error ? cause.message : String(cause);
  if (shared) return `threads could not be started here: ${what}`;
  return `no worker could be started: ${what}. configure({ workerUrl }) tells where this package's worker.js is`;
}

/** A worker that ended in the middle of a job. */
export function workerFailed(who: string, cause: unknown): never {
  const what = cause instanceof Error ? cause.message : String(cause);
  stateError(
    who,
    `a worker ended before its work was done: ${what}. Nothing has changed; the next call starts new workers.`,
    cause,
  );
}

/** A step without sums. */
export function nothingAccumulated(who: string, model: string): never {
  stateError(who, `the ${model} has accumulated no samples. Call accumulate(X, Y) first.`);
}

/** As many of one as of the other, and at least one. */
export function checkSameSize(who: string, aName: string, a: number, bName: string, b: number): void {
  if (a === 0) rangeError(who, `${aName} is empty; expected at least one label.`);
  if (a !== b) rangeError(who, `${aName} has ${a} elements and ${bName} has ${b}; expected as many.`);
}

/** A probability outside 0 to 1. */
export function outOfUnit(who: string, name: string, index: number, value: number): never {
  rangeError(who, `${name}[${index}] is ${value}; expected probabilities from 0 to 1.`);
}

/** A score that has no place in a ranking. */
export function notOrdered(who: string, name: string, index: number, value: number): never {
  rangeError(who, `${name}[${index}] is ${value}; expected numbers, which can be ranked.`);
}

/** A ranking of one class only. */
export function oneClass(who: string, count: number, label: number): never {
  rangeError(who, `all ${count} labels are ${label}; expected both classes, without which there is no ranking.`);
}

/** Samples for the test, from a share or a number; both parts get at least one. */
export function checkTestSize(who: string, testSize: unknown, samples: number): number {
  checkNumber(who, "testSize", testSize);
  const count = testSize < 1 ? Math.ceil(testSize * samples) : testSize;
  if (Number.isInteger(count) && count >= 1 && count < samples) return count;
  return rangeError(
    who,
    `testSize is ${testSize} of ${samples} samples; expected a share below 1 or a whole number that leaves both parts some.`,
  );
}
