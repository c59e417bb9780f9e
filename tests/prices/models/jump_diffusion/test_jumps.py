import numpy as np
import pytest

from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps, compensation, drift_over, log_growth

ALIKE = SignedJumps(0.5, np.log(0.25), 0.0, 0.3, np.log(2.0), 0.0)
UNEVEN = SignedJumps(0.5, np.log(0.25), 0.1, 0.3, np.log(2.0), 0.1)


def test_the_compensation_of_methods_4_3_is_minus_what_the_jumps_do_to_the_mean():
    # Golden: -0.375 for the price wars, +0.300 for the shortages, -0.075 a year together.
    assert -compensation(ALIKE) == pytest.approx(-0.375 + 0.300)
    only_wars = SignedJumps(0.5, np.log(0.25), 0.0, 0.0, np.log(2.0), 0.0)
    assert -compensation(only_wars) == pytest.approx(-0.375)


def test_jumps_that_do_not_fade_grow_the_mean_at_the_compensated_rate():
    years = np.array([0.1, 1.0, 3.0])
    assert log_growth(UNEVEN, 1e-9, years) == pytest.approx(-compensation(UNEVEN) * years, rel=1e-7)


@pytest.mark.parametrize("kappa", [0.05, 2.0, 40.0])
def test_the_growth_is_the_integral_over_the_time_since_each_jump(kappa):
    years = np.array([0.02, 0.5, 4.0])
    for expected, end in zip(log_growth(UNEVEN, kappa, years), years, strict=True):
        edges = np.linspace(0.0, end, 200_001)
        left = np.exp(-kappa * 0.5 * (edges[1:] + edges[:-1]))
        parts = sum(r * np.expm1(left * m + 0.5 * (left * s) ** 2) for r, m, s in UNEVEN.sides)
        # The midpoint rule on 200,000 steps is right to 1e-9 of the largest value here.
        assert parts.sum() * (edges[1] - edges[0]) == pytest.approx(expected, abs=2e-8)


def test_no_jumps_leave_the_mean_alone():
    none = SignedJumps(0.0, -1.0, 0.1, 0.0, 1.0, 0.1)
    assert np.all(log_growth(none, 2.0, np.array([0.5, 1.0])) == 0.0)
    assert drift_over(none, 2.0, 1.0) == 0.0


def test_scaled_jumps_have_scaled_drift_and_squared_variance():
    wider = UNEVEN.scaled(1.5)
    assert wider.drift == pytest.approx(1.5 * UNEVEN.drift)
    assert wider.variance == pytest.approx(2.25 * UNEVEN.variance)
    assert wider.lambda_up == UNEVEN.lambda_up


def test_a_batch_of_parameters_gives_what_each_gives_alone():
    years = np.array([0.3, 1.2])
    kappas = np.array([[0.7], [3.0]])
    batch = SignedJumps(*(np.array([[v], [1.1 * v]]) for v in (0.5, -1.0, 0.1, 0.3, 0.6, 0.1)))
    both = log_growth(batch, kappas, years)
    first = log_growth(SignedJumps(0.5, -1.0, 0.1, 0.3, 0.6, 0.1), 0.7, years)
    np.testing.assert_allclose(both[0], first, rtol=1e-13)
    assert both.shape == (2, 2)
