import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.hedging.options import asian, geometric_asian, lognormal_prints, simulated_asian
from hedgedesk.hedging.options.simulated import PILOT

YEARS = 0.5 - np.array([14, 7, 0]) / 365
TERMS = {"forwards": 10.0, "strike": 11.0, "fixing_years": YEARS, "volatility": 0.6, "rate": 0.02}


@pytest.fixture(scope="module")
def prints():
    return lognormal_prints(10.0, YEARS, 0.6, 40_000, seed=5)


@pytest.mark.parametrize("kind", ["call", "put"])
def test_the_control_takes_nearly_all_of_the_error(prints, kind):
    value = simulated_asian(kind, prints, **TERMS)
    assert value.paths == 40_000 - PILOT
    assert value.standard_error < value.plain_standard_error / 50
    # Three prints within two weeks are nearly lognormal together: the two-moment formula misses by less than 1e-4.
    assert value.price == pytest.approx(asian(kind, **TERMS).price, abs=4 * value.standard_error + 1e-4)


def test_a_fixed_print_counts_as_in_the_formula(prints):
    terms = TERMS | {"fixed": [12.0, 13.0], "expiry_years": 0.6}
    value = simulated_asian("call", prints, **terms)
    assert value.price == pytest.approx(asian("call", **terms).price, abs=4 * value.standard_error + 1e-4)


def test_a_print_of_today_is_known_on_every_path():
    years = np.array([0.0, 0.25])
    drawn = lognormal_prints(10.0, [0.25], 0.6, 20_000, seed=6)
    prints = np.column_stack([np.full(20_000, 10.0), drawn])
    value = simulated_asian("call", prints, 10.0, 9.0, years, 0.6, 0.02)
    known = asian("call", 10.0, 9.0, [0.25], 0.6, 0.02, fixed=[10.0])
    assert value.price == pytest.approx(known.price, abs=4 * value.plain_standard_error)


def test_drawn_prints_have_the_forwards_and_the_covariance_asked_for():
    covariance = np.array([[0.04, 0.03], [0.03, 0.09]])
    forwards = np.array([8.0, 12.0])
    drawn = lognormal_prints(forwards, [0.2, 0.5], covariance, 100_000, seed=7)
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert np.all(np.abs(drawn.mean(axis=0) - forwards) < 4 * error)
    # A sample covariance of normals has a standard error of at most sqrt(2) variance / sqrt(n).
    assert np.abs(np.cov(np.log(drawn).T) - covariance).max() < 4 * np.sqrt(2) * 0.09 / np.sqrt(len(drawn))


def test_the_estimate_is_unbiased_whatever_the_pilot_finds():
    prices = [
        simulated_asian("call", lognormal_prints(10.0, YEARS, 0.6, 400, seed), **TERMS, pilot=5) for seed in range(200)
    ]
    found = np.array([value.price for value in prices])
    sharp = simulated_asian("call", lognormal_prints(10.0, YEARS, 0.6, 200_000, 999), **TERMS)
    error = found.std(ddof=1) / np.sqrt(found.size) + sharp.standard_error
    assert found.mean() == pytest.approx(sharp.price, abs=4 * error)


def test_without_noise_the_price_is_the_sure_payoff():
    terms = TERMS | {"volatility": 0.0, "strike": 9.0}
    value = simulated_asian("call", np.full((8, 3), 10.0), **terms)
    assert value.price == pytest.approx(np.exp(-0.01))
    assert value.standard_error == pytest.approx(0.0, abs=1e-15)
    assert value.price == pytest.approx(geometric_asian("call", **terms))


@pytest.mark.parametrize(
    ("prints", "message"),
    [
        (np.full((8, 2), 10.0), r"prints must be \(S, 3\)"),
        (np.full((3, 3), 10.0), "at least four paths"),
        (np.zeros((8, 3)), "every simulated price must be above 0"),
    ],
)
def test_paths_that_fit_no_option_are_refused(prints, message):
    with pytest.raises(InputError, match=message):
        simulated_asian("call", prints, **TERMS)
    with pytest.raises(InputError, match="fixing of today"):
        lognormal_prints(10.0, [0.0, 0.1], 0.6, 10, seed=1)
