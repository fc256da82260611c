"""Names that a user gives to parts of formulas, read as expressions in the symbols of a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symcost.algebra.atoms import Part, lift
from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.poly import Num, constant, substitute, symbol
from symcost.cost import Cost
from symcost.errors import UsageError, quoted
from symcost.notation.naming import Name
from symcost.spec.symbols import check_name


def read_names(cost: Cost, given: Mapping[str, str]) -> list[Name]:
    """Return names with what they stand for, which may be made of earlier ones.

    Raises:
        UsageError: a name is taken or is none, or what it stands for is no expression in free symbols.
    """
    own = {name: symbol(name, s.kind) for name, s in cost.symbols.items()}
    parts = {name: lift(Part.of(name, s.step)) * s.step for name, s in cost.symbols.items() if s.step > 1}
    known: dict[str, Num] = {**own, **parts}
    names = []
    for name, text in given.items():
        _check(cost, name)
        value = substitute(_value(name, text, known), own)
        names.append(Name(name, value))
        known[name] = lift(names[-1].atom)
    return names


def taken(cost: Cost) -> set[str]:
    """Return the names that mean something in the network, so that nothing else can have them."""
    return {*cost.symbols, *cost.graph.settings}


def _check(cost: Cost, name: str) -> None:
    if name in taken(cost):
        raise UsageError(f"alias {quoted(name)}: {cost.name} has a symbol of this name")
    try:
        check_name(name)
    except ValueError:
        raise UsageError(f"alias {quoted(name)}: this is not a plain name, or one that means something else") from None


def _value(name: str, text: str, known: Mapping[str, Num]) -> Num:
    try:
        value = Expr.parse(text).evaluate(known)
    except ExprError as error:
        raise UsageError(f"alias {quoted(name)}: {error}") from None
    if isinstance(value, bool) or constant(value) is not None:
        raise UsageError(f"alias {quoted(name)}: {quoted(text)} has no symbol in it, and a name is for what has")
    return value


def pairs(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Give names and expressions of texts such as ``E = D*h``.

    Raises:
        UsageError: a text is not of this form, or a name comes twice.
    """
    seen = set()
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise UsageError(f"an alias is given as NAME=EXPRESSION, such as E=D*h; got {quoted(text)}")
        if name in seen:
            raise UsageError(f"alias {quoted(name)} is given twice")
        seen.add(name)
        yield name, value
