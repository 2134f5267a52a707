/** Runs the code after of the migration pages and writes what it prints under it. */
import { writeFileSync } from "node:fs";
import { blocksOf, runBlocks, withPrinted } from "../course/chapters.ts";
import { pages, pageUrl, readPage } from "./pages.ts";

for (const name of pages()) {
  const markdown = readPage(name);
  writeFileSync(pageUrl(name), withPrinted(markdown, await runBlocks(name, blocksOf(markdown)), false));
}
