"""The user's own values of parameters, as they are typed: kept by the window, read as numbers when they are used."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hedgedesk.reports import format as fmt

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ModelStudy

Texts = dict[str, dict[str, str]]
"""What was typed, by model and parameter."""
Bounds = dict[str, dict[str, tuple[float, float]]]
"""Least and most value that a parameter may be given, by model; a model that is not in it tells none."""


@dataclass(frozen=True, slots=True)
class OwnValues:
    """What was typed for one desk, and whether parameters are to be drawn."""

    desk: str
    typed: Texts
    drawn: bool = False
    bounds: Bounds = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As the window keeps it."""
        return {"desk": self.desk, "typed": self.typed, "drawn": self.drawn}

    def changed(self, model: str, parameter: str, text: str) -> OwnValues:
        """With one cell as it was typed; an empty one takes the estimate again."""
        own = {name: value for name, value in self.typed.get(model, {}).items() if name != parameter}
        if text.strip():
            own[parameter] = text.strip()
        typed = {name: values for name, values in self.typed.items() if name != model}
        return replace(self, typed={**typed, model: own} if own else typed)

    def edited(self, model: str, changes: Any) -> OwnValues:
        """With the cells that the grid says were changed."""
        after = self
        for change in changes if isinstance(changes, list) else []:
            if isinstance(change, dict) and change.get("colId") == "own" and change.get("rowId"):
                after = after.changed(model, str(change["rowId"]), str(change.get("value") or ""))
        return after

    def cleared(self) -> OwnValues:
        """With the estimates alone."""
        return replace(self, typed={})

    def drawing(self, drawn: bool) -> OwnValues:
        """With parameters drawn from their estimated distribution, or as estimated."""
        return replace(self, drawn=drawn)

    def view(self) -> dict[str, dict[str, float]]:
        """The values that can be used, by model and parameter."""
        read = {
            model: {name: value for name, text in own.items() if (value := self._usable(model, name, text)) is not None}
            for model, own in self.typed.items()
        }
        return {model: own for model, own in read.items() if own}

    def wrong(self, model: str) -> dict[str, str]:
        """What was typed for a model and is no number or out of its range, by parameter."""
        own = self.typed.get(model, {})
        return {name: text for name, text in own.items() if self._usable(model, name, text) is None}

    def _usable(self, model: str, name: str, text: str) -> float | None:
        value, known = number_of(text), self.bounds.get(model)
        if value is None or not known:
            return value
        low, high = known.get(name, (math.inf, -math.inf))
        return value if low <= value <= high else None

    def pending(self, study: ModelStudy | None) -> bool:
        """Whether the study was made with other values."""
        if study is None:
            return bool(self.view()) or self.drawn
        fitted = {model: own for model, own in study.view.items() if own}
        return self.view() != fitted or self.drawn != study.parameter_uncertainty


def number_of(text: str) -> float | None:
    """A value as it is typed, ``0.35``, ``0,35`` or ``35%``; None: it is no number."""
    typed = text.strip().replace(fmt.MINUS, "-").replace(",", ".")
    share = typed.endswith("%")
    try:
        value = float(typed.rstrip("%").strip())
    except ValueError:
        return None
    return (value / 100.0 if share else value) if math.isfinite(value) else None


def of_window(record: Any, desk: str, study: ModelStudy | None) -> OwnValues:
    """What the window keeps of this desk; else what the study was made with."""
    bounds = {} if study is None else {fit.summary.name: dict(fit.view_bounds) for fit in study.fits}
    if isinstance(record, dict) and record.get("desk") == desk and isinstance(record.get("typed"), dict):
        return OwnValues(desk, _texts(record["typed"]), record.get("drawn") is True, bounds)
    if study is None:
        return OwnValues(desk, {})
    typed = {model: {name: f"{value:.6g}" for name, value in own.items()} for model, own in study.view.items() if own}
    return OwnValues(desk, typed, study.parameter_uncertainty, bounds)


def _texts(typed: dict[Any, Any]) -> Texts:
    """Only what has the form of something typed."""
    own = {str(model): values for model, values in typed.items() if isinstance(values, dict)}
    return {
        model: {str(name): text for name, text in values.items() if isinstance(text, str)}
        for model, values in own.items()
    }
