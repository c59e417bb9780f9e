"""Printed and recorded option values.

Levy and Turnbull-Wakeman: Haug, The Complete Guide to Option Pricing Formulas; discrete geometric: Clewlow and
Strickland, pp. 118-123; as QuantLib's test suite gives them. The collars are recomputed with Black's formula.
"""

import json

import numpy as np
import pytest

from hedgedesk.hedging.options import asian, black76, geometric_asian, log_deviation

PRINTED = 5e-5
"""Half of the last digit printed."""


@pytest.fixture(scope="module")
def asians(reference_data):
    return json.loads((reference_data / "reference_values" / "asian_options.json").read_text())


def test_options_on_a_continuous_average_meet_levys_table(asians):
    cases = asians["levy_continuous_arithmetic"]
    assert len(cases) == 8
    for case in cases:
        length, elapsed = case["averaging_days_360"] / 360, case["elapsed_days"] / 360
        # Fixings in the middle of 6,000 equal steps: their mean misses the integral by less than 1e-7 of the price.
        done = round(6_000 * elapsed / length)
        left = 6_000 - done
        years = (np.arange(left) + 0.5) / left * (length - elapsed)
        carry = case["rate_r"] - case["dividend_or_carry_yield_q"]
        value = asian(
            case["type"],
            case["spot"] * np.exp(carry * years),
            case["strike"],
            years,
            case["vol"],
            case["rate_r"],
            fixed=np.full(done, case["average_so_far"]),
            expiry_years=length - elapsed,
        )
        assert value.price == pytest.approx(case["price"], abs=PRINTED), case


def test_options_on_weekly_fixings_meet_turnbull_and_wakemans_table(asians):
    cases = asians["turnbull_wakeman_discrete_flat"]
    assert len(cases) == 10
    for case in cases:
        assert case["cost_of_carry_b"] == 0
        years = np.linspace(case["first_fixing_years"], case["expiry_years"], case["fixings"])
        value = asian(case["type"], case["underlying"], case["strike"], years, case["vol_last"], case["rate"])
        assert value.price == pytest.approx(case["price"], abs=PRINTED), case


def test_the_option_on_a_geometric_mean_is_exact(asians):
    (case,) = asians["discrete_geometric"]
    years = np.linspace(case["first_fixing_years"], case["expiry_years"], case["fixings"])
    forwards = case["spot"] * np.exp((case["r"] - case["q"]) * years)
    price = geometric_asian(case["type"], forwards, case["strike"], years, case["vol"], case["r"])
    assert price == pytest.approx(case["price"], abs=1e-10)


def test_black76_meets_the_recorded_values(reference_data):
    recorded = json.loads((reference_data / "reference_values" / "black76.json").read_text())
    for case in recorded["cases"]:
        value = black76(case["type"], case["F"], case["K"], case["T_years"], case["vol"], case["r"])
        assert value.price == pytest.approx(case["price"], abs=1e-9)


def test_the_collars_legs_cost_what_was_worked_out():
    def price(kind, strike):
        return black76(kind, 10.0, strike, 0.5, 0.6, 0.02).price

    assert price("call", 12.0) == pytest.approx(1.002856, abs=5e-7)
    assert price("put", 8.721369) == pytest.approx(1.002856, abs=5e-7)
    assert price("call", 16.0) == pytest.approx(0.353734, abs=5e-7)
    assert price("put", 6.0) == pytest.approx(0.178310, abs=5e-7)
    four_way = price("call", 12.0) - price("call", 16.0) + price("put", 6.0)
    assert price("put", 8.313068) == pytest.approx(four_way, abs=5e-7)


def test_three_weekly_prints_have_a_little_less_variance_than_the_last_alone():
    years = 0.5 - np.array([14, 7, 0]) / 365
    small = 1e-3  # where the log of the mean and the mean of the logs agree
    assert (log_deviation(10.0, years, small) / small) ** 2 / 0.5 == pytest.approx(0.94460, abs=5e-6)


def test_after_one_of_three_prints_a_sure_call_moves_by_two_thirds():
    value = asian("call", 10.0, 1.0, [0.1, 0.2], 0.6, 0.0, fixed=[9.0])
    assert value.delta == pytest.approx(2.0 / 3.0, abs=1e-15)
    assert value.price == pytest.approx((9.0 + 10.0 + 10.0) / 3.0 - 1.0)
