"""A solution in lines for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number
from symcost.metrics.convention import convention
from symcost.solver.amounts import amount, digits, priced
from symcost.solver.budget import Budget

if TYPE_CHECKING:
    from symcost.solver.form import Form
    from symcost.solver.solution import Solution

_FEW = 4


def lines(found: Solution) -> list[str]:
    """Return the answer with its certificate, what else is to be said of it, and under what it holds."""
    met = " and ".join(_kept(b, found.value[b.metric], found.convention) for b in found.budgets)
    said = [f"{found.unknown} = {found.answer}{_steps(found)}: {met}; {_certificate(found)}"]
    if found.admissible is not None and (others := found.admissible.phrase(found.unknown)):
        said.append(others)
    if found.alike is not None:
        said.append(f"{found.unknown} {found.alike} gives the same network")
    if found.forms:
        said.append(_by_form(found))
    return [*said, circumstances(found)]


def circumstances(found: Solution) -> str:
    """Return the sizes, the convention, what was left out, and the proof."""
    given = [f"{name} = {value}" for name, value in {**found.at, **found.following}.items()]
    by_price = priced(b.metric for b in found.budgets)
    counted = [convention(found.convention).said] if by_price and found.convention else []
    first = [f"at {', '.join(given)}"] if given else []
    refused = [f"left out {left_out(found.left_out)}"] if found.left_out else []
    under = [found.setup] if found.setup else []
    return "; ".join([*first, *counted, *under, *refused, found.proof])


def _kept(b: Budget, value: Number, counted: str) -> str:
    if b.within:
        (_, low), (_, high) = b.ends
        return f"{amount(b.metric, value, counted)} ~ {digits(b.limit)} (over {digits(low)}, under {digits(high)})"
    return f"{amount(b.metric, value, counted)} {b.relation} {digits(b.limit)}"


def _steps(found: Solution) -> str:
    if found.allowed is not None:
        return f" (of {found.allowed:,} values allowed)"
    if found.step is None or found.step == 1:
        return ""
    return f" (a multiple of {found.step})" if isinstance(found.step, int) else f" (in steps of {found.step})"


def _certificate(found: Solution) -> str:
    """Return what the neighbours give that do not meet the budgets."""
    if found.admissible is None:
        if found.next is None:
            why = f" ({found.last})" if found.last else ""
            return f"no {'smaller' if found.smallest else 'greater'} {found.unknown} is allowed{why}"
        return _gives(found, found.next)
    near = [_gives(found, side) for side in (found.admissible.before, found.admissible.after) if side is not None]
    lone = "no other does: " if found.admissible.interval.single else ""
    return f"{lone}{' and '.join(near)}" if near else f"no other {found.unknown} is allowed"


def _gives(found: Solution, side: Mapping[str, Number]) -> str:
    broken = dict.fromkeys(b.metric for b in found.budgets if not b.meets(side[b.metric]))
    several = len({b.metric for b in found.budgets}) > 1
    gives = " and ".join(amount(m, side[m], found.convention) if several else digits(side[m]) for m in broken)
    return f"{found.unknown} = {side[found.unknown]} gives {gives}"


def _by_form(found: Solution) -> str:
    """Return the inverse as a formula in one sentence; of the options of a largest, the one that binds here."""
    groups: dict[str, list[Form]] = {}
    for form in found.forms:
        groups.setdefault(form.metric, []).append(form)
    binding = [min(group, key=lambda form: form.approximate) for group in groups.values()]
    several, chosen = len(binding) > 1, "max" if found.smallest else "min"
    body, about = (_one_of(chosen, texts) for texts in ([f.text for f in binding], [f.near for f in binding]))
    taken = dict.fromkeys(form.taken for form in binding if form.taken)
    more = len(found.forms) - len(binding)
    notes = [*taken, *([f"the least of {more + len(binding)} roots"] if more else [])]
    exactly = " = " if binding[0].exactly and not several else ", about "
    return f"by form: {found.unknown}* = {body}{exactly}{about}{''.join(f', {note}' for note in notes)}"


def _one_of(function: str, texts: Sequence[str]) -> str:
    return f"{function}({', '.join(texts)})" if len(texts) > 1 else texts[0]


def left_out(refused: Sequence[tuple[Number, str]]) -> str:
    """Return in words which values are refused, each reason once, and of many reasons the first."""
    reasons: dict[str, list[str]] = {}
    for x, reason in refused:
        reasons.setdefault(reason, []).append(str(x))
    if len(reasons) > _FEW:
        return f"{_some([str(x) for x, _ in refused])} ({refused[0][0]} {refused[0][1]})"
    return "; ".join(
        f"{_some(values)} ({'each' if len(values) > 1 else 'it'} {why})" for why, values in reasons.items()
    )


def _some(values: list[str]) -> str:
    more = len(values) - _FEW
    return ", ".join(values[:_FEW]) + (f" and {more:,} more" if more > 0 else "")
