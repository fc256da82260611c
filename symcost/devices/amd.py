"""AMD's devices. Peaks are those of matrix cores; a link's two directions are printed together, here stands one."""

from symcost.devices.device import Device, Link, giga, tera

MI250X = Device(
    name="mi250x",
    about="Instinct MI250X 128GB (CDNA 2), both of its dies",
    source="MI250X data sheet (2021): fp64 and fp32 matrix 95.7, fp16, bf16, int8 and int4 383.0; 128 GB, 3.2768 TB/s, "
    "500 W and 560 W at peak, 8 Infinity Fabric links of 100 GB/s, both directions together",
    dense=tera(fp64=95.7, fp32=95.7, fp16=383, bf16=383, int8=383, int4=383),
    memory=giga(128),
    bandwidth=giga(3276.8),
    power=560,
    intra=Link(giga(400)),
)
MI300X = Device(
    name="mi300x",
    about="Instinct MI300X 192GB (CDNA 3)",
    source="MI300X data sheet (2023): fp64 and fp32 matrix 163.4, tf32 653.7, fp16 and bf16 1,307.4, fp8 and int8 "
    "2,614.9, sparse twice that; 192 GB, 5.3 TB/s, 750 W; platform of 8: 7 links of 128 GB/s to the others",
    dense=tera(fp64=163.4, fp32=163.4, tf32=653.7, fp16=1307.4, bf16=1307.4, fp8=2614.9, int8=2614.9),
    sparse=tera(tf32=1307.4, fp16=2614.9, bf16=2614.9, fp8=5229.8, int8=5229.8),
    memory=giga(192),
    bandwidth=giga(5300),
    power=750,
    intra=Link(giga(448)),
    per_node=8,
)

DEVICES = (MI250X, MI300X)
