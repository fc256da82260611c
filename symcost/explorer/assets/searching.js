import { meets } from "./budget.js";
import { compare } from "./numbers.js";

const FARTHEST = 1n << 400n;
/** How many values are tried one by one where halving proves nothing. */
const TRIED = 1n << 13n;

/**
 * The greatest (least) k of a question that is allowed and meets budgets: {k, note}. k is null where there is none; note
 * says which values were not looked at, "" where it is proved that these need not be; endless is the k from which on
 * all do, where there is no greatest.
 */
export function greatest(question, budgets) {
  const { range, left } = narrowed(question, budgets);
  if (!range) return { k: null, note: "" };
  const [from, to] = range;
  if (to === null && !left.length) return unbounded(question, from);
  const found = to === null ? { k: null, done: false } : down(question, left, to, from);
  if (found.done) return { k: found.k, note: "" };
  const turn = left.length ? lastChange(question, left, from, to) : from;
  if (turn === null) return { k: null, note: kept(question, left, from) ? "all in sight meet the budgets" : "none in sight does" };
  const top = turn + TRIED / 2n;
  const near = down(question, left, to !== null && to < top ? to : top, from);
  const unsettled = near.k !== null && near.k > turn + TRIED / 4n && (to === null || to > top);
  return unsettled ? { k: null, note: `some up to ${question.say(top)} meet the budgets, those above were not looked at` } :
    { k: near.k, note: unseen(question, top) };
}

export function least(question, budgets) {
  const { range, left } = narrowed(question, budgets);
  if (!range) return { k: null, note: "" };
  const [from, to] = range;
  const found = up(question, left, from, to);
  if (found.done) return { k: found.k, note: "" };
  const turn = left.length ? change(question, left, from, to) : null;
  if (turn === null) return { k: null, note: unseen(question, from + TRIED) };
  const bottom = turn - TRIED / 2n;
  const near = up(question, left, bottom, to);
  const unsettled = near.k !== null && near.k < turn - TRIED / 4n;
  const note = `values from ${question.say(from + TRIED)} to ${question.say(bottom)} were not looked at`;
  return { k: unsettled ? null : near.k, note };
}

const unseen = ({ symbol, say }, k) => `values of ${symbol} above ${say(k)} were not looked at`;

/** All values from some place on that budgets allow: endless, unless conditions end them. */
function unbounded(question, from) {
  if (!question.open.length) return { k: null, endless: from };
  const top = from + TRIED;
  const last = down(question, [], top, from);
  if (last.k === null) return { k: null, note: unseen(question, top) };
  if (last.k > from + (TRIED * 3n) / 4n) return { k: null, endless: up(question, [], from, top).k };
  return { k: last.k, note: unseen(question, top) };
}

/** The last k before budgets change what they say, found as if they did so once; null where they do not in sight. */
function change(question, budgets, from, to) {
  const found = lastAlike((k) => kept(question, budgets, k), from, to);
  return found === to ? null : found;
}

/** The last k that meets budgets, found as if these change what they say twice at most; null where none is in sight. */
function lastChange(question, budgets, from, to) {
  const first = change(question, budgets, from, to);
  return first === null || kept(question, budgets, from) ? first : change(question, budgets, first + 1n, to);
}

const kept = (question, budgets, k) => budgets.every((one) => meets(one, question.curves.get(one.metric).value(k)));

/** The range of k that budgets leave whose metrics never turn back, null where it is empty, and the other budgets. */
function narrowed(question, budgets) {
  const left = budgets.filter(({ metric }) => question.curves.get(metric).trend === null);
  const range = budgets.filter((one) => !left.includes(one)).reduce(
    (inside, one) => cut(one, question.curves.get(one.metric), inside), [question.first, question.last]);
  return { range, left };
}

/** The part of a range of k where a curve that never turns back keeps to a budget; null where it is empty. */
export function cut(budget, { trend, value }, range) {
  if (!range || (range[1] !== null && range[1] < range[0])) return null;
  const [from, to] = range;
  const test = (k) => meets(budget, value(k));
  if (trend === 0 || (budget.relation[0] === "<") === trend < 0) {
    if (test(from)) return [from, to];
    const change = trend === 0 ? to : lastAlike(test, from, to);
    return change === to ? null : [change + 1n, to];
  }
  return test(from) ? [from, lastAlike(test, from, to)] : null;
}

/** The last k at which a test that changes at most once says what it says at the first; null for no change in sight. */
function lastAlike(test, from, to) {
  const said = test(from);
  let same = from;
  let other = null;
  for (let width = 1n; other === null; width *= 2n) {
    const k = to !== null && from + width > to ? to : from + width;
    if (test(k) !== said) other = k;
    else if (k === to) return to;
    else if (width > FARTHEST) return null;
    else same = k;
  }
  while (other - same > 1n) {
    const middle = (same + other) / 2n;
    if (test(middle) === said) same = middle;
    else other = middle;
  }
  return same;
}

const good = (question, budgets, k) => question.allowed(k) && kept(question, budgets, k);

/** The first k from one place up to another, or without end, that is good; done: it is, or all were tried. */
export function up(question, budgets, from, to) {
  const end = to === null || to > from + TRIED ? from + TRIED : to;
  for (let k = from; k <= end; k++) if (good(question, budgets, k)) return { k, done: true };
  return { k: null, done: end === to || (to !== null && to < from) };
}

export function down(question, budgets, from, to) {
  const end = to < from - TRIED ? from - TRIED : to;
  for (let k = from; k >= end; k--) if (good(question, budgets, k)) return { k, done: true };
  return { k: null, done: end === to };
}

/** The first k at which a metric is least (sign 1), the last at which it is greatest (-1); null where k are too many. */
export function extreme(question, metric, sign) {
  const { first, last, allowed } = question;
  let best = null;
  if (last === null || last - first > TRIED) return best;
  for (let k = first; k <= last; k++) {
    const value = allowed(k) && question.curves.get(metric).value(k);
    if (value !== false && (!best || compare(value, best.value) * sign <= Math.min(0, -sign))) best = { k, value };
  }
  return best && best.k;
}
