"""What an index's prints say of themselves: unit in words, which were carried, whose prices they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hedgedesk.domain.price_index import IndexStudy
    from hedgedesk.domain.scenarios import PriceFan
    from hedgedesk.domain.values import Dates, Floats

CARRIED = frozenset(("minimum_sample", "no_usage"))
"""Rules of the audit under which a print repeats the one before."""
BASE = "base "
"""How the unit of an index without a currency begins."""
WEEK = 7
"""Days from one print to the next up to which an index is weekly."""
LEAST_MOVE = 1e-9
"""Relative; less is what rounding leaves."""


def method_title(study: IndexStudy) -> str:
    """The method in words."""
    return say(f"index.method.{study.method}")


def unit_of(study: IndexStudy) -> str:
    """``base 100 = 4 Jul 2025``, or ``USD per Mtok``."""
    head, _, day = study.unit.partition(" = ")
    if study.unit.startswith(BASE):
        return f"{head}{fmt.SPACE}={fmt.SPACE}{fmt.day(day)}".replace("base ", f"base{fmt.SPACE}")
    return fmt.per_unit(study.currency, "tokens")


def base_of(study: IndexStudy) -> tuple[float, np.datetime64] | None:
    """Level and date on which an index without a currency stands; None: it is a price."""
    if not study.unit.startswith(BASE):
        return None
    level, _, day = study.unit.removeprefix(BASE).partition(" = ")
    return float(level), np.datetime64(day)


def decimals_of(study: IndexStudy) -> int:
    """Decimals of its values, by the smallest: a price can fall to a hundredth of what it was."""
    return 2 if base_of(study) is not None else fmt.price_decimals(study.values[[int(study.values.argmin())]])


def is_weekly(study: IndexStudy) -> bool:
    """Whether its prints are weekly; else they are monthly."""
    return study.dates.size < 2 or int(np.median(np.diff(study.dates).astype(np.int64))) <= WEEK


def carried(study: IndexStudy) -> NDArray[np.bool_]:
    """(T,) the prints that repeat the one before because too little was known."""
    days = {line.date for line in study.audit if line.rule in CARRIED}
    return np.array([str(day) in days for day in study.dates.astype("datetime64[D]")], dtype=bool)


def changes(study: IndexStudy) -> Floats:
    """(T,) relative to the print before; the first is NaN."""
    found = np.full(study.values.size, np.nan)
    found[1:] = study.values[1:] / study.values[:-1] - 1.0
    return found


def last_change(study: IndexStudy) -> int | None:
    """Place of the newest print that is not the one before again; None: it never moved."""
    moved = np.flatnonzero(np.abs(changes(study)) > LEAST_MOVE)
    return int(moved[-1]) if moved.size else None


def is_screened(study: IndexStudy) -> bool:
    """Whether the screens made a difference to any print."""
    return bool(np.any(np.abs(study.unscreened / study.values - 1.0) > LEAST_MOVE))


def newest_with_weights(study: IndexStudy) -> int:
    """Place of the newest print that rests on prices of its own; the last where none does."""
    full = np.flatnonzero(study.weights.sum(axis=1) > 0)
    return int(full[-1]) if full.size else study.dates.size - 1


def company_of(constituent: str) -> str:
    """``openai`` of ``openai/gpt-5``."""
    return constituent.partition("/")[0]


def company_weights(study: IndexStudy, t: int) -> dict[str, float]:
    """Weight of every company in print ``t``, the largest first."""
    sums: dict[str, float] = {}
    for name, weight in zip(study.constituents, study.weights[t].tolist(), strict=True):
        if weight > 0:
            sums[company_of(name)] = sums.get(company_of(name), 0.0) + weight
    return dict(sorted(sums.items(), key=lambda each: (-each[1], each[0])))


def rule_title(rule: str) -> str:
    """A rule of the audit in words; its own name where there are none."""
    return catalogue().get(f"index.rule.{rule}", rule.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Reference:
    """The contract's index beside the desk's own, in the desk's unit."""

    name: str
    dates: Dates
    """(R,)."""
    values: Floats
    """(R,)."""
    met: np.datetime64 | None
    """Where it was scaled to meet the desk's index; None: both are prices in one unit."""


def reference(study: IndexStudy, fan: PriceFan) -> Reference | None:
    """The contract's index where both can stand in one chart; None: their units do not allow it, or their dates.

    An index without a currency is only a course: the contract's prices are scaled to meet it on their first common day.
    """
    dates, prices = fan.history_dates, fan.history_per_mtok
    if base_of(study) is None:
        alike = fan.currency == study.currency and fan.unit == "tokens"
        return Reference(fan.index, dates, prices, None) if alike else None
    common = (dates >= study.dates[0]) & (dates <= study.dates[-1])
    if int(common.sum()) < 2:
        return None
    first = dates[common][0]
    own = float(study.values[np.searchsorted(study.dates, first, side="right") - 1])
    return Reference(fan.index, dates[common], prices[common] * (own / prices[common][0]), first)


def choices(study: IndexStudy) -> list[tuple[str, str]]:
    """Date and its words of every print, the newest first."""
    return [(str(day), fmt.day(day)) for day in study.dates[::-1]]


def place_of(study: IndexStudy, date: str) -> int:
    """Place of the print of ``date``; where there is none, of the newest with weights."""
    found = np.flatnonzero(study.dates.astype(str) == date)
    return int(found[0]) if found.size else newest_with_weights(study)
