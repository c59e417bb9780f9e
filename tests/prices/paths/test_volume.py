import numpy as np
import pytest

from hedgedesk.prices.paths.volume import VolumeLaw, normal_scores

SD = np.array([0.15, 0.4])


def test_a_factor_that_follows_nothing_is_the_lognormal_of_its_normal():
    z = np.array([[1.0, -2.0], [0.0, 3.0]])
    factor = z.copy()
    VolumeLaw(SD, 0.0).turn(factor, None)
    assert factor == pytest.approx(np.exp(SD[:, None] * z - 0.5 * SD[:, None] ** 2))


def test_a_gaussian_price_is_standardised_by_its_closed_moments():
    z, price = np.array([[1.0], [0.5]]), np.array([[2.3], [2.9]])
    factor = z.copy()
    VolumeLaw(SD, 0.6, np.array([2.1, 2.4]), np.array([0.2, 0.25])).turn(factor, price.copy())
    normal = 0.6 * np.array([[1.0], [2.0]]) + 0.8 * z
    assert factor == pytest.approx(np.exp(SD[:, None] * normal - 0.5 * SD[:, None] ** 2))


@pytest.mark.parametrize("rho", [-0.7, 0.7, 1.0])
def test_whatever_the_price_every_factor_has_mean_1_and_its_spread(rho):
    random = np.random.default_rng(5)
    size = 50_000
    jumpy = np.where(random.random((2, size)) < 0.1, -1.4, 0.0)  # nine of ten stand still, and tie
    factor = random.standard_normal((2, size))
    VolumeLaw(SD, rho).turn(factor, jumpy)
    spread = np.sqrt(np.expm1(SD**2))
    # Four standard errors of the mean; the spread's own, with the fat tail of the wider one, is below 2%.
    assert np.all(np.abs(factor.mean(axis=1) - 1.0) < 4 * spread / np.sqrt(size))
    assert factor.std(axis=1) == pytest.approx(spread, rel=0.05)


def test_use_that_follows_the_price_alone_has_mean_1_exactly():
    price = np.random.default_rng(6).exponential(size=(1, 999))
    factor = np.zeros((1, 999))
    VolumeLaw(SD[1:], 1.0).turn(factor, price.copy())
    assert factor.mean() == pytest.approx(1.0, abs=1e-12)
    assert np.array_equal(np.argsort(factor[0]), np.argsort(price[0]))


def test_the_correlation_of_ranks_is_as_asked():
    random = np.random.default_rng(7)
    price = np.exp(3 * random.standard_normal((1, 40_000)))
    factor, kept = random.standard_normal((1, 40_000)), price.copy()
    VolumeLaw(SD[:1], 0.5).turn(factor, price)
    ranks = [normal_scores(40_000)[np.argsort(np.argsort(values[0]))] for values in (kept, factor)]
    # Standard error (1 - rho^2) / sqrt(n).
    assert np.corrcoef(*ranks)[0, 1] == pytest.approx(0.5, abs=4 * 0.75 / 200)
