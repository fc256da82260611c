"""Checkpointing: what a training step runs again in place of keeping it."""
