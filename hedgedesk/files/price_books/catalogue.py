"""Prices of the library model-prices, where it is installed, from the data that came with it.

It has more history and more Chinese sellers than genai-prices. What this book makes of its answers:

- Asked for a time before its coverage of a model, the library answers with the first price it has, whose
  ``valid_from`` is later than the time asked: that price is not known to have held, so the answer is *unknown*.
- It is never asked for estimates (of models sold without a price by the token): they are no published prices. Should
  an answer be one all the same (``estimated_from``), it is *unknown*.
- Names are matched freely by the library; an answer that dropped anything but a date, a context mark or an effort
  from the name is of another model, hence *unknown*.
- A seller that the library does not keep is answered with the model's own lab; this book takes that for OpenRouter
  only, which passes the labs' list prices on. For other resellers it is *unknown*.
- Peak and off-peak hours, weekends and holidays are the library's; a missing cache price is the input price.

Its ``refresh`` is never called: nothing here opens a connection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgedesk.domain.rates import LongPrompt, Rates, without_gaps
from hedgedesk.files.price_books.sellers import one_name

if TYPE_CHECKING:
    import model_prices

STANDARD = "standard"
PASSES_ON = ("openrouter", "")
"""Sellers that are answered with the labs' own prices; the empty name is a seller not told."""

NAMES = {
    "aws": "amazon-bedrock",
    "stepfun": "stepfun-ai",
    "tencent": "tencent-tokenhub",
    "zhipuai": "zai",
}
"""What the library calls a seller otherwise than :func:`one_name`."""

_HARMLESS = re.compile(r"(-(minimal|low|medium|high|xhigh|build))?(-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4}))?(\[[^\]]*\])?")
_DAY = np.timedelta64(1, "D")


def installed() -> bool:
    """Whether the library is there; nothing is imported to find out."""
    return find_spec("model_prices") is not None


@dataclass
class CataloguePrices:
    """A :class:`hedgedesk.domain.rates.PriceBook` of the installed model-prices, USD."""

    _days: dict[tuple[str, str, str, np.datetime64], tuple[Rates, ...]] = field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        """Name and version of the library."""
        return f"model-prices {version('model-prices')}"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        """Prices at ``at`` (datetime64[s], UTC), USD per Mtok; None where they are unknown then."""
        day = at.astype("datetime64[D]")
        question = (seller, model, tier, day)
        if question not in self._days:
            self._days[question] = self._through(seller, model, tier, day)
        for rates in self._days[question]:
            if rates.valid_from is not None and rates.valid_to is not None and rates.valid_from <= at < rates.valid_to:
                return rates
        return None

    def _through(self, seller: str, model: str, tier: str, day: np.datetime64) -> tuple[Rates, ...]:
        """Known prices of one day in the order of time, each with when it holds."""
        import model_prices

        known = one_name(seller)
        provider = NAMES.get(known, known) or None
        resolved = model_prices.resolve_details(model, provider)
        if resolved is None or not _HARMLESS.fullmatch(resolved[2]):
            return ()
        if known not in PASSES_ON and resolved[0] != provider:
            return ()
        start, end = day.astype("datetime64[s]"), (day + _DAY).astype("datetime64[s]")
        turns = [*_turns(model, provider, tier, start, end), end]
        found = (self._at(seller, model, provider, tier, held) for held in pairwise(turns))
        return tuple(rates for rates in found if rates is not None)

    def _at(
        self, seller: str, model: str, provider: str | None, tier: str, held: tuple[np.datetime64, np.datetime64]
    ) -> Rates | None:
        """The library's answer for the time from ``held[0]`` to ``held[1]``, as rates."""
        served = tier
        answer = _answer(model, provider, tier, held[0])
        if answer is None:
            served, answer = STANDARD, _answer(model, provider, STANDARD, held[0])
        if answer is None or answer.estimated_from or _instant(answer.valid_from) > held[0]:
            return None
        base: dict[str, Any] = _prices(answer, answer.input, answer.output, answer.cache_read, answer.cache_write)
        return Rates(
            seller=seller,
            model=f"{answer.provider}/{answer.model}",
            **base,
            source=self.name,
            above=_above(answer),
            valid_from=held[0],
            valid_to=held[1],
            tier=served,
        )


def _answer(model: str, provider: str | None, tier: str, at: np.datetime64) -> model_prices.Rates | None:
    import model_prices

    return model_prices.rates(model, _moment(at), provider, None if tier == STANDARD else tier)


def _turns(
    model: str, provider: str | None, tier: str, start: np.datetime64, end: np.datetime64
) -> list[np.datetime64]:
    """Instants of the day at which a price may start, from its midnight on.

    The library tells when prices by the hour turn and when standard prices change; changes of another tier and the
    beginning of its coverage show as an answer whose ``valid_from`` lies in the day.
    """
    import model_prices

    turns = {start}
    turns |= {_second(at) for at, _ in model_prices.rates_between(model, _moment(start), _moment(end), provider)}
    last = end - np.timedelta64(1, "s")
    for asked in {tier, STANDARD}:
        answer = _answer(model, provider, asked, last)
        if answer is not None and start < _instant(answer.valid_from) < end:
            turns.add(_instant(answer.valid_from))
    return sorted(turns)


def _above(answer: model_prices.Rates) -> tuple[LongPrompt, ...]:
    """A tier gives only the prices that it changes, on top of the one below."""
    bands, held = [], [answer.input, answer.output, answer.cache_read, answer.cache_write]
    for tier in sorted(answer.tiers, key=lambda each: each.above):
        given = (tier.input, tier.output, tier.cache_read, tier.cache_write)
        held = [old if new is None else new for new, old in zip(given, held, strict=True)]
        bands.append(LongPrompt(float(tier.above), **_prices(answer, *held)))
    return tuple(bands)


def _prices(
    answer: model_prices.Rates,
    uncached: float | None,
    output: float | None,
    read: float | None,
    write: float | None,
) -> dict[str, float]:
    """By name of :data:`hedgedesk.domain.rates.PRICES`."""
    nan = float("nan")
    hour = answer.cache_write_1h_multiple
    found = {
        "uncached_input": uncached,
        "cache_read": read,
        "cache_write": write,
        "output": output,
        "cache_write_1h": None if hour is None or uncached is None else hour * uncached,
    }
    return without_gaps({name: nan if price is None else float(price) for name, price in found.items()})


def _instant(told: str) -> np.datetime64:
    return _second(datetime.fromisoformat(told))


def _second(moment: datetime) -> np.datetime64:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return np.datetime64(int(aware.timestamp()), "s")


def _moment(at: np.datetime64) -> datetime:
    return datetime.fromtimestamp(int(at.astype("datetime64[s]").astype(np.int64)), UTC)
