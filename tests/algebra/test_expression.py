"""What the expression reader takes, refuses, and says."""

from __future__ import annotations

import copy
import operator
import pickle
import time
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.arithmetic import Value
from symcost.algebra.expression import RESERVED, Expr, ExprError, Undecided
from symcost.algebra.poly import Num, Poly, evaluate, symbol

B, C, H = symbol("B"), symbol("C"), symbol("H")
R = symbol("r", "ratio")
I = symbol("i", "index")  # noqa: E741
ENV: dict[str, Value] = {"c": 12, "k": 3, "project": True, "C": C, "H": H, "r": R, "i": I}


def value(text: str) -> Value:
    return Expr.parse(text).evaluate(ENV)


def message(text: str) -> str:
    with pytest.raises(ExprError) as caught:
        value(text)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2*3", 7),
        ("(1 + 2)*3", 9),
        ("-c + +k", -9),
        ("2**3**2", 512),
        ("-2**2", -4),
        ("7//2", 3),
        ("-7//2", -4),
        ("7 % 4", 3),
        ("6/3", 2),
        ("c/8", Fraction(3, 2)),
        ("0.1", Fraction(1, 10)),
        (".5 + 1.", Fraction(3, 2)),
        ("1e9", 10**9),
        ("2.5e-1", Fraction(1, 4)),
        ("1_000_000", 10**6),
        ("0.1 + 0.2 == 0.3", True),
        ("floor(7/2) + ceil(7/2)", 7),
        ("floor(-0.5)", -1),
        ("min(c, k, 7)", 3),
        ("max(c, k, 7)", 12),
        ("gcd(c, 8)", 4),
        ("make_divisible(c*1.4, 8)", 16),
        ("make_divisible(1, 8, 16)", 16),
        ("1 < k <= 3 != c", True),
        ("k == 3 and not project", False),
        ("k if project else c", 3),
        ("true", True),
        ("False", False),
        ("project == true", True),
        ("project != true", False),
        ("\tc\n+ 1 ", 13),
    ],
)
def test_plain_values(text: str, expected: Value) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4*C", 4 * C),
        ("C - C", 0),
        ("(H + 1)**2 - H**2", 2 * H + 1),
        ("C**2/C", C),
        ("(C**2 - 1)/(C - 1)", C + 1),
        ("C/2*2", C),
        ("(C*H)/H", C),
        ("min(C, 4*C)", C),
        ("max(C, 4*C, 1)", 4 * C),
        ("H//1", H),
    ],
)
def test_symbols_stay(text: str, expected: Num) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("H//2 + 1", 225, 113),
        ("ceil(H/2)", 225, 113),
        ("(H - 1)//32", 225, 7),
        ("gcd(H, 64)", 96, 32),
        ("gcd(64, H)", 96, 32),
        ("make_divisible(0.75*H, 8)", 32, 24),
        ("make_divisible(H, 8, 16)", 3, 16),
        ("7*H//C", 6, 10),
    ],
)
def test_rounding_of_symbols(text: str, at: int, expected: int) -> None:
    found = value(text)
    assert isinstance(found, Poly)
    assert evaluate(found, {"H": at, "C": 4}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C == C", True),
        ("C == 4*C", False),
        ("C != C + 3", True),
        ("C >= 1", True),
        ("C < 1", False),
        ("4*C > C", True),
        ("C*H >= C", True),
        ("r >= 0", True),
        ("i < 0", False),
        ("C == 2 or k == 3", True),
        ("k == 3 or C == 2", True),
        ("C == 2 and k == 4", False),
        ("k if C >= 1 else nowhere", 3),
    ],
)
def test_what_holds_for_every_value_is_decided(text: str, expected: Value) -> None:
    assert value(text) == expected


def test_ranges_of_symbols_decide_more() -> None:
    expr = Expr.parse("H > 16")
    assert expr.evaluate(ENV, {"H": (32, None)}) is True
    assert expr.evaluate(ENV, {"H": (1, 16)}) is False
    with pytest.raises(Undecided):
        expr.evaluate(ENV)


