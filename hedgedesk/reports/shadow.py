"""What more room in a limit would save, in steps that people think in: a lot, a million of money, a percentage point.

The number behind is the limit's dual: what one unit more of it takes off the objective. It holds for small steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.plan import LimitUse

FLOORS = ("band_min",)
"""Rules that ask for at least their limit: more room means less of it."""
SHARES = ("share", "share of forecast", "")
"""Units of rules that are shares."""
LEAST = 0.005
"""Of a step's saving: less is what a solver leaves, and reads as no money."""
LETTERS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Step:
    """How much more room is meant, in the limit's unit, and its words."""

    size: float
    words: str

    @property
    def per(self) -> str:
        """The step behind ``per``: ``lot``, ``CNY m``, ``1,000 M STU``."""
        return self.words.removeprefix(f"1{fmt.SPACE}")


def step(use: LimitUse) -> Step:
    """A lot, a percentage point, or the largest of 1, 1 k, 1 m, 1 bn that the limit holds."""
    if use.unit in SHARES:
        return Step(0.01, f"1{fmt.SPACE}pp")
    if use.unit == "lots":
        return Step(1.0, f"1{fmt.SPACE}{say('limits.lot')}")
    size, letter = next(((size, letter) for size, letter in LETTERS if abs(use.limit) >= size), (1.0, ""))
    if is_money(use):
        return Step(size, f"1{fmt.SPACE}{use.unit}{fmt.SPACE}{letter}".rstrip(fmt.SPACE))
    return Step(size, f"{fmt.number(size)}{fmt.SPACE}{use.unit}")


def is_money(use: LimitUse) -> bool:
    """Whether the limit is an amount of a currency."""
    return len(use.unit) == 3 and use.unit.isalpha() and use.unit.isupper()


def of_a_step(use: LimitUse) -> float:
    """What a step more room saves, in the programme's currency; 0 where it is not known, or less than a cent."""
    saved = (use.shadow_value or 0.0) * step(use).size
    return saved if saved >= LEAST else 0.0


def amount(use: LimitUse, currency: str) -> str:
    """What a step more room saves: ``12.3 CNY k``; however little, in full."""
    saved = (use.shadow_value or 0.0) * step(use).size
    scale = fmt.money_scale(saved)
    text = scale.text(saved)
    shown = fmt.significant(saved, 2) if fmt.reads_as_nothing(text) else text
    return f"{shown}{fmt.SPACE}{scale.unit(currency)}"
