"""Prices of the library genai-prices, from the data that came with the installed package.

How the library prices, and so does this book (its answers are checked against ``calc_price`` in the tests):

- A cache price that a model does not have is the price of its superset: reads and writes cost uncached input, writes
  kept an hour cost writes.
- Prices above a threshold hold for all tokens of a request whose prompt exceeds it; each meter has its own thresholds.
- ``batch`` is asked for as ``processing``, ``flex`` and ``priority`` as ``service_tier``, ``fast`` as either
  ``service_tier`` or ``speed``: these are the keys in the library's data. A tier replaces only the prices that it
  gives.
- Dates are days in UTC and hours of the day are the library's own; its first price counts since ever, and its peak
  hours know neither weekends nor the day on which they were introduced.
- Prices by the search, page or second are no prices of tokens and are left out, and so are prices of reasoning that
  differ from output (two models of one seller).

Its function that updates prices is never called: nothing here opens a connection. The library is imported at the first
question because it loads a web client with itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from importlib.metadata import version
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgedesk.domain.rates import LongPrompt, Rates, without_gaps
from hedgedesk.files.price_books.sellers import one_name

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot
    from genai_prices.types import ModelInfo, ModelPrice, Provider, StartDateConstraint, TimeOfDateConstraint

PROVIDERS = {"xai": "x-ai"}
"""What the library calls a seller otherwise than :func:`one_name`."""

FREE = ":free"
"""Ends the name of a model that costs nothing; others without a price are unknown rather than free."""

ASKED = {
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"service_tier": "fast", "speed": "fast"},
}
"""What the library is asked with for each tier; ``default`` is what it prices without being asked."""

_PRICE_KEYS = {
    "uncached_input": "input_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "output": "output_mtok",
    "cache_write_1h": "cache_write_1h_mtok",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A model of a seller, and where in time its prices may change."""

    provider: Provider
    model: ModelInfo
    days: tuple[np.datetime64, ...]
    """Midnights, UTC, at which a price starts."""
    clocks: tuple[int, ...]
    """Seconds after midnight at which a price starts or ends every day."""


@dataclass
class GenaiPrices:
    """A :class:`hedgedesk.domain.rates.PriceBook` of the installed genai-prices, USD."""

    _models: dict[tuple[str, str], _Found | None] = field(default_factory=dict)
    _rates: dict[tuple[str, str, str, np.datetime64 | None, np.datetime64 | None], Rates | None] = field(
        default_factory=dict
    )

    @cached_property
    def name(self) -> str:
        """Name and version of the library."""
        return f"genai-prices {version('genai-prices')}"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        """Prices at ``at`` (datetime64[s], UTC), USD per Mtok; None where the library does not know the model."""
        key = (seller, model)
        if key not in self._models:
            self._models[key] = self._find(seller, model)
        found = self._models[key]
        if found is None:
            return None
        since, until = _interval(found, at)
        question = (seller, model, tier, since, until)
        if question not in self._rates:
            self._rates[question] = self._ask(found, seller, tier, at, since, until)
        return self._rates[question]

    @cached_property
    def _snapshot(self) -> DataSnapshot:
        """The data in the package; never a snapshot that an updater of the same process may have set."""
        from genai_prices.data import providers
        from genai_prices.data_snapshot import DataSnapshot

        return DataSnapshot(providers=providers, from_auto_update=False)

    def _find(self, seller: str, model: str) -> _Found | None:
        known = one_name(seller)
        try:
            provider, found = self._snapshot.find_provider_model(model, None, PROVIDERS.get(known, known) or None, None)
        except LookupError:
            return None
        constraints = list(_constraints(found))
        return _Found(provider, found, _days(constraints), _clocks(constraints))

    def _ask(
        self,
        found: _Found,
        seller: str,
        tier: str,
        at: np.datetime64,
        since: np.datetime64 | None,
        until: np.datetime64 | None,
    ) -> Rates | None:
        asked = _asked(found, tier, at)
        prices = _price_at(found, at, asked)
        meters = {meter: getattr(prices, key) for meter, key in _PRICE_KEYS.items()}
        if not any(price is not None for price in meters.values()) and not found.model.id.endswith(FREE):
            return None
        starts = sorted({band.start for price in meters.values() for band in getattr(price, "tiers", ())})
        return Rates(
            seller=seller,
            model=found.model.id,
            **_band(meters, 0),
            currency="USD",
            source=self.name,
            above=tuple(LongPrompt(float(start), **_band(meters, start + 1)) for start in starts),
            valid_from=since,
            valid_to=until,
            tier=tier if asked else "standard",
        )


