/** Writes docs/benchmarks.md, its charts, and the README's numbers from bench/results: `npm run bench:report`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { report, withNumbers } from "./report.ts";

const root = new URL("../../", import.meta.url);

rmSync(new URL("docs/benchmarks/", root), { recursive: true, force: true });
mkdirSync(new URL("docs/benchmarks/", root), { recursive: true });
for (const [path, text] of Object.entries(report())) writeFileSync(new URL(path, root), text);
const readme = new URL("README.md", root);
writeFileSync(readme, withNumbers(readFileSync(readme, "utf8")));
