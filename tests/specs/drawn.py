"""Networks that published figures are of and that are not shipped: as small as the figures allow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import symcost
from symcost.architecture import Architecture, variant_of
from symcost.spec import read_spec

PARAMETERS = """
symcost: 1
name: P parameters
symbols: {B: 1, P: {default: 7500000000}}
inputs: {x: [B, 1]}
model: [linear: {out: P, bias: false}]
"""
ALEXNET = """
symcost: 1
name: AlexNet as Krizhevsky et al. 2012 print it, groups for two GPUs
symbols: {B: 1, H: 227, g: {kind: constant, default: 2}}
inputs: {image: [B, 3, H, H]}
blocks:
  pool: {body: [max_pool2d: {kernel: 3, stride: 2}]}
  conv: {args: {c: ~, k: 3, g: 1}, body: [conv2d: {out: c, kernel: k, padding: same, groups: g}, relu]}
model:
  - conv2d: {out: 96, kernel: 11, stride: 4}
  - relu
  - pool
  - conv: {c: 256, k: 5, g: g}
  - pool
  - conv: 384
  - conv: {c: 384, g: g}
  - conv: {c: 256, g: g}
  - pool
  - flatten
  - linear: 4096
  - linear: 4096
  - linear: 1000
"""
MOBILENET_LAYER = """
symcost: 1
name: a layer of MobileNet, with a full or a depthwise separable convolution
symbols: {B: 1, H: 14, C: 512, full: {kind: flag, default: false}}
inputs: {x: [B, C, H, H]}
model:
  - when: full
    do: [conv2d: {out: C, kernel: 3, padding: same, bias: false}]
    else:
      - conv2d: {out: C, kernel: 3, padding: same, groups: C, bias: false}
      - conv2d: {out: C, kernel: 1, bias: false}
"""
_DARKNET = """
inputs: {image: [B, 3, H, H]}
blocks:
  conv: {args: {c: ~, k: 3}, body: [conv2d: {out: c, kernel: k, padding: same, bias: false}, batch_norm, leaky_relu]}
  pooled: {args: {c: ~}, body: [conv: c, max_pool2d: 2]}
  thrice: {args: {c: ~}, body: [conv: 2*c, conv: {c: c, k: 1}, conv: 2*c]}
"""
TINY_YOLO_V2 = f"""
symcost: 1
name: Tiny YOLOv2 as yolov2-tiny.cfg of Darknet, without its last pooling, which leaves the map as large
symbols: {{B: 1, H: 416}}{_DARKNET}
model:
  - pooled: 16
  - pooled: 32
  - pooled: 64
  - pooled: 128
  - pooled: 256
  - conv: 512
  - conv: 1024
  - conv: 512
  - conv2d: {{out: 425, kernel: 1}}
"""
YOLO_V2 = f"""
symcost: 1
name: YOLOv2 as yolov2.cfg of Darknet
symbols: {{B: 1, H: {{default: 608, multiple_of: 32}}}}{_DARKNET}
model:
  - pooled: 32
  - pooled: 64
  - thrice: 64
  - max_pool2d: 2
  - thrice: 128
  - max_pool2d: 2
  - thrice: 256
  - conv: {{c: 256, k: 1}}
  - {{conv: 512, name: fine}}
  - max_pool2d: 2
  - thrice: 512
  - conv: {{c: 512, k: 1}}
  - conv: 1024
  - conv: 1024
  - {{conv: 1024, name: coarse}}
  - {{conv: {{c: 64, k: 1}}, from: fine}}
  - {{pixel_unshuffle: 2, name: stacked}}
  - {{concat: 1, from: [stacked, coarse]}}
  - conv: 1024
  - conv2d: {{out: 425, kernel: 1}}
"""
_ATTENTION = """
symcost: 1
name: attention of 16 heads of 64, with queries, keys and values that are made before
symbols: {B: 64, T: 1024}
inputs: {x: [B, 16, T, 64]}
model:
  - {linear: {out: 64, bias: false}, from: x, name: q}
  - {linear: {out: 64, bias: false}, from: x, name: k}
  - {linear: {out: 64, bias: false}, from: x, name: v}
  - {scaled_dot_product_attention: {fused: FUSED}, from: [q, k, v]}
"""
TEXTS: Mapping[str, str] = {
    "P parameters": PARAMETERS,
    "AlexNet of 2012": ALEXNET,
    "a layer of MobileNet": MOBILENET_LAYER,
    "Tiny YOLOv2": TINY_YOLO_V2,
    "YOLOv2": YOLO_V2,
    "attention in steps": _ATTENTION.replace("FUSED", "false"),
    "fused attention": _ATTENTION.replace("FUSED", "true"),
}


@cache
def network(name: str) -> Architecture:
    """Return a network that is drawn here, or a shipped one."""
    return variant_of(read_spec(TEXTS[name].encode()), None) if name in TEXTS else symcost.load(name)
