"""Numbers, dates and units as people read them: screen, grid and report go through here and nowhere else.

A true minus, thousands separated by commas, a no-break space before a unit, and no more digits than can be defended.
A missing value is a dash, never 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MINUS = "−"
DASH = "–"
SPACE = "\N{NO-BREAK SPACE}"
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def missing(value: float | None) -> bool:
    """Whether there is nothing to show."""
    return value is None or math.isnan(value)


def reads_as_nothing(text: str) -> bool:
    """Whether no digit of an amount but 0 is shown, whatever was rounded away."""
    return not any(digit in text for digit in "123456789")


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """1234.5 as ``1,234.5``; with ``signed`` a plus before what is above 0."""
    if value is None or missing(value):
        return DASH
    text = f"{abs(value):,.{decimals}f}"
    if reads_as_nothing(text):
        return text
    return f"{MINUS if value < 0 else '+' if signed else ''}{text}"


def significant(value: float | None, digits: int = 4) -> str:
    """A number whose size is not known beforehand, such as a model's parameter, to ``digits`` digits."""
    if value is None or missing(value):
        return DASH
    text = f"{value:,.{digits}g}"
    return text.replace("-", MINUS)


def share(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """0.354 as ``35%``; with ``signed`` a plus before what is above 0."""
    return DASH if value is None or missing(value) else f"{number(100.0 * value, decimals, signed=signed)}%"


def chance(value: float | None) -> str:
    """A probability as a whole percentage; what is neither never nor always is not shown as 0% or 100%."""
    if value is None or missing(value):
        return DASH
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 1 else share(value)


def points(difference: float, *, signed: bool = False) -> str:
    """A difference of two shares, 0.19 as ``19 pp``; below a point with a decimal."""
    decimals = 0 if abs(difference) >= 0.01 else 1
    return f"{number(100.0 * difference, decimals, signed=signed)}{SPACE}pp"


def day(date: np.datetime64 | str) -> str:
    """2026-11-20 as ``20 Nov 2026``."""
    year, number_of_month, number_of_day = str(date)[:10].split("-")
    return f"{int(number_of_day)} {MONTHS[int(number_of_month) - 1]} {year}"


def with_days(text: str) -> str:
    """The days in a sentence as people write them, each unbroken."""
    return _ISO_DAY.sub(lambda found: day(found[0]).replace(" ", SPACE), text)


def month(value: np.datetime64 | str) -> str:
    """2026-12 as ``Dec 2026``."""
    return f"{month_name(value)} {year_of(value)}"


def month_name(value: np.datetime64 | str) -> str:
    """2026-12 as ``Dec``."""
    return MONTHS[int(str(value)[5:7]) - 1]


def year_of(value: np.datetime64 | str) -> str:
    """2026-12 as ``2026``."""
    return str(value)[:4]


def span(first: np.datetime64, last: np.datetime64) -> str:
    """Two months as ``Apr – Nov 2027``, one as ``Apr 2027``."""
    if str(first)[:7] == str(last)[:7]:
        return month(first)
    start = month_name(first) if year_of(first) == year_of(last) else month(first)
    return f"{start} {DASH} {month(last)}"


def moment(stamp: str) -> str:
    """2026-11-21T09:05:00+00:00 as ``21 Nov 2026, 09:05``, by this computer's clock."""
    from datetime import datetime

    local = datetime.fromisoformat(stamp).astimezone()
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def duration(seconds: float | None) -> str:
    """Time to go: ``14 s``, ``3 min``; empty where nobody can tell."""
    if seconds is None:
        return ""
    return f"{math.ceil(seconds)}{SPACE}s" if seconds < 90 else f"{math.ceil(seconds / 60)}{SPACE}min"


@dataclass(frozen=True, slots=True)
class Scale:
    """How the money of one page is cut: every amount by one divisor, to one number of decimals.

    Example: ``Scale(1e6, "m", 1)`` shows 109,012,345 as ``109.0`` and calls the unit ``CNY m``.
    """

    divisor: float
    letter: str
    decimals: int

    def of(self, amount: float) -> float:
        """The amount in this scale's unit."""
        return amount / self.divisor

    def text(self, amount: float | None, *, signed: bool = False) -> str:
        """The amount without its unit."""
        return DASH if amount is None or missing(amount) else number(self.of(amount), self.decimals, signed=signed)

    def full(self, amount: float | None, currency: str) -> str:
        """The amount with its unit: ``109.0 CNY m``."""
        return f"{self.text(amount)}{SPACE}{self.unit(currency)}"

    def unit(self, currency: str) -> str:
        """``CNY m``, or the currency alone for amounts shown whole."""
        return f"{currency}{SPACE}{self.letter}" if self.letter else currency


def money_scale(*amounts: float | None) -> Scale:
    """The scale that shows the largest of ``amounts`` to three digits or four."""
    largest = max((abs(a) for a in amounts if a is not None and not missing(a)), default=0.0)
    for divisor, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if largest >= divisor:
            whole = largest / divisor
            return Scale(divisor, letter, 1 if whole >= 100 else 2)
    return Scale(1.0, "", 0 if largest >= 100 else 2)


def money(amount: float | None, currency: str) -> str:
    """The full amount with its currency, for tooltips: ``CNY 1,234,567.89``."""
    return DASH if amount is None or missing(amount) else f"{currency}{SPACE}{number(amount, 2)}"


def bracketed(text: str, amount: float | None) -> str:
    """Money below zero in parentheses; the minus stays outside for readers who cannot see them."""
    return f"({text.lstrip(MINUS)})" if amount is not None and amount < 0 and text.startswith(MINUS) else text


def price_decimals(prices: Iterable[float]) -> int:
    """Decimals that show the largest of ``prices`` to three digits or more: 2 from 1 up, more below."""
    largest = max((abs(p) for p in prices if not missing(p)), default=1.0)
    return 2 if largest >= 1 or largest == 0 else min(6, 2 - math.floor(math.log10(largest)))


def price(value: float | None, decimals: int) -> str:
    """A price; one above 0 that the decimals would show as 0 is ``<0.01``."""
    least = 10.0**-decimals
    if value is not None and 0 < value < least / 2:
        return f"<{number(least, decimals)}"
    return number(value, decimals)


def per_unit(currency: str, unit: str) -> str:
    """What a price is quoted in: ``CNY per M STU``; raw tokens are ``Mtok``."""
    return f"{currency} per {volume_unit(unit)}"


def volume_unit(unit: str) -> str:
    """A million of the contract's unit: ``M STU``, or ``Mtok`` where every token counts one."""
    from hedgedesk.domain.units import million_of  # numpy: not before a run is shown

    return million_of(unit).replace(" ", SPACE)
