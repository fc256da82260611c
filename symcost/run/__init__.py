"""A whole run of training: a data set and its preparation, epochs, steps, evaluation."""