FUNCTIONS = "there are ceil, floor, gcd, isqrt, make_divisible, max, min"
BY = ", by a value or by kind: constant"
MESSAGES = {
    # what it is made of
    "": "the text is empty where an expression is needed",
    "__import__('os')": '"__import__(\'os\')": "\'" at column 12 has no meaning in an expression; text has no value',
    "__import__(c)": "'__import__(c)': unknown function '__import__'; " + FUNCTIONS,
    "a.b": "'a.b': '.' at column 2 has no meaning in an expression; a name has no parts",
    "a[0]": "'a[0]': '[' at column 2 has no meaning in an expression; there are no lists and no indices",
    "f'{c}'": '"f\'{c}\'": "\'" at column 2 has no meaning in an expression; text has no value',
    "(c := 1)": "'(c := 1)': ':' at column 4 has no meaning in an expression",
    "c = 1": "'c = 1': '=' at column 3 has no meaning in an expression; "
    "write == to compare, and give arguments by position",
    "c^2": "'c^2': '^' at column 2 has no meaning in an expression; write ** for a power",
    "c × 2": "'c × 2': '×' at column 3 has no meaning in an expression; write *",
    "c & k": "'c & k': '&' at column 3 has no meaning in an expression; write and",
    "é + 1": "'é + 1': 'é' at column 1 has no meaning in an expression; "
    "names are made of the letters A to Z and a to z, digits and _",
    "c\x1b": r"'c\x1b': '\x1b' at column 2 has no meaning in an expression",
    "lambda: c": "'lambda: c': 'lambda' has no meaning in an expression",
    "c is k": "'c is k': 'is' has no meaning in an expression",
    "None": "'None': 'None' has no meaning in an expression",
    # numbers
    "2C": "'2C': '2C' is not a number; write 2*C",
    "0x10": "'0x10': '0x10' is not a number",
    "1..2": "'1..2': '1..2' is not a number",
    "007": "'007': '007' starts with a zero; write 7",
    "1e-99999999": "'1e-99999999': a number has at most 40 digits, and an exponent within -40..40",
    "1" * 41: f"'{'1' * 41}': a number has at most 40 digits, and an exponent within -40..40",
    # order
    "c k": "'c k': an operator is missing between 'c' and 'k'",
    "2(c)": "'2(c)': an operator is missing between '2' and '('",
    "c +": "'c +': a value is missing after '+'",
    "* c": "'* c': a value is missing before '*'",
    "c * * k": "'c * * k': a value is missing before '*'",
    "()": "'()': a value is missing before ')'",
    "max(c, k,)": "'max(c, k,)': a value is missing before ')'",
    "max(*c)": "'max(*c)': a value is missing before '*'",
    "c, k": "'c, k': ',' at column 2 stands outside of any brackets",
    "(c, k)": "'(c, k)': ',' at column 3: only functions take several values",
    "a(b": "'a(b': '(' at column 2 is never closed",
    "c)": "'c)': ')' at column 2 stands outside of any brackets",
    "c if k": "'c if k' is not an expression; a choice is written a if c else b",
    "1 + not project": "'1 + not project' is not an expression; put brackets around the part with not",
    # functions
    "f(c)": "'f(c)': unknown function 'f'; " + FUNCTIONS,
    "flor(c)": "'flor(c)': unknown function 'flor'; did you mean 'floor'?",
    "abs(c)": "'abs(c)': unknown function 'abs'; " + FUNCTIONS,
    "floor": "'floor': 'floor' is a function; write floor(...)",
    "floor()": "'floor()': floor takes 1 value, got 0",
    "max(c)": "'max(c)': max takes 2 to 16 values, got 1",
    "gcd(0.5, 2)": "'gcd(0.5, 2)': gcd takes whole numbers, got 1/2",
    "gcd(C, H)": "'gcd(C, H)': gcd takes a plain whole number of at least 1 here, got an expression in symbols",
    "gcd(C, 0)": "'gcd(C, 0)': gcd takes a plain whole number of at least 1 here, got 0",
    "make_divisible(C, 0)": "'make_divisible(C, 0)': make_divisible takes a plain whole number of at least 1 here, "
    "got 0",
    "isqrt(C)": "'isqrt(C)': isqrt takes a plain number of at least 0 here, got an expression in symbols",
    "isqrt(-2)": "'isqrt(-2)': isqrt takes a plain number of at least 0 here, got -2",
    "floor(project)": "'floor(project)': takes a number, got true",
    # values
    "x": "unknown name 'x'; known here: C, H, c, i, k, project, r",
    "projct": "unknown name 'projct'; did you mean 'project'?",
    "1/0": "'1/0': division by zero",
    "1 + 3/(C - C)": "'3/(C - C)': division by zero",
    "c//(k - 3)": "'c//(k - 3)': division by zero",
    "c % 0": "'c % 0': division by zero",
    "C % 2": "'C % 2': '%' takes plain numbers, and this depends on a symbol; write a - b*(a // b)",
    "C/(C + H)": "'C/(C + H)': the division leaves a rest; divide by a number or by a single product",
    "project + 1": "'project + 1': takes a number, got true",
    "-project": "'-project': takes a number, got true",
    "not c": "'not c': takes true or false, got a number; compare it, as in n > 0",
    "project and c": "'c': takes true or false, got a number; compare it, as in n > 0",
    "1 if c else 2": "'c': takes true or false, got a number; compare it, as in n > 0",
    "project == 1": "'project == 1': takes a number, got true",
    "project < true": "'project < true': takes a number, got true",
    "C**0.5": "'C**0.5': an exponent is a whole number from 0 to 64, got 1/2",
    "C**H": "'C**H': a power with a symbol in its exponent takes a plain number as base, got an expression in symbols",
    "2**project": "'2**project': takes a number, got true",
    # undecided
    "C == 64": "'C == 64': cannot decide C == 64 for every value of C; fix C to decide it" + BY,
    "1 if C > H else 2": "'C > H': cannot decide C > H for every value of C, H; fix C, H to decide it" + BY,
    "C == 2 or k == 4": "'C == 2': cannot decide C == 2 for every value of C; fix C to decide it" + BY,
}


