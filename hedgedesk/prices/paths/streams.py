"""Random streams: one root seed, one child per (stream, block), declared here and nowhere else."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """Codes of the streams; a code is part of every run's numbers and never changes."""

    PRICE = 0
    VOLUME = 1
    FX = 2
    """The currency on its own, before it was a driver among others; drawn from no more."""
    EVENTS = 3
    """What a model draws that is not Gaussian: jumps, regimes, resampled changes."""
    DRIVERS = 4
    PARAMETERS = 5
    SAMPLING = 6
    """Scrambles, shifts and replications of the measurement of a plan."""
    PEAK = 7
    """When peak prices start, and then when energy shocks hit power."""


def generator(seed: int, stream: Stream, block: int) -> np.random.Generator:
    """Fresh generator of one block: same numbers whoever draws it and whenever."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(int(stream), block))))
