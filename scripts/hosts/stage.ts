/** A folder of test/hosts-js outside the repository, with the packed package installed in it. */
import { spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { gzipSync } from "node:zlib";
import type { Answer, Weight } from "./host.ts";

/** The folder of hosts. */
export const HOSTS = fileURLToPath(new URL("../../test/hosts-js/", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
const LIMIT = 240_000;

/** A copy of a folder, ready to run. */
export interface Stage {
  readonly path: string;
  /** Runs a command in it and returns what it printed. @throws where it fails, with the end of what it said. */
  run(command: string, ...args: string[]): Promise<string>;
  /** Starts a server in it, and waits until what it prints has `ready` in it. */
  serve(ready: RegExp, command: string, ...args: string[]): Promise<{ close(): Promise<void> }>;
  /** Writes a file anew: what `edit` makes of its text. */
  edit(name: string, edit: (text: string) => string): void;
  /** Version of a package that is installed in it. */
  version(name: string): string;
}

/** Packs the built package into a folder and returns the tarball's path. */
export async function pack(into: string): Promise<string> {
  const printed = await command(ROOT, "npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", into]);
  return join(into, JSON.parse(printed)[0].filename);
}

/** Copies a folder of hosts, installs what its lock file says and then the tarball. */
export async function stage(folder: string, tarball: string): Promise<Stage> {
  const path = join(dirname(tarball), folder);
  cpSync(join(HOSTS, folder), path, { recursive: true, filter: (from) => basename(from) !== "node_modules" });
  for (const shared of ["program.mjs", "show.mjs"]) copyFileSync(join(HOSTS, shared), join(path, shared));
  if (existsSync(join(path, "package-lock.json"))) await command(path, "npm", ["ci", ...QUIET]);
  await command(path, "npm", ["install", ...QUIET, tarball]);
  return {
    path,
    run: (name, ...args) => command(path, name, args),
    serve: (ready, name, ...args) => server(path, ready, name, args),
    edit: (name, edit) => writeFileSync(join(path, name), edit(readFileSync(join(path, name), "utf8"))),
    version: (name) => JSON.parse(readFileSync(join(path, "node_modules", name, "package.json"), "utf8")).version,
  };
}

/** The answer in what a program printed: its last line. */
export function answerIn(printed: string): Answer {
  return JSON.parse(printed.trim().split("\n").at(-1)!);
}

/** What the scripts and kernels in a folder weigh together. */
export function weigh(folder: string): Weight {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => /\.(m?js|wasm)$/.test(name)).map((name) => readFileSync(join(folder, name)));
  const total = (sizes: number[]): number => sizes.reduce((sum, size) => sum + size, 0);
  return {
    bytes: total(files.map(({ length }) => length)),
    gzipped: total(files.map((file) => gzipSync(file, { level: 9 }).length)),
  };
}

/** Node's own path goes last, so that a folder's binaries count; what this process was started with does not pass on. */
function environment(path: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  const PATH = `${join(path, "node_modules/.bin")}:${process.env.PATH}`;
  return { ...rest, PATH, NO_COLOR: "1", NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
}

function command(cwd: string, name: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { cwd, env: environment(cwd), timeout: LIMIT });
    let printed = "";
    let said = "";
    child.stdout.on("data", (text) => {
      printed += text;
    });
    child.stderr.on("data", (text) => {
      said += text;
    });
    child.on("error", reject).on("close", (code, signal) => {
      if (code === 0) resolve(printed);
      else
        reject(
          new Error(`${basename(name)} ${args[0] ?? ""} ended with ${code ?? signal}: ${gist(said || printed)}`),
        );
    });
  });
}

function server(cwd: string, ready: RegExp, name: string, args: string[]): Promise<{ close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    // A group of its own, since servers start processes that outlive them.
    const child = spawn(name, args, { cwd, env: environment(cwd), detached: true });
    const ended = new Promise<void>((done) => child.on("close", () => done()));
    const close = async (): Promise<void> => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      await ended;
    };
    let said = "";
    const timer = setTimeout(() => void close().then(() => reject(new Error(`${name}: ${gist(said)}`))), 60_000);
    const listen = (text: Buffer): void => {
      said += text;
      if (!ready.test(said)) return;
      clearTimeout(timer);
      resolve({ close });
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", reject).on("close", () => {
      clearTimeout(timer);
      reject(new Error(`${basename(name)} ${args[0] ?? ""} ended: ${gist(said)}`));
    });
  });
}

/** What a person would read of it: the first error, else the end. Minified source is nothing to read. */
function gist(text: string): string {
  const lines = stripVTControlCharacters(text).split("\n");
  const legible = lines.filter((line) => line.trim() !== "" && line.length < 400);
  const at = legible.findIndex((line) => /error/i.test(line));
  return (at < 0 ? legible.slice(-4) : legible.slice(at, at + 2)).map((line) => line.trim()).join(" / ");
}
