/** The hosts, folder by folder, in the table's order. */
import type { Host } from "./host.ts";

/** Folders of test/hosts-js. */
export const FOLDERS = [
  "node",
  "deno",
  "bun",
  "workers",
  "browser",
  "webview",
  "vite",
  "webpack",
  "rollup",
  "esbuild",
  "parcel",
  "next",
  "typescript",
] as const;

/** A host, and the folder that runs it. */
export interface Listed {
  folder: string;
  host: Host;
}

/** The name of a host on the command line. */
export const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9.]/g, "");

/** All hosts. */
export async function hosts(): Promise<Listed[]> {
  const modules = FOLDERS.map(async (folder): Promise<Listed[]> => {
    const { hosts } = (await import(`../../test/hosts-js/${folder}/host.ts`)) as { hosts: Host[] };
    return hosts.map((host) => ({ folder, host }));
  });
  return (await Promise.all(modules)).flat();
}
