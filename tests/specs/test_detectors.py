"""Detectors against what their authors' code prints, and closed forms derived by hand."""

from __future__ import annotations

from functools import cache

import pytest
import sympy

import symcost


@cache
def cost(name: str) -> symcost.Cost:
    return symcost.load(name).cost("torch")


PRINTED = {
    # Ultralytics' yolo11.yaml and yolo12.yaml, comments on the scales: gradients, which are trainable elements
    "yolo11n": 2_624_064, "yolo11s": 9_458_736, "yolo11m": 20_114_672, "yolo11l": 25_372_144, "yolo11x": 56_966_160,
    "yolo12n": 2_602_272, "yolo12s": 9_284_080, "yolo12m": 20_199_152, "yolo12l": 26_450_768, "yolo12x": 59_210_768,
    # yolov8.yaml there
    "yolov8n": 3_157_184, "yolov8s": 11_166_544, "yolov8m": 25_902_624, "yolov8l": 43_691_504, "yolov8x": 68_229_632,
    # main.py of facebookresearch/detr prints the number of trained parameters
    "detr_resnet50": 41_302_368,
    # torchvision's num_params
    "retinanet_resnet50_fpn_v2": 38_198_935, "deeplabv3_mobilenet_v3_large_aux": 11_029_328,
}  # fmt: skip


@pytest.mark.parametrize(("name", "params"), PRINTED.items())
def test_trained_parameters(name: str, params: int) -> None:
    assert cost(name).at().params == params


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("fasterrcnn_resnet50_fpn", 41_755_286),
        ("fcos_resnet50_fpn", 32_269_600),
        ("retinanet_resnet50_fpn", 34_014_999),
    ],
)
def test_trained_detectors_hold_batch_norms_frozen(name: str, params: int) -> None:
    """torchvision's num_params of its trained models, which count no batch norms."""
    assert symcost.load(name).cost("torch", frozen_norms=True).at().params == params


@pytest.mark.parametrize(
    ("name", "millions", "gflops"),
    [("n", "1.9", "4.5"), ("s", "7.2", "16.5"), ("m", "21.2", "49.0"), ("l", "46.5", "109.1"), ("x", "86.7", "205.7")],
)
def test_yolov5_is_what_its_readme_prints(name: str, millions: str, gflops: str) -> None:
    """Within a unit of the last digit, and at most 0.8 % more FLOPs, since its tool counts batch norms too."""
    found = cost(f"yolov5{name}").at()
    assert abs(found.params / 1e6 - float(millions)) < 0.1
    assert 0 <= float(gflops) * 1e9 - found.flops < 0.008 * found.flops


def test_the_transformer_of_detr_by_hand() -> None:
    """Parameters of six layers each: 4 E**2 + 4 E of an attention, 2 D E + D + E forward, 2 E of a norm."""
    E, D, L, M, Q, K, C = sympy.symbols("E D L M Q K C", positive=True, integer=True)
    attention, forward, norm = 4 * E**2 + 4 * E, 2 * D * E + D + E, 2 * E
    encoder, decoder = attention + forward + 2 * norm, 2 * attention + forward + 3 * norm
    heads = norm + E * K + K + 2 * (E**2 + E) + 4 * E + 4
    rest = sympy.expand(L * encoder + M * decoder + heads + Q * E + 32 * C * E + E)
    backbone = cost("detr_resnet50").params - rest
    assert sympy.expand(backbone).free_symbols == {C}


def test_proposals_are_paid_one_by_one() -> None:
    """Of Faster R-CNN's work only the head of two linear layers knows how many boxes there are."""
    B, P, F, D, K = sympy.symbols("B P F D K", positive=True, integer=True)
    found = cost("fasterrcnn_resnet50_fpn").macs
    assert sympy.expand(sympy.diff(found, P) - B * (49 * F * D + D**2 + 5 * K * D)) == 0


def test_a_cell_of_yolov5_has_three_anchors() -> None:
    """Widths 4 C, 8 C and 16 C at strides 8, 16 and 32, each to A (K + 5): 7/64 + 35/64 of B C H W A."""
    B, C, H, W, A, K = sympy.symbols("B C H W A K", positive=True, integer=True)
    cells = B * H * W * (4 * C / sympy.Integer(64) + 8 * C / sympy.Integer(256) + 16 * C / sympy.Integer(1024))
    found = cost("yolov5n").macs
    assert sympy.expand(found - found.subs(A, 0) - cells * A * (K + 5)) == 0
