/** Loaded before a program: Math.random draws the same numbers in each run (a 32-bit congruential generator). */
let state = 1;
Math.random = () => {
  // Multiplier and increment from Numerical Recipes.
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
