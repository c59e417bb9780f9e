"""What holds for every price model: its draws agree with its closed forms, whatever it believes.

Draws are a million, seeds are fixed, and "agree" means within 4 standard errors of the sample's own mean: a law that
holds is missed by chance once in 16,000 comparisons.
"""

from __future__ import annotations

import dataclasses
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.run import MODELS, RunSettings
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.models.bootstrap import Bootstrap
from hedgedesk.prices.models.jump_diffusion import JumpDiffusion, JumpParameters, SignedJumps
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.models.regimes import Regimes
from hedgedesk.prices.models.step_price import StepPrice
from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorParameters
from hedgedesk.prices.models.two_factor_jumps import TwoFactorJumps
from hedgedesk.prices.registry import model_called
from hedgedesk.prices.simulate import simulate

WEEK = 7 / 365
STALE = 0.03
"""Years from the newest price to as_of; no whole number of weeks."""
YEARS = np.array([0.05, 0.3, 0.5, 1.0, 1.6])
"""From as_of; in the middle of steps too."""
PRESENT = 1
"""Number of the date from which futures are looked at."""
SCENARIOS, BLOCK = 1_000_000, 100_000
FACTORS = TwoFactorParameters(1.5, 0.3, 0.16, 0.4, 0.05, -0.03, 0.1)
STATE, UNKNOWN = np.array([0.1, np.log(9.0)]), np.array([[0.02, -0.015], [-0.015, 0.012]])
WAR, SHORTAGE = (0.9, -0.6, 0.15), (0.6, 0.4, 0.1)


def history() -> np.ndarray:
    """Changes that stand still, drift and jump: clustered, skewed, correlated with the one before."""
    random = np.random.default_rng(8)
    noise = random.standard_normal(104) * np.where(np.arange(104) % 26 < 6, 0.08, 0.01)
    noise[1:] += 0.4 * noise[:-1]
    noise[[20, 21, 70]] = (-0.35, -0.2, 0.3)
    return noise


MAKERS: dict[str, Callable[[], PriceModel]] = {
    "RandomWalk": lambda: RandomWalk(9.0, -0.2, 0.45, 0.3, 0.04, 0.0, 100, stale_years=STALE, drift=-0.1),
    "TwoFactor": lambda: TwoFactor(FACTORS, STATE, UNKNOWN),
    "JumpDiffusion": lambda: JumpDiffusion(
        9.0, JumpParameters(2.0, np.log(8.0), 0.35, *WAR, *SHORTAGE), stale_years=STALE, drift=-0.1
    ),
    "TwoFactorJumps": lambda: TwoFactorJumps(FACTORS, SignedJumps(*WAR, *SHORTAGE), STATE, UNKNOWN),
    "StepPrice": lambda: StepPrice(
        9.0, 1.2, np.log([0.5, 0.75, 0.9]), 0.5, np.log([1.3, 2.0]), adopted_share=0.3, stale_years=STALE
    ),
    "Regimes": lambda: Regimes(
        9.0,
        WEEK,
        ("price war", "calm", "shortage"),
        mean=np.array([-0.04, 0.0, 0.05]),
        sd=np.array([0.08, 0.01, 0.06]),
        transition=np.array([[0.80, 0.03, 0.05], [0.15, 0.95, 0.15], [0.05, 0.02, 0.80]]),
        newest=np.array([0.3, 0.6, 0.1]),
        stale_years=STALE,
    ),
    "Bootstrap": lambda: Bootstrap(9.0, history(), WEEK, block_length=4.0, stale_years=STALE, drift=-0.1),
}
OWN_VIEWS = {
    "RandomWalk": {"sigma": 0.9},
    "TwoFactor": {"sigma_chi": 0.9},
    "JumpDiffusion": {"lambda_down": 4.0, "m_down": -0.8},
    "TwoFactorJumps": {"lambda_down": 4.0, "m_down": -0.8},
    "StepPrice": {"down_rate": 4.0, "down_size": -0.8},
    "Regimes": {"sd_calm": 0.1},
    "Bootstrap": {"sigma": 1.2},
}
"""Each makes the price move more."""
GROWTHS = {"RandomWalk": "mu", "TwoFactor": "mu_xi_star", "StepPrice": "mu", "Regimes": "mu", "Bootstrap": "mu"}
"""Models with a parameter that is the growth drawn with; the others return to a level."""

