"""Google's tensor processing units, by chip. The pod's network counts as the inner link: that of all ports, one way.

Power of v3 and v4 is the most that was measured; that of later ones is not published.
"""

from symcost.devices.device import Device, Link, giga, tera

V3 = Device(
    name="tpu_v3",
    about="TPU v3 chip of two cores",
    source="Jouppi et al. 2023 (arXiv:2304.01433), Table 4: 123 TFLOP/s, 32 GB, 900 GB/s, 4 links of 70 GB/s, at most "
    "262 W",
    dense=tera(bf16=123),
    memory=giga(32),
    bandwidth=giga(900),
    power=262,
    intra=Link(giga(280)),
    per_node=1024,
)
V4 = Device(
    name="tpu_v4",
    about="TPU v4 chip of two cores",
    source="Jouppi et al. 2023 (arXiv:2304.01433), Table 4: 275 TFLOP/s (int8 too), 32 GB, 1,200 GB/s, 6 links of "
    "50 GB/s, at most 192 W",
    dense=tera(bf16=275, int8=275),
    memory=giga(32),
    bandwidth=giga(1200),
    power=192,
    intra=Link(giga(300)),
    per_node=4096,
)
V5E = Device(
    name="tpu_v5e",
    about="TPU v5e chip",
    source="cloud.google.com/tpu/docs/v5e: 197 and 393, 16 GB, 819 GB/s, 400 GB/s to and fro between chips, 256 chips "
    "a pod with 6.4 Tb/s of network",
    dense=tera(bf16=197, int8=393),
    memory=giga(16),
    bandwidth=giga(819),
    intra=Link(giga(200)),
    inter=Link(giga(3.125)),
    per_node=256,
)
V5P = Device(
    name="tpu_v5p",
    about="TPU v5p chip",
    source="cloud.google.com/tpu/docs/v5p: 459, 95 GB, 2,765 GB/s, 1,200 GB/s to and fro between chips (before: 4,800 "
    "Gb/s), 8,960 chips a pod; int8 918: Google's announcement (December 2023)",
    dense=tera(bf16=459, int8=918),
    memory=giga(95),
    bandwidth=giga(2765),
    intra=Link(giga(600)),
    per_node=8960,
)
V6E = Device(
    name="tpu_v6e",
    about="TPU v6e (Trillium) chip",
    source="cloud.google.com/tpu/docs/v6e: 918 and 1,836, 32 GB, 1,600 GB/s (since then 1,638), 800 GB/s to and fro "
    "between chips, 256 chips a pod with 25.6 Tb/s of network",
    dense=tera(bf16=918, int8=1836),
    memory=giga(32),
    bandwidth=giga(1600),
    intra=Link(giga(400)),
    inter=Link(giga(12.5)),
    per_node=256,
)

DEVICES = (V3, V4, V5E, V5P, V6E)
