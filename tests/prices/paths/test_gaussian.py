import numpy as np
import pytest

from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.models.two_factor import TwoFactor
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters

WALK = RandomWalk(8.0, 0.0, 0.5, 0.1, 0.1, 0.0, 50, stale_years=0.1, drift=0.2)
FACTORS = TwoFactor(
    TwoFactorParameters(kappa=1.5, sigma_chi=0.4, sigma_xi=0.2, rho=-0.4, mu_xi=0.0, mu_xi_star=0.02, lambda_chi=0.1),
    np.array([0.2, np.log(9.0)]),
    np.array([[0.02, 0.005], [0.005, 0.03]]),
)
YEARS = np.array([0.1, 0.4, 1.0])
DOUBLE, SINGLE = np.dtype("float64"), np.dtype("float32")


def walked(model, date, size=4, precision=DOUBLE, seed=1):
    sampler = model.sampler(YEARS, size, precision)
    sampler.start(np.random.default_rng(0), size)
    random, log_price = np.random.default_rng(seed), np.empty(size, precision)
    for n in range(date + 1):
        sampler.step(n, random.standard_normal((sampler.normals, size)).astype(precision), log_price)
    return sampler, log_price


@pytest.mark.parametrize("model", [WALK, FACTORS], ids=["RandomWalk", "TwoFactor"])
def test_futures_seen_from_a_date_average_to_todays_curve(model):
    size = 100_000
    for date, ahead in ((0, 0.5), (2, 0.0), (2, 1.5)):
        sampler, _ = walked(model, date, size)
        seen = np.empty(size)
        sampler.log_futures(ahead, seen)
        levels = np.exp(seen)
        today = model.futures(np.array([YEARS[date] + ahead]))[0]
        # Four standard errors of the mean: what is expected of an expectation is today's.
        assert abs(levels.mean() - today) < 4 * levels.std() / np.sqrt(size)


@pytest.mark.parametrize("model", [WALK, FACTORS], ids=["RandomWalk", "TwoFactor"])
def test_what_is_due_today_trades_at_todays_price(model):
    sampler, log_price = walked(model, 1)
    seen = np.empty(4)
    sampler.log_futures(0.0, seen)
    assert seen == pytest.approx(log_price, rel=1e-12)


def test_the_two_factor_futures_are_the_papers_formula_of_the_present_state():
    sampler, _ = walked(FACTORS, 1)
    chi, xi = np.zeros(4), np.zeros(4)
    seen = np.empty(4)
    sampler.log_futures(50.0, seen)  # chi is gone by then: what is left is xi and the mean
    xi = seen - seen.mean()
    sampler.log_futures(0.5, seen)
    half = seen - seen.mean() - xi
    sampler.log_futures(0.0, seen)
    chi = seen - seen.mean() - xi
    assert half == pytest.approx(chi * np.exp(-1.5 * 0.5), abs=1e-9)


def moved_by(model, date, normals):
    """By how much the log price of ``date`` answers to the normals (g,) of that date alone."""
    sampler, out = model.sampler(YEARS, 1, DOUBLE), np.empty(1)
    sampler.start(np.random.default_rng(0), 1)
    for n in range(date + 1):
        sampler.step(n, (normals if n == date else np.zeros_like(normals))[:, None], out)
    return out[0] - model.log_mean(YEARS)[date]


@pytest.mark.parametrize("date", [0, 1, 2])
@pytest.mark.parametrize("model", [WALK, FACTORS], ids=["RandomWalk", "TwoFactor"])
def test_the_direction_is_that_in_which_normals_move_the_price(model, date):
    direction = model.sampler(YEARS, 1, DOUBLE).direction[date]
    answers = np.array([moved_by(model, date, axis) for axis in np.eye(direction.size)])
    assert direction == pytest.approx(answers / np.linalg.norm(answers))


def test_a_price_that_cannot_move_still_has_a_direction():
    still = RandomWalk(8.0, 0.0, 1e-300, 0.1, 0.1, 0.0, 50)
    assert still.sampler(YEARS, 1, DOUBLE).direction.tolist() == [[1.0]] * 3


@pytest.mark.parametrize("model", [WALK, FACTORS], ids=["RandomWalk", "TwoFactor"])
def test_single_precision_follows_double_on_the_same_normals(model):
    size = 2_000
    random = np.random.default_rng(3)
    paths = {}
    shocks = [random.standard_normal((2, size)).astype(np.float32) for _ in YEARS]
    for precision in (SINGLE, DOUBLE):
        sampler, out = model.sampler(YEARS, size, precision), np.empty((3, size), precision)
        sampler.start(random, size)
        for date, z in enumerate(shocks):
            sampler.step(date, z[: sampler.normals].astype(precision), out[date])
        paths[precision] = np.exp(out.astype(np.float64))
    # Relative: a few units of 2^-24 in log prices below 4.
    assert np.abs(paths[SINGLE] / paths[DOUBLE] - 1).max() < 1.5e-6
