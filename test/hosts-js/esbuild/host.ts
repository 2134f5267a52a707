/** esbuild. */
import { bundler } from "../../../scripts/hosts/bundler.ts";

export const hosts = [bundler("esbuild", "esbuild", ".")];
