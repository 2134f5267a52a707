/** The engines that recorded runs are made on: this Node, and Node 24, which comes with the peers. */
import { createRequire } from "node:module";
import { install } from "../../scripts/install.ts";

const PEERS = new URL("../peers/", import.meta.url);

/** The binary of the npm package node-<platform>-<processor>. */
function newerNode(): string | undefined {
  const { platform, arch } = process;
  const name = `node-${platform === "win32" ? "win" : platform}-${arch}`;
  try {
    return createRequire(PEERS).resolve(`${name}/bin/node${platform === "win32" ? ".exe" : ""}`);
  } catch {
    return undefined;
  }
}

/** Paths of the engines' binaries, after the peers have been installed. */
export function nodes(): Iterable<string> {
  install(PEERS);
  return new Set([process.execPath, newerNode() ?? process.execPath]);
}
