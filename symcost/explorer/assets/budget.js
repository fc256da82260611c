import { compare, exact, floor, over, raise, ratio, times } from "./numbers.js";

const FORM = /^([^<>=~]*[^<>=~\s])\s*(<=|>=|==|<|>|=|~)\s*(.*)$/;
const LIMIT = /^(\d(?:_?\d)*(?:\.\d(?:_?\d)*)?)(?:[eE]([+-]?\d+))?\s*(.*)$/;
const LETTERS = ["", "k", "M", "G", "T", "P", "E"];
const SCALES = new Map([
  ...LETTERS.map((letter, power) => [letter, 1000n ** BigInt(power)]),
  ...LETTERS.slice(1).map((letter, power) => [`${letter.toUpperCase()}i`, 1024n ** BigInt(power + 1)]),
]);
const LARGEST = 10n ** 60n;

const RELATIONS = {
  "<=": (order) => order <= 0,
  "<": (order) => order < 0,
  ">=": (order) => order >= 0,
  ">": (order) => order > 0,
};

/** Whether an exact number keeps to a budget. */
export const meets = ({ relation, bound }, value) => RELATIONS[relation](compare(value, bound));

/**
 * A budget from text such as "macs <= 2G", "params < 25.5M params", "step_s <= 20 ms" or "infer_bytes <= 80 GiB":
 * {metric, relation, bound, text}. Throws an Error with one line.
 */
export function readBudget(model, words) {
  const whole = words.trim().split(/\s+/).join(" ");
  const found = FORM.exec(whole);
  if (!found) throw new Error(`budget '${whole}' is not of the form 'METRIC <= NUMBER', such as 'macs <= 2G'`);
  const [, name, relation, limit] = found;
  const fail = (reason) => {
    throw new Error(`budget '${whole}': ${reason}`);
  };
  const metric = model.data.metrics.find((one) => one.name === name);
  if (!metric) fail(`there is no metric '${name}' here; there are ${model.data.metrics.map((one) => one.name).join(", ")}`);
  if (!RELATIONS[relation]) fail(`here a budget says <=, <, >= or >; for ${relation} there is symcost solve`);
  return { metric: name, relation, bound: bounded(limit, metric, fail), text: whole };
}

function bounded(limit, { name, unit, units }, fail) {
  const found = LIMIT.exec(limit);
  if (!found) fail(`'${limit}' is not a number such as 2G, 25.5M, 2e9 or 16Gi`);
  const [, digits, exponent = "0", tail] = found;
  const power = Number(exponent);
  const [head, part = ""] = digits.replaceAll("_", "").split(".");
  if (Math.abs(power) <= 60) {
    const plain = times(ratio(BigInt(head + part), 10n ** BigInt(part.length)), raise(10n, power));
    const bound = times(plain, scale(tail, units) ?? fail(unscaled(tail, name, unit)));
    if (compare(bound, LARGEST) <= 0) return bound;
  }
  return fail("the limit is out of reach; exponents go from -60 to 60");
}

/** What the words after a number stand for: a scale, a unit or both; undefined where they are neither. */
function scale(tail, units) {
  for (const [word, one] of [["", "1"], ...Object.entries(units)]) {
    const rest = tail.endsWith(word) ? tail.slice(0, tail.length - word.length).trimEnd() : tail;
    if (SCALES.has(rest)) return times(SCALES.get(rest), exact(one));
  }
  return undefined;
}

const unscaled = (tail, name, unit) =>
  `'${tail}' is neither a scale (${[...SCALES.keys()].filter(Boolean).join(" ")}) nor the unit, ${unit}${
    tail === "B" ? "; a billion is G" : ""}`;
