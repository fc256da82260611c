"""Metrics and conventions: what is counted, and at which price."""
