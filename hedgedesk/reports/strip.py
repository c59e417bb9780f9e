"""What the what-if strip shows: six dials with their values, ends and the run's own place, and the answer's change."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.domain.changes import Changes
from hedgedesk.reports import format as fmt
from hedgedesk.reports.comparison import difference
from hedgedesk.reports.messages import price_model, say
from hedgedesk.reports.tables import page_scale

if TYPE_CHECKING:
    from hedgedesk.domain.program import HedgeProgram
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.comparison.difference import Difference

DIALS = ("volume", "drift", "volatility", "weight", "band", "credit")
"""In reading order."""
FIELDS = dict(zip(DIALS, ("volume", "risk_premium", "volatility", "risk_weight", "band", "credit_line"), strict=True))
"""The field of :class:`Changes` that a dial turns."""
UNDIALLED = ("model", "parameters", "program")
"""Fields of :class:`Changes` that no dial turns."""
WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Close together where the plan moves most: a weight of 8 differs little from one of 10."""
LINE_STEPS, LINE_TIMES = 20, 4
"""A step is a twentieth of the programme's credit line; the dial ends at four times it."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One slider: its places from left to right, and the place of the run it starts from."""

    name: str
    label: str
    values: tuple[float | None, ...]
    """As :class:`Changes` takes them; None: the tail alone counts."""
    texts: tuple[str, ...]
    """Every place as people read it, with its unit."""
    own: int
    """Place of the run's own value."""
    low: str
    high: str
    unavailable: str = ""
    """Why it cannot be turned; empty: it can."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of the answer, and how it stands against the run that the strip started from."""

    name: str
    label: str
    value: str
    full: str
    """The full figure, for the tooltip."""
    difference: Difference | None
    """None: it is that run."""


def dials(base: HedgeRun, program: HedgeProgram | None = None) -> tuple[Dial, ...]:
    """The six dials at the places of a run's own values, or at those of a programme that was typed on top of it."""
    program = program or base.plan.program
    settings = base.manifest.causes.get("settings", {})
    return (
        _dial("volume", _steps(-50, 100, 1, 100.0), 0.0, _percent),
        _dial("drift", _steps(-50, 50, 1, 100.0), float(settings.get("risk_premium", 0.0)), _percent),
        _dial("volatility", _steps(50, 200, 5, 100.0), float(settings.get("volatility", 1.0)), _times),
        _weight(program),
        _dial("band", _steps(-30, 30, 1, 100.0), 0.0, _points, "" if program.bands else say("strip.no_bands")),
        _credit(program),
    )


def changes_of(turned: Sequence[Dial], places: Sequence[int], beside: Changes | None = None) -> Changes:
    """The changes that dials at ``places`` ask for; one at the run's own place asks for none.

    What no dial turns, another price model and its parameters, stays as ``beside`` has it.
    """
    asked = {
        FIELDS[dial.name]: dial.values[place]
        for dial, place in zip(turned, places, strict=True)
        if place != dial.own and not dial.unavailable
    }
    if beside is not None:
        asked |= {name: value for name, value in beside.told().items() if name in UNDIALLED}
    return Changes(**asked)  # type: ignore[arg-type]


def places_of(turned: Sequence[Dial], changes: Changes) -> tuple[int, ...]:
    """Where the dials stand after ``changes``: the nearest place, the run's own where nothing changes."""
    return tuple(_place(dial, getattr(changes, FIELDS[dial.name])) for dial in turned)


def words_of(turned: Sequence[Dial], places: Sequence[int]) -> str:
    """What was turned, in words: ``Volume growth +10%, Risk weight 2``; empty where nothing was."""
    moved = zip(turned, places, strict=True)
    return ", ".join(f"{dial.label} {dial.texts[place]}" for dial, place in moved if place != dial.own)


def words_of_changes(turned: Sequence[Dial], changes: Changes) -> str:
    """Changes in words, another price model and its parameters after what dials turn."""
    own = changes.parameters or {}
    parts = [
        words_of(turned, places_of(turned, changes)),
        price_model(changes.model) if changes.model is not None else "",
        say("strip.own_program") if changes.program is not None else "",
        *(f"{name} {fmt.significant(value)}" for name, value in own.items()),
    ]
    return ", ".join(part for part in parts if part)


