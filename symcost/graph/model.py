"""The graph of a network: nodes that know their facts, in an order in which they can run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.implied import essential
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num
from symcost.algebra.sums import added_up
from symcost.ops.facts import Facts, Shape
from symcost.ops.op import Only, Op
from symcost.spec.symbols import Symbol
from symcost.table.tabled import Tabled

if TYPE_CHECKING:
    import networkx as nx

    from symcost.graph.drawing import Drawing
    from symcost.graph.gradients import Gradients
    from symcost.graph.kept import Keeping
    from symcost.graph.traffic import Traffic
    from symcost.table import Table

_MOST_SHOWN = 60
"""Nodes that a notebook shows of a graph."""


class Tensor(NamedTuple):
    """A value on its way.

    Attributes:
        source: which node makes it; negative for an input of the network.
        port: at which output.
        shape: its sizes.
        carried: where a round reads what the round before hands on, and only the first what stands before the
            repetition: the place of the repetition in ``Graph.repeats`` and of the value among those handed on. After
            the repetition it is what the last round read.
    """

    source: int
    port: int
    shape: Shape
    carried: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """A repetition around a node: its index runs from 0 to count - 1."""

    index: str
    count: Num


@dataclass(frozen=True, slots=True)
class Choice:
    """Experts around a node, of which each token sees some.

    Attributes:
        count: how many there are.
        top_k: how many see a token.
        tokens: how many tokens there are in a pass.
        rows: how many rows the experts work on: a token is one for each expert that it meets.
    """

    count: Num
    top_k: Num
    tokens: Num
    rows: Num


class Repeated(NamedTuple):
    """A repetition whose nodes stand for all of its rounds.

    Attributes:
        loop: its index and count.
        start: its first node.
        stop: the node after its last.
        before: what the first round reads.
        after: what every round hands on, and the last gives back.
    """

    loop: Loop
    start: int
    stop: int
    before: tuple[Tensor, ...]
    after: tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One op in its place.

    Attributes:
        name: dotted path through the blocks, unique in the graph.
        op: the op, with every expression replaced by its value.
        facts: what one application costs; may depend on the indices of ``loops``.
        ins: the tensors it reads.
        loops: repetitions around it, the outermost first.
        shared: name under which its weights are shared, or None.
        tied: how many of the outermost ``loops`` have the same weights in every round; 0 where they are its own.
        path: where the spec says so.
        only: when it runs, where it does not always.
        roles: what parts it plays in the network: some of ``symcost.graph.roles.ROLES``.
        experts: choices of experts around it, the innermost first; its weights have an axis for each.
    """

    name: str
    op: Op
    facts: Facts
    ins: tuple[Tensor, ...]
    loops: tuple[Loop, ...] = ()
    shared: str | None = None
    path: tuple[str | int, ...] = ()
    only: Only | None = None
    tied: int = 0
    roles: tuple[str, ...] = ()
    experts: tuple[Choice, ...] = ()

    @property
    def evaluated(self) -> bool:
        """Whether it runs in evaluation."""
        return self.only in (None, "evaluation")

    @property
    def trained(self) -> bool:
        """Whether it runs in training."""
        return self.only in (None, "training")

    @property
    def count(self) -> Num:
        """How often it runs."""
        return over_loops(1, self.loops)


