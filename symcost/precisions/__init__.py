"""Precision recipes: in which number format each kind of tensor is held."""
