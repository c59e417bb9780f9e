import numpy as np
import pytest

from hedgedesk.domain.errors import NotConverged
from hedgedesk.prices.paths.shift import curve_shift

YEARS = np.arange(1, 25) / 48
PRINTS = [slice(5, 8), slice(13, 16), slice(21, 24)]


def test_each_contracts_expected_settlement_meets_its_quote_exactly():
    forward = 10.0 * np.exp(-0.3 * YEARS)
    quotes = np.array([9.0, 11.5, 8.0])
    shift = curve_shift(forward, YEARS, PRINTS, quotes)
    settled = [np.mean((forward * np.exp(shift))[cut]) for cut in PRINTS]
    assert settled == pytest.approx(quotes, rel=1e-12)


def test_outside_the_quotes_the_shift_is_flat():
    shift = curve_shift(np.full(24, 10.0), YEARS, PRINTS[:2], np.array([9.0, 11.0]))
    assert np.all(shift[:8] == shift[0])
    assert np.all(shift[15:] == shift[15])


def test_a_curve_that_is_the_models_own_needs_no_shift():
    assert curve_shift(np.full(24, 10.0), YEARS, PRINTS, np.full(3, 10.0)) == pytest.approx(np.zeros(24), abs=1e-14)


def test_without_quotes_there_is_no_shift():
    assert np.all(curve_shift(np.full(24, 10.0), YEARS, [], np.empty(0)) == 0.0)


def test_a_quote_that_is_not_a_number_is_refused():
    with pytest.raises(NotConverged):
        curve_shift(np.full(24, 10.0), YEARS, PRINTS, np.array([9.0, np.nan, 8.0]))
