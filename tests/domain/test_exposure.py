import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import CurrencyMismatch, MissingMonths
from hedgedesk.domain.exposure import Commitment, ConsumptionForecast, Exposure, ForecastLine
from hedgedesk.domain.units import STANDARD_UNITS

STU, TOKENS, OUTPUT = (STANDARD_UNITS[name] for name in ("stu", "tokens", "output_only"))


def month(text):
    return np.datetime64(text, "M")


def one_bill(month_text="2027-01"):
    """methods.md §1: 60/120/20/20 Mtok of uncached input, cache read, cache write and output."""
    volumes = {"uncached_input": 60.0, "cache_read": 120.0, "cache_write": 20.0, "output": 20.0}
    return tuple(ForecastLine(month(month_text), "a", meter, mtok, spread=0.2) for meter, mtok in volumes.items())


def test_the_golden_bill_is_188_2_standard_units_and_1_92880_each():
    exposure = Exposure.open(ConsumptionForecast(one_bill()))
    (units,) = exposure.forecast_in(STU)
    assert units == pytest.approx(188.2)
    cost = 60 * 3 + 120 * 0.025 + 20 * 3 + 20 * 6
    assert cost == 363
    assert cost / units == pytest.approx(1.92880, abs=5e-6)
    assert cost / exposure.forecast_in(OUTPUT)[0] == pytest.approx(18.15)
    assert exposure.forecast_in(TOKENS)[0] == 220.0


def test_teams_of_one_model_and_meter_are_added():
    lines = (*one_bill(), ForecastLine(month("2027-01"), "a", "output", 5.0, team="second", spread=0.2))
    assert Exposure.open(ConsumptionForecast(lines)).forecast_in(OUTPUT)[0] == 25.0


def test_the_months_spread_is_the_volume_weighted_mean_of_its_lines():
    lines = (
        ForecastLine(month("2027-01"), "a", "output", 30.0, spread=0.1),
        ForecastLine(month("2027-01"), "b", "output", 10.0, spread=0.5),
    )
    assert Exposure.open(ConsumptionForecast(lines)).spread[0] == pytest.approx(0.2)


def test_a_spread_not_given_is_assumed_and_told():
    exposure = Exposure.open(ConsumptionForecast((ForecastLine(month("2027-01"), "a", "output", 30.0),)))
    assert exposure.spread[0] == pytest.approx(0.10)
    assert "10% assumed" in exposure.notices[0]


def test_commitments_are_netted_line_by_line_and_their_cost_kept():
    deal = Commitment("deal", month("2027-01"), month("2027-01"), "a", "output", 15.0, 6.0, "USD", "take_or_pay")
    exposure = Exposure.open(ConsumptionForecast(one_bill() + one_bill("2027-02")), (deal,))
    assert exposure.open_in(OUTPUT).tolist() == [5.0, 20.0]
    assert exposure.fixed_in(STU)[0] == pytest.approx(4.21 * 15)
    assert exposure.committed_cost.tolist() == [90.0, 0.0]


def test_more_committed_than_used_is_never_negative_and_is_told():
    deal = Commitment("deal", month("2027-01"), month("2027-01"), "a", "output", 50.0, 6.0, "USD")
    exposure = Exposure.open(ConsumptionForecast(one_bill()), (deal,))
    assert exposure.open_in(OUTPUT)[0] == 0.0
    assert exposure.fixed_in(OUTPUT)[0] == 20.0
    assert any("over-committed: 2027-01 a output has 50 Mtok fixed and 20 forecast" in n for n in exposure.notices)


def test_a_commitment_to_a_model_that_is_not_forecast_still_costs():
    deal = Commitment("deal", month("2027-01"), month("2027-01"), "unused", "output", 50.0, 6.0, "USD")
    exposure = Exposure.open(ConsumptionForecast(one_bill()), (deal,))
    assert exposure.committed_cost[0] == 300.0
    assert exposure.open_in(OUTPUT)[0] == 20.0


def test_two_currencies_of_commitments_are_refused():
    deals = [Commitment(c, month("2027-01"), month("2027-01"), "a", "output", 1.0, 6.0, c) for c in ("USD", "CNY")]
    with pytest.raises(CurrencyMismatch, match="CNY, USD"):
        Exposure.open(ConsumptionForecast(one_bill()), deals)


def test_a_missing_month_is_an_error_and_never_zero():
    with pytest.raises(MissingMonths, match="2027-02"):
        Exposure.open(ConsumptionForecast(one_bill() + one_bill("2027-03")))
    with pytest.raises(MissingMonths, match="no line"):
        Exposure.open(ConsumptionForecast(()))


def test_exposure_starts_with_the_month_after_today_and_says_what_it_set_aside():
    exposure = Exposure.open(ConsumptionForecast(one_bill() + one_bill("2027-02") + one_bill("2027-03")))
    ahead = exposure.after(np.datetime64("2027-01-15"))
    assert [str(m) for m in ahead.months] == ["2027-02", "2027-03"]
    assert "1 forecast month(s) before 2027-02 set aside" in ahead.notices[-1]
    again = ahead.after(np.datetime64("2027-01-15"))
    assert again.notices == ahead.notices


def test_a_forecast_that_starts_too_late_or_ends_too_soon_is_refused():
    exposure = Exposure.open(ConsumptionForecast(one_bill()))
    for today in ("2026-10-15", "2027-01-15"):
        with pytest.raises(MissingMonths, match="must cover"):
            exposure.after(np.datetime64(today))


def test_the_months_use_keeps_its_mean_and_widens_with_its_spread():
    factor = Exposure.open(ConsumptionForecast(one_bill())).volume_factor(0.95)
    deviation = np.sqrt(np.log(1.0 + 0.2**2))
    assert factor == pytest.approx(np.exp(1.6448536 * deviation - deviation**2 / 2.0))


def test_an_array_of_another_shape_is_refused():
    exposure = Exposure.open(ConsumptionForecast(one_bill()))
    with pytest.raises(ValueError, match=r"\(months, lines\)"):
        dataclasses.replace(exposure, fixed_mtok=exposure.fixed_mtok[:, :-1])
    with pytest.raises(ValueError, match=r"\(months,\)"):
        dataclasses.replace(exposure, spread=np.zeros(2))
