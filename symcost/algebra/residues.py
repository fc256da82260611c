"""Say a set of residues in words: ``H is even``, ``16 divides H``."""

from __future__ import annotations


def phrase_residues(name: str, residues: list[int], period: int) -> str:
    """Return in words when ``name`` modulo ``period`` is one of the residues."""
    period, found = _reduce(set(residues), period)
    if not found:
        return "never"
    if period == 1:
        return "always"
    if found == {0}:
        return f"{name} is even" if period == 2 else f"{period} divides {name}"
    if period == 2:
        return f"{name} is odd"
    ordered = sorted(found)
    if ordered == list(range(ordered[-1] + 1)):
        return f"{name} modulo {period} is at most {ordered[-1]}"
    return f"{name} modulo {period} is {listed(ordered)}"


def _reduce(residues: set[int], period: int) -> tuple[int, set[int]]:
    """Return the shortest period of the set."""
    for shorter in range(1, period):
        if period % shorter == 0 and all((r + shorter) % period in residues for r in residues):
            return shorter, {r % shorter for r in residues}
    return period, residues


def listed(values: list[int]) -> str:
    """Return values as ``1, 2 or 3``, the first eight of many."""
    shown = [str(v) for v in values[:8]] + (["..."] if len(values) > 8 else [])
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1]
