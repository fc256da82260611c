"""What the rows of published figures are figures of: a reader for each source.

Rows that no reader takes are of networks or quantities that are not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from symcost.catalog import names
from tests.specs.claims import (
    AND_BUFFERS,
    ATTENTION,
    CHECKPOINT,
    GATED,
    MAPS,
    UNNORMED,
    UNPLACED,
    WRITTEN,
    Claim,
    Row,
    rows,
)


def claims() -> list[Claim]:
    """Return what every row says that a reader takes."""
    return [claim for row in rows() for claim in _read(row)]


def _read(row: Row) -> Iterator[Claim]:
    for start, reader in READERS.items():
        if row["id"].startswith(start):
            claim = reader(row)
            if claim is not None and claim.network in names():
                yield claim
            return


def _side(row: Row, default: int | None = None) -> dict[str, int]:
    """Return the size of the image that a row names, as 224x224 or 224."""
    found = re.search(r"(\d+)x(\d+)", row["inputs"]) or re.fullmatch(r"(\d+)()", row["inputs"].strip())
    if found is None:
        return {} if default is None else {"H": default, "W": default}
    return {"H": int(found[1]), "W": int(found[2] or found[1])}


PRINTED = {
    "googlenet": {"aux": False},
    "fcos_resnet50_fpn": {"frozen_norms": True},
    "retinanet_resnet50_fpn": {"frozen_norms": True},
    "fasterrcnn_resnet50_fpn": {"frozen_norms": True},
}
"""What torchvision's trained weights are for: networks without auxiliary heads, or with batch norms as constants."""


def _torchvision(row: Row) -> Claim:
    found = re.fullmatch(r"tv_(.+)_(params|gmac)", row["id"])
    assert found is not None
    name = found[1] + ("_aux" if found[1].startswith(("fcn_", "deeplabv3_resnet")) else "")
    if found[2] == "params":
        return Claim(row, name, "params", structure=PRINTED.get(name, {}))
    return Claim(row, name, "flops", "torchvision", _side(row))


PYCLS = {
    "R-50-1x64d": "resnet50", "R-152-1x64d": "resnet152",
    "R-56-CIFAR": "resnet56_cifar_pycls", "R-110-CIFAR": "resnet110_cifar_pycls",
    "X-50-32x4d": "resnext50_32x4d", "X-152-32x4d": "resnext152_32x4d",
    "RegNetX-400MF": "regnet_x_400mf_pycls", "RegNetY-800MF": "regnet_y_800mf_pycls",
    "RegNetY-8.0GF": "regnet_y_8gf_pycls",
}  # fmt: skip


def _pycls(row: Row) -> Claim:
    net = row["architecture"]
    name = PYCLS.get(net) or net.replace("EN-B", "efficientnet_b").replace("RegNet", "regnet_")
    name = re.sub(r"[-.]", "_", name.lower()).replace("8_0gf", "8gf")
    kind = row["id"].rpartition("_")[2]
    if kind == "params":
        return Claim(row, name, "params")
    metric, convention = ("flops", "pycls") if kind == "flops" else (WRITTEN, "symcost")
    return Claim(row, name, metric, convention, _side(row))


DARKNET = {"yolov3-320": "yolov3", "yolov3-416": "yolov3", "yolov3-608": "yolov3", "yolov3-spp": "yolov3_spp",
           "yolov3-tiny": "yolov3_tiny"}  # fmt: skip


def _darknet(row: Row) -> Claim | None:
    name = DARKNET.get(row["id"].removeprefix("dk_"))
    return Claim(row, name, "flops", "torch", _side(row)) if name else None


def _burden(row: Row) -> Claim | None:
    """Return a claim on bytes of 32-bit numbers; where Caffe's network is another one, only its maps are claimed."""
    nets = {"vgg-vd-16": "vgg16", "vgg-vd-19": "vgg19", "resnet-50": "resnet50_v1", "resnet-101": "resnet101_v1",
            "resnet-152": "resnet152_v1", "densenet121": "densenet121", "mcn-mobilenet": "mobilenet_v1"}  # fmt: skip
    others = {"squeezenet1-0": "squeezenet1_0", "googlenet": "googlenet", "alexnet": "alexnet"}
    maps = "featmem" in row["id"]
    name = nets.get(row["architecture"]) or (others.get(row["architecture"]) if maps else None)
    return Claim(row, name, MAPS if maps else AND_BUFFERS, times=Fraction(4)) if name and "mem" in row["id"] else None


def _mobilenet_v1(row: Row) -> Claim | None:
    found = re.fullmatch(r"mbv1_(?:(1\.0|0\.\d+)_(\d+)|conv_(full)|(shallow))_(madds|params)", row["id"])
    if found is None:
        return None
    kind = found[3] or found[4] or ("" if found[1] == "1.0" else found[1])
    side = int(found[2] or 224)
    name = "mobilenet_v1" + (f"_{kind}" if kind else "")
    metric = "macs" if found[5] == "madds" else "params"
    return Claim(row, name, metric, at={"H": side, "W": side})


