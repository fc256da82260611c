"""The optimizers, one file each: what a step of training does to the weights once their gradients are there."""
