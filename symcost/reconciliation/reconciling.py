"""Look for the readings under which a network has a printed figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture, load
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError
from symcost.metrics.convention import convention as convention_named
from symcost.metrics.metric import metric as metric_named
from symcost.reconciliation.figure import Figure
from symcost.reconciliation.readings import Reading, formulas, readings
from symcost.reconciliation.result import Match, Reconciliation
from symcost.reconciliation.variations import Structure, sizes, structures


def reconcile(
    network: Architecture | str,
    figure: str,
    *,
    at: Mapping[str, str] | None = None,
    convention: str = "symcost",
    watch: Callable[[int, int], None] | None = None,
) -> Reconciliation:
    """Find under which convention, variant, flags and input size a network has a printed figure.

    The network and members of its family that differ from it in flags only (of a family asked about as a whole, all)
    are costed under every convention at usual input sizes; with one flag turned, as they were asked about. What was
    given stays as it is.

    Args:
        network: or the name or path of one.
        figure: such as ``macs = 3.8G``: less than one unit of the last printed digit away from it counts as equal.
        at: values of symbols that are known.
        convention: which is meant, if not another.
        watch: told how many networks have been looked at, of how many.

    Raises:
        UsageError: the figure is not of this form, or names no metric.
        SpecError: the network or a value is refused.
    """
    printed, given = Figure.parse(figure), dict(at or {})
    asked = _put_in(load(network) if isinstance(network, str) else network, given)
    convention_named(convention)
    metric_named(printed.metric)
    meant = readings(printed.metric, convention)
    found = list(_all(list(structures(asked, given)), meant, given, watch))
    if not found or found[0].changes:
        raise NoAnswer(f"{asked.name}: {meant[0]} says nothing of it as it stands")
    return Reconciliation(asked.name, printed, meant[0], tuple(found))


def _put_in(network: Architecture, given: Mapping[str, str]) -> Architecture:
    symbols = network.spec.symbols
    fixed = {k: v for k, v in given.items() if k in network.fixed or (k in symbols and symbols[k].structural)}
    unknown = {name: value for name, value in given.items() if name not in symbols}
    return network.fix(**fixed, **unknown)


def _all(
    networks: list[Structure], meant: list[Reading], given: Mapping[str, str], watch: Callable[[int, int], None] | None
) -> Iterator[Match]:
    """Find what every reading of every network comes to, as it was asked about first."""
    for seen, structure in enumerate(networks, 1):
        yield from _matches(structure, meant, given)
        if watch is not None:
            watch(seen, len(networks))


def _matches(structure: Structure, meant: list[Reading], given: Mapping[str, str]) -> Iterator[Match]:
    try:
        graph = structure.network.graph()
    except SpecError:
        if not structure.changes:
            raise
        return
    points = list(sizes(Cost(graph, convention_named(meant[0].convention)), given))
    if structure.turned:
        points, meant = points[:1], meant[:1]
    for reading, amount in formulas(graph, meant):
        as_meant = () if reading == meant[0] else (f"as {reading}",)
        for env, changed in points:
            value = evaluate(amount, env)
            yield Match(structure.network.name, structure.changes, changed, as_meant, reading, env, value)
