"""Another growth of the mean price, made by the regimes in which the price moves and not by those in which it rests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hedgedesk.prices.models.regimes.chain import RegimeChain

MOST_TILT = 1.0
"""Largest move of a regime's mean, in its standard deviations."""


def tilted(chain: RegimeChain, growth: float, free: NDArray[np.bool_]) -> RegimeChain | None:
    """The chain whose long-run log growth of the mean price is ``growth`` a step; its transitions stay.

    The mean of each ``free`` (k,) regime moves in proportion to its variance, as in the exponential tilt of a normal
    change: a price that rests in one regime still does, the wild ones take what is asked. None where one would move by
    more than a standard deviation, or all that is free rests.
    """
    share = np.where(free, chain.sd**2, 0.0)
    if not share.any():
        return None
    widest = int(np.argmax(share))
    move = share / share[widest]
    most = MOST_TILT * float(chain.sd[widest])

    def moved(by: float) -> RegimeChain:
        return replace(chain, mean=chain.mean + by * move)

    def lack(by: float) -> float:
        return moved(by).long_run_growth() - growth

    # The growth rises with every mean, so that it crosses what is asked once.
    if not lack(-most) < 0.0 < lack(most):
        return None
    from scipy.optimize import brentq

    return moved(float(brentq(lack, -most, most, xtol=1e-14)))
