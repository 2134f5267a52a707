/** fourlane/load: the whole package without a kernel. `provide` is for other entries of this package, not for users. */

export * from "./index.ts";
export { provide } from "./loading/given.ts";
