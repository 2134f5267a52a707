/**
 * Every throw of `fourlane/npy`, as functions of plain values. `Who.what: argument is X; expected Y. Remedy.`
 *
 * TypeError: the wrong kind of value, also in a file. RangeError: a wrong value, or a damaged file.
 */
import { show } from "../words.ts";

/** Bytes that somebody reads: an .npy file by itself, or one of an archive. */
export interface Source {
  /** The function that was called. */
  who: string;
  /** What to call the bytes. */
  name: string;
  bytes: Uint8Array;
}

// ---- words ----------------------------------------------------------------------------------------

function describe(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return `an object (${value.constructor?.name ?? "no class"})`;
  return String(value);
}

/** Text in quotes, shortened: what a file says may be long and hold anything. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

function list(names: readonly string[], conjunction = "or"): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${conjunction} ${quoted.at(-1)}`;
}

function typeError(who: string, what: string): never {
  throw new TypeError(`${who}: ${what}`);
}

function rangeError(who: string, what: string): never {
  throw new RangeError(`${who}: ${what}`);
}

// ---- arguments ------------------------------------------------------------------------------------

/** Bytes that are none. */
export function notBytes(who: string, value: unknown): never {
  typeError(
    who,
    `bytes is ${describe(value)}; expected an ArrayBuffer or a Uint8Array. ` +
      "await response.arrayBuffer() gives one in browsers, readFileSync(path) in Node.",
  );
}

/** Something other than options, or an option that does not exist. */
export function checkOptions(who: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    typeError(who, `options is ${describe(options)}; expected an object with options.`);
  }
  const wrong = Object.keys(options).find((name) => !allowed.includes(name));
  if (wrong !== undefined) typeError(who, `option ${quote(wrong)} does not exist; expected ${list(allowed)}.`);
}

/** "f32", "f64" or nothing. */
export function checkDType(who: string, value: unknown): void {
  if (value === undefined || value === "f32" || value === "f64") return;
  const what = `dtype is ${describe(value)}; expected "f32" or "f64".`;
  if (typeof value === "string") rangeError(who, what);
  typeError(who, what);
}

/** A number of bytes. */
export function checkMaxBytes(who: string, value: unknown): void {
  if (typeof value !== "number") typeError(who, `maxBytes is ${describe(value)}; expected a number.`);
  if (!(value >= 0)) rangeError(who, `maxBytes is ${value}; expected a number >= 0.`);
}

/** True or false. */
export function checkCompress(who: string, value: unknown): void {
  if (typeof value !== "boolean") typeError(who, `compress is ${describe(value)}; expected true or false.`);
}

/** Something that no file can be made of; `name` is the argument or the array's name in the archive. */
export function notAnArray(who: string, name: string, value: unknown): never {
  typeError(who, `${name} is ${describe(value)}; expected an NDArray. array(values) makes one.`);
}

/** Arrays that have no names. */
export function notNamed(who: string, value: unknown): never {
  typeError(who, `arrays is ${describe(value)}; expected an object with an NDArray for each name.`);
}

/** A name that cannot be written as UTF-8 of at most 65535 bytes, with .npy behind it. */
export function badName(who: string, name: string): never {
  rangeError(who, `the name ${quote(name)} cannot stand in an archive; expected text of at most 65531 bytes.`);
}

/** More arrays than an archive counts. */
export function tooMany(who: string, count: number): never {
  rangeError(who, `arrays has ${count} names; expected at most 65534. Write several archives.`);
}

/** A file of 4 GiB or more. */
export function tooLargeToWrite(who: string, bytes: number): never {
  rangeError(who, `the file takes ${bytes} bytes; expected less than 4294967295. Write several files.`);
}

/** More axes than NumPy has. */
export function tooManyAxes(who: string, name: string, count: number): never {
  rangeError(who, `${name} has ${count} axes; expected at most 64, as NumPy does.`);
}

// ---- .npy -----------------------------------------------------------------------------------------

/** What the first bytes say that a file is instead. */
function insteadOf({ bytes }: Source, wanted: string): string {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start.startsWith("<")) return " This looks like an HTML page: the server answered with a page.";
  if (start === "PK\x03\x04" && wanted === ".npy") return " This looks like an .npz: use readNpz.";
  if (start === "\x93NUM" && wanted === ".npz") return " This looks like an .npy: use readNpy.";
  if (start.startsWith("\x80")) return ' This looks like a pickle: save x.astype("float64") with np.save.';
  return "";
}

function head(bytes: Uint8Array): string {
  const found = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0"));
  return found.length > 0 ? `starts with ${found.join(" ")}` : "is empty";
}

/** A file that does not begin like an .npy. */
export function notNpy(source: Source): never {
  const instead = insteadOf(source, ".npy");
  const { who, name, bytes } = source;
  rangeError(who, `${name} ${head(bytes)}; expected 93 4e 55 4d 50 59, as an .npy does.${instead}`);
}

