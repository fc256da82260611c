"""What a plain word of YAML stands for, by the core schema of YAML 1.2, where ``yes`` and ``12:30`` are just text."""

from __future__ import annotations

import re

from symcost.spec.document import MAX_DIGITS

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_START = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class UnreadableScalar(ValueError):
    """A word stands for something that a spec cannot hold."""


def resolve(word: str) -> str | int | bool | None:
    """Return null, true, false or the integer that a plain word stands for, and any other word as it is.

    A number with a point or an exponent stays text, so that nothing of it is lost.

    Raises:
        UnreadableScalar: an infinity, or an integer of more than 40 digits.
    """
    if word in _CONSTANTS:
        return _CONSTANTS[word]
    if word[0] not in _NUMBER_START:
        return word
    if _INTEGER.fullmatch(word):
        length = len(word.lstrip("+-"))
        if length > MAX_DIGITS:
            raise UnreadableScalar(f"a number of {length:,} digits is more than {MAX_DIGITS}")
        return int(word, 10 if word[1:2] not in {"o", "x"} else 0)
    if _NOT_FINITE.fullmatch(word):
        raise UnreadableScalar(f"{word} is not a finite number")
    return word
