"""Origins: one a month, none with a target from its own past, and gaps that stay gaps."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import TokenIndex
from hedgedesk.validation.origins import LEAST_PRINTS, apart, months, rolling_origins


def index_on(dates: np.ndarray) -> TokenIndex:
    return TokenIndex("any", "CNY", dates, np.ones(dates.size))


def weekly(first: str, last: str) -> TokenIndex:
    return index_on(np.arange(first, last, 7, dtype="datetime64[D]"))


def test_a_weekly_index_has_one_origin_a_month_counted_back_from_the_newest_print():
    index = weekly("2025-07-04", "2026-10-24")
    origins = rolling_origins(index)
    assert index.dates[-1] == origins[-1].day == np.datetime64("2026-10-23")
    assert [str(origin.day) for origin in origins[-3:]] == ["2026-08-21", "2026-09-18", "2026-10-23"]
    assert [origin.month for origin in origins] == list(range(origins[0].month, origins[-1].month + 1))


def test_targets_are_the_origins_of_later_months_and_only_those_known():
    index = weekly("2025-01-03", "2026-10-24")
    origins = {origin.month: origin for origin in rolling_origins(index)}
    newest = max(origins)
    assert origins[newest].targets == {}
    assert set(origins[newest - 3].targets) == {1, 3}
    for origin in origins.values():
        for horizon, place in origin.targets.items():
            assert index.dates[place] == origins[origin.month + horizon].day > origin.day


def test_forecasts_one_month_ahead_neither_overlap_nor_leave_a_gap():
    origins = rolling_origins(weekly("2024-01-05", "2026-10-24"))
    index = weekly("2024-01-05", "2026-10-24")
    ends = [index.dates[origin.targets[1]] for origin in origins[:-1]]
    assert ends == [origin.day for origin in origins[1:]]


def test_no_origin_knows_fewer_than_20_prices():
    index = weekly("2026-01-02", "2026-10-24")
    first = rolling_origins(index)[0]
    assert np.sum(index.dates <= first.day) >= LEAST_PRINTS
    assert rolling_origins(weekly("2026-07-03", "2026-10-24")) == ()


def test_a_monthly_index_uses_each_of_its_prices_and_short_months_are_no_gap():
    months_in = np.arange("2023-01", "2026-11", dtype="datetime64[M]")
    ends = (months_in + 1).astype("datetime64[D]") - 1
    origins = rolling_origins(index_on(ends))
    assert [origin.day for origin in origins] == list(ends[LEAST_PRINTS - 1 :])


def test_a_month_without_a_print_is_neither_origin_nor_target():
    dates = weekly("2024-01-05", "2026-10-24").dates
    holed = index_on(dates[(dates <= np.datetime64("2026-02-23")) | (dates > np.datetime64("2026-04-30"))])
    origins = {origin.month: origin for origin in rolling_origins(holed)}
    newest = max(origins)
    missing = set(range(newest - 9, newest)) - set(origins)
    assert len(missing) == 2
    for month in missing:
        assert 1 not in origins.get(month - 1, origins[newest]).targets


def test_what_does_not_overlap_is_chosen_from_the_earliest_on():
    assert apart([0, 1, 2, 3, 5, 6, 9], 3) == [0, 3, 5, 6]
    assert apart([], 3) == []


def test_a_horizon_is_told_in_words():
    assert (months(1), months(6)) == ("1 month", "6 months")
