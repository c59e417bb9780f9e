import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.drivers import DriverHistory, Drivers, ProductionTerms
from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.domain.market import FxCurve
from hedgedesk.market.production import ProductionStack, peak_average, stack_of


def test_a_million_tokens_cost_58_cents_to_make_and_power_is_4_percent_of_it():
    stack = ProductionStack()
    assert stack.usd_per_mtok == pytest.approx(0.58083, abs=5e-6)
    assert 1.0 - stack.gpu_share == pytest.approx(0.04352, abs=5e-6)


def test_twice_the_power_price_adds_its_share_of_the_cost():
    dear = dataclasses.replace(ProductionStack(), usd_per_kilowatt_hour=0.20)
    assert dear.usd_per_mtok == pytest.approx(0.60611, abs=5e-6)
    assert dear.usd_per_mtok / ProductionStack().usd_per_mtok - 1.0 == pytest.approx(0.04352, abs=5e-6)


def test_two_fifths_of_the_tokens_at_twice_the_price_make_the_average_1_4_times_as_dear():
    assert peak_average(1.0, 0.4, 2.0) == pytest.approx(1.4)


def history(name, currency, *prices):
    dates = np.datetime64("2026-10-30") - np.arange(len(prices))[::-1].astype("timedelta64[D]")
    return DriverHistory(name, currency, dates, np.array(prices, dtype=np.float64))


def test_prices_of_the_stack_are_the_newest_of_their_histories_unless_the_user_says_others():
    drivers = Drivers(history("power", "USD", 90.0, 100.0), history("gpu_rent", "CNY", 10.0, 14.2))
    fx = FxCurve(np.array(["2026-10-30"], dtype="datetime64[D]"), np.array([7.1]))
    assert stack_of(ProductionTerms(), drivers, fx) == ProductionStack()
    said = ProductionTerms(gpu_usd_per_hour=1.5, usd_per_kilowatt_hour=0.2, tokens_per_second=500.0)
    assert stack_of(said, drivers, fx) == ProductionStack(1.5, 0.7, 1.3, 0.2, 500.0)


def test_without_histories_the_stack_is_the_textbooks():
    assert stack_of(ProductionTerms(), Drivers(), None) == ProductionStack()


def test_a_rent_in_yuan_needs_a_rate():
    with pytest.raises(CurrencyMismatch):
        stack_of(ProductionTerms(), Drivers(gpu_rent=history("gpu_rent", "CNY", 14.2)), None)
