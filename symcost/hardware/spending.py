"""What time on devices takes: energy, carbon and money.

Energy is power x time x utilisation, times the data centre's power usage effectiveness (PUE: all that it draws for what
its machines draw); carbon is energy times what the grid gives off (Touvron et al. 2023, arXiv:2302.13971, section 6,
after Wu et al. 2022); money is device hours times their price.
"""

from __future__ import annotations

from fractions import Fraction

from symcost.algebra.poly import Num

HOUR, DAY = 3600, 86400
"""Seconds."""


def energy_kwh(watts: Num, device_seconds: Num, utilization: Num = 1, pue: Num = 1) -> Num:
    """Return kilowatt-hours of devices of some watts over device seconds, the data centre's share included."""
    return watts * device_seconds * utilization * pue * Fraction(1, HOUR * 1000)


def carbon_kg(kwh: Num, intensity: Num) -> Num:
    """Return kilograms of CO2 equivalent at an intensity in kg/kWh."""
    return kwh * intensity


def money(device_seconds: Num, per_hour: Num) -> Num:
    """Return the price of device seconds at a price an hour."""
    return device_seconds * per_hour * Fraction(1, HOUR)


def petaflops_days(flops: Num) -> Num:
    """Return operations in petaflop/s-days: 10^15 a second for a day (Amodei and Hernandez 2018, AI and compute)."""
    return flops * Fraction(1, DAY * 10**15)
