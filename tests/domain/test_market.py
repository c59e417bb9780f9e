"""Today's curve, read by month."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import ForwardCurve


def curve(*delivered):
    months = np.array(delivered, dtype="datetime64[M]")
    return ForwardCurve(np.datetime64("2026-11-20"), "CNY", months, 10.0 + np.arange(months.size))


def test_a_month_costs_what_the_first_contract_in_it_or_after_it_costs():
    months = np.arange("2026-12", "2027-07", dtype="datetime64[M]")
    found = curve("2027-01", "2027-03", "2027-05").price_of(months)
    assert found.tolist() == [10.0, 10.0, 11.0, 11.0, 12.0, 12.0, 12.0]


def test_without_a_contract_no_month_has_a_price():
    assert np.isnan(curve().price_of(np.arange("2026-12", "2027-03", dtype="datetime64[M]"))).all()
