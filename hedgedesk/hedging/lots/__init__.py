"""Whole lots: from a continuous answer to the best whole numbers, with a bound that proves them.

``tree`` searches where columns are few, ``rounds`` where they are many or tails are limited; ``exchanges`` are the
small steps of the search, ``restricted`` the problem with some positions fixed, ``rounding`` what a plan asks of them.
"""

from hedgedesk.hedging.lots.tree import whole_lots
from hedgedesk.hedging.lots.whole import TOLERANCE, WholeLots

__all__ = ["TOLERANCE", "WholeLots", "whole_lots"]
