"""Fast Fourier transforms."""

from collections.abc import Iterator
from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.extent import floor_div
from symcost.algebra.needs import AtLeast, Equal, Need
from symcost.algebra.poly import Num, constant, terms_of
from symcost.algebra.power import Power
from symcost.ops.case import Case
from symcost.ops.dims import axes, resized
from symcost.ops.facts import Facts, Shape, Work, numel
from symcost.ops.fields import Flag, Size, Whole
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.work import plus, times


class Fft(Op):
    """Transform axes to frequencies or back, as torch.fft.fftn, ifftn, rfftn and irfftn.

    Complex numbers are pairs in a last axis of 2, as torch.view_as_real has them; ``dim``, one axis or several, by
    default the last, counts the axes before it. A length must be a number, or a number times powers of numbers, as
    2**m: of no other has the count a formula.

    Shapes:      fft, ifft (..., N, ..., 2) -> the same; rfft (..., N) -> (..., floor(N/2) + 1, 2) on the last of
                 ``dim``, or without ``onesided`` (..., N, 2), whose other half is copied; irfft (..., M, 2) ->
                 (..., n), 2 (M - 1) without ``n``
    Weights:     none
    MACs:        none
    Elementwise: a line of N points takes for each prime factor p of N, as often as it divides N, N/p butterflies: p - 1
                 twiddles and a transform of p points by its definition. So mul 2 N and add 3 N for each factor 2, which
                 is 5 N log2(N) in all where N is a power of 2; mul 4 (p - 1) N and add 4 (p - 1) N for odd ones. Real
                 lines take half. ifft and irfft multiply by 1/N: mul 1 for each number they give out
    Backward:    the same transform of the gradient, the other way: the work again, with the factor or without it; keeps
                 nothing
    Source:      Cooley and Tukey 1965, all twiddles multiplied; 5 N log2(N), and half for real ones, is how FFTW counts
                 (Frigo and Johnson 2005, section V)
    """

    op: Literal["fft", "ifft", "rfft", "irfft"]
    takes = ("...",)

    dim: Whole | tuple[Whole, ...] = -1
    n: Size | None = None
    onesided: Flag = True

    def emit(self, a: Axes) -> Facts:
        real, shape = self.op == "rfft", a.ins[0]
        if not real and (len(shape) < 2 or constant(shape[-1] - 2) != 0):
            raise Refused(f"takes complex numbers as pairs in a last axis of 2, got {shown(shape)}")
        full, half, needs = self._spectrum(shape if real else shape[:-1])
        places = self._places(full)
        work = plus(*self._lines(full, half, places))
        out = {"rfft": (*(half if self.onesided else full), 2), "irfft": full}.get(self.op, shape)
        scale = {"mul": numel(out)} if self.op in ("ifft", "irfft") else {}
        return Facts(outs=(out,), work=plus(work, scale), grad_input=plus(work, scale), needs=needs)

    def _places(self, shape: Shape) -> tuple[int, ...]:
        dims = self.dim if isinstance(self.dim, tuple) else (self.dim,)
        if not dims:
            raise Refused("dim names no axis; leave it out for the last")
        return axes(dims, shape, "dim")

    def _spectrum(self, given: Shape) -> tuple[Shape, Shape, tuple[Need, ...]]:
        """Return the shapes of the full spectrum and of the half that real numbers have; the same for complex ones."""
        place = self._places(given)[-1]
        if self.op in ("fft", "ifft"):
            return given, given, ()
        if self.op == "rfft":
            half, needs = _half(given[place])
            return given, resized(given, place, half), needs
        size = 2 * (given[place] - 1) if self.n is None else self.n
        half, needs = _half(size)
        fits = Equal(half, given[place])
        if fits.decide({}) is False:
            raise Refused(f"n is {size}, which has {half} frequencies; axis {place} has {given[place]}")
        return resized(given, place, size), given, needs if half == given[place] else (*needs, fits)

    def _lines(self, full: Shape, half: Shape, places: tuple[int, ...]) -> Iterator[Work]:
        """Yield the work along each axis; real numbers go through the last one, and then half of it is left."""
        last = places[-1]
        for place in places:
            shape, real = (full, self.op in ("rfft", "irfft")) if place == last else (half, False)
            yield times(numel(resized(shape, place)), _line(shape[place], real))


def _half(size: Num) -> tuple[Num, tuple[Need, ...]]:
    if constant(size) is not None:
        return floor_div(size, 2) + 1, ()
    return div(size, 2) + 1, (AtLeast(_factors(size).get(2, 0), 1),)


def _line(size: Num, real: bool) -> Work:
    """Return the work of transforming one line of points."""
    works = (
        times(size * often, {"mul": 2, "add": 3} if p == 2 else {"mul": 4 * (p - 1), "add": 4 * (p - 1)})
        for p, often in _factors(size).items()
    )
    total = plus(*works)
    return {kind: div(amount, 2) for kind, amount in total.items()} if real else total


def _factors(size: Num) -> dict[int, Num]:
    """Return the prime factors of a size, and how often each divides it.

    Raises:
        Refused: the size is not a product of powers of numbers.
    """
    terms = list(terms_of(size).items())
    if len(terms) != 1 or not all(isinstance(atom, Power) for atom, _ in terms[0][0]):
        raise Refused(f"transforms {size} points, of which the count has no formula; write 2**m, or fix the size")
    monomial, number = terms[0]
    found: dict[int, Num] = dict(_primes(number.numerator))
    for p, often in _primes(number.denominator):
        found[p] = found.get(p, 0) - often
    for atom, exponent in monomial:
        if isinstance(atom, Power):
            found[atom.base] = found.get(atom.base, 0) + exponent * atom.exponent
    return found


def _primes(n: int) -> Iterator[tuple[int, int]]:
    p = 2
    while n > 1:
        often = 0
        while n % p == 0:
            n, often = n // p, often + 1
        if often:
            yield p, often
        p = p + 1 if p * p <= n else max(n, p + 1)


CASES = (
    Case({}, ("B 1024 2",), "B 1024 2", op="fft", work={"mul": "20480*B", "add": "30720*B"},
         source="5 N log2(N): Frigo and Johnson 2005"),
    Case({"dim": 1}, ("B 2**m E 2",), "B 2**m E 2", op="fft", work={"mul": "2*B*E*m*2**m", "add": "3*B*E*m*2**m"},
         source="a length of 2**m"),
    Case({"dim": [-2, -1], "onesided": False}, ("2 8 12",), "2 8 12 2", op="rfft", work={"mul": 1824, "add": 2352},
         source="two axes of real numbers, all frequencies: Lee-Thorp et al. 2021"),
    Case({}, ("B 2**m",), "B 2**m/2+1 2", op="rfft", work={"mul": "B*m*2**m"}, source="half the work"),
    Case({}, ("2 15 2",), "2 15 2", op="ifft", work={"mul": 780, "add": 720}, source="odd factors by their definition"),
    Case({"n": 7}, ("2 4 2",), "2 7", op="irfft", work={"mul": 182, "add": 168}),
    Case({"dim": [1, 2]}, ("2 6 4 3 2",), "2 6 4 3 2", op="fft", work={"mul": 2016, "add": 2448}),
)  # fmt: skip
