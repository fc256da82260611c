"""From spec to graph."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symcost.algebra.atoms import Number, Part, lift
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, whole
from symcost.algebra.poly import Num, Poly, symbol
from symcost.errors import Problem, SpecError, did_you_mean
from symcost.graph.conditions import Conditions
from symcost.graph.model import Graph, Tensor
from symcost.graph.parts import without_parts
from symcost.graph.reading import read_by, unread
from symcost.graph.roles import with_roles
from symcost.graph.scope import Path, Scope, Value, sizes_now
from symcost.graph.walk import Walker
from symcost.ops.facts import Shape
from symcost.ops.op import Refused, resolved
from symcost.spec.models import Spec
from symcost.spec.symbols import Symbol


def build(spec: Spec, fixed: Mapping[str, Number | bool] | None = None, name: str | None = None) -> Graph:
    """Return the graph of a spec.

    Args:
        spec: what to build.
        fixed: values of symbols that are not to stay free.
        name: what to call it; the spec's own name by default.

    Raises:
        SpecError: the spec does not describe a network; each problem with its place.
    """
    spec = _settled(spec, fixed or {})
    env = environment(spec, fixed or {})
    walker = Walker(spec, env, Conditions(box=_box(spec, env)))
    walker.seen.update(dict.fromkeys(spec.inputs, 1))
    inputs = {key: _shape(walker, key, env) for key in spec.inputs}
    tensors = {key: (Tensor(-1 - i, 0, shape),) for i, (key, shape) in enumerate(inputs.items())}
    start = next(iter(tensors.values())) if len(tensors) == 1 else ()
    scope = Scope(env={**env, **sizes_now(start, "in")}, tensors=dict(tensors))
    value = _walked(walker, start, scope)
    _report_joins(walker)
    outputs = _outputs(walker, scope) if spec.outputs else value
    free = {key: s for key, s in spec.symbols.items() if isinstance(env[key], Poly)}
    read = read_by(walker.nodes, inputs, walker.conditions.open)
    settings = {key: value for key, value in (fixed or {}).items() if value != spec.symbols[key].default}
    graph = Graph(
        name or spec.name,
        inputs,
        outputs,
        with_roles(walker.nodes),
        {key: s for key, s in free.items() if key in read},
        walker.conditions.open,
        settings,
        tuple(repeat for repeat in walker.repeats if repeat is not None),
        unread(spec, env, read),
    )
    return without_parts(graph) if any(s.step > 1 for s in free.values()) else graph


def _walked(walker: Walker, start: Value, scope: Scope) -> Value:
    try:
        return walker.run(walker.spec.model, start, scope, ("model",))
    except RecursionError:
        raise walker.spec.problem("blocks and bodies stand inside one another too deeply", ("model",)) from None


def _settled(spec: Spec, fixed: Mapping[str, Number | bool]) -> Spec:
    """Return the spec with what its symbols say in terms of constants put in numbers."""
    structure = {name: fixed.get(name, s.default) for name, s in spec.symbols.items() if s.structural}
    settled = {}
    for name, declared in spec.symbols.items():
        try:
            settled[name] = declared.settled(structure)
        except ValueError as error:
            raise spec.problem(f"{name}: {error}", ("symbols", name, str(error).partition(":")[0])) from None
    return spec.with_symbols(settled)


def environment(spec: Spec, fixed: Mapping[str, Number | bool]) -> dict[str, Num | bool]:
    """Return what each symbol of a spec is: its fixed value, or a symbol of the algebra.

    Raises:
        SpecError: a value for a symbol that is not there or does not take it, or a structural symbol without value.
    """
    unknown = [key for key in fixed if key not in spec.symbols]
    if unknown:
        message = f"there is no symbol '{unknown[0]}'{did_you_mean(unknown[0], spec.symbols)}"
        raise SpecError(Problem(message, file=spec.file))
    return {key: _meaning(spec, key, declared, fixed) for key, declared in spec.symbols.items()}


def _meaning(spec: Spec, name: str, declared: Symbol, fixed: Mapping[str, Number | bool]) -> Num | bool:
    value = fixed.get(name, declared.default if declared.structural else None)
    if value is None and declared.structural:
        raise spec.problem(f"{name} is a {declared.kind} without default; set it, as in {name}=...", ("symbols", name))
    if value is None:
        times = declared.step
        return lift(Part.of(name, times)) * times if times > 1 else symbol(name, declared.kind)
    if reason := declared.refusal(value, name):
        raise spec.problem(f"{name} = {value} {reason}", ("symbols", name))
    return value


def _box(spec: Spec, env: Mapping[str, Num | bool]) -> dict[str, tuple[Number, Number | None]]:
    """Return the ranges of the free symbols."""
    return {key: (s.least, s.max) for key, s in spec.symbols.items() if isinstance(env[key], Poly)}


def _shape(walker: Walker, name: str, env: Mapping[str, Num | bool]) -> Shape:
    path = ("inputs", name)
    try:
        shape = tuple(resolved(size, env, name, walker.conditions.box) for size in walker.spec.inputs[name])
        for size in shape:
            _check_size(walker, size, name, path)
    except Refused as error:
        raise walker.spec.problem(f"input {error}", path) from None
    return shape


def _check_size(walker: Walker, size: Num | bool, name: str, path: Path) -> None:
    if isinstance(size, bool) or (not isinstance(size, Poly) and (not isinstance(size, int) or size < 1)):
        raise Refused(f"{name} has size {size}; sizes are positive integers")
    needs = (AtLeast(size, 1), *(() if integral(size) else (whole(size),)))
    try:
        for need in needs:
            walker.conditions.require(need, Scope({}), name, path)
    except Refused as error:
        raise Refused(f"{name}: {error}") from None


def _outputs(walker: Walker, scope: Scope) -> tuple[Tensor, ...]:
    try:
        return tuple(tensor for name in walker.spec.outputs for tensor in scope.look_up(name))
    except Refused as error:
        raise walker.spec.problem(f"an output {error}", ("outputs",)) from None


def _report_joins(walker: Walker) -> None:
    """Refuse a network whose joins could not all be shown to fit, with the least conditions under which they do."""
    found = walker.conditions.unshown()
    errors = [walker.spec.problem(_join(phrase, node, more), path) for phrase, node, more, path in found]
    if errors:
        raise SpecError(*(problem for error in errors for problem in error.problems))


def _join(phrase: str, node: str, more: int) -> str:
    nodes = f"node '{node}' joins" if not more else f"node '{node}' and {more} more join"
    if phrase == "never":
        return f"{nodes} sizes that are equal for no value"
    found = _ON_MULTIPLES.fullmatch(phrase)
    name, divisor = (found["name"] or found["whole"], found["period"] or found["divisor"] or "2") if found else ("", "")
    way_out = f"; if so, declare symbols: {name}: {{multiple_of: {divisor}}}" if name else ""
    return f"{nodes} sizes that are equal iff {phrase}{way_out}"


_ON_MULTIPLES = re.compile(
    r"(?P<name>\w+) (is even|modulo (?P<period>\d+) is (at most \d+|0( or |, |\d+|\.\.\.)*))"
    r"|(?P<divisor>\d+) divides (?P<whole>\w+)"
)
"""Conditions that hold, too, where a divisor is declared."""