SHOCKED = ("RandomWalk", "TwoFactor", "JumpDiffusion", "TwoFactorJumps", "Regimes")
"""Models with Gaussian shocks."""


@dataclass(frozen=True)
class Drawn:
    """A model and a million of its paths."""

    model: PriceModel
    log_price: np.ndarray
    """(N, S)."""
    log_futures: np.ndarray
    """(N, S) of every date from the present one on, as seen from it; the rows before are empty."""


@pytest.fixture(scope="module", params=MODELS)
def drawn(request) -> Drawn:
    model = MAKERS[request.param]()
    random = np.random.default_rng(20_261)
    sampler = model.sampler(YEARS, BLOCK, np.dtype(np.float64))
    log_price, log_futures = (np.full((YEARS.size, SCENARIOS), np.nan) for _ in range(2))
    for start in range(0, SCENARIOS, BLOCK):
        cut = slice(start, start + BLOCK)
        sampler.start(random, BLOCK)
        for date in range(YEARS.size):
            sampler.step(date, random.standard_normal((sampler.normals, BLOCK)), log_price[date, cut])
            if date == PRESENT:
                for later in range(PRESENT, YEARS.size):
                    sampler.log_futures(YEARS[later] - YEARS[PRESENT], log_futures[later, cut])
    return Drawn(model, log_price, log_futures)


@pytest.fixture(params=MODELS)
def model(request) -> PriceModel:
    return MAKERS[request.param]()


def miss(sample: np.ndarray, expected: float) -> float:
    """How many standard errors the mean of a sample lies from what it should be."""
    error = float(sample.std() / np.sqrt(sample.size))
    return abs(float(sample.mean()) - expected) / max(error, 1e-12 * max(1.0, abs(expected)))


def paths(model: PriceModel, precision: str = "float64", size: int = 512, seed: int = 5, sampler=None) -> np.ndarray:
    """Paths (N, size) on float64 normals, whatever the sampler's own precision."""
    dtype, random = np.dtype(precision), np.random.default_rng(seed)
    walker = sampler or model.sampler(YEARS, size, dtype)
    found = np.empty((YEARS.size, size), dtype)
    walker.start(np.random.default_rng(seed + 1), size)
    for date in range(YEARS.size):
        walker.step(date, random.standard_normal((walker.normals, size)).astype(dtype), found[date])
    return found


def test_every_model_has_its_law():
    assert tuple(MAKERS) == tuple(OWN_VIEWS) == MODELS
    for name, make in MAKERS.items():
        assert type(make()) is model_called(name)
        assert make().name == name
        assert isinstance(make(), PriceModel)


def test_the_mean_log_price_is_the_closed_form(drawn):
    means = drawn.model.log_mean(YEARS)
    assert max(miss(drawn.log_price[i], means[i]) for i in range(YEARS.size)) < 4


def test_variance_and_autocovariance_are_the_closed_form(drawn):
    covariance = drawn.model.log_covariance(YEARS)
    away = drawn.log_price - drawn.model.log_mean(YEARS)[:, None]
    misses = {
        (i, j): miss(away[i] * away[j], covariance[i, j]) for i in range(YEARS.size) for j in range(i, YEARS.size)
    }
    assert max(misses.values()) < 4, misses
    assert covariance == pytest.approx(covariance.T)


def test_the_mean_price_is_the_curve(drawn):
    curve = drawn.model.futures(YEARS)
    assert max(miss(np.exp(drawn.log_price[i]), curve[i]) for i in range(YEARS.size)) < 4


def test_futures_seen_from_a_later_day_average_to_todays_curve(drawn):
    curve = drawn.model.futures(YEARS)
    assert max(miss(np.exp(drawn.log_futures[i]), curve[i]) for i in range(PRESENT, YEARS.size)) < 4


def test_what_futures_leave_open_has_nothing_to_do_with_what_is_known(drawn):
    known = drawn.log_price[PRESENT] - drawn.log_price[PRESENT].mean()
    for later in range(PRESENT + 1, YEARS.size):
        expected = np.exp(drawn.log_futures[later])
        surprise = np.exp(drawn.log_price[later]) - expected
        assert miss(surprise * known, 0.0) < 4
        assert miss(surprise * (expected - expected.mean()), 0.0) < 4