def measures(run: HedgeRun, base: HedgeRun | None = None) -> tuple[Measure, ...]:
    """Mean, tail, lots and margin of ``run``, and their change from ``base``; None: the run is its own base."""
    report, currency = run.report, run.report.currency
    scale = page_scale((base or run).report)
    before = base.report if base is not None and base.report.currency == currency else None
    margin, lots = report.margin.initial, float(run.plan.lots.sum())
    whole = 0 if run.plan.program.lots == "whole" else 2

    def then(name: str) -> float | None:
        return None if before is None else float(getattr(before.hedged, name))

    def amount(name: str, now: float, was: float | None, cut: fmt.Scale) -> Measure:
        shown = cut.full(now, currency)
        change = None if before is None else difference.money(now, was)
        return Measure(
            name, say(f"strip.{name}", level=fmt.share(report.level)), shown, fmt.money(now, currency), change
        )

    traded = None if base is None else difference.count(lots, float(base.plan.lots.sum()), whole)
    shown = fmt.number(lots, whole, signed=True)
    return (
        amount("mean", report.hedged.mean, then("mean"), scale),
        amount("tail", report.hedged.cvar, then("cvar"), scale),
        Measure("lots", say("strip.lots"), shown, fmt.number(lots, 2, signed=True), traded),
        amount("margin", margin, None if before is None else before.margin.initial, fmt.money_scale(margin)),
    )


def _dial(
    name: str,
    values: tuple[float, ...],
    own: float,
    text: Callable[[float], str],
    unavailable: str = "",
) -> Dial:
    """A dial whose own value is on its scale, put there if it was not."""
    places = values if any(abs(v - own) < 1e-9 for v in values) else tuple(sorted((*values, own)))
    texts = tuple(text(value) for value in places)
    return Dial(name, say(f"strip.{name}"), places, texts, _nearest(places, own), texts[0], texts[-1], unavailable)


def _weight(program: HedgeProgram) -> Dial:
    least = say("strip.cost_only")
    if program.risk_weight is not None:
        return dataclasses.replace(_dial("weight", WEIGHTS, program.risk_weight, fmt.significant), low=least)
    tail = say("strip.tail_only")
    texts = (*(fmt.significant(value) for value in WEIGHTS), tail)
    return Dial("weight", say("strip.weight"), (*WEIGHTS, None), texts, len(WEIGHTS), least, tail)


def _credit(program: HedgeProgram) -> Dial:
    line = program.credit_line
    if line is None or line <= 0:
        label = say("strip.credit", unit=program.currency)
        return Dial("credit", label, (0.0,), (fmt.DASH,), 0, "", "", say("strip.no_line"))
    scale = fmt.money_scale(line)
    values = tuple(line * step / LINE_STEPS for step in range(LINE_STEPS * LINE_TIMES + 1))
    texts = tuple(scale.text(value) for value in values)
    label = say("strip.credit", unit=scale.unit(program.currency))
    return Dial("credit", label, values, texts, LINE_STEPS, texts[0], texts[-1])


def _steps(first: int, last: int, step: int, divisor: float) -> tuple[float, ...]:
    return tuple(k / divisor for k in range(first, last + 1, step))


def _percent(value: float) -> str:
    percent = 100.0 * value
    return fmt.share(value, 0 if abs(percent - round(percent)) < 1e-6 else 1, signed=True)


def _times(value: float) -> str:
    return say("strip.times", factor=fmt.number(value, 2))


def _points(value: float) -> str:
    return f"{fmt.number(100.0 * value, 0, signed=True)}{fmt.SPACE}pp"


def _place(dial: Dial, value: float | None) -> int:
    unchanged = 0.0 if dial.name in ("volume", "band") else None
    if dial.unavailable or value is None or value == unchanged:
        return dial.own
    return _nearest(dial.values, value)


def _nearest(values: Sequence[float | None], wanted: float) -> int:
    numbered = [(abs(value - wanted), k) for k, value in enumerate(values) if value is not None]
    return min(numbered)[1]
