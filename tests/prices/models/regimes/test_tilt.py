import numpy as np
import pytest

from hedgedesk.prices.models.regimes.chain import RegimeChain
from hedgedesk.prices.models.regimes.tilt import tilted

CHAIN = RegimeChain(
    np.array([-0.05, 0.0]), np.array([0.05, 0.01]), np.array([[0.5, 0.1], [0.5, 0.9]]), np.array([0.0, 1.0])
)
ALL = np.array([True, True])


@pytest.mark.parametrize("growth", [-0.012, -0.004, 0.001])
def test_the_long_run_growth_is_the_one_asked_for_and_means_move_with_variances(growth):
    found = tilted(CHAIN, growth, ALL)
    assert found.long_run_growth() == pytest.approx(growth, abs=1e-12)
    wild, calm = found.mean - CHAIN.mean
    assert wild == pytest.approx(25.0 * calm)
    assert (found.sd.tolist(), found.transition.tolist()) == (CHAIN.sd.tolist(), CHAIN.transition.tolist())


def test_its_own_growth_moves_nothing():
    assert tilted(CHAIN, CHAIN.long_run_growth(), ALL).mean == pytest.approx(CHAIN.mean, abs=1e-12)


def test_a_regime_that_is_not_free_stays():
    found = tilted(CHAIN, -0.005, np.array([True, False]))
    assert found.mean[1] == 0.0
    assert found.long_run_growth() == pytest.approx(-0.005, abs=1e-12)


def test_what_moves_too_far_or_rests_altogether_is_not_tilted():
    assert tilted(CHAIN, 0.05, ALL) is None
    assert tilted(CHAIN, -0.05, ALL) is None
    assert tilted(CHAIN, 0.0, np.array([False, False])) is None
