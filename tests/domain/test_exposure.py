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
    """60/120/20/20 Mtok of uncached input, cache read, cache write and output."""
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


def lines_with_beta(beta):
    return tuple(dataclasses.replace(line, beta=beta) for line in one_bill())


def test_beta_turns_open_and_fixed_volume_into_index_units_and_leaves_raw_tokens():
    deal = Commitment("deal", month("2027-01"), month("2027-01"), "a", "output", 15.0, 6.0, "USD", "take_or_pay")
    plain = Exposure.open(ConsumptionForecast(one_bill()), (deal,))
    dearer = Exposure.open(ConsumptionForecast(lines_with_beta(1.25)), (deal,))
    for volume in ("forecast_in", "fixed_in", "open_in"):
        assert getattr(dearer, volume)(STU) == pytest.approx(1.25 * getattr(plain, volume)(STU))
    factor = np.array([[0.5], [1.0], [1.5]])
    assert dearer.open_given(factor, STU) == pytest.approx(1.25 * plain.open_given(factor, STU))
    assert dearer.raw_forecast.tolist() == plain.raw_forecast.tolist() == [220.0]
    assert dearer.raw_open.tolist() == plain.raw_open.tolist() == [205.0]
    assert dearer.committed_cost.tolist() == plain.committed_cost.tolist()


def test_teams_with_different_betas_are_weighted_by_their_volume():
    line = ForecastLine(month("2027-01"), "a", "output", 30.0, team="one", spread=0.1, beta=1.0)
    other = dataclasses.replace(line, team="two", mtok=10.0, beta=2.0)
    exposure = Exposure.open(ConsumptionForecast((line, other)))
    assert exposure.beta.tolist() == [[1.25]]
    assert exposure.open_in(OUTPUT)[0] == pytest.approx(30.0 * 1.0 + 10.0 * 2.0)


def test_a_beta_of_one_month_is_that_months_alone():
    lines = (*one_bill(), *(dataclasses.replace(line, beta=2.0) for line in one_bill("2027-02")))
    exposure = Exposure.open(ConsumptionForecast(lines))
    assert exposure.forecast_in(STU) == pytest.approx([188.2, 376.4])
    assert exposure.after(np.datetime64("2027-01-31")).forecast_in(STU) == pytest.approx([376.4])


def test_take_or_pay_is_paid_whole_and_only_use_above_it_floats():
    """Cost p V + P (Q - V)+, whatever is used."""
    deal = Commitment("deal", month("2027-01"), month("2027-01"), "a", "output", 15.0, 6.0, "USD", "take_or_pay")
    exposure = Exposure.open(ConsumptionForecast(one_bill()[-1:]), (deal,))
    use = np.array([[0.25], [0.75], [1.5]]) * 20.0
    floating = exposure.open_given(use / 20.0, OUTPUT)
    assert floating[:, 0].tolist() == [0.0, 0.0, 15.0]
    assert exposure.committed_cost[0] + 8.0 * floating[:, 0] == pytest.approx([90.0, 90.0, 90.0 + 8.0 * 15.0])


def test_a_beta_below_zero_or_of_another_shape_is_refused():
    exposure = Exposure.open(ConsumptionForecast(one_bill()))
    for wrong in (np.ones(4), np.zeros((1, 4))):
        with pytest.raises(ValueError, match="beta must be"):
            dataclasses.replace(exposure, beta=wrong)
