/** Puts the package where functions that run in the page find it. */
import * as fourlane from "/dist/index.js";

globalThis.fourlane = fourlane;
