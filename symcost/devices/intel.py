"""Intel's devices. A processor's peaks are cores x operations of a core in a cycle x base clock, and say so."""

from symcost.devices.device import Device, Link, giga, tera

GAUDI_2 = Device(
    name="gaudi2",
    about="Gaudi 2 96GB",
    source="Gaudi 3 white paper (2024), comparison with Gaudi 2: bf16 432 and fp8 865 TFLOP/s on the matrix engine. "
    "Gaudi 2 white paper (2022): 96 GB, 2.45 TB/s, 600 W, 24 ports of 100 Gb/s. Intel Gaudi "
    "documentation, network configuration: 21 of them inside a node of 8, 262.5 GB/s one way, and 3 outside, 37.5",
    dense=tera(bf16=432, fp8=865),
    memory=giga(96),
    bandwidth=giga(2450),
    power=600,
    intra=Link(giga(262.5)),
    inter=Link(giga(37.5)),
    per_node=8,
)
XEON_8480 = Device(
    name="xeon_8480",
    about="Xeon Platinum 8480+ (Sapphire Rapids), one socket",
    source="Intel's product page: 56 cores at 2.0 GHz, 8 channels of DDR5-4800, at most 4 TB, 350 W. A core does in a "
    "cycle 2 x 16 multiply-adds of fp32 (AVX-512), 512 of bf16 or 1,024 of int8 (AMX, a product of tiles in 16 cycles)",
    dense=tera(fp64=3.584, fp32=7.168, bf16=114.688, int8=229.376),
    memory=giga(4000),
    bandwidth=giga(307.2),
    power=350,
)

DEVICES = (GAUDI_2, XEON_8480)
