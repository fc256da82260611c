import { add, compare, exact, floor, gcd, minus, over, raise, times } from "./numbers.js";
import { readNumber } from "./reading.js";
import { grouped, rounded, text } from "./words.js";

export { grouped, rounded, text };

const MOST_BITS = 4096n;

/**
 * A model that Python has written (symcost/explorer/model.py), ready for numbers.
 *
 * Exact numbers are BigInts where whole, {n, d} otherwise. A point is an object of exact numbers by the names of
 * symbols; what it does not name is as in data.at.
 *
 * data      what was loaded
 * point     where the model starts: data.at in exact numbers
 * read      (name, text) -> exact number; throws an Error with one line where the text is none for the symbol
 * evaluate  (point) -> {totals: Map(metric -> exact), rows: [{name, op, times, count, values: [exact]}], broken: [line]}
 *           broken is empty where all is well; its first line is what Python says; what cannot be computed is missing
 * value     (point, metric) -> exact number
 * refused   (point, but) -> the lines of broken that need no totals: declared ranges first, then conditions; what
 *           speaks of the symbols in but is left out
 */
export function load(data) {
  const symbols = new Map(data.symbols.map((symbol, place) => [symbol.name, { ...declared(symbol), place }]));
  const sums = prepared(data);
  const start = Object.fromEntries(data.symbols.map(({ name }) => [name, exact(data.at[name])]));
  const at = (point) => evaluator(sums, data.symbols.map(({ name }) => Object.hasOwn(point, name) ? point[name] : start[name]));

  function refused(point, but = [], terms = at(point)) {
    const whole = { ...start, ...point };
    const lines = data.symbols.filter(({ name }) => !but.includes(name))
      .map(({ name }) => refusal(symbols.get(name), name, whole[name])).filter(Boolean);
    if (lines.length) return lines;
    const apart = ({ names }) => !names.some((name) => but.includes(name));
    return sums.needs.filter((need) => apart(need) && !holds(need, terms)).map(({ names, by, text: phrase }) =>
      `${names.map((name) => `${name} = ${text(whole[name])}`).join(", ")} is refused ${by}: needs ${phrase}`);
  }

  function evaluate(point) {
    const terms = at(point);
    const found = { totals: new Map(), rows: [], broken: [] };
    try {
      found.broken.push(...refused(point, [], terms));
      sums.metrics.forEach(({ name, value }) => found.totals.set(name, terms(value)));
      found.rows = sums.rows.map((row) => ({
        ...row, times: terms(row.times), count: terms(row.count), values: row.values.map(terms),
      }));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (!found.broken.length) found.broken.push(error.message);
    }
    return found;
  }

  function read(name, words) {
    const symbol = symbols.get(name);
    if (!symbol) throw new Error(`there is no free symbol '${name}'; free are ${[...symbols.keys()].join(", ")}`);
    const value = readNumber(name, words);
    const line = refusal(symbol, name, value);
    if (line) throw new Error(line);
    return value;
  }

  const value = (point, metric) => at(point)(sums.metrics.find(({ name }) => name === metric).value);
  return { data, point: start, symbols, sums, at, read, refused, evaluate, value };
}

/** The formulas of a model with exact coefficients. */
function prepared(data) {
  const sum = (list) => list.map((x, i) => (i % 2 ? x : exact(x)));
  const inner = (x) => (Array.isArray(x) ? sum(x) : x);
  return {
    count: data.symbols.length,
    products: data.products,
    atoms: data.atoms.map((atom) => atom.map(inner)),
    metrics: data.metrics.map((metric) => ({ ...metric, value: sum(metric.value) })),
    rows: data.rows.map((row) => ({
      ...row, times: sum(row.times ?? [1, 0]), count: sum(row.count), values: row.values.map(sum),
    })),
    needs: data.needs.map((need) => ({ ...need, is: need.is.map(inner) })),
  };
}

/** A function that gives the value of a sum at a point; each product and atom is worked out once. */
function evaluator({ products, atoms, count }, values) {
  const known = [];
  const made = [];
  const atom = (place) => (place < count ? values[place] : (known[place] ??= ATOMS[atoms[place - count][0]](
    terms, ...atoms[place - count].slice(1))));
  terms.atom = atom;
  function product(place) {
    if (made[place] === undefined) {
      let result = 1n;
      const list = products[place];
      for (let i = 0; i < list.length; i += 2) result = times(result, raise(atom(list[i]), list[i + 1]));
      made[place] = result;
    }
    return made[place];
  }
  function terms(sum) {
    let result = 0n;
    for (let i = 0; i < sum.length; i += 2) result = add(result, times(sum[i], product(sum[i + 1])));
    return result;
  }
  return terms;
}

const largest = (numbers) => numbers.reduce((a, b) => (compare(a, b) < 0 ? b : a));

/** The value of an atom, from a function that gives the values of sums. */
export const ATOMS = {
  floor: (terms, sum, divisor) => floor(over(terms(sum), BigInt(divisor))),
  ceil: (terms, sum, divisor) => -floor(over(terms(sum), BigInt(-divisor))),
  round: (terms, sum, divisor, least) => makeDivisible(terms(sum), BigInt(divisor), BigInt(least)),
  gcd: (terms, sum, n) => gcd(terms(sum), BigInt(n)),
  power: (terms, base, sum) => raised(BigInt(base), terms(sum)),
  max: (terms, ...sums) => largest(sums.map(terms)),
};

/** The multiple of divisor nearest to v, at least least, never below 9/10 of v. */
function makeDivisible(v, divisor, least) {
  const near = floor(over(add(times(2n, v), divisor), 2n * divisor)) * divisor;
  const size = near < least ? least : near;
  return compare(10n * size, times(9n, v)) < 0 ? size + divisor : size;
}

function raised(base, exponent) {
  const size = exponent < 0n ? -exponent : exponent;
  if (size * BigInt(base.toString(2).length) > MOST_BITS)
    throw new RangeError(`${base}**${exponent} has more than 4,096 bits, and no size of a network has`);
  return raise(base, Number(exponent));
}

const NEEDS = {
  equal: (terms, a, b) => compare(terms(a), terms(b)) === 0,
  at_least: (terms, a, least) => compare(terms(a), exact(least)) >= 0,
  divides(terms, n, a) {
    const divisor = terms(n);
    return divisor !== 0n && typeof over(terms(a), divisor) === "bigint";
  },
};

/** Whether a condition is met at a point. */
export const holds = ({ is: [kind, ...rest] }, terms) => NEEDS[kind](terms, ...rest);

function declared(symbol) {
  const end = (x) => (x === null ? null : exact(x));
  return { ...symbol, least: end(symbol.min), most: end(symbol.max), step: exact(symbol.step) };
}

/** Why a value is none for a symbol, as one line; "" where it is one. */
function refusal({ kind, least, most, step }, name, value) {
  const line = (reason) => `${name} = ${text(value)} ${reason}`;
  if (kind !== "ratio" && typeof value !== "bigint") return line(`is not a whole number, and the kind is ${kind}`);
  if (kind === "ratio" && compare(value, 0n) <= 0) return line("is not positive");
  if (kind === "dimension" && compare(value, 1n) < 0 && least === null) return line("is not a positive size");
  if (least !== null && compare(value, least) < 0) return line(`is below the least value, ${text(least)}`);
  if (most !== null && compare(value, most) > 0) return line(`is above the greatest value, ${text(most)}`);
  if (step === 1n || typeof over(value, step) === "bigint") return "";
  return line(`breaks the declared condition that ${step === 2n ? `${name} is even` : `${step} divides ${name}`}`);
}
