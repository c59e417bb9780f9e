"""Standard tokens: one bill in every unit, what a unit's weights leave unseen, and words for people.

Units are U = sum over meters of weight x Mtok, a batch token counting half, and a price of a unit is cost / U. A unit
keeps the money of the bill and not its volume: going to another, value / price is the volume there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.errors import UnitError
from hedgedesk.domain.study import UnitView
from hedgedesk.domain.units import METERS, STANDARD_UNITS, UnitWeights
from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Floats

BATCH = 0.5
"""What a batch token counts of an ordinary one: sellers price batches at half."""
BLEND = "blended_3_1"
"""Three of input to one of output, list prices: a price that people quote, not a volume."""
TOKENS_PER_MTOK = 1e6


def standard_units(mtok: Floats, unit: UnitWeights, batched: NDArray[np.bool_] | None = None) -> Floats:
    """(...) Mtok of ``unit``.

    Parameters
    ----------
    mtok
        (..., 4) raw tokens by meter, in the order of ``METERS``.
    unit
        Weights; a contract may bring its own.
    batched
        (...) which were served in a batch and count :data:`BATCH`; None: none was.

    Examples
    --------
    60, 120, 20 and 20 Mtok are 188.2 M STU.
    """
    units: Floats = np.asarray(mtok, dtype=np.float64) @ weights_of(unit)
    return units if batched is None else units * np.where(batched, BATCH, 1.0)


def weights_of(unit: UnitWeights) -> Floats:
    """(4,) weight of each meter, in the order of ``METERS``."""
    return np.array([unit.of(meter) for meter in METERS])


def units_of(usage: Usage, unit: UnitWeights) -> Floats:
    """(n,) Mtok of ``unit`` of every row of ``usage``."""
    return standard_units(usage.tokens / TOKENS_PER_MTOK, unit, is_batched(usage))


def is_batched(usage: Usage) -> NDArray[np.bool_]:
    """(n,) whether each row was served in a batch."""
    batched = np.array([key.tier == "batch" for key in usage.keys], dtype=bool)
    return batched[usage.key] if usage.key.size else np.zeros(0, dtype=bool)


def price_per_unit(cost: float, units: float) -> float | None:
    """Cost per Mtok of a unit; None where nothing counts in it: a price of nothing is not 0."""
    return cost / units if units > 0 else None


def blended_price(input_price: float, output_price: float) -> float:
    """The 3:1 list price, (3 p_in + p_out) / 4: it knows no cache and counts no volume."""
    return (3.0 * input_price + output_price) / 4.0


def converted(units: float, price: float, other_price: float) -> float | None:
    """Volume in another unit that has the same value: money is kept, volume is not.

    Parameters
    ----------
    units
        Mtok of the one unit.
    price, other_price
        Currency per Mtok of the one and of the other unit; None comes back where the other has no price.
    """
    return units * price / other_price if other_price > 0 else None


def side_by_side(
    mtok: Floats, meter_costs: Floats, units: Sequence[UnitWeights] | None = None, batched_mtok: Floats | None = None
) -> tuple[UnitView, ...]:
    """One bill in every unit, and at the end as 3:1 blended price where input and output both have one.

    Parameters
    ----------
    mtok
        (4,) ordinary use by meter.
    meter_costs
        (4,) money by meter, of ordinary and batch use together.
    units
        None: all of ``STANDARD_UNITS``.
    batched_mtok
        (4,) use in batches; None: there is none.
    """
    batched = np.zeros(len(METERS)) if batched_mtok is None else batched_mtok
    counted = np.asarray(mtok, dtype=np.float64) + BATCH * batched
    views = [_view(unit, counted, meter_costs) for unit in units or tuple(STANDARD_UNITS.values())]
    return (*views, *_blended(counted, meter_costs))


def _view(unit: UnitWeights, counted: Floats, meter_costs: Floats) -> UnitView:
    total = float(standard_units(counted, unit))
    price = price_per_unit(float(meter_costs.sum()), total)
    if price is None:
        return UnitView(unit.name, total, None)
    left = meter_costs - price * weights_of(unit) * counted
    return UnitView(unit.name, total, price, _by_meter(left), _misplaced(left))


def _blended(counted: Floats, meter_costs: Floats) -> tuple[UnitView, ...]:
    into, out = METERS.index("uncached_input"), METERS.index("output")
    if counted[into] <= 0 or counted[out] <= 0:
        return ()
    price = blended_price(meter_costs[into] / counted[into], meter_costs[out] / counted[out])
    left = meter_costs - price * counted
    return (UnitView(BLEND, None, float(price), _by_meter(left), _misplaced(left)),)


def _by_meter(left: Floats) -> dict[str, float]:
    return dict(zip(METERS, left.tolist(), strict=True))


def _misplaced(left: Floats) -> float:
    """The larger of the money on meters that a price sees too low and on those that it sees too high."""
    return float(max(left[left > 0].sum(), -left[left < 0].sum(), 0.0))


@dataclass(frozen=True, slots=True)
class TextSize:
    """How much text a number of tokens is, about."""

    count: float
    """Of ``what``; a rule of thumb: it differs by model and by text."""
    what: str
    """words, or characters where a language is not counted in words."""
    source: str


PER_TOKEN = {
    "en": (0.75, "words", "OpenAI, What are tokens and how to count them: 1 token is about 3/4 of a word"),
    "zh": (1 / 0.6, "characters", "DeepSeek, Token usage: 1 Chinese character is about 0.6 token"),
}
"""By language: how many of what a token is, about, and who says so."""


def as_text(tokens: float, language: str = "en") -> TextSize:
    """Tokens as people picture them: approximately so many words, or characters in Chinese.

    Raises
    ------
    UnitError
        No rule of thumb with a source is known for the language.
    """
    if language not in PER_TOKEN:
        raise UnitError(f"no rule of thumb is known for {language!r}; known are {', '.join(PER_TOKEN)}")
    rate, what, source = PER_TOKEN[language]
    return TextSize(tokens * rate, what, source)
