import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.risk import measures
from hedgedesk.risk.assess import cost_risk


def test_one_to_ten_at_75_percent_has_var_8_and_fractional_cvar_9_2():
    losses = np.arange(1.0, 11.0)
    assert measures.var(losses, 0.75) == 8.0
    assert measures.cvar(losses, 0.75) == pytest.approx(9.2, abs=1e-12)


def test_a_level_that_is_whole_only_on_paper_takes_the_right_order_statistic():
    # 0.95 x 20 is 18.999999999999996 in binary, 0.35 x 20 is 7.000000000000001; the 19th and the 7th are meant.
    losses = np.arange(1.0, 21.0)
    assert measures.var(losses, 0.95) == 19.0
    assert measures.cvar(losses, 0.95) == pytest.approx(20.0)
    assert measures.var(losses, 0.35) == 7.0


def _normal_quantiles(size: int) -> np.ndarray:
    from scipy.special import ndtri

    return ndtri((np.arange(size) + 0.5) / size)


def test_standard_errors_of_a_normal_sample_of_10_000_are_those_of_theory():
    # 0.02113 and 0.02466. The sample is the exact quantiles, so only the density estimate errs.
    losses = _normal_quantiles(10_000)
    assert measures.var_standard_error(losses, 0.95) == pytest.approx(0.02113, rel=0.01)
    assert measures.cvar_standard_error(losses, 0.95) == pytest.approx(0.02466, rel=0.005)


def test_standard_errors_match_the_scatter_over_repeated_samples():
    random = np.random.default_rng(11)
    samples = random.standard_normal((400, 2_000))
    for measure, error in (
        (measures.var, measures.var_standard_error),
        (measures.cvar, measures.cvar_standard_error),
    ):
        scatter = np.std([measure(s, 0.95) for s in samples], ddof=1)
        told = np.mean([error(s, 0.95) for s in samples])
        # The scatter of 400 values has a relative standard error of 1/sqrt(800) = 3.5%; four of them, and 3% for bias.
        assert told == pytest.approx(scatter, rel=4 * 0.035 + 0.03)


def test_cash_flow_at_risk_of_a_lognormal_bill_meets_its_closed_form():
    # Q 1000, lognormal price of mean 10 and sd of log 0.353553, target 10,000.
    deviation = 0.353553
    cost = 1_000.0 * 10.0 * np.exp(deviation * _normal_quantiles(2_000_000) - deviation**2 / 2)
    risk = cost_risk(cost, 0.95, budget=10_000.0)
    assert risk.var == pytest.approx(16_804.20, abs=0.05)
    assert risk.budget_at_risk == pytest.approx(6_804.20, abs=0.05)
    assert risk.cvar == pytest.approx(19_659.96, rel=1e-5)  # the last cells of the grid carry the tail's mean
    hedged = 0.4 * cost + 0.6 * 10_000.0
    assert measures.var(hedged, 0.95) == pytest.approx(12_721.68, abs=0.05)


@pytest.mark.parametrize("losses", [[], [1.0, np.nan], [[1.0, 2.0]]])
def test_losses_that_are_no_series_of_numbers_are_refused(losses):
    with pytest.raises(InputError, match="finite losses"):
        measures.var(np.array(losses), 0.95)


@pytest.mark.parametrize("level", [0.0, 1.0, 1.5, -0.1])
def test_a_level_outside_zero_and_one_is_refused(level):
    with pytest.raises(InputError, match="between 0 and 1"):
        measures.cvar(np.arange(5.0), level)


def test_a_certain_cost_has_no_risk_and_no_error():
    risk = cost_risk(np.full(1_000, 5.0), 0.95, budget=4.0)
    assert (risk.var, risk.cvar, risk.cvar_standard_error, risk.var_standard_error) == (5.0, 5.0, 0.0, 0.0)
    assert risk.probability_over_budget == 1.0
    assert risk.expected_overrun == 1.0


def test_columns_have_the_same_order_statistics_as_one_by_one():
    losses = np.random.default_rng(3).standard_normal((997, 5))
    levels = np.array([0.05, 0.5, 0.95, 0.95, 0.999])
    expected = [[measures.var(losses[:, t], level) for t in range(5)] for level in levels]
    assert np.array_equal(measures.var_by_column(losses, levels), expected)


@pytest.mark.parametrize("losses", [np.empty((0, 2)), np.array([[1.0, np.nan]]), np.ones(3)])
def test_columns_must_hold_finite_losses(losses):
    with pytest.raises(InputError, match="finite"):
        measures.var_by_column(losses, np.array([0.5]))


def test_losses_in_order_and_out_of_order_have_the_same_measures():
    losses = np.random.default_rng(4).standard_normal(500)
    for measure in (measures.var, measures.cvar, measures.var_standard_error, measures.cvar_standard_error):
        assert measure(np.sort(losses), 0.95) == measure(losses, 0.95)
