"""A commitment against the use it was agreed for; a tiered price fixes none and is told with what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.commitment_uses import commitment_uses
from hedgedesk.domain.commitments import TIERED, Commitment
from hedgedesk.domain.consumption import ConsumptionForecast, ForecastLine
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.values import from_plain, to_plain

MONTHS = np.arange("2026-11", "2027-02", dtype="datetime64[M]")


def forecast():
    return ConsumptionForecast(
        tuple(
            ForecastLine(month, "gpt", "output", mtok, team)
            for month in MONTHS
            for team, mtok in (("chat", 60.0), ("search", 40.0))
        )
    )


def deal(name="deal", mtok=50.0, price=10.0, kind="fixed"):
    return Commitment(name, MONTHS[0], MONTHS[1], "gpt", "output", mtok, price, "USD", kind)


def test_a_commitment_counts_its_months_volume_cost_and_share():
    (use,) = commitment_uses(Exposure.open(forecast(), (deal(),)))
    assert (use.months, use.mtok, use.cost, use.over_months) == (2, 100.0, 1_000.0, 0)
    assert use.used == pytest.approx(0.5)


def test_two_commitments_of_one_line_are_over_together_where_each_alone_is_not():
    uses = commitment_uses(Exposure.open(forecast(), (deal(), deal("more", 60.0))))
    assert [use.over_months for use in uses] == [2, 2]


def test_months_that_have_passed_are_not_counted():
    exposure = Exposure.open(forecast(), (deal(),)).after(np.datetime64("2026-11-20"))
    (use,) = commitment_uses(exposure)
    assert (use.months, use.mtok) == (1, 50.0)


def test_a_tiered_price_is_one_line_at_its_mean_price_and_fixes_nothing():
    bands = (deal("tiers", 50.0, 10.0, TIERED), deal("tiers", 50.0, 8.0, TIERED))
    (use,) = commitment_uses(Exposure.open(forecast(), bands))
    assert (use.months, use.mtok, use.cost) == (2, 200.0, 1_800.0)
    assert use.price == pytest.approx(9.0)
    assert np.isnan(use.used)


def test_teams_share_each_line_and_the_shares_survive_a_record():
    exposure = Exposure.open(forecast(), (deal(),))
    assert exposure.teams == ("chat", "search")
    assert exposure.team_share[0, 0].tolist() == pytest.approx([0.6, 0.4])
    again = from_plain(Exposure, to_plain(exposure.after(np.datetime64("2026-11-20"))))
    assert again.team_share.shape == (2, 1, 2)
    assert again.commitments == exposure.commitments


def test_a_record_from_before_has_neither_teams_nor_commitments():
    record = to_plain(Exposure.open(forecast(), (deal(),)))
    for name in ("teams", "team_share", "commitments"):
        del record[name]
    old = from_plain(Exposure, record)
    assert (old.teams, old.commitments) == ((), ())
    assert commitment_uses(old) == ()
