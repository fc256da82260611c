import { add, compare, exact, floor, minus, over, times } from "./numbers.js";

const MOST = 1000n;
const OCTAVE = 32n;

/**
 * The values of a slider, least first: all that are allowed where these are few, else as many in each octave, so that a
 * slider over six orders of magnitude is as fine at its lower end as at its upper one. Values named stand among them.
 */
export function stops(symbol, ...named) {
  const [low, high, step] = [exact(symbol.low), exact(symbol.high), exact(symbol.notch)];
  const values = [...named, low, high];
  const count = floor(over(add(high, minus(low)), step));
  if (count <= MOST) for (let i = 0n; i < count; i++) values.push(add(low, times(i, step)));
  else for (let start = compare(low, 0n) > 0 ? low : step; compare(start, high) < 0; start = add(start, start))
    values.push(...octave(start, high, step));
  values.sort(compare);
  return values.filter((value, i) => !i || compare(value, values[i - 1]));
}

function* octave(start, high, step) {
  const stride = floor(over(over(start, step), OCTAVE)) || 1n;
  for (let value = start; compare(value, add(start, start)) < 0; value = add(value, times(stride, step)))
    if (compare(value, high) < 0) yield value;
}

/** The place of the stop nearest to a value. */
export function nearest(values, value) {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare(values[middle], value) < 0) from = middle + 1;
    else to = middle;
  }
  if (!from || !compare(values[from], value)) return from;
  const [left, right] = [add(value, minus(values[from - 1])), add(values[from], minus(value))];
  return compare(left, right) < 0 ? from - 1 : from;
}
