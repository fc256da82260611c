import { extreme, greatest, least, up } from "./searching.js";

/** Why no value meets budgets, in one line: which of them, and what is nearest. */
export function reason(question, budgets) {
  const { symbol } = question;
  const first = up(question, [], question.first, question.last);
  if (first.k === null) return nothingAllowed(question);
  const lone = budgets.find((one) => least(question, [one]).k === null);
  if (lone) {
    const nearest = end(question, lone, first.k);
    return `no ${symbol} meets ${lone.text}${nearest && `: ${nearest}`}`;
  }
  const asked = budgets.map((one) => `${one.text} takes ${reach(question, one, first.k)}`).join("; ");
  return `no ${symbol} meets all budgets: ${asked}`;
}

/** That there is no greatest value. */
export const endless = (question, budgets, start) =>
  `there is no greatest ${question.symbol}: every ${question.symbol} from ${question.say(start)} on meets ${
    budgets.map(({ text }) => text).join(" and ")}; ask for the smallest`;

/** That the budgets say nothing about the unknown. */
export function independent({ symbol, curves, amount, first }) {
  const same = [...curves].map(([metric, { value }]) => amount(metric, value(first)));
  return `no budget depends on ${symbol}: ${same.join(" and ")} for every ${symbol}`;
}

/** That none was found where not all could be looked at. */
export const gaveUp = ({ symbol }, budgets, smallest, note) =>
  `found no ${smallest ? "least" : "greatest"} ${symbol} for ${budgets.map(({ text }) => text).join(" and ")}: ${note}`;

function nothingAllowed({ symbol, ends: [first, last], say, open }) {
  const needs = open.map(({ text }) => `it needs ${text}`).join(" and ");
  return `no ${symbol} from ${say(first)} ${last === null ? "on" : `to ${say(last)}`} is allowed${needs && `: ${needs}`}`;
}

/** The value of a metric that comes nearest to a budget which nothing meets. */
function end(question, { metric, relation }, first) {
  const { trend, value } = question.curves.get(metric);
  const low = relation[0] === "<";
  const last = () => (question.last === null ? null : greatest(question, []).k);
  const at = trend === null ? extreme(question, metric, low ? 1 : -1) : trend === 0 || low === trend > 0 ? first : last();
  if (at === null) return "";
  return `the ${low ? "least" : "greatest"} is ${question.amount(metric, value(at))}, at ${question.symbol} = ${question.say(at)}`;
}

/** The values that meet one budget. */
function reach(question, budget, first) {
  const { symbol, say } = question;
  const low = least(question, [budget]).k;
  const high = greatest(question, [budget]).k;
  if (high === null) return `${symbol} >= ${say(low)}`;
  if (low === high) return `${symbol} = ${say(low)}`;
  return low === first ? `${symbol} <= ${say(high)}` : `${symbol} from ${say(low)} to ${say(high)}`;
}
