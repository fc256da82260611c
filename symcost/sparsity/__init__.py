"""Weights that are zero, shared or absent: which, how many are left, and how they are stored."""
