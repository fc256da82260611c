"""NVIDIA's devices. ``fp64`` is that of tensor cores where they take it, ``fp32`` that of the ordinary cores.

Data sheets print a link's two directions together; here stands one. A node's network is that of NVIDIA's own (DGX),
divided by its devices.
"""

from dataclasses import replace
from fractions import Fraction

from symcost.devices.device import Device, Link, Price, giga, tera

_HOPPER = tera(fp64=66.9, fp32=66.9, tf32=494.7, fp16=989.4, bf16=989.4, fp8=1978.9, int8=1978.9)
_HOPPER_SPARSE = tera(tf32=989.4, fp16=1978.9, bf16=1978.9, fp8=3957.8, int8=3957.8)
_AMPERE = tera(fp64=19.5, fp32=19.5, tf32=156, fp16=312, bf16=312, int8=624, int4=1248)
_AMPERE_SPARSE = tera(tf32=312, fp16=624, bf16=624, int8=1248, int4=2496)

V100 = Device(
    name="v100",
    about="V100 SXM2 32GB (Volta)",
    source="V100 data sheet (2020): 7.8, 15.7 and 125 TFLOP/s, 32 GB, 900 GB/s, 300 W, NVLink 300 GB/s. Network: "
    "DGX-1, 4 x 100 Gb/s for 8 devices",
    dense=tera(fp64=7.8, fp32=15.7, fp16=125),
    memory=giga(32),
    bandwidth=giga(900),
    power=300,
    intra=Link(giga(150)),
    inter=Link(giga(6.25)),
    per_node=8,
)
A100_80 = Device(
    name="a100",
    about="A100 SXM4 80GB (Ampere)",
    source="A100 data sheet (2021): 80 GB, 2,039 GB/s, 400 W, NVLink 600 GB/s; int4 of the A100 white paper (2020), "
    "Table 1. Network: DGX A100, 8 x 200 Gb/s for 8 devices",
    dense=_AMPERE,
    sparse=_AMPERE_SPARSE,
    memory=giga(80),
    bandwidth=giga(2039),
    power=400,
    intra=Link(giga(300)),
    inter=Link(giga(25)),
    per_node=8,
)
A100_40 = replace(
    A100_80,
    name="a100_40gb",
    about="A100 SXM4 40GB (Ampere)",
    source="A100 data sheet (2020): 40 GB, 1,555 GB/s, 400 W; the rest as the A100 of 80 GB",
    memory=giga(40),
    bandwidth=giga(1555),
)
H100 = Device(
    name="h100",
    about="H100 SXM5 80GB (Hopper)",
    source="H100 white paper (2022/23), H100 SXM5: 66.9, 494.7, 989.4 and 1,978.9 dense, twice that sparse; the data "
    "sheet rounds, and prints sparse peaks only from tf32 on (1,979 for bf16). Data sheet: 80 GB, 3.35 TB/s, up to "
    "700 W, NVLink 900 GB/s. Network: DGX H100, 8 x 400 Gb/s for 8 devices",
    dense=_HOPPER,
    sparse=_HOPPER_SPARSE,
    memory=giga(80),
    bandwidth=giga(3350),
    power=700,
    intra=Link(giga(450)),
    inter=Link(giga(50)),
    per_node=8,
)
H100_PCIE = Device(
    name="h100_pcie",
    about="H100 PCIe 80GB (Hopper)",
    source="H100 data sheet (2022): 51, 756, 1,513 and 3,026 TFLOP/s with sparsity from tf32 on, here halves of them; "
    "80 GB, 2 TB/s, 350 W, NVLink bridge of two 600 GB/s",
    dense=tera(fp64=51, fp32=51, tf32=378, fp16=756.5, bf16=756.5, fp8=1513, int8=1513),
    sparse=tera(tf32=756, fp16=1513, bf16=1513, fp8=3026, int8=3026),
    memory=giga(80),
    bandwidth=giga(2000),
    power=350,
    intra=Link(giga(300)),
    per_node=2,
)
H800 = replace(
    H100,
    name="h800",
    about="H800 SXM5 80GB (Hopper, NVLink 400 GB/s)",
    source="peaks, memory and power of the H100 but for fp64, which is left out; NVLink 160 GB/s for one direction in "
    "use and 50 GB/s InfiniBand: DeepSeek-V3 (arXiv:2412.19437), section 3.2.2; 400 GB/s for both: DeepSeek 2025 "
    "(arXiv:2505.09343), section 4.1",
    dense={dtype: peak for dtype, peak in _HOPPER.items() if dtype != "fp64"},
    intra=Link(giga(200)),
    price=Price(Fraction(2), "DeepSeek-V3 (arXiv:2412.19437), Table 1, December 2024: rental assumed"),
)
H200 = replace(
    H100,
    name="h200",
    about="H200 SXM 141GB (Hopper)",
    source="H200 data sheet (2024): 141 GB, 4.8 TB/s, up to 700 W; peaks as the H100",
    memory=giga(141),
    bandwidth=giga(4800),
)
B200 = Device(
    name="b200",
    about="B200 SXM 180GB (Blackwell), as in HGX and DGX B200",
    source="Blackwell architecture brief (2024), HGX B200 at 1,000 W: 40, 80, 2,200, 4,500 and 9,000 TFLOP/s, fp4 "
    "18,000, from tf32 on with sparsity and here halves of them. DGX B200 data sheet: 1,440 GB and 64 TB/s for 8 "
    "devices; NVLink 1,800 GB/s; network 8 x 400 Gb/s",
    dense=tera(fp64=40, fp32=80, tf32=1100, fp16=2250, bf16=2250, fp8=4500, int8=4500, fp4=9000),
    sparse=tera(tf32=2200, fp16=4500, bf16=4500, fp8=9000, int8=9000, fp4=18000),
    memory=giga(180),
    bandwidth=giga(8000),
    power=1000,
    intra=Link(giga(900)),
    inter=Link(giga(50)),
    per_node=8,
)
L4 = Device(
    name="l4",
    about="L4 24GB (Ada Lovelace)",
    source="L4 data sheet (2023): 30.3 TFLOP/s fp32; 120, 242 and 485 with sparsity, here halves of them; 24 GB, "
    "300 GB/s, 72 W, PCIe 64 GB/s",
    dense=tera(fp32=30.3, tf32=60, fp16=121, bf16=121, fp8=242.5, int8=242.5),
    sparse=tera(tf32=120, fp16=242, bf16=242, fp8=485, int8=485),
    memory=giga(24),
    bandwidth=giga(300),
    power=72,
    intra=Link(giga(32)),
)
L40S = Device(
    name="l40s",
    about="L40S 48GB (Ada Lovelace)",
    source="L40S data sheet (2023), dense | sparse as printed: 183 | 366, 362.05 | 733, 733 | 1,466, int4 733 | 1,466; "
    "48 GB, 864 GB/s, 350 W, PCIe 64 GB/s",
    dense=tera(fp32=91.6, tf32=183, fp16=362.05, bf16=362.05, fp8=733, int8=733, int4=733),
    sparse=tera(tf32=366, fp16=733, bf16=733, fp8=1466, int8=1466, int4=1466),
    memory=giga(48),
    bandwidth=giga(864),
    power=350,
    intra=Link(giga(32)),
)
RTX_4090 = Device(
    name="rtx4090",
    about="GeForce RTX 4090 24GB (Ada Lovelace)",
    source="Ada GPU architecture white paper (2022), Appendix A: products added up in fp32 (fp16 and fp8 added up in "
    "fp16 are twice as fast); 24 GB, 1,008 GB/s, 450 W, PCIe 4.0 x 16",
    dense=tera(fp32=82.6, tf32=82.6, fp16=165.2, bf16=165.2, fp8=330.3, int8=660.6, int4=1321.2),
    sparse=tera(tf32=165.2, fp16=330.4, bf16=330.4, fp8=660.6, int8=1321.2, int4=2642.4),
    memory=giga(24),
    bandwidth=giga(1008),
    power=450,
    intra=Link(giga(32)),
)
T4 = Device(
    name="t4",
    about="T4 16GB (Turing)",
    source="T4 data sheet (2019): 8.1, 65, 130 and 260; 16 GB, 300 GB/s (the product brief: up to 320), 70 W, "
    "PCIe 32 GB/s",
    dense=tera(fp32=8.1, fp16=65, int8=130, int4=260),
    memory=giga(16),
    bandwidth=giga(300),
    power=70,
    intra=Link(giga(16)),
)

DEVICES = (V100, A100_40, A100_80, H100, H100_PCIE, H800, H200, B200, L4, L40S, RTX_4090, T4)
