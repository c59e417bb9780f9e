"""Where the steps of a price are read from: the list prices behind the index, else the index itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import ModelError
from hedgedesk.domain.market import MarketSnapshot, TokenIndex
from hedgedesk.domain.units import years_between
from hedgedesk.domain.values import Floats
from hedgedesk.prices.models.step_price.announcements import Announcements, announcements
from hedgedesk.prices.models.step_price.rates import OVERDISPERSED, Rate, Watch, monthly_cells, rate

LEAST_STEPS = 5
"""Fewer steps show neither how often nor how far."""
LEAST_UNCHANGED = 0.20
"""Share of the index's prints that must repeat the one before, or it is no sticky price."""
LEAST_PRINTS = 9
ALIKE = 4.0
"""Factor by which the variance of a year's steps may differ between the list and the index."""
SURPRISING = 0.01
"""Chance below which as few steps as the index has show that the list is another market's."""


@dataclass(frozen=True, slots=True, eq=False)
class StepHistory:
    """Steps of the index by sign."""

    down: Rate
    """A year."""
    up: Rate
    down_sizes: Floats
    """(n,) log steps of the index, below 0."""
    up_sizes: Floats
    """(m,) above 0."""
    steps: int
    told: tuple[str, ...]
    """Where they come from, in words."""

    @property
    def variance(self) -> float:
        """Of a year's steps together, in log price."""
        sides = ((self.down, self.down_sizes), (self.up, self.up_sizes))
        return float(sum(r.per_year * np.mean(sizes**2) for r, sizes in sides if sizes.size))


def step_history(market: MarketSnapshot) -> StepHistory:
    """The steps of the market's index.

    From the list prices where they show at least 5 announcements and could be those of the index, else from the index.
    They could be when the variance of a year's steps is the same within a factor 4; where the index has fewer than 5
    steps, when so few are no surprise (a chance of 1%).

    Raises
    ------
    ModelError
        Too little history, or an index that moves with nearly every print.
    """
    index = market.index
    _require_sticky(index)
    own = _of_index(index)
    listed = None if market.list_prices is None else announcements(market.list_prices, market.as_of)
    if listed is None or listed.dates.size < LEAST_STEPS:
        return _enough(own, 0 if listed is None else listed.dates.size)
    told = _of_list(listed)
    if own.steps >= LEAST_STEPS:
        return told if 1.0 / ALIKE <= told.variance / own.variance <= ALIKE else _set_aside(own, told)
    expected = _expected_steps(index, told.down.per_year + told.up.per_year)
    if _chance_of_fewer(own.steps, expected) < SURPRISING:
        raise ModelError(
            f"StepPrice cannot be fitted: the list prices announce changes that would have moved the index in about "
            f"{expected:.0f} of its prints, it moved in {own.steps}, so they are not its list prices; it needs "
            f"{LEAST_STEPS} steps of its own"
        )
    return told


def _expected_steps(index: TokenIndex, per_year: float) -> float:
    """Prints in which an index with so many steps a year would have moved."""
    years = years_between(index.dates[0], index.dates)
    return float(np.sum(-np.expm1(-per_year * np.diff(years))))


def _chance_of_fewer(count: int, expected: float) -> float:
    """Chance of at most ``count`` where ``expected`` are expected, by Poisson."""
    return math.exp(-expected) * math.fsum(expected**n / math.factorial(n) for n in range(count + 1))


def _require_sticky(index: TokenIndex) -> None:
    changes = np.diff(index.price_per_mtok)
    if index.dates.size < LEAST_PRINTS:
        raise ModelError(f"StepPrice needs at least {LEAST_PRINTS} dates in the index, found {index.dates.size}")
    unchanged = float(np.mean(changes == 0))
    if unchanged < LEAST_UNCHANGED:
        raise ModelError(
            f"StepPrice cannot be fitted: {1 - unchanged:.0%} of the index's prints differ from the one before, so it "
            f"is no sticky price; at least {LEAST_UNCHANGED:.0%} would have to repeat it"
        )


def _of_index(index: TokenIndex) -> StepHistory:
    moves = np.diff(np.log(index.price_per_mtok))
    span = (index.dates[0], index.dates[-1])
    down, up = (
        rate(*monthly_cells([Watch([span], index.dates[1:][side], np.ones(int(side.sum())))]))
        for side in (moves < 0, moves > 0)
    )
    count = int(np.count_nonzero(moves))
    told = (
        f"Steps read from the index itself: {count} in {moves.size} prints, {span[0]} to {span[1]}, what changed "
        "between two prints being one step.",
    )
    return StepHistory(down, up, moves[moves < 0], moves[moves > 0], count, told)


def _of_list(listed: Announcements) -> StepHistory:
    """Steps that the announcements make in an index in which every seller counts the same."""
    sellers = max(listed.sellers_now, 1)
    down, up = (_seller_rate(listed, side, sellers) for side in (listed.log_sizes < 0, listed.log_sizes > 0))
    sizes = listed.log_sizes / sellers
    told = (_list_words(listed, sellers), _cluster_words(listed))
    return StepHistory(down, up, sizes[sizes < 0], sizes[sizes > 0], sizes.size, told)


def _seller_rate(listed: Announcements, side: NDArray[np.bool_], sellers: int) -> Rate:
    """Of the announcements on one side, by all sellers of today together."""
    names = np.array(listed.sellers)
    days = {name: listed.dates[side & (names == name)] for name in listed.families_of}
    watches = [Watch([listed.watched(name)], when, np.ones(when.size)) for name, when in days.items()]
    found = rate(*monthly_cells(watches))
    return Rate(found.per_year * sellers, found.standard_error * sellers, found.dispersion, found.log_likelihood)


def _list_words(listed: Announcements, sellers: int) -> str:
    years = sum(float(years_between(*listed.watched(name))) for name in listed.families_of)
    return (
        f"Steps read from the list prices: {listed.dates.size} announcements in {years:.1f} seller-years, each moving "
        f"the index by the mean change of the seller's families over {sellers} sellers that count the same."
    )


def _cluster_words(listed: Announcements) -> str:
    """Whether families change one by one."""
    names = np.array(listed.sellers)
    watches = [
        Watch(spans, listed.dates[names == name], listed.families[names == name])
        for name, spans in listed.families_of.items()
    ]
    by_family = rate(*monthly_cells(watches))
    told = f"A family's list price changes {by_family.per_year:.2f} times a year"
    if by_family.dispersion <= OVERDISPERSED:
        return f"{told}, one by one (dispersion {by_family.dispersion:.1f})."
    return (
        f"{told}, in clusters (dispersion {by_family.dispersion:.1f}, 1 were independent): so a seller's day is drawn, "
        "with all its families."
    )


def _enough(own: StepHistory, announced: int) -> StepHistory:
    if own.steps < LEAST_STEPS:
        raise ModelError(
            f"StepPrice needs at least {LEAST_STEPS} steps of the index, or {LEAST_STEPS} announcements in "
            f"market/list_prices.csv, found {own.steps} and {announced}"
        )
    return own


def _set_aside(own: StepHistory, listed: StepHistory) -> StepHistory:
    """The index's own steps, and a word on the list that moves so differently."""
    spread, other = np.sqrt(own.variance), np.sqrt(listed.variance)
    word = (
        f"The list prices are set aside: their {listed.steps} announcements would move the index by {other:.0%} in a "
        f"typical year, its own steps by {spread:.0%}."
    )
    return StepHistory(own.down, own.up, own.down_sizes, own.up_sizes, own.steps, (*own.told, word))
