/** Values in words, for errors. */

/** A shape as people write it: (3, 4). */
export function show(shape: readonly number[]): string {
  return `(${shape.join(", ")})`;
}

/** A value as short as it can be said. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return `an object (${value.constructor?.name ?? "no class"})`;
  return String(value);
}
