/**
 * Exact numbers. A whole one is a BigInt; any other is {n, d}, two BigInts in lowest terms with d > 1.
 * So equal numbers are written alike, and a sum that comes out whole is a BigInt again.
 */

export const above = (x) => (typeof x === "bigint" ? x : x.n);
export const below = (x) => (typeof x === "bigint" ? 1n : x.d);

export function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

/** n/d in lowest terms. */
export function ratio(n, d) {
  if (!d) throw new RangeError("division by zero");
  const common = d < 0n ? -gcd(n, d) : gcd(n, d);
  return d === common ? n / common : { n: n / common, d: d / common };
}

const whole = (a, b) => typeof a === "bigint" && typeof b === "bigint";

export const add = (a, b) =>
  whole(a, b) ? a + b : ratio(above(a) * below(b) + above(b) * below(a), below(a) * below(b));
export const times = (a, b) => (whole(a, b) ? a * b : ratio(above(a) * above(b), below(a) * below(b)));
export const over = (a, b) => ratio(above(a) * below(b), below(a) * above(b));
export const minus = (x) => times(-1n, x);

/** -1, 0 or 1, as a is below, at or above b. */
export function compare(a, b) {
  const [left, right] = whole(a, b) ? [a, b] : [above(a) * below(b), above(b) * below(a)];
  return left < right ? -1 : Number(left > right);
}

export function floor(x) {
  if (typeof x === "bigint") return x;
  return x.n / x.d - (x.n < 0n ? 1n : 0n);
}

/** x to a whole power, a plain number that may be negative. */
export function raise(x, power) {
  if (power < 0) return over(1n, raise(x, -power));
  const e = BigInt(power);
  return typeof x === "bigint" ? x ** e : { n: x.n ** e, d: x.d ** e };
}

/** A number as the model writes it: 3, "36028797018963968" or "3/4". */
export function exact(written) {
  const [n, d] = String(written).split("/");
  return d ? ratio(BigInt(n), BigInt(d)) : BigInt(n);
}
