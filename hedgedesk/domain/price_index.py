"""A published price index: its settings, its prints, what each rests on and every decision on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import ArrayHolder, Dates, Floats, to_plain

METHODS = ("matched_list", "quality_constant", "realised")
"""Of averaging list prices, of the cheapest price of a given quality, and of what was really paid."""
FREQUENCIES = ("week", "month")
AVERAGES = ("provider", "family", "spend")
LAST_DECISIONS = 10
"""Decisions that a summary lists."""


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How an index is made: ``market/index.toml`` by these names."""

    method: str = "matched_list"
    frequency: str = "week"
    base: float = 100.0
    average: str = "provider"
    """``provider``: families within a provider, then providers; ``family``: every family counts the same; ``spend``:
    families within a provider, then providers by what was spent with each in the period."""
    input_share: float = 0.75
    """Weight of uncached input in the blended price, the rest is output."""
    oldest_days: int = 540
    """A family older than this is no longer compared."""
    company_cap: float = 0.5
    """Largest weight of one provider."""
    trim: float = 0.1
    """Share of the sources of one price dropped at each end after screening."""
    outlier_level: float = 0.05
    """Level of the Grubbs test."""
    unconfirmed_factor: float = 3.0
    """A move of a single source beyond this factor waits for a second source or a second print."""
    missing_share: float = 1.0 / 3.0
    """More of the expected prices missing than this: the last print is carried."""
    fewest_companies: int = 5
    carried_prints: int = 3
    """Prints carried in a row after which the index has failed."""
    resellers: tuple[str, ...] = ("azure", "google-vertex", "amazon-bedrock", "openrouter", "together", "fireworks")
    """Providers left out: they sell other sellers' models."""
    excluded_words: tuple[str, ...] = (
        "latest",
        "-exp",
        "omni",
        "audio",
        "image",
        "tts",
        "embed",
        "rerank",
        "realtime",
    )
    """A model with one of these in its name is left out: a moving alias, an experiment or another modality."""
    region_prefixes: tuple[str, ...] = ("us.", "eu.", "apac.", "global.", "us/", "eu/", "global/", "global-standard/")
    """A model whose name begins with one of these is left out: the same model, sold for one region."""
    not_compared: tuple[str, ...] = ()
    """Moves that are corrections of the list and no news: ``provider/model YYYY-MM-DD``."""
    official_sources: tuple[str, ...] = ()
    """Sources that are the seller's own page: they stand alone and need no confirmation."""
    benchmark: str = "mmlu"
    """Of ``market/scores.csv``, for quality_constant."""
    threshold: float = 80.0
    screens: bool = True


