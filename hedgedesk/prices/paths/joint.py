"""The drivers of one block, stepped beside the token's price."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hedgedesk.domain.drivers import GPU_RENT, POWER
from hedgedesk.domain.values import Floats
from hedgedesk.prices.drivers.law import JointLaw
from hedgedesk.prices.drivers.peak import PeakPaths
from hedgedesk.prices.paths.factors import GaussianFactors, semidefinite_root
from hedgedesk.prices.paths.shocks import EnergyShocks
from hedgedesk.prices.paths.tokens import Token


class JointDrivers:
    """Walks the drivers of a block from date to date, correlated with the token's Gaussian shock, in place.

    The token's standardised shock is the first factor, a Brownian motion that is known from its normals; the drivers
    follow it by the root of the exact covariance of their steps. A token without Gaussian shocks leaves them alone, and
    one that none of them is correlated with costs nothing.

    Use: ``start``, then for each date ``step`` *before* the token's sampler (which may overwrite its normals), the
    sampler's own step, ``follow`` and ``add_to_index``; ``level`` and ``add_to_paid`` when asked for. Nothing but what
    is drawn of jumps is allocated after the constructor.

    Parameters
    ----------
    law
        Of the market (:func:`hedgedesk.prices.drivers.law.joint_law`).
    years
        (N,) rising dates, above 0: the sampler's.
    direction
        (N, g) the sampler's: unit vectors along which its normals make the token's shock.
    size
        Largest block.
    precision
        The sampler's: float32 or float64.
    """

    def __init__(self, law: JointLaw, years: Floats, direction: Floats, size: int, precision: np.dtype[Any]) -> None:
        self.normals = law.normals
        """Independent standard normals a path takes per date, beside the token's."""
        self.names = law.names
        """Of the drivers, in the order of their normals."""
        self.moves_index = law.moves_index
        """Whether ``add_to_index`` does anything."""
        self.moves_paid = law.moves_paid
        """Whether ``add_to_paid`` does anything."""
        self.links_volume = law.volume is not None
        """Whether ``link_volume`` does anything."""
        self._law, self._years, self._direction = law, np.asarray(years, dtype=np.float64), direction.tolist()
        self._linked = direction.shape[1] > 0 and bool(np.any(law.correlation[0, 1:] != 0.0))
        covariance = law.covariance if self._linked else law.covariance[1:, 1:]
        kappa = law.kappa if self._linked else law.kappa[1:]
        self._factors = GaussianFactors(kappa, covariance, np.zeros(kappa.size), self._years, size, precision)
        self._means = [law.path(year).tolist() for year in self._years]
        self._elasticity = law.elasticity.tolist()
        self._growth = [law.log_cost_growth(year) for year in self._years]
        self._make_shocks(law, size, precision)
        self._peak = None if law.peak is None else PeakPaths(law.peak, size, precision)
        self._shock, self._work, self._level, self._use = np.empty((4, size), precision)
        self._loadings = _loadings(law, linked=self._linked)
        self._steps = np.sqrt(np.diff(self._years, prepend=0.0)).tolist()
        self._size, self._date = size, 0

    def start(self, events: np.random.Generator, size: int) -> None:
        """Begin a block of ``size`` paths, at most the largest; ``events`` draws peak prices and energy shocks."""
        self._size = size
        self._factors.start(None, size)
        self._use[:size] = 0.0
        if self._peak is not None:
            self._peak.start(events, size)
        if self._energy is not None:
            self._energy.start(events)
        if self._short is not None:
            self._short[:size] = 0.0

    def step(self, date: int, token_normals: Any, normals: Any) -> None:
        """Move to date number ``date`` (0, 1, ... in order), before the token's sampler does.

        Parameters
        ----------
        token_normals
            (g, n) the sampler's normals of this date; left as they are.
        normals
            (normals, n) of the drivers; left as they are.
        """
        self._date = date
        rows = [self._token_shock(date, token_normals), *normals] if self._linked else normals
        self._factors.step(date, rows)
        if self._energy is not None:
            self._energy.step(date, self._deviations[self._power])
        if self.links_volume:
            self._add_volume_shock(date, normals)
        if self._peak is not None:
            self._peak.step(float(self._years[date]))

    def follow(self, token: Token) -> None:
        """Let rent be hit by the shortages of the token's last step, which is to the same date.

        They are in the token's own price already, so production cost does not pass them on.
        """
        if self._short is None:
            return
        short, date = self._short[: self._size], self._date
        if self._short_keep[date] != 1.0:
            np.multiply(short, self._short_keep[date], out=short)
        token.add_shortages(date, short)

    def level(self, name: str) -> Any:
        """(n,) level of one driver on the present date: currency per MWh or per GPU hour, or CNY per USD.

        A view that the next call overwrites.
        """
        i = self.names.index(name)
        out = self._level[: self._size]
        np.add(self._deviations[i], self._means[self._date][i], out=out)
        if self._short is not None and name == GPU_RENT:
            np.add(out, self._short[: self._size], out=out)
        np.exp(out, out=out)
        return out

    def add_to_index(self, log_price: Any) -> None:
        """Add what production cost, and peak hours where the index is an average over them, do to the index (n,).

        The factor has mean 1 on every date and is independent of the token's own price, so the curve stays.
        """
        if not self.moves_index:
            return
        self._add_cost(log_price, lambda _: 1.0, -self._growth[self._date])
        if self._peak is not None and self._peak.terms.in_index:
            self._peak.add(log_price)
            np.subtract(log_price, self._peak.log_mean(float(self._years[self._date])), out=log_price)

    def add_to_paid(self, log_price: Any) -> None:
        """Add what peak hours put on the price paid above an off-peak index (n,)."""
        if self.moves_paid and self._peak is not None:
            self._peak.add(log_price)

    @property
    def volume_shock(self) -> Any:
        """(n,) what the drivers' own shocks have added up to for the volume; a view that the next date overwrites."""
        return self._use[: self._size]

    def link_volume(self, normals: Any, shocks: Any, per_month: int) -> None:
        """Tie each month's normal of the volume to the drivers, in place; it stays independent of the token.

        Parameters
        ----------
        normals
            (T, n) independent standard normals of the months; they stay standard.
        shocks
            (T, n) the months' averages of ``volume_shock``; overwritten.
        per_month
            Dates of a month.
        """
        if self._law.volume is None:
            return
        free = 1.0 - float(self._law.volume[0]) ** 2
        tied = float(self._loadings @ self._loadings)
        if free <= 0.0 or tied == 0.0:
            return
        kept = float(np.sqrt(max(0.0, 1.0 - tied / free)))
        spread = np.sqrt(free * _mean_variance(self._years[: len(normals) * per_month].reshape(-1, per_month)))
        for row, shock, sd in zip(normals, shocks, spread.tolist(), strict=True):
            np.multiply(row, kept, out=row)
            np.multiply(shock, 1.0 / sd, out=shock)
            np.add(row, shock, out=row)

    def add_to_futures(self, years: float, out: Any) -> None:
        """Add ln E[factor of ``add_to_index``] ``years`` after the present date, given the present, to ``out`` (n,)."""
        if not self.moves_index:
            return
        then = float(self._years[self._date]) + years
        law = self._law
        fades = dict(enumerate(np.exp(-law.kappa[1:] * years).tolist()))
        self._add_cost(out, fades.__getitem__, law.log_cost_growth(years) - law.log_cost_growth(then))
        if self._peak is not None and self._peak.terms.in_index:
            self._peak.add_expected(years, out)
            np.subtract(out, self._peak.log_mean(then), out=out)

    def _make_shocks(self, law: JointLaw, size: int, precision: np.dtype[Any]) -> None:
        following = law.following
        self._short = None if following is None else np.zeros(size, precision)
        fade = 0.0 if following is None else following.speed
        self._short_keep = np.exp(-fade * np.diff(self._years, prepend=0.0)).tolist()
        self._energy = None
        if law.energy is not None:
            self._power = law.names.index(POWER)
            self._energy = EnergyShocks(law.energy, law.singles[self._power].reversion, self._years)

    def _add_volume_shock(self, date: int, normals: Any) -> None:
        use, work = self.volume_shock, self._work[: self._size]
        for row, loading in zip(normals, self._loadings.tolist(), strict=True):
            np.multiply(row, loading * self._steps[date], out=work)
            np.add(use, work, out=use)

    def _token_shock(self, date: int, token_normals: Any) -> Any:
        first, *others = self._direction[date]
        out, work = self._shock[: self._size], self._work[: self._size]
        np.multiply(token_normals[0], first, out=out)
        for row, weight in enumerate(others, start=1):
            np.multiply(token_normals[row], weight, out=work)
            np.add(out, work, out=out)
        return out

    @property
    def _deviations(self) -> Any:
        """(drivers, n) of the log levels from their means."""
        return self._factors.state[1:] if self._linked else self._factors.state

    def _add_cost(self, out: Any, fade: Callable[[int], float], shift: float) -> None:
        work = self._work[: self._size]
        for i, elasticity in enumerate(self._elasticity):
            if elasticity != 0.0:
                np.multiply(self._deviations[i], elasticity * fade(i), out=work)
                np.add(out, work, out=out)
        np.add(out, shift, out=out)


def _loadings(law: JointLaw, *, linked: bool) -> Floats:
    """(k,) of the volume on the drivers' own normals: the last row of the root of all correlations."""
    if law.volume is None:
        return np.zeros(law.normals)
    first = 0 if linked else 1
    root = semidefinite_root(law.correlation[first:, first:])
    found = np.linalg.lstsq(root, law.volume[first:], rcond=None)[0]
    return np.asarray(found[1 - first :], dtype=np.float64)


def _mean_variance(years: Floats) -> Floats:
    """(T,) variance of a Brownian motion averaged over each row of rising ``years`` (T, p)."""
    count = years.shape[1]
    weights = (2.0 * (count - np.arange(count)) - 1.0) / count**2
    return np.asarray(years @ weights)
