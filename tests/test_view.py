"""Three views of one formula: on the sizes that a view assumes it is the exact one, and elsewhere it says so."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction
from typing import Any

import pytest
import sympy

from symcost import Cost, NoAnswer, SpecError, UsageError, load
from symcost.algebra.atoms import Atom, Symbol, lift
from symcost.algebra.division import div
from symcost.algebra.extent import Extent, ceil, floor, floor_div, integral
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.poly import Num, Poly, atoms_of, substitute, symbol, terms_of, total
from symcost.algebra.power import Power
from symcost.algebra.rounding import Rounded, gcd
from symcost.catalog import names
from symcost.view import view_of
from tests.graph.nets import conv, op, repeat
from tests.graph.nets import cost as net
from tests.specs.points import in_parts


@pytest.fixture(scope="module")
def resnet() -> Cost:
    return load("resnet50").cost()


@pytest.mark.parametrize("name", names())
def test_divisible_is_the_exact_formula_where_sizes_divide(name: str) -> None:
    """H = 32 m, put into the formula with floors, gives what H = 32 m gives in the polynomial: term by term."""
    cost = load(name).cost()
    for metric in cost.metrics:
        view = cost.view(metric, "divisible")
        parts = in_parts(view.even)
        assert not [atom for atom in atoms_of(view.value) if not even(atom)]
        assert settled(substitute(view.exact, parts)) == substitute(view.value, parts), metric


def even(atom: Atom) -> bool:
    """Tell whether an atom is a letter, or a power such as 2**n, or a largest of such."""
    if isinstance(atom, Max):
        return all(even(inner) for option in atom.options for inner in atoms_of(option))
    return isinstance(atom, (Symbol, Power))


def settled(x: Num) -> Num:
    """Return x with make_divisible of multiples, that are at least as large as they must be, as what it rounds."""
    products = (
        (math.prod((settled_atom(a) ** e for a, e in monomial), start=Poly({(): 1})), c)
        for monomial, c in terms_of(x).items()
    )
    return total(products)


def settled_atom(atom: Atom) -> Num:
    match atom:
        case Extent():
            whole = (settled(atom.base) + atom.offset) * Fraction(1, atom.divisor)
            return ceil(whole) if atom.up else floor(whole)
        case Rounded():
            inner = settled(atom.inner)
            assert integral(div(inner, atom.divisor))
            assert sum(terms_of(inner).values()) >= atom.least and min(terms_of(inner).values()) > 0
            return inner
        case Max():
            return maximum(map(settled, atom.options), None)
    return lift(atom)


def test_assumptions_are_few_and_in_words(resnet: Cost) -> None:
    assert resnet.view("macs").assumptions == ()
    assert resnet.view("macs", "divisible").assumptions == ("32 divides H", "32 divides W")
    assert resnet.view("macs", "smooth").assumptions == ()
    assert resnet.view("macs", "smooth").exact_for == ("32 divides H", "32 divides W")
    assert resnet.view("params", "divisible").assumptions == ()
    assert load("vgg16").cost().view("flops", "divisible").assumptions == ("224 divides H", "224 divides W")
    assert load("efficientnet_b0").cost().view("macs", "divisible").assumptions[2:] == ("w is whole",)


def test_the_published_polynomial(resnet: Cost) -> None:
    """With H = W = 32 m, ResNet-50 takes 39552 B C^2 m^2 + 75264 B C m^2 + 64 B C K FLOPs in contractions."""
    B, C, H, W, K = (resnet.symbol(name) for name in "BCHWK")
    m = sympy.Symbol("m", positive=True, integer=True)
    flops = 2 * resnet.view("macs", "divisible").expr
    assert (
        sympy.expand(flops.subs({H: 32 * m, W: 32 * m}))
        == 39552 * B * C**2 * m**2 + 75264 * B * C * m**2 + 64 * B * C * K
    )


def test_other_sizes_are_refused(resnet: Cost) -> None:
    view = resnet.view("macs", "divisible")
    assert view.at(H=224) == 4089184256
    with pytest.raises(SpecError) as caught:
        view.at(H=100, W=31)
    refused = "breaks the assumption of the divisible view that 32 divides"
    assert str(caught.value).splitlines() == [
        f"resnet50: H = 100 {refused} H; the nearest are H = 96 and H = 128",
        f"resnet50: W = 31 {refused} W; the nearest is W = 32",
    ]
    with pytest.raises(SpecError, match="there is no free symbol 'Q'"):
        view.at(Q=1)
    with pytest.raises(SpecError, match="needs H >= 63"):
        load("alexnet").cost().view("macs", "divisible").at(H=32)


def test_smooth_takes_all_sizes(resnet: Cost) -> None:
    view = resnet.view("macs", "smooth")
    assert view.at(H=224) == resnet.at(H=224).macs
    assert view.at(H=225, W=225) == Fraction(225, 32) ** 2 * (19776 * 64**2 + 37632 * 64) + 32 * 64 * 1000


def test_the_error_is_that_of_the_values(resnet: Cost) -> None:
    smooth = resnet.view("macs", "smooth")
    assert smooth.error(H=224) == 0
    assert smooth.error(H=225, W=225) == Fraction(smooth.at(H=225, W=225)) / resnet.at(H=225, W=225).macs - 1
    assert resnet.view("macs").error(H=225) == resnet.view("macs", "divisible").error(H=256) == 0
    with pytest.raises(SpecError, match="breaks the assumption"):
        resnet.view("macs", "divisible").error(H=225)


def test_the_error_of_resnet_50_from_224_on(resnet: Cost) -> None:
    """The design names -10.8 % at 225; it is the worst of all sizes from 224 on, without end."""
    found = resnet.view("macs", "smooth").bound(H=(224, None), W=(224, None))
    assert str(found) == (
        "error between -10.8 % (at H = 225, W = 225) and 0 % (at H = 224, W = 224), for H >= 224, W >= 224\n"
        "at B = 1, C = 64, K = 1000"
    )
    assert found == resnet.view("macs", "smooth").bound()
    assert found.least.value == resnet.view("macs", "smooth").error(H=225, W=225)
    assert found.to_json()["least"] == {
        "error": str(found.least.value),
        "at": {"H": "225", "W": "225"},
        "bound": str(found.least.value),
        "attained": True,
    }
    assert [row[:3] for row in found.table().rows] == [("-10.8 %", 225, 225), ("0 %", 224, 224)]
    assert "-10.8" in found._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    "name", ["alexnet", "vgg16", "googlenet", "mobilenet_v3_small", "squeezenet", "regnet_y_800mf"]
)
def test_bounds_are_those_of_all_sizes(name: str) -> None:
    """Brute force over a window of 33 by 33 sizes, and beyond its end at random."""
    cost = load(name).cost()
    view = cost.view("macs", "smooth")
    start = int(cost.symbols["H"].default) + 5
    found = view.bound(H=(start, start + 32), W=(start, start + 32))
    errors = {(h, w): view.error(H=h, W=w) for h in range(start, start + 33) for w in range(start, start + 33)}
    assert found.least.value == min(errors.values()) == errors[found.least.at["H"], found.least.at["W"]]  # type: ignore[index]
    assert found.greatest.value == max(errors.values()) == errors[found.greatest.at["H"], found.greatest.at["W"]]  # type: ignore[index]
    assert found.least.attained and found.greatest.attained
    open_end, chance = view.bound(H=(start, None), W=(start, None)), random.Random(name)  # noqa: S311
    for _ in range(50):
        error = view.error(H=chance.randint(start, 2000), W=chance.randint(start, 2000))
        assert open_end.least.bound <= error <= open_end.greatest.bound


@pytest.mark.parametrize("name", ["alexnet", "resnet50"])
def test_bounds_of_a_largest_of_several(name: str) -> None:
    view = load(name).cost().view("peak_activations", "smooth")
    found = view.bound(H=(225, 244), W=(225, 244))
    errors = [view.error(H=h, W=w) for h in range(225, 245) for w in range(225, 245)]
    assert (found.least.value, found.greatest.value) == (min(errors), max(errors))
    assert found.least.attained and found.greatest.attained
    usual = view.usual_bound
    assert usual is not None and set(usual.ranges) == {"H", "W"}


def test_bounds_over_channels_and_ratios() -> None:
    alpha = load("mobilenet_v2").cost().view("macs", "smooth").bound(alpha=("1/4", "3/2"))
    assert str(alpha).startswith("error between -45.9 % (at alpha = 7/25) and +8.38 % (at alpha = 111/100), for ")
    assert "for 1/4 <= alpha <= 3/2 in steps of 1/100\n" in str(alpha)
    channels = load("resnext50_32x4d").cost().view("macs", "smooth").bound(C=(1, None), H=(33, 50))
    assert channels.steps == {"C": 16}
    assert channels.least.at["C"] % 16 == 0
    none = load("yolov3").cost().view("macs", "smooth").bound(H=(32, None))
    assert str(none).startswith("no error for H >= 32 in steps of 32\nat B = 1, W = 416, ")


def test_envelopes_as_formulas(resnet: Cost) -> None:
    view = resnet.view("macs", "smooth")
    assert view.below == view.expr
    sizes = {resnet.symbol(name): value for name, value in resnet.bindings({"H": 225, "W": 225}).items()}
    assert view.above.subs(sizes) == resnet.at(H=225, W=225).macs, "it is taken where all floors are worst at once"
    assert view.bounded_for == ()
    told = view.to_json()["exact_between"]
    assert told["below"] == view.to_json()["text"]
    assert load("vgg16").cost().view("macs", "smooth").bounded_for == ("H >= 32", "W >= 32")


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"Q": (1, 2)}, "there is no free symbol 'Q'"),
        ({"H": (9, 8)}, "the range of H is empty: 9 is above 8"),
        ({"H": (1, 2, 3)}, "a range of H has two ends, None for no end, got 3"),
        ({"H": ("many", None)}, "a range of H: takes a number: unknown name 'many'"),
        ({"H": (1.5, None)}, "a range of H: takes exact numbers; write 1.5 as text or as a fraction"),
    ],
)
def test_ranges_that_are_none(resnet: Cost, ranges: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        resnet.view("macs", "smooth").bound(**ranges)
    assert str(caught.value).startswith(message)


def test_bounds_that_have_no_answer(resnet: Cost) -> None:
    with pytest.raises(UsageError, match=r"^the exact view is exact where it holds; the smooth view has an error$"):
        resnet.view("macs").bound()
    with pytest.raises(NoAnswer, match="found no sizes that are allowed"):
        load("alexnet").cost().view("macs", "smooth").bound(H=(1, 62))


def test_views_know_what_they_are(resnet: Cost) -> None:
    view = resnet.view("params", "smooth")
    assert str(view) == (
        "resnet50: params in params, smooth view\nsmooth: exact for all sizes\nparams = 5724*C**2 + 32*C*K + 977*C + K"
    )
    assert repr(view) == "<View of params of resnet50: smooth>"
    assert view.expr == resnet.params
    assert "text/latex" in view._repr_mimebundle_()
    assert json.loads(json.dumps(view.to_json()))["view"] == "smooth"


def test_where_no_size_comes_out_even(resnet: Cost) -> None:
    H = symbol("H")
    with pytest.raises(NoAnswer, match=r"no divisible view: no size meets both 2 divides H and H is odd"):
        view_of(resnet.graph, "macs", floor_div(H, 2) * gcd(H + 1, 2), "divisible", "MACs")
    with pytest.raises(NoAnswer, match=r"no smooth view: 1/\(.*\) is not a sum of products"):
        view_of(resnet.graph, "macs", div(1, floor_div(H + symbol("W"), 2)), "smooth", "MACs")


def test_unknown_words(resnet: Cost) -> None:
    with pytest.raises(UsageError, match=r"^there is no view 'smoth'; did you mean 'smooth'\?$"):
        resnet.view("macs", "smoth")
    with pytest.raises(UsageError, match=r"^there is no view 'q'; there are exact, divisible and smooth$"):
        resnet.view("macs", "q")
    with pytest.raises(UsageError, match="no metric 'mac'"):
        resnet.view("mac", "smooth")


def test_an_error_without_bound_is_not_looked_for_without_end() -> None:
    """Where n and H go on apart from each other, H/2**n can be anything: no bound holds, and that is said at once."""
    stages = repeat("n", conv("2*C_now", 3, stride=2))
    last = (op("max_pool2d", kernel=3, stride=2, padding=1), conv("make_divisible(3*2**n, 8)", 3))
    view = net(stages, *last, symbols={"B": 1, "C": 16, "H": 64, "W": 64, "n": 4}).view("macs", "smooth")
    assert view.usual_bound is None
    with pytest.raises(NoAnswer, match=r"^no bound of the error is proved for these sizes; give narrower ranges$"):
        view.bound()
