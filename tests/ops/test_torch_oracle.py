"""Every case of every op against PyTorch itself: shapes, parameters, FLOPs, and what autograd keeps."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from functools import reduce
from itertools import islice
from typing import Any

import pytest

from symcost.algebra.poly import evaluate
from symcost.ops.activation import LAWS
from symcost.ops.case import Case
from symcost.ops.facts import Facts, numel
from symcost.ops.op import Op, Refused
from tests.ops import torch_boxes, torch_learned, torch_merging, torch_routing, torch_windows
from tests.ops.apply import all_cases, apply, bound, make, named, shape, symbols
from tests.ops.settings import Run, Sizes, settings, torch_order

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional
pytestmark = pytest.mark.oracle

Point = tuple[Op, Sizes, Facts]
"""An op with numbers for fields, its input shapes, and what we say of it."""

CASES = list(all_cases())
every_case = pytest.mark.parametrize(("tag", "case"), CASES, ids=named(CASES))

# --- a case with numbers for its symbols --------------------------------------------------------------------


def points(tag: str, case: Case, most: int = 3) -> list[Point]:
    """Return the case at a few random sizes that it takes; the same ones in every run."""
    names = symbols(tag, case)
    draw = random.Random(f"{tag} {case.ins} {case.fields}")  # noqa: S311 - nothing here is a secret
    found = (point(tag, case, {name: draw.randint(2, 12) for name in names}) for _ in range(2000))
    return list(islice((p for p in found if p is not None), most if names else 1))


def point(tag: str, case: Case, at: dict[str, int]) -> Point | None:
    op = make(tag, case.fields)
    ins = [shape(text, at) for text in case.ins]
    try:
        facts = apply(op, tuple(ins), at)
    except Refused:
        return None
    return bound(op, at), [tuple(int(evaluate(size, {})) for size in given) for given in ins], facts


# --- how torch says it --------------------------------------------------------------------------------------


CLASSES = {name.lower(): kind for name, kind in vars(nn).items() if isinstance(kind, type)}


def layer(op: Op, **more: Any) -> Run:
    """Return the layer of torch.nn that has the op's name and fields."""
    made: Run = CLASSES[op.tag.replace("_", "")](**{**settings(op), **more})
    return made


def conv(op: Op, ins: Sizes) -> Run:
    if not apart(op):
        return layer(op, in_channels=ins[0][1])
    padding, sizes = settings(op)["padding"], ins[0][2:]
    pads = same_pads(op, sizes) if padding == "same" else [p if isinstance(p, tuple) else (p, p) for p in padding]
    inner = layer(op, in_channels=ins[0][1], padding=0)
    return nn.Sequential(nn.ZeroPad2d(torch_order(pads)), inner)  # type: ignore[no-any-return]


def weight_norm_conv(op: Op, ins: Sizes) -> Run:
    given = settings(op)
    dim = given.pop("dim")
    inner = nn.Conv1d(ins[0][1], **given)
    return torch.nn.utils.parametrizations.weight_norm(inner, dim=dim)  # type: ignore[no-any-return]


def std_conv(op: Op, ins: Sizes) -> Run:
    """Return the layer of timm's BiT and NFNet: filters through torch's batch norm, one channel for each."""
    given = settings(op)
    gain = given.pop("gain")
    pads = torch_order(same_pads(op, ins[0][2:])) if given["padding"] == "same" else ()
    made = nn.Conv2d(ins[0][1], **{**given, "padding": 0 if pads else given["padding"]})
    made.gain = nn.Parameter(torch.ones(op.fields()["out_channels"])) if gain else None
    extra = made.stride, made.padding, made.dilation, made.groups

    def forward(x: Any) -> Any:
        rows = made.weight.reshape(1, made.weight.shape[0], -1)
        filters = functional.batch_norm(rows, None, None, weight=made.gain, training=True)
        return functional.conv2d(functional.pad(x, pads), filters.reshape_as(made.weight), made.bias, *extra)

    made.forward = forward
    return made  # type: ignore[no-any-return]


