"""The sharper measures of a run's cost in rows: mean and CVaR by the sampling that was asked for, with their errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.results import RiskReport

MEASURES = ("mean", "mean_standard_error", "cvar", "cvar_standard_error")


@dataclass(frozen=True, slots=True)
class PreciseRow:
    """One measure without hedges and with the plan, in the programme's currency."""

    name: str
    """precise_ and the field of :class:`TailMeasure`."""
    label: str
    unhedged: float
    hedged: float

    @property
    def is_error(self) -> bool:
        """Whether it is a standard error: those of two measures have no difference."""
        return self.name.endswith("error")


def precise_rows(report: RiskReport) -> tuple[PreciseRow, ...]:
    """A row a measure; none where the settings ask for no sharper sampling."""
    found = report.precise
    if found is None:
        return ()
    return tuple(
        PreciseRow(
            f"precise_{name}",
            say(f"precise.{name}", level=fmt.share(report.level)),
            float(getattr(found.unhedged, name)),
            float(getattr(found.hedged, name)),
        )
        for name in MEASURES
    )


def precise_words(report: RiskReport) -> str:
    """How the sharper measures were made, and whether they are as sharp as asked; empty without any."""
    found = report.precise
    if found is None:
        return ""
    reached = found.hedged.reached and found.unhedged.reached
    return say(
        "precise.words" if reached else "precise.words_short",
        sampling=say(f"precise.{found.hedged.sampling}"),
        scenarios=fmt.number(found.hedged.scenarios),
        replications=fmt.number(found.hedged.replications),
    )
