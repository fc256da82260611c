"""Give every symbol of a graph its value, or say what is wrong with the values given."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symcost.algebra.atoms import Number
from symcost.algebra.implied import essential
from symcost.algebra.needs import Need
from symcost.errors import Problem, SpecError, did_you_mean
from symcost.graph.model import Graph
from symcost.setup import SETTING
from symcost.spec.symbols import read_number


def bind(graph: Graph, values: Mapping[str, object], *, check: bool = True) -> dict[str, Number]:
    """Return a value for every free symbol: those given, and defaults for the rest.

    Args:
        graph: whose symbols.
        values: numbers, or their exact texts such as ``"3/4"``.
        check: whether the graph's conditions must hold.

    Raises:
        SpecError: listing every value that does not belong, is missing, or breaks a bound or a condition.
    """
    problems = [_strange(graph, key) for key in values if key not in graph.symbols]
    env: dict[str, Number] = {}
    for name, declared in graph.symbols.items():
        value = _value(name, values.get(name, declared.default))
        reason = "has no default; give it a value" if value is None else declared.refusal(value, name)
        if reason or value is None:
            problems.append(f"{name} {reason}" if value is None else f"{name} = {value} {reason}")
        else:
            env[name] = value
    if problems:
        raise SpecError(*(Problem(f"{graph.name}: {text}") for text in problems))
    if check and (broken := broken_needs(graph, env)):
        raise SpecError(*(Problem(f"{graph.name}: {text}") for text in broken[:1]))
    return env


def broken_needs(graph: Graph, env: Mapping[str, Number]) -> list[str]:
    """Return which of the graph's conditions these values break, in words: of those that say all the others."""
    found = [need for need in graph.needs if not need.holds(env)]
    if not found:
        return []
    box = {name: (s.least, s.max) for name, s in graph.symbols.items()}
    broken = {need: origin for need, origin in graph.essential.items() if not need.holds(env)}
    broken = broken or essential(found, box)  # where it is not seen that they follow from the others
    return [
        f"{_given(need, env)} is refused {_by(graph.needs[origin])}: needs {need.phrase(box)}"
        for need, origin in broken.items()
    ]


def _by(origin: str) -> str:
    return f"by {origin}" if origin.startswith(SETTING) else f"at node '{origin}'"


def _given(need: Need, env: Mapping[str, Number]) -> str:
    return ", ".join(f"{name} = {env[name]}" for name in sorted(need.symbols))


def _value(name: str, value: object) -> Number | None:
    try:
        number = read_number(value)
    except ValueError as error:
        raise SpecError(Problem(f"{name}: {error}")) from None
    if number is None or isinstance(number, (int, Fraction)):
        return number
    raise SpecError(Problem(f"{name} takes a number, got {value!r}"))


def _strange(graph: Graph, name: str) -> str:
    if name in graph.idle:
        return f"nothing depends on {name} {graph.idle[name]}; leave it out, or change that"
    return f"there is no free symbol '{name}'{did_you_mean(name, graph.symbols)}{_list(graph)}"


def _list(graph: Graph) -> str:
    return f"; free are {', '.join(graph.symbols)}" if graph.symbols else "; all symbols are fixed"
