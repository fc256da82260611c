"""Pictures of graphs as text: the same graph as networkx has, what is folded told, names of users left whole."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

import symcost
from symcost.graph import Graph
from symcost.graph.drafting import MANY, readable_depth
from symcost.graph.drawing import Box, Group
from symcost.graph.listing import telling_depth
from symcost.graph.mermaid import THEME
from tests.graph.nets import BN, RELU, branches, conv, graph, op, repeat, residual

FULL = 99
NET = (conv("C", 3), residual(conv("C", 3), BN, RELU, conv("C")), RELU, op("global_avg_pool"), op("linear", out=10))
SHIPPED = ("albert", "gpt2", "mixtral_8x7b", "resnet50", "t5", "unet", "yolov8", "densenet", "faster_rcnn", "word_lm")
HOSTILE = 'a"b\\N\\<b>x</b>&lt;`#35; %%{init: {}}%% end; [q]{z}|p| *C* _e_ é'
QUOTED = r'"(?:[\w ,()/=:.+-]|#\d+;|<br/>)*"'
FLOWCHART = (
    r"flowchart TD",
    rf" *[nio]\d+(?:\[{QUOTED}\]|\(\[{QUOTED}\]\)|\[\[{QUOTED}\]\])",
    rf" *subgraph g\d+\[{QUOTED}\]| *end",
    rf"  [ni]\d+ -->(?:\|{QUOTED}\|)? [no]\d+",
    rf"  n\d+ -\.-\|{QUOTED}\| n\d+",
    r"  classDef [a-z]+ fill:#\w{6},stroke:#\w{6},color:#\w{6}|  class (?:[nio]\d+,?)+ [a-z]+",
)
"""The lines of a flowchart, by Mermaid's grammar of flowcharts; what is quoted holds no sign of anybody's."""


def dot(text: str, to: str) -> str:
    program = shutil.which("dot")
    if program is None:
        pytest.skip("Graphviz is not installed")
    done = subprocess.run([program, f"-T{to}"], input=text, check=True, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


def check_flowchart(text: str) -> None:
    before, head, body = text.split("---\n", 2)
    title, *theme = head.splitlines()
    assert (before, theme) == ("", list(THEME))
    assert json.loads(title.removeprefix("title: "))
    for line in body.splitlines():
        assert any(re.fullmatch(pattern, line) for pattern in FLOWCHART), line


def arrows(found: Graph, pairs: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return arrows by the names of nodes and inputs, without those to outputs."""
    names = {f"n{i}": node.name for i, node in enumerate(found.nodes)}
    names |= {f"i{i}": name for i, name in enumerate(found.inputs)}
    return {(names[start], names[end]) for start, end in pairs if not end.startswith("o")}


def titles(parts: tuple[Box | Group, ...]) -> list[str]:
    groups = [part for part in parts if isinstance(part, Group)]
    return [title for group in groups for title in (group.title, *titles(group.parts))]


@pytest.mark.parametrize("name", [None, "gpt2", "t5", "unet", "mixtral_8x7b"])
def test_at_full_depth_it_is_the_graph_of_networkx(name: str | None) -> None:
    found = symcost.load(name).graph() if name else graph(*NET)
    boxes = found.drawing(FULL).boxes
    assert [box.id for box in boxes if box.id[0] != "o"] == [
        *(f"i{i}" for i in range(len(found.inputs))),
        *(f"n{i}" for i in range(len(found.nodes))),
    ]
    edges = set(found.nx.edges)
    assert arrows(found, re.findall(r"^  (\w+) --> (\w+)$", found.to_mermaid(FULL), re.MULTILINE)) == edges
    read = json.loads(dot(found.to_dot(FULL), "dot_json"))
    ids = {each["_gvid"]: each["name"] for each in read["objects"]}
    pairs = [(ids[edge["tail"]], ids[edge["head"]]) for edge in read["edges"] if edge.get("style") != "dashed"]
    assert arrows(found, pairs) == edges


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_networks_are_readable(name: str) -> None:
    found = symcost.load(name).graph()
    picture = found.drawing()
    few = len({tuple(node.name.split(".")[: telling_depth(found)]) for node in found.nodes})
    assert len([box for box in picture.boxes if box.id[0] == "n"]) <= max(MANY, few)
    assert "text/vnd.mermaid" in picture.bundle()
    check_flowchart(picture.to_mermaid(shapes=True))
    assert dot(picture.to_dot(shapes=True), "canon")
    assert picture.to_dot() == symcost.load(name).graph().to_dot()


def test_links_between_groups_do_not_stop_graphviz() -> None:
    found = symcost.load("faster_rcnn_mobilenet_v3").graph().drawing(2)
    assert len(found.links) == 6
    assert "<svg" in dot(found.to_dot(), "svg")


def test_every_op_is_in_one_box() -> None:
    found = symcost.load("resnet50").graph()
    for depth in range(6):
        lines = [box.lines for box in found.drawing(depth).boxes if box.id[0] == "n"]
        ops = [int(n[0]) for box in lines for line in box if (n := re.findall(r"^(\d+) ops$", line))]
        assert sum(ops) + len(lines) - len(ops) == len(found.nodes)


