"""The graph as networkx: its own tools work on it."""

from __future__ import annotations

import networkx as nx
import sympy

from symcost.algebra.to_sympy import sympy_symbol
from tests.graph.nets import BN, RELU, branches, conv, cost, graph, op, repeat, residual

UNIT = residual(conv("C", 3), BN, RELU, conv("C"))
NET = (conv("C", 3), UNIT, RELU, op("global_avg_pool"), op("linear", out_features=10))


LAST = ("global_avg_pool", "linear")


def test_structure() -> None:
    found = graph(*NET).nx
    assert nx.is_directed_acyclic_graph(found)
    assert next(nx.topological_sort(found)) == "x"
    assert list(found) == ["x", "conv2d", "conv2d_2", "batch_norm", "relu", "conv2d_3", "add", "relu_2", *LAST]
    assert set(found.predecessors("add")) == {"conv2d", "conv2d_3"}
    assert nx.dag_longest_path_length(found) == 9
    assert nx.dag_longest_path(found) == list(found)
    assert found.graph["name"] == "net"


def test_nodes_know_their_costs_as_sympy() -> None:
    made = cost(*NET)
    found = made.graph.nx
    c, h, w, b = (sympy_symbol(name) for name in "CHWB")
    node = found.nodes["conv2d"]
    assert node["macs"] == 9 * b * c**2 * h * w
    assert node["flops"] == 18 * b * c**2 * h * w
    assert node["params"] == 9 * c**2
    assert node["shape"] == (b, c, h, w)
    assert node["op"].kernel_size == 3
    assert node["facts"].outs[0] == made.graph.node("conv2d").facts.outs[0]
    assert found.nodes["x"]["op"] == "input"
    for name in ("macs", "flops", "params"):
        values = [data[name] for _, data in found.nodes(data=True)]
        assert all(isinstance(value, sympy.Expr) for value in values)
        assert sympy.expand(sympy.Add(*values)) == getattr(made, name)


def test_edges_carry_shapes() -> None:
    found = graph(
        op("split", sizes=[4, 12], name="s"), op("relu", reads="s.1"), symbols={"B": 1}, inputs={"x": ["B", 16]}
    )
    assert found.nx.edges["x", "s"]["shape"][1] == 16
    assert found.nx.edges["s", "relu"]["shape"][1] == 12
    assert [shape[1] for shape in found.nx.nodes["s"]["shape"]] == [4, 12]


def test_rounds_are_one_node_with_a_count() -> None:
    found = graph(repeat("n", conv("C")), symbols={"B": 1, "C": 8, "H": 4, "W": 4, "n": 3}).nx
    n, c = sympy_symbol("n"), sympy_symbol("C")
    assert found.nodes["repeat.conv2d"]["count"] == n
    assert found.nodes["repeat.conv2d"]["params"] == n * c**2


def test_weights_of_edges_for_the_critical_path() -> None:
    made = cost(branches([conv("C", 3), conv("C", 3)], [conv("C")], join="add"))
    found = made.graph.nx
    sizes = {sympy_symbol(name): value for name, value in (("B", 1), ("C", 16), ("H", 8), ("W", 8))}
    for _, reader, data in found.edges(data=True):
        data["flops"] = int(found.nodes[reader]["flops"].subs(sizes))
    assert nx.dag_longest_path(found, weight="flops") == ["x", "branch_1.conv2d", "branch_1.conv2d_2", "add"]


def test_several_inputs() -> None:
    inputs = {"left": ["B", "C"], "right": ["B", "C"]}
    found = graph(op("add", reads=["left", "right"]), inputs=inputs).nx
    assert set(found.predecessors("add")) == {"left", "right"}
    assert set(found) == {"left", "right", "add"}
