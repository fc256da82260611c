"""How a metric grows along one size, in all three views."""

from symcost.growing.along import Growth, Point, growth

__all__ = ["Growth", "Point", "growth"]
