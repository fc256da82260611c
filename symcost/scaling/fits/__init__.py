"""Scaling laws: one file each, found by being there."""
