"""Devices as data: a maker's devices are one file, and a new device is one entry."""

from symcost.devices.device import Device, Link, Peaks, Price, device, devices

__all__ = ["Device", "Link", "Peaks", "Price", "device", "devices"]
