import { grouped, load, rounded, text } from "./core.js";
import { readBudget, solve } from "./solve.js";

/** All that needs no page: numbers at a point, and sizes within budgets. */
export { grouped, load, readBudget, rounded, solve, text };