@pytest.mark.parametrize("text", MESSAGES)
def test_messages(text: str) -> None:
    assert message(text) == MESSAGES[text]


HOSTILE = {
    "9**9**9": "'9**9**9': an exponent is a whole number from 0 to 64, got 387420489",
    "(" * 10**6: f"'{'(' * 28} ... {'(' * 28}': 1,000,000 characters, and an expression has at most 500",
    "(" * 41 + "c" + ")" * 41: f"'{'(' * 28} ... {')' * 28}': brackets nest more than 40 deep",
    "-" * 499 + "c": f"'{'-' * 28} ... {'-' * 27}c': more than 100 operations stand inside one another",
    "9**64*9**64": "'9**64': the result is above 10**60",
    "(1/9**40)**64": "'(1/9**40)**64': the result is above 10**60",
    "((C**64)**64)**64": "'(C**64)**64': the result has a power above 256",
    "(C + H + r + i + 1)**64": "'(C + H + r + i + 1)**64': multiplying out 495 by 495 terms is too long",
    "(C + H + r)**16/(C + H)": "'(C + H + r)**16/(C + H)': dividing sums of more than 100 terms is too long",
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_hostile_text_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    assert message(text) == HOSTILE[text]
    assert time.perf_counter() - start < 1


def test_roundings_inside_roundings_cannot_double_for_ever() -> None:
    step = Expr.parse("make_divisible(c*C + floor(c/3)*H, 8)")

    def nested(times: int) -> Value:
        return step.evaluate({**ENV, "c": nested(times - 1)}) if times else C

    with pytest.raises(ExprError, match=r"a rounding of more than 4,000 characters"):
        nested(60)


def test_an_expression_knows_its_names_and_text() -> None:
    expr = Expr.parse(" max(c, 2*k) if project and true else C_now ")
    assert str(expr) == "max(c, 2*k) if project and true else C_now"
    assert expr.names == {"c", "k", "project", "C_now"}
    assert repr(Expr.parse("4*c")) == "Expr('4*c')"


def test_expressions_are_equal_when_their_text_is() -> None:
    assert Expr.parse("4*c") is Expr.parse(" 4*c")
    assert Expr.parse("4*c") != Expr.parse("c*4")
    sent = pickle.dumps(Expr.parse("4*c"))
    assert len({Expr.parse("4*c"), copy.deepcopy(Expr.parse("4*c")), pickle.loads(sent)}) == 1  # noqa: S301
    with pytest.raises(AttributeError):
        Expr.parse("4*c").text = "5*c"  # type: ignore[misc]


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_reserved_words_cannot_be_names(word: str) -> None:
    with pytest.raises(ExprError):
        Expr.parse(f"({word}) + 1").evaluate({word: 1})


# --- laws ---------------------------------------------------------------------------------------------------

Pair = tuple[str, Num]
OPERATORS: dict[str, Callable[[Num, Num], Num]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def _joined(parts: tuple[Pair, str, Pair]) -> Pair:
    (left, a), sign, (right, b) = parts
    return f"({left} {sign} {right})", OPERATORS[sign](a, b)


def _leaves(symbols: dict[str, Num]) -> st.SearchStrategy[Pair]:
    decimals = st.decimals(0, 99, places=2).map(lambda d: (str(d), Fraction(str(d))))
    return st.integers(0, 99).map(lambda n: (str(n), n)) | decimals | st.sampled_from(list(symbols.items()))


def _trees(symbols: dict[str, Num]) -> st.SearchStrategy[Pair]:
    return st.recursive(
        _leaves(symbols),
        lambda inner: st.tuples(inner, st.sampled_from(list(OPERATORS)), inner).map(_joined),
        max_leaves=8,
    )


@settings(deadline=None)
@given(_trees({"c": 12, "C": C, "H": H}))
def test_arithmetic_is_exact(pair: Pair) -> None:
    text, expected = pair
    found = value(text)
    assert found == expected
    if not isinstance(found, Poly):
        assert isinstance(found, int) == (Fraction(found).denominator == 1)


@settings(deadline=None)
@given(
    _trees({"C": C, "H": H}), st.integers(1, 9), st.integers(1, 9), st.sampled_from(["floor", "ceil", "0.5*", "1 + "])
)
def test_symbols_and_then_numbers_is_numbers_at_once(pair: Pair, c: int, h: int, around: str) -> None:
    text = f"{around}({pair[0]})"
    symbolic, plain = Expr.parse(text).evaluate({"C": C, "H": H}), Expr.parse(text).evaluate({"C": c, "H": h})
    assert evaluate(symbolic, {"C": c, "H": h}) == plain


@settings(deadline=None)
@given(_trees({"C": C, "H": H}), _trees({"C": C, "H": H}), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
def test_what_is_decided_holds_for_all_values(left: Pair, right: Pair, relation: str) -> None:
    expr = Expr.parse(f"{left[0]} {relation} {right[0]}")
    try:
        decided = expr.evaluate({"C": C, "H": H})
    except Undecided:
        return
    assert all(expr.evaluate({"C": c, "H": h}) is decided for c in (1, 2, 7, 100) for h in (1, 3, 50))


WORDS = [
    "c",
    "C",
    "H",
    "1",
    "0.5",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "(",
    ")",
    ",",
    "<",
    "==",
    "and",
    "not",
    "if",
    "else",
]
SOUP = st.lists(st.sampled_from([*WORDS, "true", "floor(", "max(", "gcd(", "make_divisible("]), max_size=12).map(
    " ".join
)


@settings(deadline=None)
@given(st.text(max_size=40) | st.text("cC()+-*/.<=0123456789e ", max_size=20) | SOUP)
def test_any_text_has_a_value_or_a_reason(text: str) -> None:
    reason = ""
    try:
        value(text)
    except ExprError as error:
        reason = str(error)
    assert reason.isprintable()