def test_the_futures_price_of_today_is_todays_price(drawn):
    assert np.abs(drawn.log_futures[PRESENT] - drawn.log_price[PRESENT]).max() < 1e-12


def test_a_gaussian_models_curve_is_its_mean_and_half_its_variance(model):
    variance = np.diag(model.log_covariance(YEARS))
    apart = np.log(model.futures(YEARS)) - model.log_mean(YEARS) - 0.5 * variance
    assert bool(np.abs(apart).max() < 1e-12) is model.gaussian


def test_single_precision_follows_double(model):
    double, single = paths(model), paths(model, "float32")
    assert single.dtype == np.float32
    # A log price of about 2 is told to 2.4e-7; some 80 steps of a week add up.
    assert np.abs(double - single).max() < 2e-5


def test_single_precision_futures_follow_double(model):
    found = []
    for precision in ("float64", "float32"):
        sampler = model.sampler(YEARS, 512, np.dtype(precision))
        paths(model, precision, sampler=sampler)
        found.append(np.empty(512, precision))
        sampler.log_futures(0.7, found[-1])
    assert np.abs(found[0] - found[1]).max() < 2e-5


def test_the_same_streams_give_the_same_paths_and_others_give_others(model):
    assert np.array_equal(paths(model), paths(model))
    assert not np.array_equal(paths(model), paths(model, seed=6))


def test_a_sampler_remembers_nothing_of_the_block_before(model):
    used = model.sampler(YEARS, 512, np.dtype(np.float64))
    paths(model, seed=9, sampler=used)
    assert np.array_equal(paths(model, sampler=used), paths(model))
    assert np.array_equal(paths(model, size=100, sampler=used), paths(model, size=100))


def test_a_model_that_crossed_to_another_process_draws_the_same(model):
    assert np.array_equal(paths(pickle.loads(pickle.dumps(model))), paths(model))


def test_directions_are_unit_vectors_of_the_shocks_taken(model):
    sampler = model.sampler(YEARS, 8, np.dtype(np.float64))
    assert sampler.direction.shape == (YEARS.size, sampler.normals)
    if sampler.normals:
        assert np.linalg.norm(sampler.direction, axis=1) == pytest.approx(1.0)


@pytest.mark.parametrize("name", SHOCKED)
def test_a_normal_moves_the_log_price_along_its_direction_and_not_across(name):
    model = MAKERS[name]()
    sampler = model.sampler(YEARS, 1, np.dtype(np.float64))

    def log_price(date: int, shock: np.ndarray) -> float:
        found = np.empty(1)
        sampler.start(np.random.default_rng(4), 1)
        for earlier in range(date):
            sampler.step(earlier, np.zeros((sampler.normals, 1)), found)
        sampler.step(date, shock[:, None].copy(), found)
        return float(found[0])

    for date, along in enumerate(sampler.direction):
        still = log_price(date, np.zeros(sampler.normals))
        assert log_price(date, along) > still + 1e-4
        for axis in np.eye(sampler.normals):
            assert log_price(date, axis - axis @ along * along) == pytest.approx(still, abs=1e-12)


@pytest.mark.parametrize("name", sorted(set(MODELS) - set(SHOCKED)))
def test_a_price_that_only_steps_takes_no_normals(name):
    assert MAKERS[name]().sampler(YEARS, 8, np.dtype(np.float64)).normals == 0


def test_more_volatility_widens_every_date(model):
    wider = model.with_volatility(1.5).log_covariance(YEARS)
    # What is not known of today's factors stays as it is, so the variance grows by less than the factor's square.
    assert np.all(np.diag(wider) > 1.2 * np.diag(model.log_covariance(YEARS)))
    assert np.all(np.diag(wider) < 2.3 * np.diag(model.log_covariance(YEARS)))


def test_no_more_volatility_changes_nothing(model):
    same = model.with_volatility(1.0)
    assert same.log_mean(YEARS) == pytest.approx(model.log_mean(YEARS), abs=1e-12)
    assert same.log_covariance(YEARS) == pytest.approx(model.log_covariance(YEARS), abs=1e-12)


def test_a_view_is_drawn_from_and_shown_beside_the_estimate(model):
    own = OWN_VIEWS[model.name]
    seen = model.with_view(own)
    assert seen.describe().view == own
    assert seen.describe().parameters == pytest.approx(model.describe().parameters, nan_ok=True)
    assert set(own) <= set(model.describe().parameters)
    assert np.all(np.diag(seen.log_covariance(YEARS)) > 1.5 * np.diag(model.log_covariance(YEARS)))


