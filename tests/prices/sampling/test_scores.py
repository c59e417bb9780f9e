import numpy as np
import pytest

from hedgedesk.prices.paths.volume import VolumeLaw
from hedgedesk.prices.sampling.scores import ScoredVolume

LAW = VolumeLaw(sd=np.array([0.3, 0.2]), correlation=0.8)
FAIR = 50_000


def prices(seed, count=FAIR):
    """Two months of a log price that is far from normal."""
    return np.random.default_rng(seed).exponential(1.0, (2, count)) ** 1.5


def learnt(drawn=None):
    drawn = prices(1) if drawn is None else drawn

    def walk(law):
        for part in np.array_split(drawn, 5, axis=1):
            law.turn(np.zeros(part.shape), part.copy())

    return ScoredVolume.learnt(LAW, walk)


def factors(law, drawn, seed=9):
    normals = np.random.default_rng(seed).standard_normal(drawn.shape)
    law.turn(normals, drawn.copy())
    return normals


def test_factors_have_mean_1_and_their_spread():
    found = factors(learnt(), prices(2))
    variance = np.expm1(LAW.sd**2)
    # The reference is as large as the sample, so both strayed: twice the variance; beyond 4.5 of it once in 150,000.
    assert np.all(np.abs(found.mean(axis=1) - 1.0) < 4.5 * np.sqrt(2 * variance / FAIR))
    assert found.std(axis=1) == pytest.approx(np.sqrt(variance), rel=0.03)


def test_factors_follow_the_ranks_as_the_law_that_ranks_a_block():
    drawn = prices(3)
    ranked, scored = factors(LAW, drawn), factors(learnt(), drawn)
    assert np.corrcoef(ranked[0], scored[0])[0, 1] > 0.999


def test_a_price_has_its_score_whoever_else_is_drawn():
    law, drawn = learnt(), prices(4, 8)
    still = np.zeros((2, 8))
    law.turn(still, drawn.copy())
    alone = np.zeros((2, 3))
    law.turn(alone, drawn[:, :3].copy())
    np.testing.assert_array_equal(still[:, :3], alone)


def test_a_price_that_often_stands_still_has_no_scores():
    sticky = np.where(prices(5) < 0.5, 0.0, prices(5))
    assert learnt(sticky) is None
