import { above, below } from "./numbers.js";

/** About how much a number is, for drawings. */
export const near = (x) => (typeof x === "bigint" ? Number(x) : 10 ** (log10(above(x)) - log10(below(x))) || 0);

/** The power of ten that a positive number is, however many digits it has. */
export function power(x) {
  return log10(above(x)) - log10(below(x));
}

function log10(n) {
  const digits = String(n);
  return Math.log10(Number(digits.slice(0, 15))) + Math.max(0, digits.length - 15);
}

/** The part that one number is of another, 0 where the other is. */
export function part(x, whole) {
  if (!above(whole) || !above(x)) return 0;
  return Math.min(1, 10 ** (power(x) - power(whole)));
}

const PREFIXES = ["", "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"];

/** A digit times a power of ten in few signs: 200 M. */
export function tick(digit, exponent) {
  const group = Math.min(Math.floor(exponent / 3), PREFIXES.length - 1);
  if (exponent < -3) return `${digit}e${exponent}`;
  if (exponent < 0) return (digit * 10 ** exponent).toFixed(-exponent);
  return exponent < 4 ? `${digit * 10 ** exponent}` : `${digit * 10 ** (exponent - 3 * group)} ${PREFIXES[group]}`;
}

/** Ticks of a logarithmic axis between two powers of ten: at most so many, at round numbers. */
export function ticks(from, to, most) {
  for (const digits of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]]) {
    const found = at(digits, 1, from, to);
    if (found.length <= most) return found;
  }
  return at([1], Math.ceil((to - from) / most), from, to);
}

function at(digits, stride, from, to) {
  const found = [];
  for (let exponent = Math.ceil(Math.floor(from) / stride) * stride; exponent <= to; exponent += stride)
    for (const digit of digits) {
      const place = exponent + Math.log10(digit);
      if (place >= from - 1e-9 && place <= to + 1e-9) found.push({ place, label: tick(digit, exponent) });
    }
  return found;
}
