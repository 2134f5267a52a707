/**
 * fourlane/optimizers: what makes more of a gradient than the course does, for the option `optimizer` of the models.
 *
 * @module fourlane/optimizers
 */

export { type AdamOptions, adam } from "./optimizers/adam.ts";
export { type LbfgsOptions, lbfgs } from "./optimizers/lbfgs.ts";
export { type MomentumOptions, momentum } from "./optimizers/momentum.ts";
