/** Functions that run in a page: how their text gets in, and how their results get out. */

/** The package's exports. */
export type Fourlane = typeof import("../../src/index.ts");

/** What runs in a page; it runs in Node as well, for comparison. */
export type Work<A extends unknown[], R> = (fourlane: Fourlane, ...args: A) => R | Promise<R>;

/** The built package in this process. */
export function packageInNode(): Promise<Fourlane> {
  // The path is no literal, since types must check before anything is built.
  const file = new URL("../../dist/index.js", import.meta.url).href;
  return import(file) as Promise<Fourlane>;
}

const ARRAYS = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
};

/** What a function came to, on its way out of the page. */
type Outcome = { value?: unknown } | { error: { name: string; message: string } };

/** An expression whose value is the promise of the outcome of a function, as text. */
export function expression(work: (...args: never[]) => unknown, args: unknown[]): string {
  const run = async (...all: unknown[]): Promise<string> => {
    const typed = (_: string, value: unknown) =>
      ArrayBuffer.isView(value)
        ? {
            typed: value.constructor.name,
            bytes: Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
          }
        : value;
    try {
      return JSON.stringify({ value: await (work as (...all: unknown[]) => unknown)(...all) }, typed);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
      return JSON.stringify({ error: { name, message } });
    }
  };
  // Where tsx runs it, functions with names are wrapped in a helper of this name.
  const call = `((work) => (${run})(globalThis.fourlane, ...${JSON.stringify(args)}))(${work})`;
  return `((__name) => ${call})((named) => named)`;
}

/** The value in the text of an outcome, or the error. */
export function outcome<R>(text: string): R {
  const found = JSON.parse(text, (_, value) => {
    const make = ARRAYS[value?.typed as keyof typeof ARRAYS];
    return make && Array.isArray(value.bytes) ? new make(Uint8Array.from(value.bytes).buffer) : value;
  }) as Outcome;
  if ("error" in found) throw Object.assign(new Error(found.error.message), { name: found.error.name });
  return found.value as R;
}
