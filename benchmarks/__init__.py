"""Benchmarks: every figure from a process of its own, so that caches are cold, and ratios from one run."""
