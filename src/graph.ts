/** fourlane/graph: the computation graph. Operations on variables remember how they were computed; derivatives follow. */

export { Variable, type VariableOptions, variable } from "./graph/variable.ts";