def test_repetitions_are_folded_and_told() -> None:
    found = symcost.load("gpt2").graph()
    assert titles(found.drawing(FULL).parts)[0] == "repeat.layer x L"
    assert ("repeat x L", "23 ops", "(B, T, E)") in [box.lines for box in found.drawing(1).boxes]
    inner = repeat("n", repeat("n - 1", conv("C"), RELU, name="inner"), BN, name="outer")
    nested = graph(inner, symbols={"B": 1, "C": 8, "H": 4, "W": 4, "n": {"default": 3, "min": 2}})
    assert titles(nested.drawing(FULL).parts) == ["outer x n", "inner x (n - 1)"]
    single = graph(repeat("n", conv("C")), symbols={"B": 1, "C": 8, "H": 4, "W": 4, "n": 3})
    assert single.drawing(FULL).boxes[1].lines == ("repeat.conv2d x n", "(B, C, H, W)")


def test_experts_and_weights_in_common_are_told() -> None:
    mixture = titles(symcost.load("mixtral_8x7b").graph().drawing(FULL).parts)
    assert "feed_forward, n experts, m for a token" in mixture
    assert titles(symcost.load("albert").graph().drawing(FULL).parts)[0] == "repeat.layer x L, with the same weights"
    picture = symcost.load("gpt2").graph().drawing()
    (link,) = picture.links
    ends = {box.id: box.lines[0] for box in picture.boxes}
    assert (ends[link.start], ends[link.end], link.name) == ("embedding", "head", "tokens")
    assert f'  {link.start} -.-|"weights tokens"| {link.end}\n' in picture.to_mermaid()


def test_several_inputs_and_outputs() -> None:
    inputs = {"left": ["B", "C"], "right": ["B", "C"]}
    found = graph(op("add", reads=["left", "right"]), op("split", sizes=["C - 4", 4], name="s"), inputs=inputs)
    picture = replace_outputs(found, 2).drawing()
    assert [box.lines for box in picture.boxes if box.kind in ("input", "output")] == [
        ("left", "(B, C)"),
        ("right", "(B, C)"),
        ("output 1", "(B, C - 4)"),
        ("output 2", "(B, 4)"),
    ]
    assert {(arrow.start, arrow.end) for arrow in picture.arrows} == {
        ("i0", "n0"),
        ("i1", "n0"),
        ("n0", "n1"),
        ("n1", "o0"),
        ("n1", "o1"),
    }
    assert [arrow.shapes for arrow in picture.arrows][-2:] == [("(B, C - 4)",), ("(B, 4)",)]


def replace_outputs(found: Graph, ports: int) -> Graph:
    last = found.outputs[0]
    shapes = found.nodes[last.source].facts.outs
    outputs = tuple(last._replace(port=port, shape=shapes[port]) for port in range(ports))
    return Graph(found.name, found.inputs, outputs, found.nodes, found.symbols)


def test_names_are_the_users_and_stay_whole() -> None:
    plain = graph(conv("C"), branches([conv("C")], [conv("C"), RELU]))
    nodes = tuple(replace(node, name=f"{HOSTILE}.{node.name}", shared=HOSTILE) for node in plain.nodes)
    found = Graph(HOSTILE, {HOSTILE: plain.inputs["x"]}, plain.outputs, nodes, plain.symbols)
    text = found.to_mermaid(FULL, shapes=True)
    check_flowchart(text)
    assert json.loads(text.splitlines()[1].removeprefix("title: ")) == HOSTILE
    labels = [re.sub(r"#(\d+);", lambda n: chr(int(n[1])), label) for label in re.findall(r'"(.*?)"', text)]
    svg = dot(found.to_dot(FULL, shapes=True), "svg")
    drawn = [html.unescape(text) for text in re.findall("<text [^>]*>(.*?)</text>", svg)]
    for said in (HOSTILE, f"weights {HOSTILE}"):
        assert said in drawn
        assert any(said in label.split("<br/>") for label in labels)


def test_signs_that_are_no_letters_are_written_out() -> None:
    found = graph(RELU)
    named = Graph("x\ny\x1b", found.inputs, found.outputs, found.nodes, found.symbols)
    assert "<br/>-" not in symcost.load("lenet5").graph().to_mermaid(), "or Markdown begins a list"
    assert 'title: "x\\\\ny\\\\x1b"\n' in named.to_mermaid()
    assert 'label="x\\\\ny\\\\x1b"\n' in named.to_dot()


def test_notebooks_get_a_picture_unless_it_is_too_large() -> None:
    few, many = graph(RELU), graph(*[RELU] * 600)
    assert few._repr_mimebundle_()["text/vnd.mermaid"] == few.to_mermaid()
    assert few.drawing()._repr_mimebundle_()["text/plain"] == few.to_mermaid()
    assert "text/html" in many._repr_mimebundle_()
    assert "text/vnd.mermaid" not in many._repr_mimebundle_()


def test_depth_is_chosen_to_be_readable() -> None:
    assert readable_depth(graph(*NET)) == 1
    assert readable_depth(symcost.load("gpt2").graph()) > telling_depth(symcost.load("gpt2").graph())
    assert symcost.load("resnet50").graph().drawing(2) == symcost.load("resnet50").graph().drawing()
