"""From a futures history, or the index alone, to fitted factors with jumps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import FuturesHistory, TokenIndex
from hedgedesk.domain.price_models import JumpRecord
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import ArrayHolder, Dates, Floats
from hedgedesk.prices.models.jump_diffusion.climb import Batch, Summit, Surface
from hedgedesk.prices.models.jump_diffusion.coordinates import JUMPS, coordinates_of, natural_jumps, priors
from hedgedesk.prices.models.jump_diffusion.first_look import FirstLook, first_look, inputs_of, start_of
from hedgedesk.prices.models.jump_diffusion.identified import (
    MOST_PER_STEP,
    require_both_factors,
    require_known_speed,
    require_moving_index,
    require_rare_jumps,
    require_visible_speed,
)
from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps
from hedgedesk.prices.models.jump_diffusion.settle import Settling
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor.panel import NearbyPanel, nearby_panel
from hedgedesk.prices.models.two_factor.search import fit_panel
from hedgedesk.prices.models.two_factor_jumps.panel_filter import FACTORS, JumpPanel

MODEL = "TwoFactorJumps"
NAMES = (*TwoFactorParameters.__dataclass_fields__, *JUMPS)
RUNGS = 6
"""Speeds from which the search in the index alone may start."""
AT_ONCE = 300_000
"""Quotes of all parameter sets together that are held in memory at a time."""
SHOWN_BY_INDEX = np.array([name not in ("rho", "mu_xi_star", "lambda_chi") for name in NAMES])
"""What prices without maturities can show (identification)."""


@dataclass(frozen=True, eq=False)
class FactorFit(ArrayHolder):
    """Factors and jumps at their highest likelihood."""

    values: Floats
    """(13,) in the order of :data:`NAMES`."""
    covariance: Floats
    """(13, 13), NaN where an input was held."""
    state: Floats
    """(2,) chi and xi on the last date."""
    state_covariance: Floats
    measurement_sd: Floats
    """(K,) of the quotes by rank, as the two-factor model without jumps leaves them; held."""
    log_likelihood: float
    estimated: int
    observations: int
    last_date: np.datetime64
    jumps: tuple[JumpRecord, ...]
    inputs: dict[str, str] = field(default_factory=dict)
    """Source of rate and size of each sign that the history shows too rarely."""
    fitted_on: str = ""
    state_response: Floats = field(default_factory=lambda: np.zeros((2, len(NAMES))))
    """(2, 13) by how much the state moves per unit of each parameter when the same quotes are seen through it."""


def fit_futures(history: FuturesHistory, tick: Tick = silent) -> FactorFit:
    """Fit to quotes by nearness, see :func:`fit_nearby`.

    Raises
    ------
    ModelError
        Fewer than 52 dates of quotes, or factors or jumps that they do not show.
    """
    with _told_of_factors():
        panel = nearby_panel(history)
    return fit_nearby(panel, tick)


def fit_nearby(panel: NearbyPanel, tick: Tick = silent) -> FactorFit:
    """Fit to a panel; the two-factor model without jumps comes first and gives start and measurement errors.

    Raises
    ------
    ModelError
        The panel does not show the factors, or jumps beside them.
    """
    with _told_of_factors():
        first = fit_panel(panel.log_prices, panel.maturities_years, panel.steps_years, _half(tick))
    gaps = np.diff(years_between(panel.dates[0], panel.dates))
    quotes = JumpPanel(panel.log_prices, panel.maturities_years, gaps, first.parameters["measurement_sd"])
    left = np.exp(-first.model_parameters.kappa * gaps)
    look = FirstLook.of(first.states[1:, 0] - left * first.states[:-1, 0])
    jumps = start_of(look, float(gaps.sum()))
    start = _start(_less(first.model_parameters, jumps), jumps)
    ranks = ", ".join(str(rank) for rank in panel.ranks)
    told = f"{panel.dates.size} dates of futures, {panel.dates[0]} to {panel.dates[-1]}, nearby contracts {ranks}"
    return _fit(quotes, panel.dates, look, [start], np.ones(len(NAMES), dtype=bool), told, _half(tick, 0.5))


@contextmanager
def _told_of_factors() -> Iterator[None]:
    try:
        yield
    except ModelError as refusal:
        raise type(refusal)(f"{MODEL} starts from the factors without jumps: {refusal}") from refusal


def fit_prices(index: TokenIndex, tick: Tick = silent) -> FactorFit:
    """Fit to the index alone: rho = 0, no measurement error, and no premia, which it cannot show.

    Raises
    ------
    ModelError
        Fewer than 104 prices, an index that mostly stands still, or factors or jumps that it does not show.
    """
    require_moving_index(f"{MODEL} without a futures history", index)
    log_price, gaps = np.log(index.price_per_mtok), np.diff(years_between(index.dates[0], index.dates))
    quotes = JumpPanel(log_price[:, None], np.zeros((log_price.size, 1)), gaps, np.zeros(1))
    told = f"{index.dates.size} prices of the index, {index.dates[0]} to {index.dates[-1]}"
    look = first_look(log_price, gaps).look
    starts = _starts_of(log_price, gaps, look)
    return _fit(quotes, index.dates, look, starts, SHOWN_BY_INDEX, told, tick)


def _starts_of(prices: Floats, gaps: Floats, look: FirstLook) -> list[Floats]:
    """A ladder of speeds; what moves the price without jumps is shared between the factors."""
    years, step = float(gaps.sum()), float(np.median(gaps))
    quiet = float(look.surprise[~look.outlier].std()) / np.sqrt(2 * step)
    growth = float(prices[-1] - prices[0]) / years
    jumps = start_of(look, years)
    ladder = np.geomspace(2.0 / years, 0.5 / step, RUNGS)
    return [_start(TwoFactorParameters(kappa, quiet, quiet, 0.0, growth, 0.0, 0.0), jumps) for kappa in ladder]


def _fit(
    quotes: JumpPanel,
    dates: Dates,
    look: FirstLook,
    starts: Sequence[Floats],
    free: NDArray[np.bool_],
    fitted_on: str,
    tick: Tick,
) -> FactorFit:
    years = float(quotes.gaps.sum())
    inputs, sources = inputs_of(look, years)
    at_once = max(len(NAMES), AT_ONCE // quotes.log_prices.size)
    surface = Surface(NAMES, _natural, _walled(quotes), free, priors(NAMES), at_once)
    settling = Settling(MODEL, FACTORS, years, inputs, lambda point: _require(point, quotes.gaps))
    found, held = settling.settle(surface, starts, tick)
    require_known_speed(MODEL, float(found.values[0]), float(found.coordinate_errors[0]), years)
    require_both_factors(MODEL, found.coordinate_errors[1:3])
    shown = quotes.filtered(found.values)
    seen = np.flatnonzero(shown.quiet < 0.5)
    return FactorFit(
        values=found.values,
        covariance=found.covariance,
        state=shown.state,
        state_covariance=shown.state_covariance,
        measurement_sd=quotes.measurement_sd,
        log_likelihood=found.log_likelihood,
        estimated=_estimated(found, quotes),
        observations=int(np.isfinite(quotes.log_prices).sum()),
        last_date=dates[-1],
        jumps=tuple(JumpRecord(dates[i], float(shown.surprise[i])) for i in seen),
        inputs={side: sources[side] for side in held},
        fitted_on=fitted_on,
        state_response=quotes.state_response(found.values),
    )


def _estimated(found: Summit, quotes: JumpPanel) -> int:
    """The measurement errors count: they were estimated too, one step earlier."""
    return found.estimated + int(np.sum(quotes.measurement_sd > 0.0))


def _natural(points: Batch) -> Batch:
    values = points.copy()
    values[:, :3] = np.exp(points[:, :3])
    values[:, 3] = np.tanh(points[:, 3])
    values[:, FACTORS:] = natural_jumps(points[:, FACTORS:])
    return values


def _less(p: TwoFactorParameters, jumps: SignedJumps) -> TwoFactorParameters:
    """The factors with the variance of the jumps taken out of chi's, at most three quarters of it."""
    return replace(p, sigma_chi=float(np.sqrt(max(p.sigma_chi**2 - jumps.variance, 0.25 * p.sigma_chi**2))))


def _start(p: TwoFactorParameters, jumps: SignedJumps) -> Floats:
    factors = [np.log(p.kappa), np.log(p.sigma_chi), np.log(p.sigma_xi), np.arctanh(p.rho)]
    return np.concatenate([factors, [p.mu_xi, p.mu_xi_star, p.lambda_chi], coordinates_of(jumps)])


def _require(point: Floats, gaps: Floats) -> None:
    require_visible_speed(MODEL, float(np.exp(point[0])), gaps)
    require_rare_jumps(MODEL, float(np.exp(point[FACTORS]) + np.exp(point[FACTORS + 3])), gaps, "TwoFactor")


def _walled(quotes: JumpPanel) -> Callable[[Batch], Any]:
    step = float(np.median(quotes.gaps))

    def likelihood(values: Batch) -> Any:
        rate = values[:, FACTORS].real + values[:, FACTORS + 3].real
        return np.where(rate * step > MOST_PER_STEP, np.nan, quotes.log_likelihood(values))

    return likelihood


def _half(tick: Tick, start: float = 0.0) -> Tick:
    return lambda fraction, text: tick(start + 0.5 * fraction, text)
