"""Teams of a forecast from usage against those of the forecast it replaces: named where they differ, or kept.

Exports name teams by the vendor's projects, the desk's forecast by its own departments. Nobody but the user knows which
is which, so names are never matched; the volume of a model can be shared out as its old lines share it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hedgedesk.domain.draft import ModelChange
from hedgedesk.domain.model_names import model_slug


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a forecast: a month, model, meter and team."""

    month: str
    model: str
    """However it is spelled."""
    meter: str
    team: str
    mtok: float
    spread: float = float("nan")
    """Relative standard deviation; NaN: not told."""

    @property
    def slug(self) -> str:
        """The one name that joins the model's spellings."""
        return model_slug(self.model)


def model_changes(old: Sequence[Line], new: Sequence[Line]) -> tuple[ModelChange, ...]:
    """Models of both whose new lines name a team that their old lines do not, or lack a meter that these use."""
    before, after = _teams(old), _teams(new)
    months = {line.month for line in new}
    used, known = _meters(line for line in old if line.month in months and line.mtok > 0), _meters(new)
    found = [
        ModelChange(
            model,
            tuple(team for team in after[model] if team not in before[model]),
            tuple(team for team in before[model] if team not in after[model]),
            tuple(meter for meter in used.get(model, ()) if meter not in known[model]),
        )
        for model in after
        if model in before
    ]
    return tuple(change for change in found if change.new or change.meters)


def with_old_teams(old: Sequence[Line], new: Sequence[Line]) -> list[Line]:
    """The new lines, the volume of each model with strange teams shared out as its old lines share it.

    A share is that of the same month and meter, else of the meter, else of the model. The teams' misses are taken to
    come together, so the spread of a sum is the mean of the spreads, weighted by volume.
    """
    strange = {model_slug(change.model) for change in model_changes(old, new) if change.new}
    kept = [line for line in new if line.slug not in strange]
    shares = _Shares(old)
    return [*kept, *(part for line in _summed(new, strange) for part in shares.of(line))]


class _Shares:
    """How old lines share a model's volume among teams."""

    def __init__(self, old: Sequence[Line]) -> None:
        self._by: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for line in old:
            for key in self._keys(line):
                self._by[key][line.team] += line.mtok

    @staticmethod
    def _keys(line: Line) -> tuple[tuple[str, ...], ...]:
        return (line.slug, line.meter, line.month), (line.slug, line.meter), (line.slug,)

    def of(self, line: Line) -> list[Line]:
        """``line`` cut into the old teams; its volume is kept."""
        split = next((self._by[key] for key in self._keys(line) if sum(self._by.get(key, {}).values()) > 0), {})
        whole = sum(split.values())
        return [replace(line, team=team, mtok=line.mtok * part / whole) for team, part in split.items()] or [line]


def _summed(lines: Iterable[Line], models: set[str]) -> list[Line]:
    """One line a month, model and meter, over all teams."""
    together: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.slug in models:
            together[line.month, line.slug, line.meter].append(line)
    return [_sum(parts) for parts in together.values()]


def _sum(parts: Sequence[Line]) -> Line:
    mtok = sum(part.mtok for part in parts)
    off = sum(part.mtok * part.spread for part in parts)
    return replace(parts[0], team="", mtok=mtok, spread=off / mtok if mtok > 0 else float("nan"))


def _teams(lines: Iterable[Line]) -> dict[str, tuple[str, ...]]:
    """Teams of each model, in order."""
    return _by_model((line.slug, line.team) for line in lines)


def _meters(lines: Iterable[Line]) -> dict[str, tuple[str, ...]]:
    """Meters of each model, in order."""
    return _by_model((line.slug, line.meter) for line in lines)


def _by_model(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for model, name in pairs:
        found[model][name] = None
    return {model: tuple(names) for model, names in found.items()}