def test_no_view_changes_nothing(model):
    same = model.with_view({})
    assert same.futures(YEARS) == pytest.approx(model.futures(YEARS))
    assert same.describe().view == {}
    assert same.describe().parameters == pytest.approx(model.describe().parameters, nan_ok=True)


def test_a_view_stays_when_parameters_are_drawn(model):
    own = OWN_VIEWS[model.name]
    again = model.with_view(own).redrawn(np.random.default_rng(3))
    assert again.describe().view == own


def test_every_fault_of_a_view_is_told_with_the_models_name(model):
    with pytest.raises(InputError) as caught:
        model.with_view({"nonsense": 1.0, next(iter(OWN_VIEWS[model.name])): float("inf")})
    found = caught.value.faults
    assert [fault.column for fault in found] == ["nonsense", next(iter(OWN_VIEWS[model.name]))]
    assert model.name in str(caught.value)


@pytest.mark.parametrize("name", GROWTHS)
def test_a_view_of_the_growth_stands_whatever_drift_the_settings_have(name):
    model = MAKERS[name]()
    seen = model.with_view({GROWTHS[model.name]: 0.4})
    assert seen.with_drift(-0.3).futures(YEARS) == pytest.approx(seen.futures(YEARS))
    assert np.all(seen.futures(YEARS) > model.futures(YEARS))


def test_parameters_are_drawn_by_the_generator_alone(model):
    first, again, other = (model.redrawn(np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert np.array_equal(first.futures(YEARS), again.futures(YEARS))
    assert np.array_equal(first.log_covariance(YEARS), again.log_covariance(YEARS))
    assert first.name == other.name == model.name


@pytest.fixture(scope="module")
def asked(make_desk):
    desk = make_desk()
    return desk.market, Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)


@pytest.mark.parametrize("uncertain", [False, True])
def test_simulated_settlements_average_to_todays_quotes_and_volumes_to_the_forecast(
    model, asked, quoted_market, uncertain
):
    _, exposure = asked
    settings = RunSettings(
        scenarios=8_192 if uncertain else 65_536,
        seed=2,
        block_size=4_096,
        price_volume_correlation=0.5,
        precision="float64",
        parameter_uncertainty=uncertain,
    )
    found = simulate(model, quoted_market, exposure, settings)
    quotes = found.curve.price_per_mtok
    assert max(miss(found.settlement_per_mtok[:, k], quotes[k]) for k in range(quotes.size)) < 4
    forecast = exposure.forecast_in(found.unit)
    assert max(miss(found.volume_mtok[:, t], forecast[t]) for t in range(forecast.size)) < 4


def test_single_precision_scenarios_have_the_moments_of_double_ones(model, asked, quoted_market):
    _, exposure = asked
    found = [
        simulate(model, quoted_market, exposure, RunSettings(scenarios=16_384, seed=2, precision=precision))
        for precision in ("float64", "float32")
    ]
    for name in ("price_per_mtok", "volume_mtok", "settlement_per_mtok"):
        double, single = (getattr(each, name) for each in found)
        # Normals are made in another way in single precision, so paths differ and means agree within both errors.
        error = np.sqrt(2.0) * double.std(axis=0) / np.sqrt(double.shape[0])
        assert np.all(np.abs(double.mean(axis=0) - single.mean(axis=0)) < 4 * error), name


def _with_prices(market, prices: np.ndarray):
    """The market with another history of weeks and nothing beside it."""
    dates = market.index.dates[-1] - 7 * np.arange(prices.size)[::-1]
    index = dataclasses.replace(market.index, dates=dates, price_per_mtok=prices)
    return dataclasses.replace(market, index=index, futures=None, list_prices=None)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("prices", [np.full(160, 9.0), np.array([9.0, 9.5, 9.2, 9.9])], ids=["flat", "short"])
def test_a_history_that_cannot_identify_a_model_is_refused_in_its_name_with_what_it_would_need(
    small_market, name, prices
):
    with pytest.raises(ModelError) as caught:
        model_called(name).fit(_with_prices(small_market, prices))
    told = str(caught.value)
    assert told.startswith(name)
    assert "needs" in told
    assert re.search(r"\d", told), "what was found is counted"
