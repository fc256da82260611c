"""What every op is: a pydantic model whose fields are the spec's keys and whose ``emit`` is its law."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from symcost.algebra.atoms import Box
from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, Equal, Need, whole
from symcost.algebra.poly import Num, Poly
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.ops.facts import KINDS, Facts, Shape
from symcost.ops.fields import Written
from symcost.ops.shard import Cuts, Shard, by_letters

NO_BOX: Box = {}


class Refused(Exception):
    """An op cannot be applied; the message says why and, after a semicolon, the way out."""


Only = Literal["training", "evaluation", "never"]


class Step(BaseModel):
    """One step of a body: what all steps may carry.

    Attributes:
        name: what later steps call the result.
        from_: the step or steps to read instead of the one before (``from`` in a file).
        weights: name under which weights are shared.
        only: ``training`` for what evaluation skips, such as an auxiliary classifier: its parameters count, its work
            does not; ``evaluation`` for what training skips, such as the decoding of boxes; ``never`` for weights that
            a library holds and does not use.
        frozen: whether its weights are not trained: they are buffers then, and take no gradient.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)

    name: str | None = None
    from_: str | tuple[str, ...] | None = Field(default=None, alias="from")
    weights: str | None = None
    only: Only | None = None
    frozen: bool = False

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Show the fields that say something: those that are not left at their defaults."""
        fields = type(self).model_fields
        return [(name, value) for name, value in self.__dict__.items() if name == "op" or value != fields[name].default]


MODIFIERS = tuple(Step.model_fields)
WORDS = frozenset(
    {"call", "repeat", "residual", "when", "branches", "experts", "op", "name", "from", "weights", "only"}
)
WORDS |= {"frozen", "do", "index", "else", "join", "dim", "top_k", "capacity", "router", "gating"}
"""What a step may begin with, or have beside it, without being an op."""


class Axes:
    """The sizes of an op's inputs by the letters of its signature.

    Attributes:
        ins: shapes of the inputs.
        rest: the sizes that ``...`` stands for in the first input.
    """

    __slots__ = ("_letters", "ins", "rest")

    def __init__(self, letters: dict[str, Num], ins: tuple[Shape, ...], rest: Shape) -> None:
        self._letters, self.ins, self.rest = letters, ins, rest

    def __getattr__(self, letter: str) -> Num:
        try:
            return self._letters[letter]
        except KeyError:
            there = ", ".join(self._letters) or "none"
            raise AttributeError(f"the inputs in 'takes' have no axis {letter!r}; there are {there}") from None


class Op(Step):
    """A kind of node. Subclasses declare ``op``, fields, ``takes`` and ``emit``, and are known by being defined.

    Attributes:
        takes: the signature of each input; with ``many`` one for any number of them.
        contracts: what its contractions multiply activations with, where having weights does not say so.
        apart: letters of axes in ``takes`` of which every index is worked on by itself: tensors may be cut along them.
    """

    takes: ClassVar[tuple[str, ...]] = ("...",)
    many: ClassVar[bool] = False
    contracts: ClassVar[Literal["activations", "both"] | None] = None
    apart: ClassVar[str] = ""
    known: ClassVar["dict[str, type[Op]]"] = {}
    written: ClassVar[dict[str, int | None]] = {}
    flags: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for tag in cls.tags():
            _free(tag, cls)
        cls.known.update(dict.fromkeys(cls.tags(), cls))
        cls.written = {
            name: _least(f.annotation, f.metadata) for name, f in cls.model_fields.items() if name not in MODIFIERS
        }
        cls.flags = frozenset(name for name, f in cls.model_fields.items() if f.annotation is bool)

    @classmethod
    def tags(cls) -> tuple[str, ...]:
        """Return the names a spec calls this op by."""
        field = cls.model_fields.get("op")
        return get_args(field.annotation) if field else ()

    @property
    def tag(self) -> str:
        """The name this op was called by."""
        return str(self.__dict__["op"])

    def fields(self) -> dict[str, Any]:
        """Return the op's own fields, without name, source and sharing."""
        return {key: self.__dict__[key] for key in self.written}

    def signature(self) -> tuple[Any, ...]:
        """Return what tells the law of two bound ops apart."""
        values = self.__dict__
        return (type(self), *[values[key] for key in self.written])

    @property
    def open(self) -> bool:
        """Whether a field holds an expression that has no value yet."""
        values = self.__dict__
        return any(_open(values[key]) for key in self.written)

    def bind(self, env: Mapping[str, Num | bool], box: Box = NO_BOX) -> "tuple[Op, tuple[Need, ...]]":
        """Return this op with every expression replaced by its value, and the conditions that this takes.

        Args:
            env: values of the names in expressions.
            box: ranges of the symbols in those values.

        Raises:
            Refused: an expression has no value here, or one that the field does not take.
        """
        values = self.__dict__
        kinds = type(self).model_fields
        changed = {k: resolved(values[k], env, k, box, kinds[k].annotation) for k in self.written if _open(values[k])}
        if not changed:
            return self, ()
        for key in self.flags & changed.keys():
            if not isinstance(changed[key], bool):
                raise Refused(f"{key} is true or false, got {changed[key]}")
        needs = tuple(need for key, v in changed.items() for need in _check(key, v, self.written[key]))
        return self.model_copy(update=changed), needs

    def patterns(self, given: int) -> tuple[str, ...]:
        """Return the signature of each input, for this number of them."""
        return self.takes * given if self.many else self.takes

    def emit(self, a: Axes) -> Facts:
        """Return the facts of applying this op to inputs of these sizes."""
        raise UsageError(f"{type(self).__name__} has no method emit, which states its facts")

    def facts(self, ins: tuple[Shape, ...]) -> Facts:
        """Return the facts of applying this op to inputs of these sizes, with the conditions that they fit.

        Raises:
            Refused: they do not.
            UsageError: the op states something else than facts, as one of the user's own may.
        """
        axes, equal = self.match(ins)
        facts = self.emit(axes)
        if type(facts) is not Facts or not facts.kinds() <= KINDS.keys():
            raise UsageError(_no_facts(self, facts))
        return replace(facts, needs=(*equal, *facts.needs)) if equal else facts

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each of several workers does with its parts of the inputs; None where it needs all of them.

        With no input cut, it is what each does with its part of the weights; None where all have all of them.
        """
        return by_letters(cuts, self.patterns(len(cuts.ins)), self.apart)

    def match(self, ins: tuple[Shape, ...]) -> tuple[Axes, tuple[Need, ...]]:
        """Name the input sizes by the letters of ``takes``; equal letters must be equal sizes.

        Raises:
            Refused: wrong number of inputs, or of axes.
        """
        patterns = self.patterns(len(ins))
        if len(patterns) != len(ins):
            one = (
                "; say which it reads, as in from: NAME.0, the first that step NAME makes" if len(patterns) == 1 else ""
            )
            way_out = one if ins else "; say what it reads, as in from: NAME"
            raise Refused(f"takes {_counted(len(patterns))}, got {len(ins)}{way_out}")
        letters: dict[str, Num] = {}
        needs: list[Need] = []
        rests = [_match(pattern, shape, letters, needs) for pattern, shape in zip(patterns, ins, strict=True)]
        return Axes(letters, ins, rests[0] if rests else ()), tuple(needs)


def _free(tag: str, op: type[Op]) -> None:
    """Make sure that an op can be called so: one defined anew, by running a cell again, takes its own place.

    Raises:
        UsageError: another op is called so, or a step of the language, or it is no plain name.
    """
    if not tag.isidentifier() or tag in WORDS:
        why = "a word of the language" if tag in WORDS else "no plain name"
        raise UsageError(f"{op.__name__}: an op cannot be called {quoted(tag)}, which is {why}; name it otherwise")
    other = Op.known.get(tag)
    if other is not None and (other.__module__, other.__qualname__) != (op.__module__, op.__qualname__):
        known = f"{other.__module__}.{other.__qualname__}"
        way_out = "give this one an 'op' of its own" if issubclass(op, other) else "name one otherwise"
        raise UsageError(f"{op.__name__}: an op is called {quoted(tag)} already, {known}; {way_out}")


def _no_facts(op: Op, stated: object) -> str:
    """Return what is wrong with what an op states."""
    emit = f"{type(op).__name__}.emit"
    if not isinstance(stated, Facts):
        return f"{emit} gives {type(stated).__name__}, and must give Facts"
    kind = min(stated.kinds() - KINDS.keys())
    return f"{emit}: there is no kind of work {quoted(kind)}{did_you_mean(kind, KINDS)}; known are {', '.join(KINDS)}"


def _match(pattern: str, shape: Shape, letters: dict[str, Num], needs: list[Need]) -> Shape:
    before, dots, after = pattern.partition("...")
    head, tail = before.split(), after.split()
    given = len(shape) - len(head) - len(tail)
    if given < 0 or (given and not dots):
        raise Refused(f"takes ({', '.join(pattern.split())}), got {shown(shape)}")
    named = [*zip(head, shape, strict=False), *zip(tail, shape[len(shape) - len(tail) :], strict=True)]
    for letter, size in named:
        if letters.setdefault(letter, size) != size:
            needs.append(Equal(letters[letter], size))
    return shape[len(head) : len(head) + given]


def shown(shape: Shape) -> str:
    """Return a shape as text."""
    return f"({', '.join(map(str, shape))})"


def _counted(n: int) -> str:
    return "1 input" if n == 1 else f"{n} inputs"


def _least(annotation: Any, metadata: Iterable[Any] = ()) -> int | None:
    """Return the least value a size field takes, for values that come from expressions."""
    for item in metadata:
        if isinstance(item, Written):
            return item.least
    inner = (_least(part, getattr(part, "__metadata__", ())) for part in get_args(annotation))
    return next((least for least in inner if least is not None), None)


def _open(value: object) -> bool:
    return type(value) is Expr or (type(value) is tuple and any(map(_open, value)))


def resolved(value: Any, env: Mapping[str, Num | bool], key: str, box: Box = NO_BOX, kind: Any = None) -> Any:
    """Return a written value of a kind as what it is here: expressions evaluated, the rest as it stands.

    Raises:
        Refused: an expression has no value here.
    """
    if type(value) is tuple:
        return tuple(resolved(v, env, key, box) for v in value)
    if type(value) is not Expr:
        return value
    try:
        return value.evaluate(env, box)
    except ExprError as error:
        meant = did_you_mean(value.text, _words(kind))
        raise Refused(f"{key}: unknown word {quoted(value.text)}{meant}" if meant else f"{key}: {error}") from None


def _words(kind: Any) -> tuple[str, ...]:
    """Return the words that a field takes beside expressions."""
    parts = get_args(kind)
    return parts if get_origin(kind) is Literal else tuple(word for part in parts for word in _words(part))


def _check(key: str, value: Any, least: int | None) -> list[Need]:
    """Return the conditions that a computed value is a whole number in its range."""
    if isinstance(value, tuple):
        return [need for v in value for need in _check(key, v, least)]
    if isinstance(value, bool) or least is None:
        return []
    if not isinstance(value, Poly):
        if not isinstance(value, int) or value < least:
            raise Refused(f"{key} must be a whole number of at least {least}, got {value}")
        return []
    return [AtLeast(value, least), *([] if integral(value) else [whole(value)])]
