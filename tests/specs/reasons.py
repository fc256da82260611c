"""Published figures that the shipped networks do not have, and why."""

from __future__ import annotations

from tests.specs.claims import Claim

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
    "senet_orig_ResNeXt-": "4.23 and 7.97 billion, as pycls and timm count too; the paper prints 0.01 and 0.02 more",
    "senet_orig_ResNet-101": "7.570 by its own Table 1, and 7.6 in He et al.; the last digit is wrong",
    "cnx_B_384_f": "45.12 billion, which rounds to 45.1; the authors' other tables print 45.1",
    "cnx_B_384_22k": "45.1; 47.0 is the figure of Swin-B in the row above",
    "vaswani_base_p": "63.0 million with its 37,000 tokens; this and rows B and C of its table fit with 41 thousand",
    "vaswani_big_p": "214.2 million with its 37,000 tokens; 36 thousand give 213, where all its other rows fit with 41",
    "gpt3D1_T5": T5_SIZES,
    "gpt3D1pf_T5": T5_SIZES,
    "gpt3D1_GPT-3_XL": "of 1,320 million parameters, rounded before; 1,315.7 give 2.37",
    "gpt3D1_BERT-Large": "with 355 million parameters, which are RoBERTa-Large's; BERT-Large has 335",
    "gpt3D1pf_BERT-Large": "with 355 million parameters, which are RoBERTa-Large's; BERT-Large has 335",
    "gpt3D1pf_BERT-Base": "of 109 million parameters, rounded before; 109.48 give 1.90",
    "gpt3D1pf_RoBERTa-Base": "of 125 million parameters, rounded before; 124.65 give 17.3",
    "ds_z2_cpu": "of 2,851 million parameters, rounded before; 2,851.6 give 127.48",
    "vit_ViT-L/16": "304.3 million as published since; no reading of the paper gives 307",
    "gpt2_medium_paper": "354.8 million; the authors corrected 345 to 355",
    "gpt2_xl_paper": "1,557.6 million; no reading of the paper gives 1,542",
    "l405_flops_tok": "with a quarter of all pairs of query and key; the half that a causal mask leaves gives 2,473",
}
"""Rows, or beginnings of rows, that the networks here do not have, and why."""


def reason(claim: Claim) -> str | None:
    """Return why a row is not reproduced, None where it should be."""
    return next((why for start, why in IRREPRODUCIBLE.items() if claim.row["id"].startswith(start)), None)
