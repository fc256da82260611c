import { along } from "./along.js";
import { meets, readBudget } from "./budget.js";
import { holds } from "./core.js";
import { above, compare, exact, floor, gcd, minus, over, times } from "./numbers.js";
import { endless, gaveUp, independent, reason } from "./reasons.js";
import { cut, down, greatest, least, up } from "./searching.js";
import { grouped, text } from "./words.js";

export { readBudget };

/**
 * The greatest value of a symbol that meets budgets ({smallest: true}: the least), as symcost.solve finds it.
 *
 * budgets   [{metric, relation, bound, text}], from readBudget
 * ties      names of symbols that follow the unknown, as W follows H
 * returns   {answer, values: Map(metric -> exact), next, nextValues, binding: [text], how}
 *           next is the value beyond, null where none is allowed; binding are the budgets that it breaks; how says why
 *           nothing better exists, and where only a part of the values was tried, which
 *
 * Where every metric is proved never to turn back, bisection finds the answer. Elsewhere values are tried one by one.
 * A ratio takes whole multiples of its notch. Throws an Error with one line where there is no answer.
 */
export function solve(model, point, symbol, budgets, { smallest = false, ties = [] } = {}) {
  const question = asked(model, point, symbol, budgets, ties);
  if ([...question.curves.values()].every(({ trend }) => trend === 0)) throw new Error(independent(question));
  const found = smallest ? least(question, budgets) : greatest(question, budgets);
  if (found.endless !== undefined) throw new Error(endless(question, budgets, found.endless));
  if (found.k === null) throw new Error(found.note ? gaveUp(question, budgets, smallest, found.note) : reason(question, budgets));
  const next = smallest ? down(question, [], found.k - 1n, question.first) : up(question, [], found.k + 1n, question.last);
  const nextValues = next.k === null ? null : question.values(next.k);
  return {
    answer: question.x(found.k),
    values: question.values(found.k),
    next: next.k === null ? null : question.x(next.k),
    nextValues,
    binding: nextValues ? budgets.filter((one) => !meets(one, nextValues.get(one.metric))).map((one) => one.text) : [],
    how: how(question, found),
  };
}

/** A question: values x(k) = step * k of the unknown, with k from first to last, null for no end. */
function asked(model, point, symbol, budgets, ties) {
  const names = [symbol, ...ties];
  const [wrong] = budgets.length ? model.refused(point, names) : ["give at least one budget, such as 'macs <= 2G'"];
  if (wrong) throw new Error(wrong);
  const { step, ends } = domain(names.map((name) => model.symbols.get(name)));
  const line = along(model, point, names);
  const x = (k) => times(step, k);
  const curve = (sum, from = ends[0]) => {
    const list = line.reduce(sum);
    return { trend: line.trend(list, x(from)), value: (k) => line.terms(x(k))(list) };
  };
  const metric = (name) => model.sums.metrics.find((one) => one.name === name);
  const open = model.sums.needs.filter((need) => names.some((name) => need.names.includes(name)));
  const [first, last] = open.reduce((range, need) => withinNeed(need, curve, range), ends) ?? [ends[0], ends[0] - 1n];
  const reduced = open.map(({ is }) => ({ is: is.map((y) => (Array.isArray(y) ? line.reduce(y) : y)) }));
  const curves = new Map(budgets.map((one) => [one.metric, curve(metric(one.metric).value, first)]));
  return {
    symbol, first, last, ends, x, open, curves,
    say: (k) => text(x(k)),
    amount: (name, value) => `${grouped(value)} ${metric(name).unit}`,
    allowed: (k) => reduced.every((need) => holds(need, line.terms(x(k)))),
    values: (k) => new Map([...curves].map(([name, { value }]) => [name, value(k)])),
  };
}

/** The step of values, and the least and greatest k declared, of a symbol and those that follow it. */
function domain(declared) {
  const [{ kind, notch }] = declared;
  const step = kind === "ratio" ? exact(notch) : declared.map((one) => one.step).reduce((a, b) => (a / gcd(a, b)) * b);
  const least = declared.map((one) => one.least ?? (one.kind === "dimension" ? 1n : 0n)).reduce(larger);
  const most = declared.map((one) => one.most).filter((end) => end !== null);
  const first = -floor(minus(over(least, step)));
  return { step, ends: [kind === "ratio" && first < 1n ? 1n : first, most.length ? floor(over(most.reduce(smaller), step)) : null] };
}

/** The part of a range that a condition can be met in: a >= least where a never turns back; n <= a where n divides a. */
function withinNeed({ is: [kind, left, right] }, curve, range) {
  const one = curve(left);
  if (kind === "at_least" && one.trend !== null) return cut({ relation: ">=", bound: exact(right) }, one, range);
  const other = kind === "divides" && one.trend > 0 ? curve(right) : null;
  const size = other?.trend === 0 && other.value(range?.[0] ?? 0n);
  return size ? cut({ relation: "<=", bound: above(size) < 0n ? minus(size) : size }, one, range) : range;
}

const larger = (a, b) => (compare(a, b) < 0 ? b : a);
const smaller = (a, b) => (compare(a, b) > 0 ? b : a);

/** Why there is no better value, or what was not looked at. */
function how({ symbol, curves }, { note }) {
  const moving = [...curves].filter(([, { trend }]) => trend !== 0);
  const open = moving.filter(([, { trend }]) => trend === null);
  const named = (list) => list.map(([metric]) => metric).join(" and ");
  const [turn, form] = moving.length > 1 ? ["turn", "their form"] : ["turns", "its form"];
  const proof = open.length
    ? `${named(open)} may turn back as ${symbol} grows: values were tried one by one`
    : `${named(moving)} never ${turn} back as ${symbol} grows, by ${form}; bisection is exact`;
  return note ? `${proof}; ${note}` : proof;
}
