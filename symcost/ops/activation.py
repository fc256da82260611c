"""Activation functions without parameters: one op, and a table of their formulas' arithmetic."""

from typing import Literal, NamedTuple, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, OUTPUT, Facts, Kept, Shape, Work, numel
from symcost.ops.fields import Real
from symcost.ops.op import Axes, Op
from symcost.ops.work import times


class Law(NamedTuple):
    """What one element of an activation takes, forward and back, and what the way back reads.

    Attributes:
        work: forward work by kind.
        back: work of the gradient by kind.
        keeps: ``input``, ``output`` or what is made on the way, as torch's autograd.
        settings: the fields that this activation has.
        over: what the way back reads where the output was written over the input, if that is enough.
    """

    work: Work
    back: Work
    keeps: tuple[str, ...] = ("input",)
    settings: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


EXP = {"exp": 1, "add": 1, "div": 1}
"""1/(1 + exp(-x))."""

LAWS = {
    "relu": Law({"compare": 1}, {"compare": 1}, ("output",)),
    "relu6": Law({"compare": 2}, {"compare": 2}),
    "hardtanh": Law({"compare": 2}, {"compare": 2}, settings=("min_val", "max_val")),
    "threshold": Law({"compare": 1}, {"compare": 1}, settings=("threshold", "value")),
    "leaky_relu": Law(
        {"compare": 1, "mul": 1}, {"compare": 1, "mul": 1}, settings=("negative_slope",), over=("output",)
    ),
    "rrelu": Law({"compare": 1, "mul": 1}, {"mul": 1}, ("input", "slope"), ("lower", "upper"), ("output", "slope")),
    "elu": Law(
        {"compare": 1, "exp": 1, "add": 1, "mul": 1},
        {"compare": 1, "exp": 1, "mul": 2},
        settings=("alpha",),
        over=("output",),
    ),
    "selu": Law({"compare": 1, "exp": 1, "add": 1, "mul": 2}, {"compare": 1, "exp": 1, "mul": 3}, over=("output",)),
    "celu": Law(
        {"compare": 1, "exp": 1, "add": 1, "mul": 2},
        {"compare": 1, "exp": 1, "mul": 2},
        settings=("alpha",),
        over=("output",),
    ),
    "gelu": Law({"erf": 1, "add": 1, "mul": 3}, {"erf": 1, "exp": 1, "add": 2, "mul": 7}, settings=("approximate",)),
    "gelu tanh": Law({"tanh": 1, "add": 2, "mul": 6}, {"tanh": 1, "add": 5, "mul": 12}, settings=("approximate",)),
    "sigmoid": Law(EXP, {"add": 1, "mul": 2}, ("output",)),
    "silu": Law(EXP, {"exp": 1, "div": 1, "add": 3, "mul": 3}),
    "mish": Law(
        {"exp": 1, "add": 1, "log": 1, "tanh": 1, "mul": 1},
        {"exp": 2, "add": 4, "log": 1, "tanh": 1, "mul": 4, "div": 1},
    ),
    "hardsigmoid": Law({"add": 1, "compare": 2, "mul": 1}, {"compare": 2, "mul": 1}),
    "hardswish": Law({"add": 1, "compare": 2, "mul": 2}, {"compare": 2, "mul": 2, "add": 1}),
    "tanh": Law({"tanh": 1}, {"add": 1, "mul": 2}, ("output",)),
    "softplus": Law(
        {"compare": 1, "mul": 2, "exp": 1, "add": 1, "log": 1},
        {"compare": 1, "mul": 2, "exp": 1, "add": 1, "div": 1},
        settings=("beta", "threshold"),
    ),
    "softsign": Law({"add": 1, "div": 1}, {"mul": 1, "div": 1}, ("input", "denominator")),
    "tanhshrink": Law({"tanh": 1, "add": 1}, {"mul": 2}, ("tanh",)),
    "softshrink": Law({"compare": 2, "add": 2}, {"compare": 2}, settings=("lambd",)),
    "hardshrink": Law({"compare": 2}, {"compare": 2}, settings=("lambd",)),
    "logsigmoid": Law({"compare": 1, "exp": 1, "add": 2, "log": 1}, EXP),
}