def _lenet(row: Row) -> Claim:
    metric = row["id"].removeprefix("ds_lenet_")
    convention = "deepspeed" if metric == "flops" else "symcost"
    return Claim(row, "lenet5", metric, convention, {"B": 1024}, {"probabilities": True})


def _named(table: Mapping[str, tuple[str, str]]) -> Callable[[Row], Claim | None]:
    """Return a reader of rows that name a network and a metric each."""

    def read(row: Row) -> Claim | None:
        known = table.get(row["id"])
        return Claim(row, *known) if known else None

    return read


def _efficientnet(row: Row) -> Claim:
    name = f"efficientnet_b{row['architecture'][-1]}"
    return Claim(row, name, "macs" if row["id"].endswith("flops") else "params")


SENET = {
    "ResNet": "resnet{}_v1", "ResNeXt": "resnext{}_32x4d", "SE-ResNet": "seresnet{}_v1",
    "SE-ResNeXt": "seresnext{}_32x4d", "VGG": "vgg{}",
}  # fmt: skip


def _senet(row: Row) -> Claim | None:
    family, _, size = row["architecture"].rpartition("-")
    metric = GATED if family.startswith("SE-") else "macs"
    if row["architecture"] == "Inception-ResNet-v2":
        return Claim(row, "inception_resnet_v2", "macs")
    return Claim(row, SENET[family].format(size), metric) if family in SENET else None


def _convnext(row: Row) -> Claim:
    size = {"B": "base", "L": "large", "T": "tiny", "X": "xlarge"}[row["architecture"].partition("-")[2][0]]
    return Claim(row, f"convnext_{size}", "params" if row["id"].endswith("_p") else "macs", at=_side(row))


def _swin(row: Row) -> Claim | None:
    found = re.fullmatch(r"swin_([TSBL])_(\d+)_([fp])", row["id"])
    if found is None:
        return None
    name = f"swin_{found[1].lower()}" + ("_384" if found[2] == "384" else "")
    return Claim(row, name, "params" if found[3] == "p" else "macs")


def _swin_v2(row: Row) -> Claim | None:
    found = re.fullmatch(r"swinv2_SwinV2-([TSB])_w(8|16)", row["id"])
    return Claim(row, f"swinv2_{_SIZES[found[1]]}_window{found[2]}_256", UNPLACED) if found else None


_SIZES = {"T": "tiny", "S": "small", "B": "base"}


def _llama(row: Row) -> Claim | None:
    return Claim(row, LLAMA[row["architecture"]], "params") if row["architecture"] in LLAMA else None


LLAMA = {
    "LLaMA/Llama-2 7B": "llama2_7b", "LLaMA/Llama-2 13B": "llama2_13b", "LLaMA 33B": "llama_33b",
    "LLaMA 65B": "llama_65b", "Llama-3.1 405B": "llama3_1_405b", "Mistral 7B": "mistral_7b",
}  # fmt: skip


def _gpt3(row: Row) -> Claim:
    size = row["architecture"].removeprefix("GPT-3 ").lower().replace(".", "_")
    return Claim(row, f"gpt3_{size}", "params")


def _gpt3_training(row: Row) -> Claim:
    """Table D.1: 3 FLOPs, or 6 for networks without an encoder of their own, per parameter and token."""
    name = re.sub(r"[-.]", "_", row["architecture"].lower()).replace("gpt_3 ", "gpt3_")
    tokens, flops = re.search(r"T=(\d+)B", row["inputs"]), 3 if name.startswith("t5") else 6
    assert tokens is not None
    return Claim(row, name, "params", times=Fraction(flops * int(tokens[1]) * 10**9))


CACHES = {"kv_DeepSeek-V3": "deepseek_v3", "kv_Qwen-2.5": "qwen2_5_72b", "kv_LLaMA-3.1": "llama3_1_405b",
          "kv_llama31_8b": "llama3_8b"}  # fmt: skip


def _chinchilla(row: Row) -> Claim | None:
    known = {"chin_p_Chinchilla": {"L": 80, "E": 8192, "h": 64}, "chin_p_Gopher": {"L": 80, "E": 16384, "h": 128}}
    if row["id"] in known:
        at = known[row["id"]]
        return Claim(row, "chinchilla", UNNORMED, at={**at, "F": 4 * at["E"]})
    if not row["id"].startswith("chinA9_"):
        return None
    said = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", row["inputs"])}
    at = {"E": said["d"], "F": said["f"], "q": said["kv"], "h": said["heads"], "L": said["L"]}
    return Claim(row, "chinchilla", UNNORMED, at=at)