@dataclass(eq=False, repr=False)
class Graph(Tabled):
    """A network of nodes.

    Attributes:
        name: of the network.
        inputs: shapes by name.
        outputs: the tensors it gives back.
        nodes: in an order in which they can run.
        symbols: the free symbols and what is known of them.
        needs: conditions on the symbols that are not proved, each with the node that asks for it.
        settings: values of symbols that are fixed at something else than their default.
        repeats: repetitions that are counted in closed form, each before those inside it.
        idle: symbols that nothing in this network depends on, as its structure is fixed, each with why: "with
            decode = false".
    """

    name: str
    inputs: Mapping[str, Shape]
    outputs: tuple[Tensor, ...]
    nodes: tuple[Node, ...]
    symbols: Mapping[str, Symbol]
    needs: Mapping[Need, str] = field(default_factory=dict)
    settings: Mapping[str, Number | bool] = field(default_factory=dict)
    repeats: tuple[Repeated, ...] = ()
    idle: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Graph of {self.name}: {len(self.nodes)} nodes, in {', '.join(self.symbols)}>"

    __str__ = __repr__

    @cached_property
    def nx(self) -> nx.DiGraph[str]:
        """The graph as networkx knows it, with sizes and costs in SymPy at every node."""
        from symcost.graph.export import to_networkx

        return to_networkx(self)

    @cached_property
    def gradients(self) -> Gradients:
        """Which nodes make gradients for their inputs in a backward pass."""
        from symcost.graph.gradients import Gradients

        return Gradients(self)

    @cached_property
    def traffic(self) -> Traffic:
        """What nodes move through memory, each by itself."""
        from symcost.graph.traffic import Traffic

        return Traffic(self)

    @cached_property
    def fused_traffic(self) -> Traffic:
        """What nodes move through memory where those without products join the ones before."""
        from symcost.graph.fusion import Fusion
        from symcost.graph.traffic import Traffic

        return Traffic(self, Fusion(self))

    @cached_property
    def kept(self) -> Keeping:
        """What a training step keeps for its backward pass."""
        from symcost.graph.kept import kept

        return kept(self)

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """What must hold of the symbols, in words, without what follows from the rest."""
        box = {name: (s.least, s.max) for name, s in self.symbols.items()}
        return tuple(need.phrase(box) for need in self.essential)

    @cached_property
    def essential(self) -> dict[Need, Need]:
        """The conditions that say all the others, each with the one in ``needs`` that it comes from."""
        return essential(self.needs, {name: (s.least, s.max) for name, s in self.symbols.items()})

    def node(self, name: str) -> Node:
        """Return the node of this name.

        Raises:
            KeyError: there is none.
        """
        return self._by_name[name]

    def rounds(self, names: Collection[str]) -> Num:
        """Return how many rounds nodes stand for that lie within the same repetitions; 1 where they lie in none."""
        places = [self._places[name] for name in names]
        first, last = min(places), max(places)
        return over_loops(1, tuple(r.loop for r in self.repeats if r.start <= first and last < r.stop))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {node.name: i for i, node in enumerate(self.nodes)}

    @cached_property
    def _by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    def table(self, most: int | None = None) -> Table:
        """Return a row for each node, or for the first ones."""
        from symcost.graph.listing import node_table

        return node_table(self, most)

    def drawing(self, depth: int = 0) -> Drawing:
        """Return a picture of the graph, which JupyterLab shows: blocks as groups, repetitions once.

        Args:
            depth: how many levels of blocks are told apart; what lies deeper is one box. 0 chooses.
        """
        from symcost.graph.drafting import drawing

        return drawing(self, depth)

    def to_mermaid(self, depth: int = 0, *, shapes: bool = False) -> str:
        """Return its picture as a Mermaid flowchart; with ``shapes``, arrows say what goes along them."""
        return self.drawing(depth).to_mermaid(shapes=shapes)

    def to_dot(self, depth: int = 0, *, shapes: bool = False) -> str:
        """Return its picture as Graphviz reads it; with ``shapes``, arrows say what goes along them."""
        return self.drawing(depth).to_dot(shapes=shapes)

    def told(self) -> tuple[Table, ...]:
        """Return the first nodes as a table."""
        return (self.table(_MOST_SHOWN),)

    def to_text(self) -> str:
        """Return the first nodes as plain text."""
        return self.table(_MOST_SHOWN).to_text()

    def _repr_mimebundle_(self, **asked: Any) -> dict[str, str]:
        return {**super()._repr_mimebundle_(**asked), **self.drawing().bundle()}


def over_loops(x: Num, loops: tuple[Loop, ...]) -> Num:
    """Return what x adds up to over all rounds of the loops around it."""
    for loop in reversed(loops):
        x = added_up(x, loop.index, loop.count)
    return x
