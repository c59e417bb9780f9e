"""From index to bill in steps that add up: the ladder of one date, and a change of cost by cause.

Plain functions, arrays in, arrays out; :mod:`hedgedesk.exposure.basis.levels` measures the levels on real usage.

The ladder of one month has the levels I, L_ref, L_mix, L_unit and P per Mtok of the unit, in the currency of the bill:

- I: the index.
- L_ref: list price of the reference basket: the models we use over the whole history, each at its own ratio of
  prompt to output over the whole history.
- L_mix: the same at the month's own shares of the models.
- L_unit: at the month's own ratios too.
- P: what was paid, cost over units.

List prices take every prompt token as uncached and every request as ordinary, so all that caching, batches, tiers and
discounts save lies between L_unit and P.

The cost of a month is C = V k P X: V units before savings (nothing cached, nothing in batches), k the units that count
over them (a cached token counts a fifth in ``stu``, a batch half), X the rate into the reporting currency. A change is

- volume: (V1 - V0) k0 P0
- index, list_vs_index, mix, unit_ratio: U1 times the change of each step of the ladder, U1 = V1 k1
- realised_vs_list: U1 times the change of P - L_unit, and V1 (k1 - k0) P0
- fx: (X1 - X0) C1, and X0 on all others

which telescopes to X1 C1 - X0 C0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import Floats

PARTS = ("volume", "index", "list_vs_index", "mix", "unit_ratio", "realised_vs_list", "fx")
"""Causes of a change of cost, in the order in which they are taken out."""
METHODS = ("ladder", "log_mean")


@dataclass(frozen=True, slots=True)
class Levels:
    """What the cost of one month is made of; prices in the currency of the bill per Mtok of the unit."""

    index: float
    reference: float
    """List price of the reference basket."""
    own_mix: float
    """List price at the month's own shares of the models."""
    own_ratio: float
    """List price at its own ratios of prompt to output too."""
    paid: float
    """Cost over units."""
    units: float
    """Mtok of the unit."""
    gross_units: float
    """The same before anything is cached or in a batch."""
    fx: float = 1.0
    """Reporting currency for one of the bill's."""

    @property
    def cost(self) -> float:
        """Of the month, in the currency of the bill."""
        return self.units * self.paid


def steps(levels: Floats) -> Floats:
    """(..., 4) list versus index, model mix, unit ratio and realised versus list.

    Parameters
    ----------
    levels
        (..., 5) I, L_ref, L_mix, L_unit and P; the steps add up to P - I.
    """
    return np.diff(np.asarray(levels, dtype=np.float64), axis=-1)


def reported_steps(levels: Floats, planned_rate: float, rate: float) -> Floats:
    """(5,) the steps of one date in the reporting currency and the currency effect: they add to X P - X0 I.

    Parameters
    ----------
    levels
        (5,) as of :func:`steps`.
    planned_rate
        X0, the rate at which the index was taken.
    rate
        X, the rate at which the bill was paid.
    """
    return np.append(planned_rate * steps(levels), (rate - planned_rate) * float(np.asarray(levels)[-1]))


def split(before: Levels, after: Levels, *, method: str = "ladder") -> dict[str, float]:
    """A change of cost by cause, in the reporting currency; see the module's text.

    Parameters
    ----------
    before, after
        The two months.
    method
        ``ladder`` takes the causes out one after the other; ``log_mean`` has no order (:func:`log_mean_parts`) and
        falls back to the ladder where a factor is not above 0.

    Returns
    -------
    By name of :data:`PARTS`; not rounded.

    Raises
    ------
    ValueError
        No method has that name.
    """
    if method not in METHODS:
        raise ValueError(f"no method is called {method!r}; known are {', '.join(METHODS)}")
    parts = log_mean_parts(_factors(before), _factors(after)) if method == "log_mean" else None
    return dict(zip(PARTS, (_ladder_parts(before, after) if parts is None else parts).tolist(), strict=True))


def _ladder_parts(before: Levels, after: Levels) -> Floats:
    saved = after.gross_units * (_saving(after) - _saving(before)) * before.paid
    moved = after.units * np.diff([_rungs(before), _rungs(after)], axis=0)[0]
    volume = (after.gross_units - before.gross_units) * _saving(before) * before.paid
    native = np.array([volume, *moved])
    native[-1] += saved
    return np.append(before.fx * native, (after.fx - before.fx) * after.cost)


def _rungs(levels: Levels) -> Floats:
    """(5,) the index, and the four steps up to what was paid."""
    prices = np.array([levels.index, levels.reference, levels.own_mix, levels.own_ratio, levels.paid])
    return np.append(levels.index, steps(prices))


def _saving(levels: Levels) -> float:
    """Units that count over units before savings."""
    return levels.units / levels.gross_units if levels.gross_units else 1.0


def _factors(levels: Levels) -> Floats:
    """(7,) factors whose product is the cost in the reporting currency, in the order of :data:`PARTS`."""
    chain = np.array([levels.index, levels.reference, levels.own_mix, levels.own_ratio, levels.paid * _saving(levels)])
    with np.errstate(divide="ignore", invalid="ignore"):
        links = chain[1:] / chain[:-1]
    return np.array([levels.gross_units, levels.index, *links, levels.fx])


def log_mean_parts(before: Floats, after: Floats) -> Floats | None:
    """(F,) part of each factor in the change of their product, whatever the order: L(y1, y0) ln(f1 / f0).

    Parameters
    ----------
    before, after
        (F,) factors of y0 and y1.

    Returns
    -------
    The parts, which add up to y1 - y0; None where a factor is not above 0 or not finite.

    References
    ----------
    Ang (2005), The LMDI approach to decomposition analysis: a practical guide.
    """
    both = np.stack([np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)])
    if not np.all(np.isfinite(both)) or np.any(both <= 0):
        return None
    products = both.prod(axis=1)
    if not np.all(np.isfinite(products)) or np.any(products <= 0):
        return None
    parts: Floats = logarithmic_mean(float(products[1]), float(products[0])) * np.diff(np.log(both), axis=0)[0]
    return parts


def logarithmic_mean(a: float, b: float) -> float:
    """L(a, b) = (a - b) / ln(a / b) of two numbers above 0, and a where they are equal: L(12, 10) = 10.96963."""
    if a == b:
        return a
    relative = (a - b) / b
    # ln(1 + x) keeps its digits where a and b are almost equal; far apart, the plain ratio does.
    return (a - b) / (math.log1p(relative) if abs(relative) < 0.5 else math.log(a / b))


def to_cents(parts: dict[str, float], total: float) -> dict[str, float]:
    """Parts in whole cents that add up to ``total`` in whole cents: the largest remainders are rounded up.

    Parameters
    ----------
    parts
        Money by name; they add up to ``total`` but for floating point.
    total
        Money.

    Returns
    -------
    Each within a cent of what it was, where the parts added up before.
    """
    exact = np.array(list(parts.values())) * 100.0
    floors = np.floor(exact)
    missing = round(total * 100.0) - int(floors.sum())
    order = np.argsort(-(exact - floors), kind="stable")
    cents = floors.astype(object)
    for turn in range(abs(missing)):
        place = order[turn % order.size] if missing > 0 else order[-1 - turn % order.size]
        cents[place] += math.copysign(1, missing)
    return {name: float(value) / 100.0 for name, value in zip(parts, cents, strict=True)}
