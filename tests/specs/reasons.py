"""Published figures that do not come out here, and those of which nothing is claimed; and why."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from tests.specs.claims import Printed, Row

ROUNDED_BEFORE = (
    "the table multiplies what it prints for one worker, 7.6 and 14.4; without rounding it is 7.64 and 14.42"
)
T5_SIZES = "of the nominal 60, 220, 770, 3,000 and 11,000 million; these have 60.5, 222.9, 737.7, 2,852 and 11,307"
IRREPRODUCIBLE = {
    "cb_featmem_squeezenet1-0": "29 at the 224 it is printed for, 30 at the 227 of Caffe's network",
    "cb_featmem_googlenet": "Caffe's has local response normalisation and no batch norms",
    "cb_featmem_alexnet": "Caffe's has local response normalisation",
    "senet_orig_Inception-ResNet-v2": "13.16 billion at 299, 6.47 at 224; no size in use gives 11.75",
    "mbv1_conv_full_madds": "0.03 % less than its own Table 1 adds up to with full convolutions; no reading gives it",
    "mbv1_0.5_160_params": "Table 9 prints 1.32, Table 6 of this paper 1.3, for the same 1.33 million weights",
    "mb_T9_squeezenet": "twice the MACs, beside AlexNet's 720 in the same table, which are MACs",
    "mbv2_params": "3.47 million without batch norm's, cut off; with them 3.50",
    "mbv3_Large": "219 million stand in the paper, 217 in its authors' code and here",
    "en_B2_params": "9.11 million, as the authors' code and pycls count; the paper prints 9.2",
    "en_B4_flops": "4.39 billion at 380; no other size, nor convention, gives 4.2",
    "en_B5_flops": "10.27 billion at 456; neither another size nor another convention gives 9.9",
    "senet_se_ResNeXt-50": "4.244 billion; the paper's own plain ResNeXt-50 is as much above the 4.23 of others",
    "senet_orig_ResNeXt-*": "4.23 and 7.97 billion, as pycls and timm count too; the paper prints 0.01 and 0.02 more",
    "senet_orig_ResNet-101": "7.570 by its own Table 1, and 7.6 in He et al.; the last digit is wrong",
    "cnx_B_384_f": "45.12 billion, which rounds to 45.1; the authors' other tables print 45.1",
    "cnx_B_384_22k": "45.1; 47.0 is the figure of Swin-B in the row above",
    "vaswani_base_p": "63.0 million with its 37,000 tokens; this and rows B and C of its table fit with 41 thousand",
    "vaswani_big_p": "214.2 million with its 37,000 tokens; 36 thousand give 213, where all its other rows fit with 41",
    "gpt3D1_T5*": T5_SIZES,
    "gpt3D1pf_T5*": T5_SIZES,
    "gpt3D1_GPT-3_XL": "of 1,320 million parameters, rounded before; 1,315.7 give 2.37",
    "gpt3D1_BERT-Large": "with 355 million parameters, which are RoBERTa-Large's; BERT-Large has 335",
    "gpt3D1pf_BERT-Large": "with 355 million parameters, which are RoBERTa-Large's; BERT-Large has 335",
    "gpt3D1pf_BERT-Base": "of 109 million parameters, rounded before; 109.48 give 1.90",
    "gpt3D1pf_RoBERTa-Base": "of 125 million parameters, rounded before; 124.65 give 17.3",
    "ds_z2_cpu": "of 2,851 million parameters, rounded before; 2,851.6 give 127.48",
    "vit_ViT-L/16": "304.3 million as published since; no reading of the paper gives 307",
    "gpt2_medium_paper": "354.8 million; the authors corrected 345 to 355",
    "gpt2_xl_paper": "1,557.6 million; no reading of the paper gives 1,542",
    "cb_alexnet": "724.4 million, as its row of CaffeNet prints, which has the same products",
    "mb_T9_alexnet": "724.4 million, rounded to tens",
    "fa_gflops*": "the authors say that these are off by a factor (issue 741 of their repository): 824.6 and 962",
    "fa_hbm*": "measured; ours moves each tensor once for each kernel, without masks and blocks that are read again",
    "gopher_acc": "appendix F adds up to 5.19e23; Gopher's own paper has 6.31e23 with what is run again and repeated",
    "oa_vgg_m2": "its own factors multiply to 0.101, not 0.12",
    "oa_vgg*": "of 16 billion MACs, rounded before; VGG-16 has 15.47, and needs no gradient of images",
    "oa_dqn": "its own factors multiply to 2.4; of 2.5 million, rounded before",
    "oa_seq2seq": "its own factors multiply to 11,149, not 7,300",
    "zero_t2_4_Pos": ROUNDED_BEFORE,
    "zero_t2_8_Pos+g+p": "1,024, of which one digit is printed",
    "zero_t2_16_Pos+g+p": "2,048, of which one digit is printed",
    "zero_t2_8_Pos": ROUNDED_BEFORE,
    "zero_t2_8_Pos+g": ROUNDED_BEFORE,
    "zero_t2_16_Pos": ROUNDED_BEFORE,
    "zero_t2_16_Pos+g": ROUNDED_BEFORE,
    "kor_f7_*": "not printed, but read off the bars of a figure; all are within 0.14 points of ours",
    "kor_t5_full_*": "measured; ours is the least time that full peaks allow, 63 to 79 % of it",
    "kor_hfu_22B": "43.8 with the 1.10 s that stand beside it; 1.102 s, which round to them, give 43.7",
    "palm_hfu": "which layers ran again is not told; with all of them it is 61.5, with the core of attention 46.4",
    "l3_mfu_400": "40.4; the rate is rounded, and 400.8 would print 41",
    "lla_MT-NLG_50.2": "of a rate rounded to whole TFLOP/s, 121: 120.5 gives 50.17",
    "l405_flops_tok": "with a quarter of all pairs of query and key; the half that a causal mask leaves gives 2,473",
}
"""Patterns of rows that do not come out here, and why."""


NOT_SHIPPED = "networks that are not shipped"
LEFT_OUT = {
    "tv_fasterrcnn_resnet50_fpn_v2*": NOT_SHIPPED,
    "tv_keypointrcnn_*": NOT_SHIPPED,
    "tv_maskrcnn_*": NOT_SHIPPED,
    "mbv2_T4p_ShuffleNet*": NOT_SHIPPED,
    "senet_se_VGG-16": NOT_SHIPPED,
    "senet_orig_BN-Inception": NOT_SHIPPED,
    "senet_se_BN-Inception": NOT_SHIPPED,
    "senet_se_Inception-ResNet-v2": NOT_SHIPPED,
    "swin_det_*": NOT_SHIPPED,
    "detr_Faster_R-CNN-FPN": "an average over 100 images, of sizes that are not printed",
    "detr_Faster_R-CNN-R101-FPN": NOT_SHIPPED,
    "detr_p_Faster_R-CNN-R101-FPN": NOT_SHIPPED,
    "detr_Faster_R-CNN-DC5": NOT_SHIPPED,
    "detr_p_Faster_R-CNN-DC5": NOT_SHIPPED,
    "meg1_agg_*": "measured rates: the times of steps that would give them are not printed with them. As many devices "
    "as there were, at the rate of one that is printed in whole TFLOP/s, come to them within half a TFLOP/s each",
    "gopher_mfu": "a measured share, without the tokens a second that would give it",
    "mamf_*": "measured: the fastest product that was found; all are below the peaks of their devices",
    "lla_FT_*": "measured, without the batch and the lengths that would give it",
    "lla_Llama2-70B_*": "measured, without the batch that would give it",
}
"""Patterns of rows of which nothing is claimed, and why."""


def reason(claim: Printed) -> str | None:
    """Return why a row is not reproduced, None where it should be."""
    return _first(IRREPRODUCIBLE, claim.row)


def left_out(row: Row) -> str | None:
    """Return why nothing is claimed of a row, None where something should be."""
    return _first(LEFT_OUT, row)


def _first(reasons: Mapping[str, str], row: Row) -> str | None:
    return next((why for pattern, why in reasons.items() if fnmatchcase(row["id"], pattern)), None)
