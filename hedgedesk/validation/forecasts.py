"""A model's forecast of the log price, made as the desk draws it: on the quotes of the day where there are any."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hedgedesk.domain.market import ForwardCurve, MarketSnapshot
from hedgedesk.domain.units import month_end, years_between
from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.model import PriceModel
from hedgedesk.risk import scores


class Forecast(Protocol):
    """Of the log price at N dates."""

    @abstractmethod
    def crps(self, value: Floats) -> Floats:
        """Continuous ranked probability score (N,) at log prices ``value`` (N,)."""

    @abstractmethod
    def quantiles(self, levels: Floats) -> Floats:
        """(Q, N)."""

    @abstractmethod
    def pit(self, value: Floats, uniform: Floats) -> Floats:
        """Probability integral transform (N,) of ``value`` (N,); ``uniform`` (N,) shares out mass that lies on it."""


@dataclass(frozen=True, eq=False)
class Normal(ArrayHolder):
    """In closed form: no noise of drawing in the scores."""

    mean: Floats
    """(N,)."""
    sd: Floats
    """(N,)."""

    def crps(self, value: Floats) -> Floats:
        """See :class:`Forecast`."""
        return scores.crps_gaussian(self.mean, self.sd, value)

    def quantiles(self, levels: Floats) -> Floats:
        """See :class:`Forecast`."""
        from scipy.special import ndtri

        return np.asarray(self.mean + self.sd * ndtri(levels)[:, None])

    def pit(self, value: Floats, uniform: Floats) -> Floats:
        """See :class:`Forecast`; nothing is randomised."""
        from scipy.special import ndtr

        return np.asarray(ndtr((value - self.mean) / self.sd))


@dataclass(frozen=True, eq=False)
class Draws(ArrayHolder):
    """A sample (m, N), the same weight each."""

    log_price: Floats

    def crps(self, value: Floats) -> Floats:
        """See :class:`Forecast`; fair, so that few draws score as many would on average."""
        return scores.crps_ensemble(self.log_price, value)

    def quantiles(self, levels: Floats) -> Floats:
        """See :class:`Forecast`."""
        return np.asarray(np.quantile(self.log_price, levels, axis=0))

    def pit(self, value: Floats, uniform: Floats) -> Floats:
        """See :class:`Forecast`."""
        return scores.randomised(*scores.pit_bounds(self.log_price, value), uniform)


def forecast(
    model: PriceModel, market: MarketSnapshot, years: Floats, draws: int, generator: np.random.Generator
) -> Forecast:
    """What ``model``, fitted to ``market``, says of the log price at rising ``years`` (N,) after its as_of.

    Without quotes the index is expected to stay, as in a desk's run by default; with them the mean is on the curve.
    """
    shift = np.zeros(years.size)
    curve = market.curve
    if curve is None:
        model = model.with_drift(0.0)
    else:
        shift = _onto(curve, model, market.as_of, years)
    if model.gaussian:
        return Normal(model.log_mean(years) + shift, np.sqrt(np.diagonal(model.log_covariance(years))))
    return Draws(model.sample(generator, years, draws) + shift)


def _onto(curve: ForwardCurve, model: PriceModel, as_of: np.datetime64, years: Floats) -> Floats:
    """The curve's shift: log quote less log model curve, linear between the months' ends, flat outside."""
    ends = years_between(as_of, np.array([month_end(month) for month in curve.delivery_months]))
    ahead = ends > 0
    if not ahead.any():
        return np.zeros(years.size)
    knots = ends[ahead]
    return np.interp(years, knots, np.log(curve.price_per_mtok[ahead] / model.futures(knots)))
