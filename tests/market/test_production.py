import dataclasses

import pytest

from hedgedesk.market.production import ProductionStack, peak_average


def test_a_million_tokens_cost_58_cents_to_make_and_power_is_4_percent_of_it():
    # methods.md §4.7.
    stack = ProductionStack()
    assert stack.usd_per_mtok == pytest.approx(0.58083, abs=5e-6)
    assert 1.0 - stack.gpu_share == pytest.approx(0.04352, abs=5e-6)


def test_twice_the_power_price_adds_its_share_of_the_cost():
    dear = dataclasses.replace(ProductionStack(), usd_per_kilowatt_hour=0.20)
    assert dear.usd_per_mtok == pytest.approx(0.60611, abs=5e-6)
    assert dear.usd_per_mtok / ProductionStack().usd_per_mtok - 1.0 == pytest.approx(0.04352, abs=5e-6)


def test_two_fifths_of_the_tokens_at_twice_the_price_make_the_average_1_4_times_as_dear():
    # methods.md §1.
    assert peak_average(1.0, 0.4, 2.0) == pytest.approx(1.4)