_INPLACE = """relu relu6 hardtanh threshold leaky_relu rrelu elu selu celu silu mish hardsigmoid hardswish"""
INPLACE = frozenset(_INPLACE.split())
"""Those that have ``inplace`` in torch.nn: the output can be written over the input."""


class Activation(Op):
    """Apply a function to each element, as the class of torch.nn whose name is the tag in CamelCase.

    Shapes:      (...) -> the same
    Weights:     none
    MACs:        none
    Elementwise: for each element, by the formula; LAWS holds the counts and a test counts them again::

                     relu         max(x, 0)
                     relu6        min(max(x, 0), 6)
                     hardtanh     min(max(x, min_val), max_val)
                     threshold    x if x > threshold else value
                     leaky_relu   x if x > 0 else a x, a = negative_slope
                     rrelu        x if x > 0 else a x, a = (lower + upper)/2 in evaluation
                     elu          x if x > 0 else a (exp(x) - 1), a = alpha
                     selu         s x if x > 0 else s a (exp(x) - 1), with constants s and s a
                     celu         x if x > 0 else a (exp(x/a) - 1), a = alpha
                     gelu         0.5 x (1 + erf(x/sqrt(2)))
                     gelu tanh    0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x x x))), approximate: tanh
                     sigmoid      1/(1 + exp(-x))
                     silu         x/(1 + exp(-x))
                     mish         x tanh(log(1 + exp(x)))
                     hardsigmoid  min(max(x + 3, 0), 6)/6
                     hardswish    x min(max(x + 3, 0), 6)/6
                     tanh         tanh(x)
                     softplus     x if b x > threshold else log(1 + exp(b x))/b, b = beta
                     softsign     x/(|x| + 1)
                     tanhshrink   x - tanh(x)
                     softshrink   x - l if x > l else x + l if x < -l else 0, l = lambd
                     hardshrink   x if x > l or x < -l else 0, l = lambd
                     logsigmoid   min(x, 0) - log(1 + exp(-|x|))

    Backward:    for each element the derivative of the formula times the gradient, counts in LAWS. Keeps the input;
                 relu, sigmoid and tanh the output instead; tanhshrink tanh(x) instead; softsign |x| + 1 besides, and
                 rrelu the slope drawn for each element in training
    Source:      the formulas of torch.nn and, for derivatives and what is kept, torch's derivatives.yaml
    """

    op: Literal[
        "relu",
        "relu6",
        "hardtanh",
        "threshold",
        "leaky_relu",
        "rrelu",
        "elu",
        "selu",
        "celu",
        "gelu",
        "sigmoid",
        "silu",
        "mish",
        "hardsigmoid",
        "hardswish",
        "tanh",
        "softplus",
        "softsign",
        "tanhshrink",
        "softshrink",
        "hardshrink",
        "logsigmoid",
    ]
    takes = ("...",)
    apart = "..."

    negative_slope: Real | None = None
    alpha: Real | None = None
    beta: Real | None = None
    lambd: Real | None = None
    threshold: Real | None = None
    value: Real | None = None
    min_val: Real | None = None
    max_val: Real | None = None
    lower: Real | None = None
    upper: Real | None = None
    approximate: Literal["none", "tanh"] | None = None

    @model_validator(mode="after")
    def _own_settings(self) -> Self:
        given = {key for key, value in self.fields().items() if value is not None} - {"op", *self.law.settings}
        if given:
            takes = ", ".join(self.law.settings) or "no fields"
            raise PydanticCustomError("setting", "{text}", {"text": f"{self.op} takes {takes}, got {min(given)}"})
        return self

    @property
    def law(self) -> Law:
        """What one element takes."""
        return LAWS["gelu tanh" if self.approximate == "tanh" and self.op == "gelu" else self.op]

    def emit(self, a: Axes) -> Facts:
        elements = numel(a.ins[0])
        return Facts(
            outs=a.ins,
            work=times(elements, self.law.work),
            grad_input=times(elements, self.law.back),
            keeps=tuple(_kept(what, a.ins[0]) for what in self.law.keeps),
            keeps_over=tuple(_kept(what, a.ins[0]) for what in self.law.over),
            inplace=self.op in INPLACE,
        )


