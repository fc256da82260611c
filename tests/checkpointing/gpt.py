"""A GPT as Korthikanti et al. 2022 (arXiv:2205.05198) count it: section 4.1, attention by two products."""

from __future__ import annotations

from pathlib import Path

TEXT = """
symcost: 1
name: GPT
symbols: {B: 4, T: 2048, E: 6144, h: 64, L: {default: 48, min: LEAST}}
inputs: {x: [B, T, E]}
blocks:
  heads:
    body:
      - reshape: [B, T, h, E/h]
      - transpose: {dim0: 1, dim1: 2}
  attention:
    body:
      - linear: 3*E
      - {chunk: {chunks: 3, dim: -1}, name: qkv}
      - {heads: ~, from: qkv.0, name: q}
      - {heads: ~, from: qkv.1}
      - {transpose: {dim0: 2, dim1: 3}, name: k}
      - {heads: ~, from: qkv.2, name: v}
      - {matmul: ~, from: [q, k]}
      - softmax
      - dropout: 0.1
      - {matmul: ~, from: [here, v]}
      - transpose: {dim0: 1, dim1: 2}
      - flatten: {start_dim: 2}
      - linear: E
  layer:
    body:
      - residual: [layer_norm, attention, dropout: 0.1]
      - residual: [layer_norm, linear: 4*E, gelu, linear: E, dropout: 0.1]
model:
  - linear: E
  - repeat: L
    do: [layer]
"""


def gpt(folder: Path, least: int = 1) -> Path:
    path = folder / "gpt.yaml"
    path.write_text(TEXT.replace("LEAST", str(least)))
    return path
