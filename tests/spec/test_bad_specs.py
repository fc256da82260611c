"""What is wrong with a spec, word for word: one line for each problem, with its place."""

from __future__ import annotations

import pytest

import symcost
from symcost.architecture import variant_of

HEAD = """\
symcost: 1
name: t
symbols: {B: 1, H: 32, W: 32, C: 16}
inputs: {image: [B, 3, H, W]}
"""

CASES = {
    "unknown op": (
        HEAD + "model:\n  - conv2d: {out: C, kernel: 3}\n  - rleu\n",
        [
            "@:7:3: no op or block is named 'rleu'; did you mean 'relu'?",
        ],
    ),
    "unknown key": (
        HEAD + "model:\n  - conv2d: {out: C, kernal: 3}\n",
        [
            "@:6:22: unknown key 'kernal'; did you mean 'kernel'?",
        ],
    ),
    "a misspelt key and a missing one": (
        HEAD + "model:\n  - conv2d: {oot: C, dilatoin: 3}\n",
        [
            "@:6:5: needs the key 'kernel_size'",
            "@:6:14: unknown key 'oot'; did you mean 'out'?",
            "@:6:22: unknown key 'dilatoin'; did you mean 'dilation'?",
        ],
    ),
    "a misspelt truth": (
        HEAD + "model:\n  - conv2d: {out: C, kernel: 3, bias: flase}\n",
        ["@:6:3: node 'conv2d': bias: unknown name 'flase'; did you mean 'false'?"],
    ),
    "a misspelt word": (
        HEAD + "model:\n  - conv2d: {out: C, kernel: 3, padding: SAME}\n",
        ["@:6:3: node 'conv2d': padding: unknown word 'SAME'; did you mean 'same'?"],
    ),
    "a colon without a space": (
        HEAD + "model:\n  - linear:10\n",
        ["@:6:3: no op or block is named 'linear:10'; write 'linear: 10', with a space after the colon"],
    ),
    "no colon": (
        HEAD + "model:\n  - linear 10\n",
        ["@:6:3: no op or block is named 'linear 10'; write 'linear: 10', with a space after the colon"],
    ),
    "an op as others call it": (
        HEAD + "model:\n  - Dense: 10\n  - swish\n",
        [
            "@:6:5: no op or block is named 'Dense'; did you mean 'linear'?",
            "@:7:3: no op or block is named 'swish'; did you mean 'silu'?",
        ],
    ),
    "a depthwise convolution": (
        HEAD + "model:\n  - depthwise_conv2d: 3\n",
        ["@:6:5: no op or block is named 'depthwise_conv2d'; write conv2d: {out: C_now, kernel: ..., groups: C_now}"],
    ),
    "a residual of two tensors": (
        (
            "symcost: 1\nname: x\nsymbols: {B: 1, T: 8, E: 4}\ninputs: {x: [B, T, E]}\n"
            "model:\n  - residual: [multihead_attention: 2]\n"
        ),
        [
            (
                "@:6:3: node 'residual' takes one tensor from its body to add to its input, got 2, (B, T, E) and "
                "(T, B, B); name the last step and read one of them, as in from: NAME.0"
            )
        ],
    ),
    "missing key": (
        HEAD + "model:\n  - conv2d: {out: C}\n",
        [
            "@:6:5: needs the key 'kernel_size'",
        ],
    ),
    "wrong type": (
        HEAD + "model:\n  - conv2d: {out: [1,2], kernel: 3}\n",
        [
            "@:6:14: out_channels: takes a whole number of at least 1, got [1, 2]",
        ],
    ),
    "wrong type2": (
        HEAD + "model:\n  - conv2d: {out: 8, kernel: 3, bias: 7}\n",
        [
            "@:6:33: bias: takes true or false, got 7",
        ],
    ),
    "wrong type3": (
        HEAD + "model:\n  - conv2d: {out: 8, kernel: 3, padding_mode: foo}\n",
        [
            "@:6:33: padding_mode: takes 'zeros', 'reflect', 'replicate' or 'circular', got \"foo\"",
        ],
    ),
    "wrong type4": (
        HEAD + "model: relu\n",
        [
            "@:5:1: a list of steps is needed here, each starting with '- '",
        ],
    ),
    "wrong pad": (
        HEAD + "model:\n  - conv2d: {out: 8, kernel: 3, padding: [[1,0],[-2,0]]}\n",
        [
            "@:6:50: padding: takes a whole number of at least 0, got -2",
        ],
    ),
    "top key": (
        HEAD + "modle: []\nmodel: [relu]\n",
        [
            "@:5:1: unknown key 'modle'; did you mean 'model'?",
        ],
    ),
    "no model": (
        HEAD + "",
        [
            "@:1:1: needs the key 'model'",
        ],
    ),
    "no symcost": (
        "\nname: t\nsymbols: {B: 1, H: 32, W: 32, C: 16}\ninputs: {image: [B, 3, H, W]}\nmodel: [relu]\n",
        [
            "@:1:1: needs the key 'symcost: 1', the version of the language",
        ],
    ),
    "cycle": (
        HEAD + "model:\n  - {relu: ~, name: a, from: b}\n  - {relu: ~, name: b}\n",
        [
            "@:6:3: node 'a' reads 'b', which comes later and reads it in turn: a cycle, a -> b -> a",
        ],
    ),
    "forward": (
        HEAD + "model:\n  - {add: ~, name: a, from: [image, b]}\n  - {relu: ~, name: b, from: image}\n",
        [
            "@:6:3: node 'a' reads 'b', which comes later; move it up",
        ],
    ),
    "block cycle": (
        HEAD + "blocks:\n  f: {body: [g]}\n  g: {body: [f]}\nmodel: [f]\n",
        [
            "@:7:14: node 'f.g.f' applies block 'f' inside itself without end: f -> g -> f",
        ],
    ),
    "dangling": (
        HEAD + "model:\n  - {relu: ~, name: stem}\n  - {relu: ~, from: stm}\n",
        [
            "@:7:3: node 'relu' reads 'stm', which no earlier node makes; did you mean 'stem'?",
        ],
    ),
    "dup name": (
        HEAD + "model:\n  - {relu: ~, name: a}\n  - {relu: ~, name: a}\n",
        [
            "@:7:3: node 'a' takes the name 'a', which is taken",
        ],
    ),
    "dup key": (
        HEAD + "model: [relu]\nmodel: [relu]\n",
        [
            "@:6:1: key 'model' stands twice in the same mapping",
        ],
    ),
    "mismatch": (
        HEAD + "model:\n  - residual: [conv2d: {out: 8, kernel: 1}]\n",
        [
            "@:6:3: node 'residual': (B, 8, H, W) and (B, 3, H, W) do not broadcast: 8 and 3 differ and neither is 1",
        ],
    ),
    "mismatch2": (
        HEAD + "model:\n  - residual: [conv2d: {out: C, kernel: 1}]\n",
        [
            "@:6:3: node 'add' joins sizes that are equal iff C is 3",
        ],
    ),
    "rank": (
        HEAD + "model:\n  - global_avg_pool\n  - conv2d: {out: 8, kernel: 1}\n",
        [
            "@:7:3: node 'conv2d' takes (B, C, H, W), got (B, 3)",
        ],
    ),
    "arity": (
        HEAD + "model:\n  - {relu: ~, from: [image, image]}\n",
        [
            "@:6:3: node 'relu' takes 1 input, got 2; say which it reads, as in from: NAME.0, the first that step NAME makes",
        ],
    ),
    "arity of a step before": (
        "symcost: 1\nname: x\nsymbols: {B: 1, T: 8}\ninputs: {x: [B, T, 4]}\nmodel:\n  - lstm: 4\n  - relu\n",
        [
            "@:7:3: node 'relu' takes 1 input, got 3; say which it reads, as in from: NAME.0, the first that step NAME makes",
        ],
    ),
    "kernel": (
        "symcost: 1\nname: t\ninputs: {image: [1, 3, 5, 5]}\nmodel:\n  - conv2d: {out: 8, kernel: 7}\n",
        [
            "@:5:3: node 'conv2d': the window reaches over 7, the padded input is 5; the input must be at least 7",
        ],
    ),
    "kernel sym": (
        HEAD + "model:\n  - conv2d: {out: 8, kernel: 37}\n",
        [
            "t: H = 32 is refused at node 'conv2d': needs H >= 37",
        ],
    ),
    "zero": (
        HEAD + "model:\n  - conv2d: {out: 0, kernel: 7}\n",
        [
            "@:6:14: out_channels: takes a whole number of at least 1, got 0",
        ],
    ),
    "neg": (
        HEAD + "model:\n  - conv2d: {out: 8, kernel: 7, stride: -1}\n",
        [
            "@:6:33: stride: takes a whole number of at least 1, got -1",
        ],
    ),
    "zero expr": (
        HEAD + "model:\n  - conv2d: {out: C - C, kernel: 7}\n",
        [
            "@:6:3: node 'conv2d': out_channels must be a whole number of at least 1, got 0",
        ],
    ),
    "undeclared": (
        HEAD + "model:\n  - conv2d: {out: D, kernel: 7}\n",
        [
            (
                "@:6:3: node 'conv2d': out_channels: unknown name 'D'"
                "; known here: B, C, C_in, C_now, E_in, E_now, H, H_in, H_now, W, W_in, W_now"
            ),
        ],
    ),
    "import": (
        HEAD + "model:\n  - conv2d: {out: \"__import__('os')\", kernel: 7}\n",
        [
            '@:6:14: out_channels: "__import__(\'os\')": "\'" at column 12 has no meaning in an expression; text has no value',
        ],
    ),
    "pow": (
        HEAD + "model:\n  - conv2d: {out: 9**9**9, kernel: 7}\n",
        [
            "@:6:3: node 'conv2d': out_channels: '9**9**9': an exponent is a whole number from 0 to 64, got 387420489",
        ],
    ),
    "paren": (
        HEAD + "model:\n  - conv2d: {out: " + "(" * 200000 + "1" + ")" * 200000 + ", kernel: 7}\n",
        [
            "@:6:14: out_channels: '(((((((((((((((((((((((((((( ... ))))))))))))))))))))))))))))': 400,001 characters, and an expression has at most 500",
        ],
    ),
    "1e-9": (
        HEAD + "model:\n  - conv2d: {out: 1e-99999999, kernel: 7}\n",
        [
            "@:6:14: out_channels: '1e-99999999': a number has at most 40 digits, and an exponent within -40..40",
        ],
    ),
    "divzero": (
        HEAD + "model:\n  - conv2d: {out: 8/(C-C), kernel: 7}\n",
        [
            "@:6:3: node 'conv2d': out_channels: '8/(C-C)': division by zero",
        ],
    ),
    "odd join": (
        HEAD + "model:\n  - residual: [max_pool2d: 2, upsample: {scale_factor: 2}]\n",
        [
            "@:6:3: node 'add' joins sizes that are equal iff H is even; if so, declare symbols: H: {multiple_of: 2}",
            "@:6:3: node 'add' joins sizes that are equal iff W is even; if so, declare symbols: W: {multiple_of: 2}",
        ],
    ),
    "symbol ratio": (
        "symcost: 1\nname: t\nsymbols: {a: 0.5}\ninputs: {image: [1, 3, 5, 5]}\nmodel: [relu]\n",
        [
            "@:3:11: 0.5 is not a whole number; if it is meant as one size for another, write {kind: ratio, default: 0.5}",
        ],
    ),
    "bomb": (
        "a: &a [x,x]\nb: &b [*a,*a]\nsymcost: 1\nname: t\nsymbols: {B: 1, H: 32, W: 32, C: 16}\ninputs: {image: [B, 3, H, W]}\nmodel: [relu]\n",
        [
            "@:1:4: anchors are not read; write the value out where it is used, or make it a block",
        ],
    ),
    "empty": (
        "\n\n",
        [
            "@: is empty",
        ],
    ),
    "scalar": (
        "hello\nworld\n",
        [
            "@:1:1: a spec is a mapping with the keys symcost, name, inputs, model",
        ],
    ),
    "list": (
        "- a\n- b\n",
        [
            "@:1:1: a spec is a mapping with the keys symcost, name, inputs, model",
        ],
    ),
    "block arg": (
        HEAD + "blocks: {f: {args: {c: ~}, body: [{conv2d: {out: c, kernel: 1}}]}}\nmodel: [f: {d: 3}]\n",
        [
            "@:6:9: node 'f' has no argument 'd'",
        ],
    ),
    "block noarg": (
        HEAD + "blocks: {f: {args: {c: ~}, body: [{conv2d: {out: c, kernel: 1}}]}}\nmodel: [f]\n",
        [
            "@:6:9: node 'f' needs argument 'c'",
        ],
    ),
    "variant": (
        HEAD + "model: [relu]\nvariants: {x: {set: {Q: 1}}}\n",
        [
            "@:6:22: there is no symbol 'Q'",
        ],
    ),
    "nonbool": (
        HEAD + "model:\n  - when: C\n    do: [relu]\n",
        [
            "@:6:3: node 'when': when: 'C' is C, not true or false",
        ],
    ),
    "undecided": (
        HEAD + "model:\n  - when: C == 16\n    do: [relu]\n",
        [
            "@:6:3: node 'when': when: 'C == 16': cannot decide C == 16 for every value of C; fix C to decide it, by a value or by kind: constant",
        ],
    ),
    "groups": (
        HEAD + "model:\n  - conv2d: {out: 8, kernel: 1, groups: 2}\n",
        [
            "@:6:3: node 'conv2d': groups = 2 does not divide the channels in, 3",
        ],
    ),
    "repeat": (
        HEAD + "model:\n  - repeat: C\n    do: [max_pool2d: {kernel: 3, stride: 2}]\n",
        [
            "@:6:3: node 'repeat' cannot be closed for a symbolic count: a round makes ceil(V/2) - 1 of a size V, which is not a*V + b with a number a; fix the count with a number",
        ],
    ),
    "repeat neg": (
        HEAD + "model:\n  - repeat: -1\n    do: [relu]\n",
        [
            "@:6:5: count: takes a whole number of at least 0, got -1",
        ],
    ),
    "no such op": (
        HEAD + "model: [kan: 3]\n",
        [
            "@:5:9: no op or block is named 'kan'; `symcost list --ops` shows all ops",
        ],
    ),
    "dimension left out": (
        HEAD + "model: [maxpool: 2]\n",
        [
            "@:5:9: no op or block is named 'maxpool'; did you mean 'max_pool2d'?",
        ],
    ),
    "call as in Python": (
        HEAD + "blocks:\n  unit: {args: {c: ~, k: 1}, body: [conv2d: {out: c, kernel: k}]}\nmodel: [relu, unit(3)]\n",
        [
            "@:7:15: no op or block is named 'unit(3)'; write 'unit: ...', with the values it takes after the colon",
        ],
    ),
    "call by position": (
        HEAD + "blocks:\n  unit: {args: {c: ~, k: 1}, body: [conv2d: {out: c, kernel: k}]}\nmodel: [unit: [3, 1]]\n",
        [
            "@:7:9: arguments are given by name, as in unit: {c: ...}",
        ],
    ),
    "what torch is told of the input": (
        HEAD + "model: [conv2d: {in_channels: 3, out: 8, kernel: 1}]\n",
        [
            "@:5:18: unknown key 'in_channels': the sizes of what an op reads are known; leave it out",
        ],
    ),
    "no close key": (
        HEAD + "model: [dropout: {rate: 0.5}]\n",
        [
            "@:5:19: unknown key 'rate'; known: p",
        ],
    ),
    "channels as in torch": (
        HEAD + "model: [batch_norm: C]\n",
        [
            "@:5:9: node 'batch_norm': affine is true or false, got C",
        ],
    ),
    "YAML 1.1": (
        HEAD + "model: [conv2d: {out: 8, kernel: 1, bias: no}]\n",
        [
            "@:5:9: node 'conv2d': bias: unknown name 'no'; write true or false",
        ],
    ),
    "joined how": (
        HEAD + "model:\n  - branches: [[relu], []]\n    join: cat\n",
        [
            "@:7:5: join: takes 'concat', 'add', 'mul' or 'none', got \"cat\"",
        ],
    ),
    "choices of a symbol": (
        "symcost: 1\nname: t\nsymbols: {C: [16, 32]}\ninputs: {image: [1, 3]}\nmodel: [relu]\n",
        [
            "@:3:11: a symbol is a number or a mapping such as {default: 16, about: width}, not a list",
        ],
    ),
    "which input": (
        "symcost: 1\nname: t\ninputs: {a: [1, 3], b: [1, 3]}\nmodel: [relu]\n",
        [
            "@:4:9: node 'relu' takes 1 input, got 0; say what it reads, as in from: NAME",
        ],
    ),
    "default of a flag": (
        HEAD.replace("C: 16", "C: 16, deep: {kind: flag, default: true}")
        + "model: [relu]\nvariants: {v: {default: {C: 8 if deep else 4, deep: C > 1}}}\n",
        [
            "@:6:47: deep = C > 1 depends on other symbols, and a flag is plain",
        ],
    ),
    "reserved": (
        "symcost: 1\nname: t\nsymbols: {C_in: 1}\ninputs: {image: [1, 3, 5, 5]}\nmodel: [relu]\n",
        [
            "@:3:1: 'C_in' cannot be the name of a symbol: it is a size of the tensor at hand",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_message(name: str) -> None:
    text, expected = CASES[name]
    with pytest.raises(symcost.SpecError) as caught:
        variant_of(symcost.read_spec(text.encode()), None).cost().at()
    assert str(caught.value).replace("<text>", "@").splitlines() == expected
    assert caught.value.exit_code == 3
