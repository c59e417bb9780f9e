"""A published price index: its settings, its prints, what each rests on and every decision on the way."""

from __future__ import annotations

from dataclasses import dataclass

from hedgedesk.domain.values import ArrayHolder, Dates, Floats

METHODS = ("matched_list", "quality_constant", "realised")
"""methods.md §2 a, b and c."""
FREQUENCIES = ("week", "month")


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How an index is made: ``market/index.toml`` by these names."""

    method: str = "matched_list"
    frequency: str = "week"
    base: float = 100.0
    average: str = "provider"
    """``provider``: families within a provider, then providers; ``family``: every family counts the same."""
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
    benchmark: str = "mmlu"
    """Of ``market/scores.csv``, for quality_constant."""
    threshold: float = 80.0
    screens: bool = True


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One decision that changed, held or dropped something."""

    date: str
    """YYYY-MM-DD of the print."""
    rule: str
    subject: str
    found: str
    action: str


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
