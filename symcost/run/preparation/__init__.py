"""Steps that prepare data for training: one file each, found by being there.

A step speaks of N rows (examples) of D columns (numbers in an example; for an image its channels times its pixels).
"""