@dataclass(frozen=True, eq=False)
class Scores(ArrayHolder):
    """Benchmark scores of models: ``market/scores.csv``."""

    models: tuple[str, ...]
    benchmarks: tuple[str, ...]
    score_pct: Floats
    """(n,) percent, 0 to 100."""
    providers: tuple[str, ...]
    """(n,) empty: whoever sells the model."""
    known_from: Dates
    """(n,) datetime64[D], NaT: from the beginning. A later score of a model replaces the earlier."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless every column has one length and scores are percentages."""
        sizes = {
            len(self.models),
            len(self.benchmarks),
            len(self.providers),
            self.known_from.size,
            self.score_pct.size,
        }
        if len(sizes) != 1 or not np.all((self.score_pct >= 0) & (self.score_pct <= 100)):
            raise ValueError("scores need columns of one length and percentages from 0 to 100")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One decision that changed, held or dropped something."""

    date: str
    """YYYY-MM-DD of the print."""
    rule: str
    subject: str
    found: str
    action: str

    def __str__(self) -> str:
        return f"{self.date} {self.rule}: {self.subject}: {self.found}; {self.action}"


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """One IOSCO principle and how far this index keeps it."""

    principle: str
    verdict: str
    """yes, partial or no."""
    evidence: str


@dataclass(frozen=True, eq=False)
class IndexStudy(ArrayHolder):
    """An index with its audit."""

    method: str
    unit: str
    """``base 100 = YYYY-MM-DD`` or ``usd per mtok``."""
    currency: str
    dates: Dates
    """(T,) period ends."""
    values: Floats
    """(T,)."""
    unscreened: Floats
    """(T,) what it would be without the screens."""
    constituents: tuple[str, ...]
    """(N,) ``provider/family``."""
    weights: Floats
    """(T, N) share of each in the print; 0 where it is not in it."""
    moves: Floats
    """(T, N) log price relative since the print before; NaN where it is not compared."""
    concentration: Floats
    """(T,) largest share of one company."""
    stale_share: Floats
    """(T,) share of the constituents whose price has not moved since the print before."""
    audit: tuple[AuditLine, ...]
    self_check: tuple[SelfCheck, ...]
    notices: tuple[str, ...] = ()
    failed: bool = False
    """More prints carried in a row than the settings allow."""

    def validate(self) -> None:
        """Raise ``ValueError`` when the shapes disagree."""
        shape = (self.dates.size, len(self.constituents))
        if self.weights.shape != shape or self.moves.shape != shape or self.values.shape != shape[:1]:
            raise ValueError("an index needs a value per date and a weight per date and constituent")

    def as_json(self) -> dict[str, Any]:
        """The index as ``hedgedesk index --json`` writes it: series as [date, value], weights by constituent."""
        days = to_plain(self.dates)
        return {
            "method": self.method,
            "unit": self.unit,
            "currency": self.currency,
            "series": [list(pair) for pair in zip(days, to_plain(self.values), strict=True)],
            "unscreened": [list(pair) for pair in zip(days, to_plain(self.unscreened), strict=True)],
            "constituents": list(self.constituents),
            "weights": [[day, self._weights_of(t)] for t, day in enumerate(days)],
            "concentration": [list(pair) for pair in zip(days, to_plain(self.concentration), strict=True)],
            "stale_share": [list(pair) for pair in zip(days, to_plain(self.stale_share), strict=True)],
            "audit": to_plain(self.audit),
            "self_check": to_plain(self.self_check),
            "failed": self.failed,
            "notices": list(self.notices),
        }

    def summary(self) -> str:
        """A few lines: what it is, where it stands, what it rests on, and what the screens did."""
        first, last = self.values[0], self.values[-1]
        moved = f" ({last / first - 1:+.1%} since {self.dates[0]})" if first > 0 and self.dates.size > 1 else ""
        verdicts = [check.verdict for check in self.self_check]
        lines = [
            f"{self.method}, {self.unit}: {last:,.4g} on {self.dates[-1]}{moved}",
            f"{self.dates.size:,} prints; constituents of the last: {np.count_nonzero(self.weights[-1] > 0):,}"
            + (
                "" if np.isnan(self.concentration[-1]) else f", the largest company weighs {self.concentration[-1]:.0%}"
            ),
            f"Without the screens: {self.unscreened[-1]:,.4g}. Decisions recorded: {len(self.audit):,}",
            f"IOSCO self-check: {verdicts.count('yes')} yes, {verdicts.count('partial')} partial, "
            f"{verdicts.count('no')} no",
        ]
        if self.failed:
            lines.append("The index has failed: more prints were carried in a row than the settings allow")
        return "\n".join([*lines, *map(str, self.audit[-LAST_DECISIONS:])])

    def _weights_of(self, t: int) -> dict[str, float]:
        there = np.flatnonzero(self.weights[t] > 0)
        return {self.constituents[n]: float(self.weights[t, n]) for n in there}


@dataclass(frozen=True, slots=True)
class IndexInputs:
    """What an index is made of, as read."""

    settings: IndexSettings
    list_prices: ListPrices | None = None
    scores: Scores | None = None
    usage: Usage | None = None
    notices: tuple[str, ...] = ()
