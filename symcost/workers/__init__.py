"""Many workers: how they pass bytes to each other, and how they share states, layers, tensors and time."""
