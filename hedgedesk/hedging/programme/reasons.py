"""Why a plan trades what it trades, in a few words: the limit that stops it, or the tail that it takes away."""

from __future__ import annotations

from collections.abc import Sequence

from hedgedesk.domain.instruments import Offer
from hedgedesk.domain.plan import LimitUse
from hedgedesk.hedging.programme.columns import LOTS
from hedgedesk.hedging.programme.rules.rule import SHORT

FLOORS = {"band_min", "no_short"}
"""Rules that push a trade up; every other one stops it."""
SELLS = {"band_max", "over_hedge", "open_volume", "position_limit", "quota", "net_position", "credit_line", "liquidity"}
"""Rules that may force a sale."""


def trade_reason(trade: float, limits: Sequence[LimitUse]) -> str:
    """Why this many lots of a future are traded, under the ``limits`` in which it counts."""
    stops = {"band_min"} if trade >= 0 else SELLS
    pushed = [use for use in limits if use.binds and use.rule in stops and (trade or use.limit)]
    if pushed:
        return f"{SHORT[pushed[0].rule]} {pushed[0].where}".rstrip()
    caps = _caps(limits)
    if trade == 0:
        return f"stopped by {caps[0]}" if caps else "no trade lowers the objective"
    purpose = "lowers the tail" if trade > 0 else "no longer worth its place"
    return f"{purpose}, up to the {caps[0]}" if caps and trade > 0 else purpose


def choice_reason(offer: Offer, mean_gain: float, limits: Sequence[LimitUse]) -> str:
    """Why an offer is taken that gains so much on average, under the ``limits`` in which it counts."""
    saves = mean_gain > 0 and offer.unit != LOTS
    pushed = [use for use in limits if use.binds and use.rule == "band_min"]
    if pushed and not saves:
        return f"{SHORT['band_min']} {pushed[0].where}"
    purpose = "saves on average" if saves else "lowers the tail"
    whole = any(use.binds and use.rule == "capacity" for use in limits)
    caps = [SHORT["capacity"]] if whole else _caps(limits)
    return f"{purpose}, up to the {caps[0]}" if caps else purpose


def _caps(limits: Sequence[LimitUse]) -> list[str]:
    """The binding rules that keep from more, in few words: those of a place before those of the whole plan."""
    binding = [use for use in limits if use.binds and use.rule not in FLOORS]
    return [SHORT[use.rule] for use in binding if use.where] + [SHORT[use.rule] for use in binding if not use.where]
