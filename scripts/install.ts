/** Installs what only one command needs, when it is not there. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `npm ci` in a folder with a package of its own, once. */
export function install(folder: URL): void {
  if (existsSync(new URL("node_modules", folder))) return;
  const cwd = fileURLToPath(folder);
  console.log(`installing what ${cwd}package.json names …`);
  execFileSync("npm", ["ci"], { cwd, stdio: "inherit", shell: process.platform === "win32" });
}
