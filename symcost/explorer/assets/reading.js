import { over, raise, ratio, times } from "./numbers.js";

const DIGITS = /^([+-]?)(\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE]([-+]?\d+))?$/;
const MOST_DIGITS = 40;

/**
 * An exact number from what a person writes for a symbol: 224, 3/4, 0.75, 1e3, 8*1024, 2**10.
 * Throws an Error with one line. Python reads more, brackets and sums; what both refuse they refuse alike.
 */
export function readNumber(name, words) {
  const whole = words.trim();
  const fail = (reason) => {
    throw new Error(`${name}: takes a number: ${reason}`);
  };
  if (!whole) fail("the text is empty where an expression is needed");
  const pieces = whole.split(/(\*\*|[*/])/).map((piece) => piece.trim());
  const value = (i) => literal(pieces[i], whole, fail);
  let result = value(0);
  for (let i = 1, last = result; i < pieces.length; i += 2) {
    const [sign, next] = [pieces[i], value(i + 1)];
    if (sign === "/" && !next) fail(`'${whole}': division by zero`);
    if (sign === "*") result = times(result, next);
    else if (sign === "/") result = over(result, next);
    else result = i > 1 || next < 0n || next > 999n || last.d ? fail(`'${whole}' is not a number`) : raise(last, Number(next));
  }
  return result;
}

function literal(word, whole, fail) {
  const found = DIGITS.exec(word);
  if (!found) return fail(/^[A-Za-z_]\w*$/.test(word) ? `unknown name '${word}'` : unread(word, whole));
  const [, sign, digits, exponent = "0"] = found;
  if (digits.length > MOST_DIGITS || Math.abs(exponent) > MOST_DIGITS)
    fail(`'${whole}': a number has at most ${MOST_DIGITS} digits, and an exponent within -${MOST_DIGITS}..${MOST_DIGITS}`);
  if (/^0\d+$/.test(digits) && !found[3]) fail(`'${whole}': '${digits}' starts with a zero; write ${Number(digits)}`);
  const [head, tail = ""] = digits.replaceAll("_", "").split(".");
  const size = times(ratio(BigInt(head + tail), 10n ** BigInt(tail.length)), raise(10n, Number(exponent)));
  return sign === "-" ? times(-1n, size) : size;
}

function unread(word, whole) {
  const hint = /^[1-9][\d.]*[A-Za-z_]\w*$/.test(word) ? "; write it out, as 8000 or 8*1024" : "";
  return `'${whole}': '${word}' is not a number${hint}`;
}
