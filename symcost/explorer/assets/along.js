import { ATOMS } from "./core.js";
import { above, add, compare, raise, times } from "./numbers.js";

/**
 * The formulas of a model along some symbols that take the same value x, all others put in.
 *
 * reduce   (sum) -> [{c, factors: [[place, exponent]]}], with numbers for all that does not move
 * terms    (x) -> a function that gives the value of what reduce has made
 * trend    (reduced, x) -> 1 where it is proved never to fall from x on, -1 never to rise, 0 for a constant, else null
 */
export function along(model, point, names) {
  const { sums } = model;
  const fixed = model.at(point);
  const places = new Set(names.map((name) => model.symbols.get(name).place));
  const atoms = [];

  /** An atom with its inner sums reduced; false where it does not move. */
  function atom(place) {
    if (place < sums.count) return places.has(place);
    if (atoms[place] === undefined) {
      const inner = sums.atoms[place - sums.count].map((x) => (Array.isArray(x) ? reduce(x) : x));
      atoms[place] = inner.some((x) => Array.isArray(x) && x.some(moves)) && inner;
    }
    return atoms[place];
  }

  function reduce(sum) {
    const found = new Map();
    for (let i = 0; i < sum.length; i += 2) {
      const list = sums.products[sum[i + 1]];
      const factors = [];
      let c = sum[i];
      for (let j = 0; j < list.length; j += 2) {
        if (atom(list[j])) factors.push([list[j], list[j + 1]]);
        else c = times(c, raise(fixed.atom(list[j]), list[j + 1]));
      }
      const key = String(factors);
      found.set(key, { c: add(c, found.get(key)?.c ?? 0n), factors });
    }
    return [...found.values()].filter(({ c }) => c !== 0n);
  }

  function terms(x) {
    const known = [];
    const value = (place) => (known[place] ??= place < sums.count ? x : ATOMS[atoms[place][0]](sum, ...atoms[place].slice(1)));
    const sum = (list) => list.reduce((whole, { c, factors }) =>
      add(whole, factors.reduce((product, [place, e]) => times(product, raise(value(place), e)), c)), 0n);
    sum.atom = value;
    return sum;
  }

  /** Which way an atom goes from x on: that of what is inside it, where that is one way. */
  function way(place, x) {
    if (place < sums.count) return 1;
    const [kind, ...rest] = atoms[place];
    if (kind === "gcd" || (kind === "round" && rest[2] % rest[1])) return null;
    const inner = rest.filter(Array.isArray).map((list) => trend(list, x)).filter((one) => one !== 0);
    return alike(inner) ? inner[0] : null;
  }

  function trend(list, x) {
    const moving = list.filter(moves);
    const least = terms(x).atom;
    const ways = moving.flatMap(({ c, factors }) => factors.map(([place, e]) => {
      const one = way(place, x);
      const low = one > 0 ? compare(least(place), 0n) : -1;
      const sure = (factors.length === 1 && e === 1) || low > 0 || (low === 0 && e > 0);
      return sure && one && sign(c) * Math.sign(e) * one;
    }));
    if (!ways.length) return 0;
    if (alike(ways)) return ways[0] || null;
    const places = moving.flatMap(({ factors }) => factors);
    if (places.some(([place, e]) => e < 0 || way(place, x) !== 1)) return null;
    const signs = shifted(moving, least).map(sign);
    return alike(signs) ? signs[0] : null;
  }

  return { reduce, terms, trend };
}

const moves = ({ factors }) => factors.length > 0;
const sign = (c) => (above(c) < 0n ? -1 : 1);
const alike = (signs) => signs.length > 0 && signs.every((one) => one === signs[0]);

/** The coefficients of a formula once every atom is measured from its least value, the constant left out. */
function shifted(list, least) {
  const found = new Map();
  function spread(c, [[place, e] = [], ...rest], key) {
    if (place === undefined) return found.set(key, add(c, found.get(key) ?? 0n));
    let binomial = 1n;
    for (let i = 0; i <= e; i++) {
      spread(times(c, times(binomial, raise(least(place), e - i))), rest, i ? `${key} ${place}^${i}` : key);
      binomial = (binomial * BigInt(e - i)) / BigInt(i + 1);
    }
    return found;
  }
  list.forEach(({ c, factors }) => spread(c, factors, ""));
  found.delete("");
  return [...found.values()].filter((c) => c !== 0n);
}
