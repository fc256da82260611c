"""What rows of published figures say of networks: work, parameters, activations; a reader for each source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from symcost.algebra.poly import substitute
from tests.specs.claims import Claim, Printed, Row, Worked
from tests.specs.drawn import network
from tests.specs.sums import AND_BUFFERS, CHECKPOINT, GATED, MAPS, PLACES, SCORES, UNNORMED, UNPLACED, WRITTEN


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


def _alexnet(row: Row) -> Claim:
    """The one of Krizhevsky et al. 2012, which Darknet has without groups."""
    name = "AlexNet of 2012"
    if row["id"] == "cb_parammem_alexnet":
        return Claim(row, name, AND_BUFFERS, times=Fraction(4))
    if row["id"] == "dk_alexnet":
        return Claim(row, name, "flops", "torch", structure={"g": 1})
    return Claim(row, name, "macs")


def _mobilenet_layer(row: Row) -> Claim:
    """Table 3, whose rows go on from one another."""
    changes = ("full", "depthwise", "alpha=0.75", "rho=0.714")
    step = changes.index(row["id"].rpartition("_")[2])
    at = {"C": 512 if step < 2 else 384, "H": 10 if step == 3 else 14}
    metric = "macs" if row["id"].startswith("mbv1_T3_") else "params"
    return Claim(row, "a layer of MobileNet", metric, at=at, structure={"full": step == 0})


def _side_of_the_map(row: Row) -> Worked:
    (out,) = network("unet_valid").graph().outputs
    return Worked(
        row, "`unet_valid`: height of what comes out for 572 = 16 h + 12", lambda: substitute(out.shape[2], {"h": 35})
    )


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

READERS: dict[str, Callable[[Row], Printed | None]] = {
    "cb_alexnet": _alexnet,
    "cb_caffenet": _alexnet,
    "cb_parammem_alexnet": _alexnet,
    "dk_alexnet": _alexnet,
    "mb_T9_alexnet": _alexnet,
    "dk_yolov2": lambda row: Claim(row, "YOLOv2", "flops", "torch"),
    "dk_tiny_yolo_": lambda row: Claim(row, "Tiny YOLOv2", "flops", "torch"),
    "mbv1_T3": _mobilenet_layer,
    "unet_out": _side_of_the_map,
    "acc_bert": lambda row: Claim(row, "bert_base", PLACES, at={"V": 28_996}),
    "ds_bert": lambda row: Claim(row, "bert_large", SCORES, at={"B": 80, "T": 128}),
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
    "p_": _llama,
    "gpt3_21": _gpt3,
    "acc_resnet50": lambda row: Claim(row, "resnet50", CHECKPOINT),
    "ds_lenet": _lenet,
    "": _named(PLAIN),
}
"""How the rows of a source are read, by the start of their names."""
