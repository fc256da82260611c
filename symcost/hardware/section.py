"""The section of a setup that says what a network runs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, PlainSerializer, PlainValidator

from symcost.algebra.poly import Num, constant
from symcost.devices import Device, device, devices
from symcost.errors import UsageError, quoted
from symcost.hardware.roof import Roof
from symcost.section import Rate, Section, Share


def _read(value: object) -> Device | None:
    if value is None or isinstance(value, Device):
        return value
    if not isinstance(value, str):
        raise UsageError(f"device takes a name, such as h100, got {quoted(str(value))}")
    return device(value)


Named = Annotated[Device | None, PlainValidator(_read), PlainSerializer(lambda found: found and found.name)]
"""A device, from its name."""
UNSAID = 0
"""What stands for a rate that nobody has given."""


class Hardware(Section):
    """The device, how much of its peaks is reached, and what it draws and costs."""

    title: ClassVar = "hardware"

    device: Named = Field(None, description="what it runs on, such as h100")
    products: str = Field("", description="number format of products; as the precision has it where not given")
    sparse_peak: bool = Field(False, description="whether the peak is that of 2:4-sparse products, not of dense ones")
    peak: Rate = Field(UNSAID, description="peak, FLOP/s, where it is not the device's")
    memory_bandwidth: Rate = Field(UNSAID, description="of the memory, bytes/s, where it is not the device's")
    efficiency: Share = Field(1, description="share of the peak that is reached")
    bandwidth_efficiency: Share = Field(1, description="share of the memory's bandwidth that is reached")
    fused: bool = Field(False, description="whether nodes without products join the one before, as a compiler does it")
    power: Rate = Field(UNSAID, description="watts of a device, where it is not the most that it draws")
    utilization: Share = Field(1, description="share of the power that is drawn")
    pue: Rate = Field(1, description="power of the data centre over that of its devices")
    carbon: Rate = Field(UNSAID, description="what the grid gives off, kg of CO2 equivalent a kWh")
    price: Rate = Field(UNSAID, description="of a device, $ an hour")
    measured_s: Rate = Field(UNSAID, description="seconds of a step, measured, for how well devices are used")

    @classmethod
    def takes(cls) -> Mapping[str, str]:
        """Return what fields take that are neither quantities nor choices."""
        return {
            "device": " | ".join(devices()),
            "products": " | ".join(dict.fromkeys(name for one in devices().values() for name in one.dense)),
        }

    def said(self) -> str:
        """Return the device, and what is not as usual."""
        fields = type(self).model_fields
        changed = (name for name in fields if name != "device" and getattr(self, name) != fields[name].default)
        words = [f"{name} = {getattr(self, name)}" for name in changed]
        return ", ".join([self.device.name if self.device else "no device", *words])

    def peak_for(self, products: str) -> Num:
        """Return the peak in operations a second, for products in a number format where the section says none.

        Raises:
            UsageError: no device is named, or it has no such peak.
        """
        if self.peak != UNSAID:
            return self.peak
        return self._named("peak").peak(self.products or products, sparse=self.sparse_peak)

    def roof(self, products: str) -> Roof:
        """Return what is reached of the peaks, for products in a number format where the section says none.

        Raises:
            UsageError: no device is named, or it has no such peak; or nothing of a peak is reached.
        """
        bandwidth = self.memory_bandwidth
        if bandwidth == UNSAID:
            bandwidth = self._named("memory_bandwidth").bandwidth
        for name in ("efficiency", "bandwidth_efficiency"):
            if getattr(self, name) == 0:
                raise UsageError(f"{name} is 0: nothing would ever end")
        return Roof(self.peak_for(products) * self.efficiency, bandwidth * self.bandwidth_efficiency)

    def update_roof(self, held: str) -> Roof:
        """Return the roof of elementwise work in a number format, or in fp32 where the device has no peak for it.

        Raises:
            UsageError: as for ``roof``.
        """
        known = self.device is None or held in self.device.dense
        return self.model_copy(update={"products": "", "sparse_peak": False}).roof(held if known else "fp32")

    @property
    def watts(self) -> Num:
        """The power of a device under full load.

        Raises:
            UsageError: nobody says.
        """
        if self.power != UNSAID:
            return self.power
        found = self._named("power").power
        if found is None:
            raise UsageError(f"of device '{self._named('power').name}' no power is published; say power=...")
        return found

    @property
    def per_hour(self) -> Num:
        """The price of a device, $ an hour.

        Raises:
            UsageError: nobody says.
        """
        known = self.device.price if self.device else None
        if self.price != UNSAID or known is None:
            return self._given("price", "$ an hour of a device")
        return known.per_hour

    @property
    def intensity(self) -> Num:
        """What the grid gives off, kg of CO2 equivalent a kWh.

        Raises:
            UsageError: nobody says.
        """
        return self._given("carbon", "kg of CO2 equivalent a kWh, such as 0.385")

    @property
    def memory(self) -> int:
        """The bytes of a device's memory.

        Raises:
            UsageError: no device is named.
        """
        return self._named("").memory

    def _given(self, name: str, what: str) -> Num:
        value: Num = getattr(self, name)
        if constant(value) == UNSAID:
            raise UsageError(f"nobody has said the {name}: say {name}=..., {what}")
        return value

    def _named(self, instead: str) -> Device:
        if self.device is None:
            other = f", or {instead}=..." if instead else ""
            raise UsageError(f"what it runs on is not said: say device=..., such as device=h100{other}")
        return self.device