def _per_token(row: Row) -> Claim | None:
    name = {"dsv3_flops_tok": "deepseek_v3", "l405_flops_tok": "llama3_1_405b"}[row["id"]]
    return Claim(row, name, "train_flops", "megatron:causal=half", {"B": 1, "T": 4096}, times=Fraction(1, 4096))


def _cache(row: Row) -> Claim | None:
    name = CACHES.get(row["id"])
    return Claim(row, name, "kv_cache", at={"B": 1, "T": 1}, times=Fraction(2)) if name else None


def _zero(row: Row) -> Claim:
    """Bytes that ZeRO 2 needs on a GPU of 8, or on the CPU, for each parameter."""
    times = {"ds_z2_gpu_doc": 4 + Fraction(16, 8), "ds_z2_off": Fraction(2), "ds_z2_cpu": 4 * 8 * Fraction(3, 2)}
    return Claim(row, "t5_3b", "params", times=times[row["id"]])


def _maxtext(row: Row) -> Claim:
    counted = {
        "maxtext_tot": ("train_flops", "megatron:causal=half"),
        "maxtext_w": ("train_flops", "megatron:attention=left_out"),
        "maxtext_attn0": (ATTENTION, "megatron"),
        "maxtext_attn1": (ATTENTION, "megatron:causal=half"),
    }
    return Claim(row, "llama2_7b", *counted[row["id"]], {"B": 4, "T": 8192})


PLAIN = {
    "mbv2_madds": ("mobilenet_v2", "macs"), "mbv2_params": ("mobilenet_v2", "params"),
    "mbv3_Large": ("mobilenet_v3_large", "macs"), "mbv3_Small": ("mobilenet_v3_small", "macs"),
    "mb_T9_squeezenet": ("squeezenet1_0", "macs"),
    "mbv2_T4p_MobileNetV1V2)": ("mobilenet_v1", "params"),
    "mbv2_T4p_NasNet-ANasNet-A": ("nasnetamobile", "params"),
    "xception_params": ("xception", "params"),
    "deit_DeiT-Ti": ("deit_tiny", "params"), "deit_DeiT-S": ("deit_small", "params"),
    "deit_DeiT-B": ("deit_base", "params"),
    "vit_ViT-B/16": ("vit_b_16", "params"), "vit_ViT-L/16": ("vit_l_16", "params"),
    "vit_ViT-H/14": ("vit_h_14", "params"),
    "detr_p_DETR-R50": ("detr_resnet50", "params"), "detr_p_DETR-R101": ("detr_resnet101", "params"),
    "detr_p_DETR-DC5": ("detr_resnet50_dc5", "params"), "detr_p_DETR-DC5-R101": ("detr_resnet101_dc5", "params"),
    "detr_p_Faster_R-CNN-FPN": ("fasterrcnn_resnet50_fpn", "params"),
    "unet_params": ("unet_valid", "params"),
    "bert_base_pub": ("bert_base", "params"), "bert_large_pub": ("bert_large", "params"),
    "bert_base_exact": ("bert_base", "params"), "bert_large_exact": ("bert_large", "params"),
    "gpt2_medium_paper": ("gpt2_medium", "params"), "gpt2_medium_exact": ("gpt2_medium", "params"),
    "gpt2_xl_paper": ("gpt2_xl", "params"), "gpt2_xl_exact": ("gpt2_xl", "params"),
    "mixtral_total": ("mixtral_8x7b", "params"), "mixtral_exact": ("mixtral_8x7b", "params"),
    "mixtral_active": ("mixtral_8x7b", "params_active"),
    "dsv3_total": ("deepseek_v3", "params"), "dsv3_active": ("deepseek_v3", "params_active"),
    "vaswani_big_p": ("transformer_big", "params"), "vaswani_base_p": ("transformer_base", "params"),
}  # fmt: skip
"""Rows that name a network and a metric as they stand."""

READERS: dict[str, Callable[[Row], Claim | None]] = {
    "tv_": _torchvision,
    "pycls_": _pycls,
    "dk_": _darknet,
    "cb_": _burden,
    "mbv1_": _mobilenet_v1,
    "en_": _efficientnet,
    "senet_": _senet,
    "cnx_": _convnext,
    "swin_": _swin,
    "swinv2_": _swin_v2,
    "chin": _chinchilla,
    "dsv3_flops": _per_token,
    "l405_": _per_token,
    "p_": _llama,
    "gpt3_21": _gpt3,
    "gpt3D1": _gpt3_training,
    "ds_z2": _zero,
    "l3_flops": lambda row: Claim(row, "llama3_1_405b", "params", times=Fraction(6 * 15_600 * 10**9)),
    "acc_resnet50": lambda row: Claim(row, "resnet50", CHECKPOINT),
    "kv_": _cache,
    "ds_lenet": _lenet,
    "maxtext_": _maxtext,
    "": _named(PLAIN),
}
"""How the rows of a source are read, by the start of their names."""
