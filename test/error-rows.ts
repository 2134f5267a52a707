/** Tables of errors: what one does, the error's class, what it says word for word. */
import { expect, test } from "vitest";
import { usage } from "./usage.ts";

export type Row = [what: string, act: () => unknown, kind: ErrorConstructor, message: string];

/** Passes what the types forbid. */
export const wrong = (value: unknown): never => value as never;

/** A test for each row. `{used}` and `{arrays}` stand for what the memory held before. */
export function testErrors(rows: Row[]): void {
  test.each(rows)("%s", async (_, act, kind, message) => {
    const { used, arrays } = usage();
    let error: unknown;
    try {
      await act();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(kind);
    const { name, message: said } = error as Error;
    expect([name, said]).toEqual([
      kind.name,
      message.replace("{used}", `${used}`).replace("{arrays}", `${arrays}`),
    ]);
  });

  test("each message stands in one row", () => {
    const said = rows.map(([, , , message]) => message);
    expect(new Set(said).size).toBe(said.length);
  });
}
