/**
 * Runs the chapters of the course, writes what they print under their code, and draws their figures.
 *
 * Arguments: numbers of chapters (default all); `--times` records times anew.
 */
import { writeFileSync } from "node:fs";
import { blocksOf, chapterPath, chapters, readChapter, runBlocks, withPrinted } from "./chapters.ts";
import { drawFigures } from "./figures/index.ts";

const times = process.argv.includes("--times");
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

for (const number of chapters()) {
  if (wanted.length > 0 && !wanted.includes(number)) continue;
  const markdown = readChapter(number);
  const blocks = blocksOf(markdown);
  writeFileSync(chapterPath(number), withPrinted(markdown, await runBlocks(number, blocks), times));
}
if (wanted.length === 0) drawFigures();
