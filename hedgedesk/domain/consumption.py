"""What we expect to use: lines by month, model, meter and team, and how they grow."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import Fault, InputError


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """Expected use of one model and meter in one month, in Mtok of raw tokens."""

    month: np.datetime64
    model: str
    meter: str
    mtok: float
    team: str = ""
    spread: float | None = None
    """Relative standard deviation of the volume; None: not given."""
    index: str = ""
    beta: float = 1.0
    """What one Mtok of the contract's unit costs in Mtok of the index: paid price = index x beta."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A multiplier on part of a forecast: every line that fits counts 1 + ``by`` times.

    Raises
    ------
    InputError
        The growth is below -1 or no number, or the last month is before the first; every fault at once.
    """

    by: float
    """As a fraction: 0.10 is a tenth more."""
    team: str = ""
    """Empty: every team; so with model and meter."""
    model: str = ""
    meter: str = ""
    first_month: np.datetime64 | None = None
    """datetime64[M]; None: from the first on."""
    last_month: np.datetime64 | None = None
    """Included; None: to the last."""

    def __post_init__(self) -> None:
        first, last = self.first_month, self.last_month
        backwards = first is not None and last is not None and last < first
        faults = [
            Fault("growth", None, name, found, expected)
            for name, found, expected, bad in (
                ("by", repr(self.by), "a growth of at least -1 (0.10 is a tenth more)", not -1.0 <= self.by < math.inf),
                ("last_month", str(last), f"a month not before first_month, {first}", backwards),
            )
            if bad
        ]
        if faults:
            raise InputError(faults=faults)

    def fits(self, line: ForecastLine) -> bool:
        """Whether ``line`` grows."""
        named = all(
            asked in ("", found)
            for asked, found in ((self.team, line.team), (self.model, line.model), (self.meter, line.meter))
        )
        after = self.first_month is None or bool(line.month >= self.first_month)
        return named and after and (self.last_month is None or bool(line.month <= self.last_month))


@dataclass(frozen=True, slots=True)
class ConsumptionForecast:
    """What we will use: lines by month, model and meter (and team)."""

    lines: tuple[ForecastLine, ...]

    @property
    def teams(self) -> tuple[str, ...]:
        """Who uses it, in the order of the lines, an empty name for lines without a team; empty where none has one."""
        found = tuple(dict.fromkeys(line.team for line in self.lines))
        return found if any(found) else ()

    def grown(self, *growths: Growth) -> ConsumptionForecast:
        """The forecast with every growth applied; a line that fits several is multiplied by each.

        Example: 10% more everywhere and 20% less of one team leave that team at 1.10 x 0.80 = 0.88 of its forecast.

        Raises
        ------
        InputError
            A growth names a team, model or meter that no line has: it would silently change nothing.
        """
        faults = [fault for growth in growths for fault in self._unknown(growth)]
        if faults:
            raise InputError(faults=faults)
        return ConsumptionForecast(tuple(_grown(line, growths) for line in self.lines))

    def _unknown(self, growth: Growth) -> list[Fault]:
        faults = []
        for name in ("team", "model", "meter"):
            asked = getattr(growth, name)
            known = {getattr(line, name) for line in self.lines}
            if asked and asked not in known:
                listed = ", ".join(sorted(known - {""})) or "none"
                faults.append(Fault("growth", None, name, asked, f"a {name} of the forecast: {listed}"))
        return faults


def _grown(line: ForecastLine, growths: tuple[Growth, ...]) -> ForecastLine:
    mtok = line.mtok
    for growth in growths:
        if growth.fits(line):
            mtok *= 1.0 + growth.by
    return line if mtok == line.mtok else dataclasses.replace(line, mtok=mtok)