def apart(op: Op) -> bool:
    """Tell whether the padding of a convolution is one that torch's layer does not do."""
    padding, stride = settings(op).get("padding", 0), settings(op)["stride"]
    if padding == "same":
        return any(s != 1 for s in (stride if isinstance(stride, tuple) else (stride,)))
    return isinstance(padding, tuple) and any(isinstance(p, tuple) for p in padding)


def pool(op: Op, ins: Sizes) -> Run:
    if getattr(op, "padding", 0) != "same":
        return layer(op)
    inner = layer(op, padding=0)
    lowest = float("-inf") if op.tag.startswith("max") else 0.0
    pads = torch_order(same_pads(op, ins[0][2:]))
    return lambda x: inner(functional.pad(x, pads, value=lowest))


def same_pads(op: Op, sizes: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the padding that makes ceil(size/stride) places, the smaller half before."""
    given = [settings(op).get(key, 1) for key in ("kernel_size", "stride", "dilation")]
    each = (value if isinstance(value, tuple) else (value,) * len(sizes) for value in given)
    wholes = [
        max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0) for size, k, s, d in zip(sizes, *each, strict=True)
    ]
    return [(whole // 2, whole - whole // 2) for whole in wholes]


def layer_norm(op: Op, ins: Sizes) -> Run:
    given = settings(op)
    return nn.LayerNorm(ins[0][-given.pop("dims") :], **given)  # type: ignore[no-any-return]


def by_rank(op: Op, ins: Sizes) -> Run:
    kind, given = CLASSES[op.tag.replace("_", "") + f"{max(1, len(ins[0]) - 2)}d"], settings(op)
    scaled = given.pop("scale", True)
    made: Any = kind(ins[0][1], **given)
    if not scaled:
        made.weight = None
    return made  # type: ignore[no-any-return]


def crop(op: Op, ins: Sizes) -> Run:
    size = settings(op)["size"]
    wanted = size if isinstance(size, tuple) else (size,) * (len(ins[0]) - 2)

    def run(x: Any) -> Any:
        for axis, width in enumerate(wanted, start=2):
            x = x.narrow(axis, round((x.shape[axis] - width) / 2), width)
        return x

    return run


def upsample(op: Op, ins: Sizes) -> Run:
    given = settings(op)
    return lambda x: functional.interpolate(x, **given)


def pad(op: Op, ins: Sizes) -> Run:
    given = settings(op)
    mode = "constant" if given["mode"] == "zeros" else given["mode"]
    return lambda x: functional.pad(x, given["padding"], mode=mode)


def function(name: str, **renamed: str) -> Callable[[Op, Sizes], Run]:
    """Return the function of torch with this name, its arguments under their names there."""

    def build(op: Op, ins: Sizes) -> Run:
        given = {renamed.get(key, key): value for key, value in settings(op).items()}
        return lambda x: getattr(torch, name)(x, **given)

    return build


def bias(op: Op, ins: Sizes) -> Run:
    made: Any = nn.Module()
    made.bias = nn.Parameter(torch.zeros(1 if settings(op)["shared"] else ins[0][-1]))
    made.forward = lambda x: x + made.bias
    return made  # type: ignore[no-any-return]


def layer_scale(op: Op, ins: Sizes) -> Run:
    made: Any = nn.Module()
    axis = settings(op)["dim"] % len(ins[0])
    made.gamma = nn.Parameter(torch.zeros(1 if settings(op)["shared"] else ins[0][axis]))
    made.forward = lambda x: x * made.gamma.reshape([-1] + [1] * (len(ins[0]) - axis - 1))
    return made  # type: ignore[no-any-return]


def response_norm(op: Op, ins: Sizes) -> Run:
    """Return the layer of ConvNeXt V2 as its paper's algorithm 1 has it."""
    made: Any = nn.Module()
    made.weight, made.bias = (nn.Parameter(torch.zeros(ins[0][-1])) for _ in range(2))
    places = tuple(range(1, len(ins[0]) - 1))

    def forward(x: Any) -> Any:
        norms = torch.linalg.vector_norm(x, dim=places, keepdim=True)
        return made.weight * (x * (norms / (norms.mean(-1, keepdim=True) + 1e-6))) + made.bias + x

    made.forward = forward
    return made  # type: ignore[no-any-return]


def attention(op: Op, ins: Sizes) -> Run:
    from torch.nn.attention import SDPBackend, sdpa_kernel

    given = settings(op)
    window, cap, alibi, sinks = (given.pop(key) for key in ("window", "softcap", "alibi", "sinks"))
    if sinks:
        return torch_routing.WithSinks(ins[0][-3])
    if window or cap or alibi:
        return masked_attention(ins, window, cap, alibi=alibi)
    kernel = SDPBackend.FLASH_ATTENTION if given.pop("fused") else SDPBackend.MATH

    def run(*xs: Any) -> Any:
        with sdpa_kernel([kernel, SDPBackend.MATH] if xs[0].is_meta else kernel):
            return functional.scaled_dot_product_attention(*xs, **given)

    return run


def masked_attention(ins: Sizes, window: int, softcap: float, *, alibi: bool) -> Run:
    """Return attention spelled out, with a cap on the scores, distances, and a mask of the last queries."""
    new, keys = ins[0][-2], ins[1][-2]
    far = torch.arange(keys - new, keys)[:, None] - torch.arange(keys)
    seen = (far >= 0) & (far < (window or keys))

    def run(q: Any, k: Any, v: Any) -> Any:
        scores = q @ k.mT * q.shape[-1] ** -0.5
        scores = torch.tanh(scores / softcap) * softcap if softcap else scores
        scores = scores - 0.5 * far.to(scores) if alibi else scores
        return torch.softmax(scores.masked_fill(~seen.to(scores.device), float("-inf")), -1) @ v

    return run


def rotation(op: Op, ins: Sizes) -> Run:
    """Return rotary positions as GPT-NeoX's code makes them: an element is turned with the one half a turn on."""
    size = settings(op).get("dim", ins[0][-1])

    def run(x: Any) -> Any:
        frequencies = 1.0e4 ** (-torch.arange(0, size, 2) / size)
        angles = torch.outer(torch.arange(x.shape[-2]), frequencies)
        cos, sin = (torch.cat((f(angles),) * 2, -1).to(x.device) for f in (torch.cos, torch.sin))
        turned, rest = x[..., :size], x[..., size:]
        one, other = turned.chunk(2, -1)
        return torch.cat((turned * cos + torch.cat((-other, one), -1) * sin, rest), -1)

    return run


def cache(op: Op, ins: Sizes) -> Run:
    given = settings(op)
    past = min(given["past"], given["window"] - 1) if given["window"] else given["past"]
    return lambda x: torch.cat((x.new_zeros((*x.shape[:-2], past, x.shape[-1])), x), -2)


def recurrent(op: Op, ins: Sizes) -> Run:
    """Return torch's layer, its outputs in a row and the state to begin with as it takes them."""
    made: Any = layer(op, input_size=ins[0][-1])
    inner = made.forward

    def forward(x: Any, *states: Any) -> tuple[Any, ...]:
        out, ends = inner(x, states if len(states) > 1 else (*states, None)[0])
        return (out, *(ends if isinstance(ends, tuple) else (ends,)))

    made.forward = forward
    return made  # type: ignore[no-any-return]


def module(**weights: tuple[int, ...]) -> Any:
    """Return a module with these weights and no way forward yet."""
    made: Any = nn.Module()
    for name, size in weights.items():
        made.register_parameter(name, nn.Parameter(torch.zeros(size)))
    return made


def selective_scan(op: Op, ins: Sizes) -> Run:
    """Return the scan step by step, as where there is no kernel for it."""
    wide, states, steps = ins[0][-1], ins[2][-1], ins[0][1]
    made = module(A_log=(wide, states), **({"D": (wide,)} if settings(op)["skip"] else {}))

    def forward(x: Any, d: Any, b: Any, c: Any) -> Any:
        factors = torch.exp(d[..., None] * -torch.exp(made.A_log))
        added, state, outs = (d * x)[..., None] * b[:, :, None], torch.zeros(()), []
        for t in range(steps):
            state = factors[:, t] * state + added[:, t]
            outs.append((state @ c[:, t, :, None])[..., 0])
        return torch.stack(outs, 1) + (made.D * x if settings(op)["skip"] else 0)

    made.forward = forward
    return made  # type: ignore[no-any-return]


def state_space_dual(op: Op, ins: Sizes) -> Run:
    """Return listing 1 of Dao and Gu 2024, with the last chunk filled up."""
    (_, steps, heads, _), groups, given = ins[0], ins[2][2], settings(op)
    size = given["chunk_size"]
    made = module(A_log=(heads,), **({"D": (heads,)} if given["skip"] else {}))

    def apart(x: Any) -> Any:
        sums = x.cumsum(-1)
        seen = torch.ones(x.shape[-1], x.shape[-1], dtype=torch.bool).tril()
        return (sums[..., :, None] - sums[..., None, :]).masked_fill(~seen.to(x.device), float("-inf")).exp()

    def chunks(x: Any) -> Any:
        filled = functional.pad(x, (0, 0) * (x.dim() - 2) + (0, -steps % size))
        return filled.unflatten(1, (-1, size))

    def forward(x: Any, d: Any, b: Any, c: Any) -> Any:
        skipped = x * made.D[:, None] if given["skip"] else 0
        b, c = (y.repeat_interleave(heads // groups, 2) for y in (b, c))
        x, a, b, c = map(chunks, (x * d[..., None], d * -torch.exp(made.A_log), b, c))
        a = a.permute(0, 3, 1, 2)
        sums = a.cumsum(-1)
        scores = torch.einsum("bclhn,bcshn->bclsh", c, b)
        near = torch.einsum("bclsh,bcshp->bclhp", scores * apart(a).permute(0, 2, 3, 4, 1), x)
        faded = b * (sums[..., -1:] - sums).exp().permute(0, 2, 3, 1)[..., None]
        states = torch.einsum("bclhn,bclhp->bchpn", faded, x)
        states = torch.cat([torch.zeros_like(states[:, :1]), states], 1)
        between = apart(functional.pad(sums[..., -1], (1, 0)))
        mixed = torch.einsum("bhzc,bchpn->bzhpn", between, states)[:, :-1]
        far = torch.einsum("bclhn,bchpn->bclhp", c, mixed) * sums.exp().permute(0, 2, 3, 1)[..., None]
        return (near + far).flatten(1, 2)[:, :steps] + skipped

    made.forward = forward
    return made  # type: ignore[no-any-return]


def linear_attention(op: Op, ins: Sizes) -> Run:
    def whole(q: Any, k: Any, v: Any) -> Any:
        return q @ (k.mT @ v) / (q @ k.sum(-2)[..., None])

    def stepwise(q: Any, k: Any, v: Any) -> Any:
        state, total, outs = 0, 0, []
        for t in range(q.shape[-2]):
            state, total = state + k[..., t, :, None] @ v[..., t, None, :], total + k[..., t, :, None]
            outs.append(q[..., t, None, :] @ state / (q[..., t, None, :] @ total))
        return torch.cat(outs, -2)

    run = stepwise if settings(op)["is_causal"] else whole
    return lambda q, k, v: run(functional.elu(q) + 1, functional.elu(k) + 1, v)


def gated_linear_attention(op: Op, ins: Sizes) -> Run:
    """Return the chunks of Yang et al. 2023, or its steps."""
    steps, size = ins[0][-2], int(settings(op).get("chunk_size", 0))

    def stepwise(q: Any, k: Any, v: Any, g: Any) -> Any:
        state, outs = 0, []
        for t in range(steps):
            state = g[..., t, :, None].exp() * state + k[..., t, :, None] @ v[..., t, None, :]
            outs.append(q[..., t, None, :] @ state)
        return torch.cat(outs, -2)

    def in_chunks(*xs: Any) -> Any:
        filled = (functional.pad(x, (0, 0, 0, -steps % size)).unflatten(-2, (-1, size)).unbind(-3) for x in xs)
        state, outs = torch.zeros(*ins[0][:-2], ins[0][-1], ins[2][-1]), []
        for q, k, v, g in zip(*filled, strict=True):
            b = g.cumsum(-2)
            outs.append((q * b.exp()) @ state + ((q * b.exp()) @ (k * (-b).exp()).mT).tril() @ v)
            state = b[..., -1, :, None].exp() * state + (k * (b[..., -1:, :] - b).exp()).mT @ v
        return torch.cat(outs, -2)[..., :steps, :]

    run = in_chunks if size else stepwise
    return lambda q, k, v, g: run(q * q.shape[-1] ** -0.5, k, v, g)


def fourier(op: Op, ins: Sizes) -> Run:
    """Return torch's transform of pairs of numbers, the axes counted without that of the pairs."""
    given, name = settings(op), op.tag
    dims = given["dim"] if isinstance(given["dim"], tuple) else (given["dim"],)
    if name == "rfft" and not given["onesided"]:
        name = "fft"
    sizes = {"s": (*(ins[0][dim] for dim in dims[:-1]), given["n"])} if given.get("n") else {}

    def run(x: Any) -> Any:
        made = getattr(torch.fft, f"{name}n")(x if op.tag == "rfft" else torch.view_as_complex(x), dim=dims, **sizes)
        return made if name == "irfft" else torch.view_as_real(made)

    return run


def multihead(op: Op, ins: Sizes) -> Run:
    given = settings(op)
    asked = {key: given.pop(key) for key in ("need_weights", "is_causal")}
    widths = {"kdim": ins[1][-1], "vdim": ins[2][-1]} if len(ins) > 1 else {}
    made: Any = nn.MultiheadAttention(embed_dim=ins[0][-1], **widths, **given)
    inner = made.forward
    del asked["is_causal"]  # which torch takes with a mask only

    def forward(*xs: Any) -> Any:
        out, shares = inner(*(xs * 3 if len(xs) == 1 else xs), **asked)
        return out if shares is None else (out, shares)

    made.forward = forward
    return made  # type: ignore[no-any-return]


def einsum(op: Op, ins: Sizes) -> Run:
    def run(*xs: Any) -> Any:
        with torch.backends.opt_einsum.flags(enabled=False):
            return torch.einsum(settings(op)["equation"], *xs)

    return run


def joined(name: str) -> Callable[[Op, Sizes], Run]:
    return lambda op, ins: lambda *xs: reduce(getattr(torch, name), xs)


def plain_layer(op: Op, ins: Sizes) -> Run:
    return layer(op)


SAME_NAME = (
    *LAWS.keys() - {"gelu tanh"},
    *("prelu", "glu", "softmax", "log_softmax", "softmin", "identity"),
    *("dropout", "dropout1d", "dropout2d", "dropout3d"),
    *("pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "flatten"),
)
"""Tags of ops that take no more than their fields to build in torch."""

BUILD: dict[str, Callable[[Op, Sizes], Run]] = {
    **{f"conv{n}d": conv for n in (1, 2, 3)},
    "std_conv2d": std_conv,
    "weight_norm_conv1d": weight_norm_conv,
    **{f"conv_transpose{n}d": lambda op, ins: layer(op, in_channels=ins[0][1]) for n in (1, 2, 3)},
    **{f"{kind}_pool{n}d": pool for kind in ("max", "avg", "lp") for n in (1, 2, 3)},
    **{f"adaptive_{kind}_pool{n}d": plain_layer for kind in ("max", "avg") for n in (1, 2, 3)},
    "global_avg_pool": lambda op, ins: lambda x: x.mean(tuple(range(2, x.dim())), **settings(op)),
    "global_max_pool": lambda op, ins: lambda x: x.amax(tuple(range(2, x.dim())), **settings(op)),
    "linear": lambda op, ins: layer(op, in_features=ins[0][-1]),
    "matmul": lambda op, ins: torch.matmul,
    "bias": bias,
    "layer_scale": layer_scale,
    "global_response_norm": response_norm,
    "embedding": plain_layer,
    "scaled_dot_product_attention": attention,
    "rotary_embedding": rotation,
    "kv_cache": cache,
    **dict.fromkeys(("rnn", "gru", "lstm"), recurrent),
    "selective_scan": selective_scan,
    **dict.fromkeys(("fft", "ifft", "rfft", "irfft"), fourier),
    "linear_attention": linear_attention,
    "gated_linear_attention": gated_linear_attention,
    "multihead_attention": multihead,
    "einsum": einsum,
    "state_space_dual": state_space_dual,
    "bilinear": lambda op, ins: layer(op, in1_features=ins[0][-1], in2_features=ins[1][-1]),
    "batch_norm": by_rank,
    "instance_norm": by_rank,
    "group_norm": lambda op, ins: layer(op, num_channels=ins[0][1]),
    "layer_norm": layer_norm,
    "rms_norm": lambda op, ins: nn.RMSNorm(ins[0][-1:], **settings(op)),
    **dict.fromkeys(SAME_NAME, plain_layer),
    **{name: joined(name) for name in ("add", "sub", "mul", "div", "maximum", "minimum")},
    "concat": lambda op, ins: lambda *xs: torch.cat(xs, **settings(op)),
    "split": function("split", sizes="split_size_or_sections"),
    **{name: function(name) for name in ("reshape", "transpose", "permute", "chunk", "squeeze", "unsqueeze", "select")},
    "narrow": function("narrow"),
    "broadcast_to": lambda op, ins: lambda x: torch.broadcast_to(x, settings(op)["shape"]),
    "detach": function("detach"),
    **{name: function(name, dims="dim") for name in ("mean", "sum", "amax", "amin")},
    "crop": crop,
    "pad": pad,
    "upsample": upsample,
    **torch_boxes.BUILD,
    **torch_learned.BUILD,
    **torch_windows.BUILD,
    **torch_routing.BUILD,
    **torch_merging.BUILD,
}
UNCOUNTED = {"bilinear"}
"""Contractions that torch's FlopCounterMode has no formula for."""


# --- tests --------------------------------------------------------------------------------------------------


def outputs(made: Any) -> list[tuple[int, ...]]:
    return [tuple(tensor.shape) for tensor in (made if isinstance(made, (tuple, list)) else (made,))]


def tensors(run: Run) -> tuple[list[Any], list[Any]]:
    """Return the parameters and the buffers of a layer; a function has none."""
    return (list(run.parameters()), list(run.buffers())) if isinstance(run, nn.Module) else ([], [])


def dtype(tag: str) -> Any:
    """Return the type of an op's inputs: indices of an embedding, numbers otherwise."""
    return torch.long if tag == "embedding" else torch.float


def sample(tag: str, size: tuple[int, ...]) -> Any:
    if tag == "embedding":
        return torch.zeros(size, dtype=torch.long)
    return torch.rand(size, requires_grad=True)


@every_case
def test_facts(tag: str, case: Case) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    found = points(tag, case)
    assert found, "no admissible sizes found"
    for op, ins, facts in found:
        with torch.device("meta"), FlopCounterMode(display=False) as counter:
            run = BUILD[tag](op, ins)
            if isinstance(run, nn.Module):
                run.eval()
            made = run(*(torch.empty(size, dtype=dtype(tag)) for size in ins))
        assert outputs(made) == list(facts.outs), (op, ins)
        params, buffers = tensors(run)
        assert sum(p.numel() for p in params) == sum(numel(shape) for shape in facts.weights.values())
        assert sum(b.numel() for b in buffers) == sum(numel(shape) for shape in facts.buffers.values())
        assert {tuple(p.shape) for p in params} == set(facts.weights.values())
        if tag not in UNCOUNTED:
            assert counter.get_total_flops() == 2 * facts.work.get("mac", 0), (op, ins)


KEPT_OTHERWISE = {
    "decomposed": "torch's einsum keeps the queries twice, in the order of either product",
    "deform_conv2d": "it is composed here, and each step keeps what it wants",
    "token_merging": "it is composed here, and places are spread over all elements of a token",
    "relative_position_logits": "the scores are moved by an index here, which is kept",
    "roi_align": "torchvision's kernel keeps the boxes; a composition keeps what each step wants",
    "lp_pool": "torch composes it of seven ops and keeps what each of them wants",
    "global_max_pool": "torch.amax keeps its output in place of the positions",
    "logsigmoid": "on a CPU torch keeps exp(-|x|) besides, on a GPU it does not",
    "rms_norm": "on a CPU torch composes it and keeps x/rms besides; its fused kernels keep x and 1/rms",
    "rotary_embedding": "the tables are kept too, which all layers share",
    "state_space_dual": "spelled out, torch keeps products that can be made again from what the op keeps",
    "multihead_attention": "torch scales the queries and keeps them besides; a CPU's kernel reads heads in place",
    **dict.fromkeys(("linear_attention", "gated_linear"), "spelled out, torch keeps what each step wants"),
    "rfft": "torch keeps the input for its sizes alone",
    "selective_scan": "spelled out step by step, torch keeps what each step wants",
    **dict.fromkeys(("rnn", "gru", "lstm"), "on a CPU torch steps through it op by op and keeps what each wants"),
    "instance_norm": "torch repeats the weight for every example and keeps the copies",
}


def kept_otherwise(op: Op) -> str:
    """Return why what torch keeps for an op differs from what the op has to keep; nothing where it does not."""
    if op.tag == "instance_norm" and not settings(op)["affine"]:
        return ""
    if op.tag == "dropout" or getattr(op, "dropout_p", False):
        return "on a CPU torch keeps the mask in the precision of the input, on a GPU as bool"
    if getattr(op, "capacity", None):
        return "torch keeps the index of the token in each slot"
    if any(getattr(op, key, None) for key in ("window", "softcap", "alibi", "sinks")):
        return "torch's attention has none of these; spelled out it keeps what each step wants"
    if isinstance(getattr(op, "padding", 0), str) or (op.tag.startswith("conv") and apart(op)):
        return "torch has no such padding: it is done apart, and the padded copy is kept"
    return next((reason for tag, reason in KEPT_OTHERWISE.items() if op.tag.startswith(tag)), "")


@every_case
def test_keeps(tag: str, case: Case) -> None:
    """The bytes that autograd keeps, parameters and buffers excepted; each tensor once."""
    for op, ins, facts in points(tag, case):
        if reason := kept_otherwise(op):
            pytest.skip(reason)
        run = BUILD[tag](op, ins)
        params, buffers = tensors(run)
        owned = {tensor.untyped_storage().data_ptr() for tensor in (*params, *buffers)}
        kept: dict[int, Any] = {}

        def pack(tensor: Any, kept: dict[int, Any] = kept) -> Any:
            kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            made = run(*(sample(tag, size) for size in ins))
        assert outputs(made) == list(facts.outs)
        theirs = sum(storage.nbytes() for place, storage in kept.items() if place not in owned)
        assert kept_bytes(facts, ins) == theirs, (op, ins)


BYTES = {"float": 4, "bool": 1, "index": 8}


def kept_bytes(facts: Facts, ins: Sizes) -> int:
    places = {"input": ins, "output": facts.outs}
    sizes = ((k, numel(places[k.what][k.index] if k.what in places else k.shape)) for k in facts.keeps)
    return sum(BYTES[k.dtype] * int(evaluate(size, {})) for k, size in sizes)


def test_every_op_has_a_counterpart() -> None:
    assert BUILD.keys() == Op.known.keys()


@every_case
def test_in_place_where_torch_can(tag: str, case: Case) -> None:
    """Ops that can write over their input are the layers of torch.nn that take ``inplace``; dropout is a view."""
    ((_, _, facts), *_) = points(tag, case)
    found = CLASSES.get(tag.replace("_", ""))
    takes = found is not None and "inplace" in inspect.signature(found).parameters
    assert facts.inplace == (takes and not tag.startswith("dropout"))
