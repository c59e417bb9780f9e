import numpy as np
import pytest

from hedgedesk.prices.models.jump_diffusion import JumpDiffusion, JumpParameters
from hedgedesk.prices.models.jump_diffusion.density import IndexHistory, log_sum, step_moments
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps, drift_over

JUMPS = SignedJumps(3.0, -0.35, 0.1, 2.0, 0.3, 0.08)
GAP = np.array([7 / 365])


def test_the_parts_of_a_step_add_to_its_closed_form_moments():
    parts = step_moments(JUMPS, 2.0, GAP)
    chance = np.exp(parts.log_weight)[0]
    mean = (chance * parts.mean[0]).sum()
    square = (chance * (parts.variance[0] + parts.mean[0] ** 2)).sum()
    expected = float(drift_over(JUMPS, 2.0, GAP[0]))
    # Three jumps in a week are left out: their chance is (0.096)^3 / 6.
    missing = 0.096**3 / 6
    assert 1.0 - chance.sum() == pytest.approx(missing, rel=0.1)
    assert mean == pytest.approx(expected, abs=3 * missing * 0.35)
    variance = JUMPS.variance * -np.expm1(-4.0 * GAP[0]) / 4.0
    assert square - mean**2 == pytest.approx(variance, abs=9 * missing * 0.35**2)


def test_the_density_of_a_step_is_the_law_of_the_draws():
    p = JumpParameters(2.0, 2.3, 0.4, 3.0, -0.35, 0.1, 2.0, 0.3, 0.08)
    size, start = 400_000, 2.2
    drawn = JumpDiffusion(float(np.exp(start)), p).sample(np.random.default_rng(1), GAP, size)[:, 0]
    edges = np.array([1.3, 1.6, 1.8, 2.0, 2.1, 2.2, 2.3, 2.4, 2.6, 2.8])
    fine = np.linspace(1.3, 2.8, 15_001)
    middle = 0.5 * (fine[1:] + fine[:-1])
    history = IndexHistory(
        np.stack([np.full(middle.size, start), middle]).T.ravel(), np.full(2 * middle.size - 1, GAP[0])
    )
    density = np.exp(log_sum(history.parts(p.kappa, p.theta, p.sigma, p.jumps)))[::2]
    chance = np.add.reduceat(density * np.diff(fine), np.searchsorted(middle, edges[:-1]))
    counts = np.histogram(drawn, edges)[0]
    # Each bin within 4 binomial standard errors, and what three jumps may add.
    error = 4 * np.sqrt(chance * (1 - chance) * size) + 1.5e-4 * size
    assert np.all(np.abs(counts - chance * size) < error)


def test_the_logarithm_of_a_sum_keeps_the_step_of_a_complex_number():
    logs = np.array([[-1000.0, -1001.0]]) + 1e-20j * np.array([[1.0, 0.0]])
    total = log_sum(logs)[0]
    assert total.real == pytest.approx(-1000.0 + np.log1p(np.exp(-1.0)))
    assert total.imag / 1e-20 == pytest.approx(1 / (1 + np.exp(-1.0)))
