"""Text in several lines where one is too short: nothing is left out, and a break stands where it is read best."""

from __future__ import annotations

from collections.abc import Iterator

LEVELS = ((" ", False), (".*", False), (" ,_/", True))
"""Characters to break after, the best first, and whether in brackets too."""


def broken(text: str, size: int, levels: tuple[tuple[str, bool], ...] = LEVELS) -> list[str]:
    """Return text in lines of at most this size: of words, terms, factors or parts of names, in this order."""
    if len(text) <= size:
        return [text]
    if not levels:
        return [text[i : i + size] for i in range(0, len(text), size)]
    lines = [""]
    for piece in _pieces(text, *levels[0]):
        if len((lines[-1] + piece).rstrip()) <= size:
            lines[-1] += piece
        else:
            lines += broken(piece.rstrip(), size, levels[1:])
            lines[-1] += piece[len(piece.rstrip()) :]
    return [line.rstrip() for line in lines if line.strip()]


def _pieces(text: str, after: str, inside: bool) -> Iterator[str]:
    """Give the pieces of a text that ends of lines may part; a sign stays with its term, and ``**`` whole."""
    depth = start = 0
    for i, c in enumerate(text[:-1], 1):
        depth += (c in "([") - (c in ")]")
        power = "*" in c and "*" in (text[i], text[i - 2 : i - 1])
        sign = c == " " and text[max(0, i - 2)] in "+-"
        if c in after and (inside or depth <= 0) and not power and not sign:
            yield text[start:i]
            start = i
    yield text[start:]
