"""Ways to store a matrix with zeros: one file each, found by being there."""
