"""Three views of one formula: on the sizes that a view assumes it is the exact one, and elsewhere it says so."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping
from fractions import Fraction

import pytest
import sympy

from symcost import Cost, NoAnswer, SpecError, UsageError, View, load
from symcost.algebra.atoms import Atom, Number, Symbol, lift
from symcost.algebra.division import div
from symcost.algebra.extent import Extent, ceil, floor, floor_div, integral
from symcost.algebra.needs import Divides
from symcost.algebra.poly import Num, Poly, atoms_of, evaluate, substitute, symbol, terms_of, total
from symcost.algebra.rounding import Rounded, gcd
from symcost.catalog import names
from symcost.view import view_of
from tests.specs.test_naive import draw

METRICS = ("params", "macs", "flops", "activations")


@pytest.fixture(scope="module")
def resnet() -> Cost:
    return load("resnet50").cost()


@pytest.mark.parametrize("name", names())
def test_divisible_is_the_exact_formula_where_sizes_divide(name: str) -> None:
    """H = 32 m, put into the formula with floors, gives what H = 32 m gives in the polynomial: term by term."""
    cost = load(name).cost()
    for metric in METRICS:
        view = cost.view(metric, "divisible")
        parts = in_parts(view)
        assert not [atom for atom in atoms_of(view.value) if not isinstance(atom, Symbol)]
        assert settled(substitute(view.exact, parts)) == substitute(view.value, parts), metric


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
    return lift(atom)


def in_parts(view: View) -> dict[str, Num]:
    """Return what puts a view's assumptions into a formula: H = 32 m + 1 for ``H modulo 32 is 1``."""
    parts: dict[str, Num] = {}
    for need in view.even:
        assert isinstance(need, Divides) and isinstance(need.n, int), need
        for letter in sorted(atoms_of(need.a)):
            assert isinstance(letter, Symbol)
            rest = -int(evaluate(need.a, dict.fromkeys(need.symbols, 0))) % need.n
            period = 1 if letter.kind == "ratio" and len(need.symbols) > 1 else need.n
            parts[letter.name] = symbol(letter.name) * period + (rest if len(need.symbols) == 1 else 0)
    return parts


@pytest.mark.parametrize("name", names())
def test_divisible_takes_the_values_that_divide_and_no_others(name: str) -> None:
    cost, chance = load(name).cost(), random.Random(name)  # noqa: S311 - the same ones in every run
    view = cost.view("flops", "divisible")
    admitted = [env for _ in range(250) if (env := allowed(cost, draw(chance, cost.symbols)))]
    even = [env for values in admitted if (env := allowed(cost, evened(view, values)))]
    assert len(even) > 5
    assert [view.at(**env) for env in even] == [evaluate(view.exact, env) for env in even]
    for env in [env for env in admitted if not all(need.holds(env) for need in view.even)][:5]:
        with pytest.raises(SpecError, match="breaks the assumption of the divisible view"):
            view.at(**env)


def evened(view: View, values: Mapping[str, Number]) -> dict[str, Number]:
    """Return values that meet a view's assumptions, made of others."""
    counts = {name: 1 + int(value) % 60 for name, value in values.items()}
    return {**values, **{name: evaluate(part, counts) for name, part in in_parts(view).items()}}


def allowed(cost: Cost, values: Mapping[str, Number | bool]) -> dict[str, Number] | None:
    try:
        return cost.bindings(values)
    except SpecError:
        return None


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
        view_of(resnet.graph, "macs", floor_div(H, 2) * gcd(H + 1, 2), "divisible")
    with pytest.raises(NoAnswer, match=r"no smooth view: 1/\(.*\) is not a sum of products"):
        view_of(resnet.graph, "macs", div(1, floor_div(H + symbol("W"), 2)), "smooth")


def test_unknown_words(resnet: Cost) -> None:
    with pytest.raises(UsageError, match=r"^there is no view 'smoth'; did you mean 'smooth'\?$"):
        resnet.view("macs", "smoth")
    with pytest.raises(UsageError, match=r"^there is no view 'q'; there are exact, divisible and smooth$"):
        resnet.view("macs", "q")
    with pytest.raises(UsageError, match="no metric 'mac'"):
        resnet.view("mac", "smooth")
