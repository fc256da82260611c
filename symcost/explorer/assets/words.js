import { above, below, compare, floor, minus, over, raise, times, add } from "./numbers.js";

const SCALES_SHOWN = ["", "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"];
const LONGEST = 12;

const digits = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** Every digit: "1958573056", "3/4". */
export const text = (x) => (typeof x === "bigint" ? String(x) : `${x.n}/${x.d}`);

/** As people read it: "1,958,573,056", "3/4", or of a long fraction about how much: "~ 0.001240". */
export function grouped(x) {
  if (typeof x === "bigint") return digits(x);
  const written = `${digits(x.n)}/${digits(x.d)}`;
  return written.length <= LONGEST ? written : `~ ${significant(x)}`;
}

/** To the nearest whole number, halves to the even one. */
function wholeNearest(x) {
  const low = floor(x);
  const side = compare(times(2n, add(x, -low)), 1n);
  return side > 0 || (side === 0 && low % 2n) ? low + 1n : low;
}

/** To four significant digits: "0.001240", "1.240e-9", "12,340,000". */
export function significant(x) {
  if (!above(x)) return "0";
  const sign = above(x) < 0n ? "-" : "";
  const size = sign ? minus(x) : x;
  const whole = compare(size, 1n) >= 0;
  let power = whole ? String(floor(size)).length - 1 : -String(-floor(minus(over(1n, size))) - 1n).length;
  let head = wholeNearest(times(size, raise(10n, 3 - power)));
  if (head === 10_000n) [head, power] = [1000n, power + 1];
  const scale = power - 3;
  const [first, rest] = [String(head)[0], String(head).slice(1)];
  if (power < -5) return `${sign}${first}.${rest}e${power}`;
  if (scale >= 0) return sign + digits(head * 10n ** BigInt(scale));
  const unit = 10n ** BigInt(-scale);
  return `${sign}${digits(head / unit)}.${String(head % unit).padStart(-scale, "0")}`;
}

/** To four digits with a prefix and a unit: "1.959 G FLOPs"; what is short stays as it is: "9,408 MACs". */
export function rounded(x, unit = "") {
  const tail = unit ? ` ${unit}` : "";
  const sign = above(x) < 0n ? "-" : "";
  const size = sign ? minus(x) : x;
  if (compare(size, 10_000n) < 0) return grouped(x) + tail;
  const scale = 10n ** BigInt(String(floor(size)).length - 4);
  const near = wholeNearest(over(size, scale)) * scale;
  const power = Math.min(Math.floor((String(near).length - 1) / 3), SCALES_SHOWN.length - 1);
  const one = 1000n ** BigInt(power);
  const head = near / one;
  const places = Math.max(0, 4 - String(head).length);
  const part = (near % one) / 10n ** BigInt(3 * power - places);
  const decimals = places ? `.${String(part).padStart(places, "0")}` : "";
  return `${sign}${digits(head)}${decimals} ${SCALES_SHOWN[power]}${tail}`;
}
