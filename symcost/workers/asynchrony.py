"""Servers of parameters without a barrier: each worker pushes and pulls when it is done, and waits for nobody."""

from symcost.algebra.division import div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num


def seconds(size: Num, workers: Num, bandwidth: Num, latency: Num, servers: Num = 1) -> Num:
    """Return how long one of n workers communicates in a step: on its own link, or as its share of the servers'.

    It is what the links allow; workers that meet at one of several servers may take longer.

    S bytes of gradients go out and S bytes of parameters come in, 2 S/W on the worker's link. In the time of a step the
    links of k servers pass n times as much, S of each worker in and S out at once: n S/(k W), which is the longer one
    where more than 2 k workers do nothing else. Source: Dean et al. 2012 (Large scale distributed deep networks),
    section 4.1; Li et al. 2014 (Scaling distributed machine learning with the parameter server).
    """
    own, theirs = div(2 * size, bandwidth), div(workers * size, servers * bandwidth)
    return maximum((own, theirs), None) + 2 * latency
