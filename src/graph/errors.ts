/** Every throw of the graph, as functions of plain values, in the words of fourlane's own errors. */

type Shape = readonly number[];

function show(shape: Shape): string {
  return `(${shape.join(", ")})`;
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return `an object (${value.constructor?.name ?? "no class"})`;
  return String(value);
}

/** A name that is no text. */
export function badName(who: string, name: unknown): never {
  throw new TypeError(`${who}: name is ${describe(name)}; expected a string.`);
}

/** A variable whose array was given back. */
export function freedVariable(who: string, shape: Shape): never {
  throw new Error(
    `${who}: the array ${show(shape)} of a variable was freed. Use a variable before the end of the scope that made it.`,
  );
}
