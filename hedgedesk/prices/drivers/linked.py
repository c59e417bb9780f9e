"""How the drivers move with the token and with one another: given, estimated, or by production cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hedgedesk.domain.drivers import CURRENCY, TOKEN, VOLUME, Drivers
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.values import ArrayHolder, Dates, Floats
from hedgedesk.prices.drivers.correlation import FEWEST_WEEKS, MOST_REPAIRED, Estimate, estimated, nearest
from hedgedesk.prices.drivers.weekly import week_ends, weekly_changes

RULES = "market/drivers.toml"


@dataclass(frozen=True, slots=True)
class Link:
    """One correlation, and where it comes from."""

    one: str
    other: str
    estimate: Estimate
    given: float | None
    by_cost: bool = False
    """Whether production cost links the two, in the place of a correlation."""
    otherwise: float = 0.0
    """What is taken where it is neither given nor can be estimated."""

    @property
    def name(self) -> str:
        """As ``drivers.toml`` writes it."""
        return f"{self.one}_{self.other}"

    @property
    def asked(self) -> float:
        """What is used unless it has to be repaired."""
        if self.by_cost:
            return 0.0
        if self.given is not None:
            return self.given
        return self.estimate.value if self.estimate.enough else self.otherwise

    @property
    def fixed(self) -> bool:
        """Whether a repair must leave it: it is no correlation, or the settings give it."""
        return self.by_cost or (self.one, self.other) == (TOKEN, VOLUME)


@dataclass(frozen=True, eq=False)
class Links(ArrayHolder):
    """Every correlation and the matrix that is used of them."""

    pairs: tuple[Link, ...]
    correlation: Floats
    """(F, F) the token's first, then the drivers', and the volume's last where anything is said of it."""
    used: Floats
    """(pairs,) entries of it."""
    least_eigenvalue: float
    """Of what was asked for; below 0 where it had to be repaired."""

    @property
    def repair(self) -> float:
        """Largest change of a correlation."""
        return max((abs(now - link.asked) for link, now in zip(self.pairs, self.used, strict=True)), default=0.0)


def links(
    market: MarketSnapshot, drivers: Drivers, names: tuple[str, ...], passed: tuple[str, ...], price_volume: float
) -> Links:
    """Correlations of the token, the drivers called ``names``, and the volume where something is given of it.

    Those of the token with what its price follows by production cost (``passed``) are 0: the cost carries them.
    ``price_volume`` is that of token and volume; with a driver of which nothing is given the volume moves by the
    token alone.

    Raises
    ------
    InputError
        The nearest correlations that can hold together change one by more than 0.10.
    """
    _require_one_way(drivers, passed)
    changes, given = _changes(market, drivers), drivers.correlations
    pairs = [
        Link(
            one,
            other,
            estimated(changes[one], changes[other]),
            given.get(f"{one}_{other}"),
            by_cost=one == TOKEN and other in passed,
        )
        for one, other in combinations((TOKEN, *names), 2)
    ]
    known = (TOKEN, *names)
    if any(f"{name}_{VOLUME}" in given for name in names):
        pairs += _of_volume(pairs[: len(names)], given, price_volume)
        known = (*known, VOLUME)
    return _possible(tuple(pairs), known)


def _of_volume(by_token: list[Link], given: Mapping[str, float], price_volume: float) -> list[Link]:
    unknown = Estimate(float("nan"), 0)
    with_drivers = [
        Link(
            link.other,
            VOLUME,
            unknown,
            given.get(f"{link.other}_{VOLUME}"),
            otherwise=price_volume * link.asked,
        )
        for link in by_token
    ]
    return [Link(TOKEN, VOLUME, unknown, price_volume), *with_drivers]


def _possible(pairs: tuple[Link, ...], names: tuple[str, ...]) -> Links:
    """The matrix of the pairs, the nearest that is possible where theirs is not."""
    places = [(names.index(link.one), names.index(link.other)) for link in pairs]
    asked, held = np.eye(len(names)), np.eye(len(names)) > 1
    for link, (i, j) in zip(pairs, places, strict=True):
        asked[i, j] = asked[j, i] = link.asked
        held[i, j] = held[j, i] = link.fixed
    least = float(np.linalg.eigvalsh(asked)[0])
    repaired = nearest(asked, held if held.any() else None)
    found = Links(pairs, repaired, np.array([repaired[place] for place in places]), least)
    _require_small_repair(found)
    return found


def _changes(market: MarketSnapshot, drivers: Drivers) -> dict[str, Floats]:
    """(W - 1,) weekly changes of the logs by name, on one grid; NaN where there is none."""
    series: dict[str, tuple[Dates, Floats]] = {TOKEN: (market.index.dates, market.index.price_per_mtok)}
    series |= {history.name: (history.dates, history.price) for history in drivers.histories}
    if market.fx is not None:
        series[CURRENCY] = (market.fx.dates, market.fx.cny_per_usd)
    ends = week_ends(market.as_of, *(dates for dates, _ in series.values()))
    return {name: weekly_changes(dates, levels, ends) for name, (dates, levels) in series.items()}


def _require_one_way(drivers: Drivers, passed: tuple[str, ...]) -> None:
    """Refuse a volume that follows what the price follows by cost: its factor would no longer have mean 1."""
    faults = [
        Fault(
            RULES,
            None,
            f"correlations.{name}_{VOLUME}",
            f"{drivers.correlations[f'{name}_{VOLUME}']:+.2f} beside [production], which passes {name} on to the price",
            "one of the two",
        )
        for name in passed
        if f"{name}_{VOLUME}" in drivers.correlations
    ]
    if faults:
        raise InputError(faults=faults)


def _require_small_repair(found: Links) -> None:
    faults = [
        Fault(
            RULES,
            None,
            f"correlations.{link.name}",
            f"{link.asked:+.2f} ({source(link)}), beside the others possible only as {now:+.2f}",
            f"correlations that can hold together: give this one, or another, within {MOST_REPAIRED:.2f} of what can",
        )
        for link, now in zip(found.pairs, found.used, strict=True)
        if abs(now - link.asked) > MOST_REPAIRED
    ]
    if faults:
        raise InputError(faults=faults)


def source(link: Link) -> str:
    """Where a correlation comes from, in words."""
    weeks = f"{link.estimate.weeks} weekly changes"
    if (link.one, link.other) == (TOKEN, VOLUME):
        return "price_volume_correlation of the settings"
    if link.given is not None:
        beside = f"; estimated {link.estimate.value:+.2f} from {weeks}" if link.estimate.enough else ""
        return f"given{beside}"
    if link.estimate.enough:
        return f"estimated from {weeks}, s.e. {link.estimate.standard_error:.2f}"
    if link.other == VOLUME:
        return "by the token alone"
    if link.estimate.weeks >= FEWEST_WEEKS:
        return "assumed: one of the two stands still"
    return f"assumed: {weeks} in common, {FEWEST_WEEKS} are needed"
