import numpy as np
import pytest

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import TokenIndex
from hedgedesk.prices.fitting.even_steps import even_steps


def index_on(gaps_days, prices=None):
    dates = np.datetime64("2024-01-05") + np.concatenate([[0], np.cumsum(gaps_days)]).astype("timedelta64[D]")
    if prices is None:
        prices = 10.0 + np.arange(dates.size) % 3
    return TokenIndex("token", "CNY", dates, np.asarray(prices, dtype=np.float64))


def test_weekly_prices_are_steps_of_a_week():
    steps = even_steps(index_on([7] * 20), "Bootstrap", 20)
    assert steps.years == pytest.approx(7 / 365)
    assert steps.changes[:2] == pytest.approx([np.log(1.1), np.log(12 / 11)])
    assert steps.dates[0] == np.datetime64("2024-01-12")


def test_months_of_unlike_length_and_weekends_are_even_enough():
    assert even_steps(index_on([31, 29, 31, 30, 31, 30] * 2), "Regimes", 12).years == pytest.approx(364 / 12 / 365)
    assert even_steps(index_on([1, 1, 1, 1, 3] * 10), "Regimes", 12).years == pytest.approx(70 / 50 / 365)


def test_a_single_missing_week_in_twenty_is_let_pass():
    assert even_steps(index_on([7] * 19 + [14]), "Bootstrap", 20).changes.size == 20


def test_uneven_dates_are_refused_with_the_first_gap():
    with pytest.raises(
        ModelError, match=r"2 of 20 gaps .* usual 7 days, the first from 2024-01-12 to 2024-01-26 with 14"
    ):
        even_steps(index_on([7, 14] + [7] * 17 + [28]), "Bootstrap", 20)


def test_too_few_changes_are_refused_with_what_would_do():
    with pytest.raises(
        ModelError, match=r"Bootstrap needs at least 52 price changes \(53 dates in the index\), found 20"
    ):
        even_steps(index_on([7] * 20), "Bootstrap", 52)


def test_a_price_that_never_moved_is_refused():
    with pytest.raises(ModelError, match="all 21 prices of the index are equal"):
        even_steps(index_on([7] * 20, np.full(21, 9.0)), "Regimes", 20)


def test_a_price_that_grows_by_one_rate_is_refused():
    with pytest.raises(ModelError, match="grows by one rate without any spread"):
        even_steps(index_on([7] * 20, 9.0 * np.exp(0.03 * np.arange(21))), "Bootstrap", 20)
