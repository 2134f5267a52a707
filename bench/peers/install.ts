/** Installs the peers when they are not there. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `npm ci` in bench/peers, once. */
export function installPeers(): void {
  const folder = fileURLToPath(new URL("./", import.meta.url));
  if (existsSync(`${folder}node_modules`)) return;
  console.log("installing the peers …");
  execFileSync("npm", ["ci"], { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
}