/** A version of the format that does not exist. */
export function unknownVersion({ who, name }: Source, major: number, minor: number): never {
  rangeError(who, `${name} has version ${major}.${minor}; expected 1.0, 2.0 or 3.0.`);
}

/** A file that ends within its header. */
export function headerCutOff({ who, name, bytes }: Source, expected: number): never {
  rangeError(who, `${name} is ${bytes.length} bytes; expected at least ${expected} for its header: it is cut off.`);
}

/** A header that is longer than any that NumPy reads. */
export function headerTooLong({ who, name }: Source, length: number): never {
  rangeError(who, `${name} has a header of ${length} bytes; expected at most 10000, as NumPy does.`);
}

/** A header with something else where `expected` should stand. */
export function malformedHeader({ who, name }: Source, header: string, at: number, expected: string): never {
  const found = at < header.trimEnd().length ? quote(header.slice(at, at + 20).trimEnd()) : "nothing more";
  rangeError(who, `${name} has a header with ${found} at character ${at}; expected ${expected}.`);
}

const KEYS = ["descr", "fortran_order", "shape"];

/** A key that the header has not, or twice, or that means nothing; `what` says which of them. */
export function wrongKey({ who, name }: Source, what: "no" | "twice" | "unknown", key: string): never {
  const found = { no: `no ${quote(key)}`, twice: `${quote(key)} twice`, unknown: quote(key) }[what];
  rangeError(who, `${name} has a header with ${found}; expected ${list(KEYS, "and")} once each.`);
}

/** Elements that are no numbers, or whose numbers fourlane has no place for. */
const REFUSED: Record<string, [what: string, remedy: string]> = {
  O: ["Python objects", 'Reading them would run the file as a program: save x.astype("float64").'],
  c: ["complex numbers", "Save x.real and x.imag as two arrays."],
  U: ["text", 'Save x.astype("float64") if the text spells numbers.'],
  S: ["text", 'Save x.astype("float64") if the text spells numbers.'],
  V: ["raw bytes", "Save x.view() as a numeric dtype."],
  M: ["dates", 'Save x.astype("int64").astype("float64").'],
  m: ["spans of time", 'Save x.astype("int64").astype("float64").'],
  "[": ["a structured dtype", 'Save each field by itself: x["field"].'],
  f: ["floating-point numbers of another size", 'Save x.astype("float64").'],
};

/** A dtype that is not read. */
export function refusedDType({ who, name }: Source, descr: string, kind: string): never {
  const [what, remedy] = REFUSED[kind] ?? ["an unknown dtype", 'Save x.astype("float64").'];
  typeError(who, `${name} holds ${what} (${quote(descr)}); expected booleans, integers or real numbers. ${remedy}`);
}

/** A shape whose elements no memory could hold. */
export function shapeTooLarge({ who, name }: Source, shape: readonly number[]): never {
  rangeError(who, `${name} has shape ${show(shape)}; expected one that takes less than 2^53 bytes.`);
}

/** More or fewer bytes than the shape takes. */
export function wrongSize({ who, name }: Source, found: number, shape: readonly number[], expected: number): never {
  const why = found < expected ? "it is cut off" : "more follows than one array";
  rangeError(who, `${name} has ${found} bytes of elements; expected ${expected} for ${show(shape)}: ${why}.`);
}

/** A 64-bit integer that no f64 is equal to. */
export function inexactInteger({ who, name }: Source, index: number, value: bigint): never {
  rangeError(
    who,
    `${name} has ${value} as element ${index}; expected integers from -2^53 to 2^53. Save x.astype("float64") to round them.`,
  );
}

// ---- .npz -----------------------------------------------------------------------------------------

/** Bytes without the record that ends an archive. */
export function notNpz(source: Source): never {
  const { who, name, bytes } = source;
  const instead = insteadOf(source, ".npz");
  const cutOff = bytes[0] === 0x50 && bytes[1] === 0x4b ? " It is cut off, or something follows it." : instead;
  rangeError(who, `${name} ${head(bytes)} and has no end record; expected a zip archive, as an .npz is.${cutOff}`);
}

/** An archive whose parts contradict each other; `what` names the part. */
export function damaged({ who, name }: Source, what: string, expected: string): never {
  rangeError(who, `${name} has ${what}; expected ${expected}. It is damaged.`);
}

/** An archive in parts, or one that needs a key or another method; `entry` is quoted. */
export function unsupportedZip(who: string, what: string, expected: string, remedy: string): never {
  rangeError(who, `${what}; expected ${expected}. ${remedy}`);
}

/** Two files of an archive with one name. */
export function duplicateName(who: string, name: string): never {
  rangeError(who, `the file has two arrays named ${quote(name)}; expected a name for each.`);
}

/** More bytes than are allowed. */
export function tooLargeToRead(who: string, bytes: number, maxBytes: number): never {
  rangeError(
    who,
    `the file unpacks to ${bytes} bytes; expected at most ${maxBytes}. Pass a larger maxBytes if you trust it.`,
  );
}
