/** A graph as text that Mermaid draws, on GitHub and elsewhere. */
import type { Label } from "./labels.ts";

/** Brackets that make variables round, constants slanted, results square. */
const BRACKETS = { variable: ["([", "])"], constant: ["[/", "/]"], operation: ["[", "]"] } as const;

/** A flowchart from left to right. */
export function mermaid(labels: readonly Label[]): string {
  const lines = ["flowchart LR"];
  labels.forEach(({ kind, title, value, gradient }, i) => {
    const text = [title, value, gradient].filter((line) => line !== undefined).map(escaped);
    const [open, close] = BRACKETS[kind];
    lines.push(`  n${i}${open}"${text.join("<br/>")}"${close}`);
  });
  labels.forEach(({ inputs }, i) => {
    for (const input of inputs) lines.push(`  n${input} --> n${i}`);
  });
  return `${lines.join("\n")}\n`;
}

/** Text between quotes in Mermaid, which writes characters as #35; by their code. */
function escaped(text: string): string {
  return text.replace(/[\s"#$%&<>`\\]+/g, (found) =>
    Array.from(found, (c) => (/\s/.test(c) ? " " : `#${c.codePointAt(0)};`)).join(""),
  );
}
