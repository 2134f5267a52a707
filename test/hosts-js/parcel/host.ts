/** Parcel, which puts a map of its files into the page: a strict policy has to know its hash. */
import { bundler } from "../../../scripts/hosts/bundler.ts";

export const hosts = [bundler("Parcel", "parcel", "dist")];