def _asked(found: _Found, tier: str, at: np.datetime64) -> dict[str, str]:
    """The part of the question for ``tier`` that has a price of its own then; empty: it is sold as standard."""
    moment = _moment(at)
    # The library reads variants of a model only where the seller lists it as its own.
    if not any(model is found.model for model in found.provider.models):
        return {}
    for key, value in ASKED.get(tier, {}).items():
        for variant in found.model.price_variants or ():
            active = variant.constraint is None or variant.constraint.active(moment)
            if active and variant.when == {key: value}:
                return {key: value}
    return {}


def _price_at(found: _Found, at: np.datetime64, asked: dict[str, str]) -> ModelPrice:
    from genai_prices import Usage

    return found.model.calc_price(
        Usage(), found.provider, genai_request_timestamp=_moment(at), price_context=asked or None
    ).model_price


def _band(meters: dict[str, Any], prompt: int) -> dict[str, float]:
    """Prices of a prompt of ``prompt`` tokens."""
    found = {meter: _at_length(price, prompt) for meter, price in meters.items()}
    # The library counts what has no price at all as free, as with embeddings, which have no output.
    free = {name: 0.0 for name in ("uncached_input", "output") if isnan(found[name])}
    return without_gaps({**found, **free})


def _at_length(price: Any, prompt: int) -> float:
    if price is None:
        return float("nan")
    exceeded = [band.price for band in getattr(price, "tiers", ()) if prompt > band.start]
    return float(exceeded[-1] if exceeded else getattr(price, "base", price))


def _constraints(model: ModelInfo) -> Iterator[StartDateConstraint | TimeOfDateConstraint]:
    conditional = model.prices if isinstance(model.prices, list) else []
    for part in (*conditional, *(model.price_variants or ())):
        if part.constraint is not None:
            yield part.constraint


def _days(constraints: list[Any]) -> tuple[np.datetime64, ...]:
    days = {part.start_date for part in constraints if hasattr(part, "start_date")}
    return tuple(np.datetime64(day, "s") for day in sorted(days))


def _clocks(constraints: list[Any]) -> tuple[int, ...]:
    hours = [part for part in constraints if hasattr(part, "start_time")]
    return tuple(sorted({_clock(each) for part in hours for each in (part.start_time, part.end_time)}))


def _clock(told: time) -> int:
    """Seconds after midnight UTC; a time without a zone is UTC."""
    moment = datetime.combine(datetime(1970, 1, 2, tzinfo=UTC), told)
    return int(moment.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC).timestamp()) % int(_DAY.total_seconds())


_DAY = timedelta(days=1)


def _interval(found: _Found, at: np.datetime64) -> tuple[np.datetime64 | None, np.datetime64 | None]:
    """The longest time around ``at`` in which no price of the model can change."""
    turns = list(found.days)
    if found.clocks:
        midnight = at.astype("datetime64[D]")
        around = [midnight + np.timedelta64(day, "D") for day in (-1, 0, 1)]
        turns += [day.astype("datetime64[s]") + np.timedelta64(clock, "s") for day in around for clock in found.clocks]
    before = [turn for turn in turns if turn <= at]
    after = [turn for turn in turns if turn > at]
    return max(before, default=None), min(after, default=None)


def _moment(at: np.datetime64) -> datetime:
    return datetime.fromtimestamp(int(at.astype("datetime64[s]").astype(np.int64)), UTC)
