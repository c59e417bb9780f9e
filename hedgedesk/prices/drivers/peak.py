"""Peak prices that start on a random day and stay: one switch a path."""

from __future__ import annotations

from math import expm1, inf, log
from typing import Any

import numpy as np

from hedgedesk.domain.drivers import PeakTerms


def started(terms: PeakTerms, years: float) -> float:
    """Chance that peak prices which are not in force yet have started after ``years``: 1 - exp(-rate years)."""
    return 1.0 if terms.in_force else -expm1(-terms.starts_per_year * years)


def log_mean(terms: PeakTerms, years: float) -> float:
    """Log of E[average price over off-peak price] ``years`` from a day on which it has not started."""
    return log(1.0 + (terms.average - 1.0) * started(terms, years))


class PeakPaths:
    """The switch of every path of a block, stepped in place.

    Parameters
    ----------
    terms
        Share, multiple and rate.
    size
        Largest block.
    precision
        float32 or float64.
    """

    def __init__(self, terms: PeakTerms, size: int, precision: np.dtype[Any]) -> None:
        self.terms = terms
        self._log_average = log(terms.average)
        self._starts, self._work = np.empty((2, size), precision)
        self._on = np.empty(size, np.bool_)
        self._size = size

    def start(self, events: np.random.Generator, size: int) -> None:
        """Draw the year in which each of ``size`` paths starts."""
        self._size = size
        starts = self._starts[:size]
        if self.terms.in_force or self.terms.starts_per_year == 0.0:
            starts.fill(0.0 if self.terms.in_force else inf)
            return
        events.standard_exponential(out=starts, dtype=starts.dtype.type)
        np.divide(starts, self.terms.starts_per_year, out=starts)

    def step(self, year: float) -> None:
        """Move to ``year``."""
        np.less_equal(self._starts[: self._size], year, out=self._on[: self._size])

    def add(self, log_price: Any) -> None:
        """Add ln(average price over off-peak price) to ``log_price`` (n,)."""
        np.add(log_price, self._where_on(self._log_average), out=log_price)

    def add_expected(self, years: float, out: Any) -> None:
        """Add ln E[average over off-peak] ``years`` after the present date, given the present, to ``out`` (n,)."""
        waiting = log_mean(self.terms, years)
        np.add(out, self._where_on(self._log_average - waiting), out=out)
        np.add(out, waiting, out=out)

    def log_mean(self, year: float) -> float:
        """Log of E[average over off-peak] at ``year``, as seen today."""
        return log_mean(self.terms, year)

    def _where_on(self, value: float) -> Any:
        """(n,) ``value`` where peak prices are in force, else 0."""
        work = self._work[: self._size]
        np.copyto(work, self._on[: self._size])  # multiplied as they are, numpy would cast in buffers of its own
        np.multiply(work, value, out=work)
        return work
