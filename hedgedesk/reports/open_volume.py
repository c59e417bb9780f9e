"""The open volume in words: which measures differ, their units, and how large volumes are cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.open_volume import MEASURES, MONEY, STANDARD, TOKENS, open_by_line, open_by_team
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.open_volume import OpenVolume
    from hedgedesk.domain.run import HedgeRun

THOUSAND, MILLION = 1e5, 1e6
"""Volumes from here on are shown in thousands or millions of Mtok."""


MODEL, TEAM = "model", "team"
"""What a month's open volume can be cut by."""
Row = tuple[str, np.ndarray]
"""A model or team, and its (T,) open volume."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How the volumes of one chart are shown."""

    scale: fmt.Scale
    unit: str
    """As told beside a number, after ``scale``."""

    def text(self, amount: float) -> str:
        """An amount with its unit."""
        return f"{self.scale.text(amount)}{fmt.SPACE}{self.unit}"


def cut(run: HedgeRun, volume: OpenVolume) -> Cut:
    """One scale for every month of a volume."""
    unit, whole = measure_unit(run, volume.measure), volume.whole.tolist()
    if volume.measure == MONEY:
        scale = fmt.money_scale(*whole)
        return Cut(scale, scale.unit(unit))
    scale = volume_scale(max(whole, default=0.0))
    return Cut(scale, volume_text(scale, unit))


def open_rows(run: HedgeRun, measure: str, by: str) -> list[Row]:
    """Every model or team and its (T,) open volume, in the order of the forecast."""
    if by == TEAM:
        names = [team or say("exposure.no_team") for team in run.exposure.teams]
        return list(zip(names, open_by_team(run, measure).T, strict=True))
    by_line, models = open_by_line(run, measure), run.exposure.models
    return [(name, by_line[:, [model == name for model in models]].sum(axis=1)) for name in dict.fromkeys(models)]


def measures(run: HedgeRun) -> tuple[str, ...]:
    """The measures that differ: a contract in raw tokens has no other standard."""
    same = measure_unit(run, TOKENS) == measure_unit(run, STANDARD)
    return tuple(measure for measure in MEASURES if not (same and measure == STANDARD))


def measure_unit(run: HedgeRun, measure: str) -> str:
    """Unit of a measure before it is cut: Mtok, M STU, USD."""
    if measure == MONEY:
        return run.report.currency
    return fmt.volume_unit("tokens" if measure == TOKENS else run.fan.unit)


def volume_scale(largest: float) -> fmt.Scale:
    """How volumes up to ``largest`` Mtok are cut for a chart or a headline."""
    for least, divisor, letter in ((MILLION, 1e6, "million"), (THOUSAND, 1e3, "thousand")):
        if largest >= least:
            return fmt.Scale(divisor, letter, 1 if largest / divisor >= 100 else 2)
    return fmt.Scale(1.0, "", 0 if largest >= 100 else 1)


def volume_text(scale: fmt.Scale, unit: str) -> str:
    """``thousand Mtok``, or ``Mtok`` for volumes shown whole."""
    return say(f"volume.{scale.letter}", unit=unit) if scale.letter else unit
