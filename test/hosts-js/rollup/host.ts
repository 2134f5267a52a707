/** Rollup. */
import { bundler } from "../../../scripts/hosts/bundler.ts";

export const hosts = [bundler("Rollup", "rollup", ".")];