def _kept(what: str, shape: Shape) -> Kept:
    return {"input": INPUT, "output": OUTPUT}.get(what) or Kept(what, shape=shape)


CASES = (
    Case({}, ("B C H W",), "B C H W", op="relu", work={"compare": "B*C*H*W"}, source="a maximum"),
    Case({"negative_slope": 0.1}, ("1 32 416 416",), "1 32 416 416", op="leaky_relu",
         work={"compare": 5_537_792, "mul": 5_537_792}, source="Darknet-53's first"),
    Case({}, ("B T E",), "B T E", op="gelu", work={"erf": "B*T*E", "add": "B*T*E", "mul": "3*B*T*E"},
         source="Hendrycks and Gimpel 2016"),
    Case({"approximate": "tanh"}, ("B T E",), "B T E", op="gelu",
         work={"tanh": "B*T*E", "add": "2*B*T*E", "mul": "6*B*T*E"}, source="GPT-2's: 9 per element"),
    Case({}, ("2 5",), "2 5", op="silu", work={"exp": 10, "add": 10, "div": 10}, source="Ramachandran et al. 2017"),
    Case({}, ("2 5",), "2 5", op="sigmoid", work={"exp": 10, "add": 10, "div": 10}),
    Case({}, ("2 5",), "2 5", op="tanh", work={"tanh": 10}),
    Case({"beta": 2, "threshold": 20}, ("2 5",), "2 5", op="softplus",
         work={"compare": 10, "mul": 20, "exp": 10, "add": 10, "log": 10}),
    Case({"threshold": 0.1, "value": 20}, ("2 5",), "2 5", op="threshold", work={"compare": 10}),
    Case({"min_val": -2, "max_val": 2}, ("2 5",), "2 5", op="hardtanh", work={"compare": 20}),
    Case({"lower": 0.1, "upper": 0.3}, ("2 5",), "2 5", op="rrelu", work={"compare": 10, "mul": 10}),
    Case({"alpha": 0.5}, ("2 5",), "2 5", op="elu", work={"compare": 10, "exp": 10, "add": 10, "mul": 10}),
    Case({"alpha": 0.5}, ("2 5",), "2 5", op="celu", work={"compare": 10, "exp": 10, "add": 10, "mul": 20}),
    Case({"lambd": 0.25}, ("2 5",), "2 5", op="softshrink", work={"compare": 20, "add": 20}),
    Case({"lambd": 0.25}, ("2 5",), "2 5", op="hardshrink", work={"compare": 20}),
    Case({}, ("2 5",), "2 5", op="relu6", work={"compare": 20}),
    Case({}, ("2 5",), "2 5", op="selu", work={"compare": 10, "exp": 10, "add": 10, "mul": 20}),
    Case({}, ("2 5",), "2 5", op="mish", work={"exp": 10, "add": 10, "log": 10, "tanh": 10, "mul": 10}),
    Case({}, ("2 5",), "2 5", op="hardsigmoid", work={"add": 10, "compare": 20, "mul": 10}),
    Case({}, ("2 5",), "2 5", op="hardswish", work={"add": 10, "compare": 20, "mul": 20}),
    Case({}, ("2 5",), "2 5", op="softsign", work={"add": 10, "div": 10}),
    Case({}, ("2 5",), "2 5", op="tanhshrink", work={"tanh": 10, "add": 10}),
    Case({}, ("2 5",), "2 5", op="logsigmoid", work={"compare": 10, "exp": 10, "add": 20, "log": 10}),
)  # fmt: skip
