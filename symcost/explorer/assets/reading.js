import { add, floor, minus, over, raise, ratio, times } from "./numbers.js";

const SIGNS_READ = /\s*(?:(\.?\d(?:[eE][-+]?\d|[\dA-Za-z_.])*)|([A-Za-z_]\w*)|(\*\*|\/\/|[-+*/%()]))/y;
const MOST_POWER = 64n;
const DIGITS_READ = /^(\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE]([-+]?\d+))?$/;

/**
 * An exact number from what a person writes for a symbol: 224, 3/4, 0.75, 1e3, 8*1024, 2**10.
 * Throws an Error with one line, in Python's words but for the oddest texts.
 */
export function readNumber(name, words) {
  const whole = words.trim();
  try {
    return readSum(whole);
  } catch (error) {
    throw new Error(`${name}: takes a number: ${error.message}`);
  }
}

function readSum(whole) {
  if (!whole) throw new Error("the text is empty where an expression is needed");
  const fail = (reason) => {
    throw new Error(`'${whole}': ${reason}`);
  };
  const tokens = tokensOf(whole, fail);
  let next = 0;
  const take = (...signs) => (signs.includes(tokens[next]) ? tokens[next++] : "");

  function sum() {
    let left = product();
    for (let sign; (sign = take("+", "-")); ) left = add(left, sign === "+" ? product() : minus(product()));
    return left;
  }
  function product() {
    let left = signed();
    for (let sign; (sign = take("*", "/", "//", "%")); ) left = operated(sign, left, signed(), fail);
    return left;
  }
  function signed() {
    const sign = take("+", "-");
    if (!sign) return power();
    return sign === "-" ? minus(signed()) : signed();
  }
  function power() {
    const base = value();
    if (!take("**")) return base;
    const exponent = signed();
    if (typeof exponent !== "bigint" || exponent < 0n || exponent > MOST_POWER)
      fail(`an exponent is a whole number from 0 to ${MOST_POWER}`);
    return raise(base, Number(exponent));
  }
  function value() {
    if (take("(")) {
      const inner = sum();
      return take(")") ? inner : fail("'(' is never closed");
    }
    const token = tokens[next++];
    if (typeof token === "string") fail(`a value is missing before '${token}'`);
    return token ?? fail(`a value is missing after '${whole.at(-1)}'`);
  }
  const result = sum();
  return next < tokens.length ? fail(`an operator is missing in '${whole}'`) : result;
}

function operated(sign, left, right, fail) {
  if (sign === "*") return times(left, right);
  if (!right) fail("division by zero");
  const quotient = over(left, right);
  if (sign === "/") return quotient;
  return sign === "//" ? floor(quotient) : add(left, minus(times(right, floor(quotient))));
}

function tokensOf(whole, fail) {
  const tokens = [];
  for (SIGNS_READ.lastIndex = 0; SIGNS_READ.lastIndex < whole.length; ) {
    const from = SIGNS_READ.lastIndex;
    const found = SIGNS_READ.exec(whole);
    if (!found) {
      const at = from + whole.slice(from).search(/\S/);
      return fail(`'${whole[at]}' at column ${at + 1} has no meaning in an expression`);
    }
    if (found[2]) throw new Error(`unknown name '${found[2]}'`);
    tokens.push(found[1] ? literal(found[1], fail) : found[3]);
  }
  return tokens;
}

function literal(word, fail) {
  const found = DIGITS_READ.exec(word);
  if (!found) {
    const product = /^[1-9][\d.]*[A-Za-z_]\w*$/.test(word);
    return fail(`'${word}' is not a number${product ? "; write it out, as 8000 or 8*1024" : ""}`);
  }
  const [, digits, exponent = "0"] = found;
  if (digits.length > 40 || Math.abs(exponent) > 40)
    throw new Error(`'${word}': a number has at most 40 digits, and an exponent within -40..40`);
  if (/^0\d+$/.test(digits) && !found[2]) return fail(`'${word}' starts with a zero; write ${Number(digits)}`);
  const [head, tail = ""] = digits.replaceAll("_", "").split(".");
  return times(ratio(BigInt(head + tail), 10n ** BigInt(tail.length)), raise(10n, Number(exponent)));
}
