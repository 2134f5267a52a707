/**
 * Runs the code before of the migration pages with the libraries that it names, and says where it prints something else than
 * the page. `-- --write` writes what it prints into the pages. Needs Python with bench/peers/requirements.txt for
 * scikit-learn: `npm run bench:python` installs it, and PyTorch with it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Block, blocksOf, withPrinted } from "../course/chapters.ts";
import { install } from "../install.ts";
import { BEFORE, pages, pageUrl, readPage } from "./pages.ts";

const peers = new URL("../../bench/peers/", import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, peers));

/** Printed between the blocks of a page. */
const BOUNDARY = "\u001e";

/** Ways to run a language: the file's ending, how it prints the boundary, the command. */
const LANGUAGES = {
  js: {
    ending: "mjs",
    boundary: `console.log("${BOUNDARY}");`,
    // Libraries that cannot be seeded draw the same numbers in each run.
    command: [process.execPath, "--import", new URL("seeded.mjs", import.meta.url).href],
  },
  python: {
    ending: "py",
    boundary: `print("${BOUNDARY}")`,
    command: [existsSync(path(".venv/bin/python3")) ? path(".venv/bin/python3") : "python3"],
  },
};

/** What each block of a page prints, run as one program. */
function run(name: string, language: keyof typeof LANGUAGES, blocks: readonly Block[]): string[] {
  const { ending, boundary, command } = LANGUAGES[language];
  mkdirSync(path("build/"), { recursive: true });
  const program = path(`build/${name}.${ending}`);
  writeFileSync(program, `${blocks.map(({ code }) => code).join(`\n${boundary}\n`)}\n`);
  const { stdout, stderr, status, error } = spawnSync(command[0]!, [...command.slice(1), program], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    encoding: "utf8",
  });
  if (error || status !== 0) throw new Error(`${name}: ${error?.message ?? stderr}`);
  return stdout.split(BOUNDARY).map((text) => text.replace(/^\n+|\n+$/g, ""));
}

install(peers);
const write = process.argv.includes("--write");
let differing = 0;
for (const name of pages()) {
  const markdown = readPage(name);
  const language = BEFORE.find((language) => blocksOf(markdown, [language]).length > 0)!;
  const blocks = blocksOf(markdown, [language]);
  const printed = run(name, language, blocks);
  const wrong = printed.flatMap((text, i) => (text === blocks[i]?.recorded ? [] : [i]));
  console.log(`${name}: ${blocks.length} blocks${wrong.length === 0 ? ", as recorded" : ""}`);
  if (write) writeFileSync(pageUrl(name), withPrinted(markdown, printed, false, [language]));
  else for (const i of wrong) console.log(`recorded:\n${blocks[i]?.recorded}\nprinted:\n${printed[i]}`);
  differing += wrong.length;
}
process.exit(differing > 0 && !write ? 1 : 0);
