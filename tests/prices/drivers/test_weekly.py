import numpy as np

from hedgedesk.prices.drivers.weekly import week_ends, weekly_changes, weekly_log


def days(*texts):
    return np.array(texts, dtype="datetime64[D]")


def test_weeks_end_on_the_markets_day_whatever_day_the_files_are_of():
    ends = week_ends(np.datetime64("2026-10-23"), days("2026-10-01", "2026-10-20"))
    assert ends.astype(str).tolist() == ["2026-10-02", "2026-10-09", "2026-10-16", "2026-10-23"]


def test_a_week_shows_its_newest_level_and_one_without_any_is_a_gap():
    ends = days("2026-10-09", "2026-10-16", "2026-10-23")
    dates, levels = days("2026-10-05", "2026-10-08", "2026-10-22"), np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(np.exp(weekly_log(dates, levels, ends)), [2.0, np.nan, 4.0])
    assert np.isnan(weekly_changes(dates, levels, ends)).all()


def test_a_price_of_the_day_a_week_ended_belongs_to_that_week_alone():
    ends = days("2026-10-09", "2026-10-16")
    found = weekly_log(days("2026-10-09"), np.array([3.0]), ends)
    assert np.isfinite(found).tolist() == [True, False]
