"""Why a plan trades: the rule that pushes, the rule that stops, or the tail that is taken away."""

from __future__ import annotations

import pytest

from hedgedesk.domain.instruments import Offer
from hedgedesk.domain.plan import LimitUse
from hedgedesk.hedging.programme.reasons import choice_reason, trade_reason

CAP = Offer("winter cap", "cap", "lots", 0.0, 50.0, contract="2027-02")
BATCH = Offer("batch", "batch", "share", 0.0, 0.3)


def binding(rule, where=""):
    return LimitUse(rule, where, 1.0, 1.0, "lots", binds=True)


@pytest.mark.parametrize(
    ("trade", "limits", "told"),
    [
        (5.0, [], "lowers the tail"),
        (0.0, [], "no trade lowers the objective"),
        (-5.0, [], "no longer worth its place"),
        (5.0, [binding("band_min", "2027-01")], "band floor 2027-01"),
        (5.0, [binding("credit_line")], "lowers the tail, up to the credit line"),
        (5.0, [binding("credit_line"), binding("quota", "2027-02")], "lowers the tail, up to the hedging quota"),
        (5.0, [binding("liquidity")], "lowers the tail, up to the credit line along the path"),
        (0.0, [binding("tenor", "2027-02")], "stopped by longest tenor"),
        (0.0, [LimitUse("band_min", "2027-01", 0.0, 0.0, "Mtok", binds=True)], "no trade lowers the objective"),
        (-5.0, [binding("position_limit", "2027-02")], "position limit 2027-02"),
        (-5.0, [binding("net_position", "2027-01")], "physical exposure 2027-01"),
        (-5.0, [binding("credit_line")], "credit line"),
        (0.0, [binding("no_short", "2027-02")], "no trade lowers the objective"),
    ],
)
def test_a_trade_is_told_by_what_pushes_or_stops_it(trade, limits, told):
    assert trade_reason(trade, limits) == told


@pytest.mark.parametrize(
    ("offer", "gain", "limits", "told"),
    [
        (CAP, 5.0, [], "lowers the tail"),
        (CAP, -5.0, [binding("premium_budget")], "lowers the tail, up to the premium budget"),
        (CAP, -5.0, [binding("capacity", "winter cap 2027-02")], "lowers the tail, up to the capacity"),
        (CAP, -5.0, [binding("band_min", "2027-02")], "band floor 2027-02"),
        (BATCH, 5.0, [binding("capacity", "batch")], "saves on average, up to the capacity"),
        (BATCH, 5.0, [], "saves on average"),
        (BATCH, 5.0, [binding("band_min", "2027-02")], "saves on average"),
        (BATCH, -5.0, [binding("band_min", "2027-02")], "band floor 2027-02"),
        (
            BATCH,
            5.0,
            [binding("band_max", "2027-02"), binding("capacity", "batch")],
            "saves on average, up to the capacity",
        ),
        (BATCH, -5.0, [], "lowers the tail"),
    ],
)
def test_a_choice_is_told_by_what_it_is_for_and_what_stops_it(offer, gain, limits, told):
    assert choice_reason(offer, gain, limits) == told
