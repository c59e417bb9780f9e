"""The efficient frontier: mean cost against tail, with the plan, the book and no hedge on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import kept, ticks
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.strategies import Frontier, FrontierPoint

ROOM = 0.14
"""Of the span of points, on every side."""
FAR = 2.5
"""A point is left off where it would make the chart more than so many times as wide or high as the frontier."""
FLAT = 1e-3
"""Of the level: the least span that is drawn, so that rounding does not look like a curve."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """What the axes show: tails across, means up, in the unit of the chart."""

    x: Span
    y: Span

    def holds(self, x: float, y: float) -> bool:
        """Whether the point is in it."""
        return self.x[0] <= x <= self.x[1] and self.y[0] <= y <= self.y[1]


def frontier_chart(found: Frontier, beside: Frontier | None = None) -> Chart:
    """Best plans (line), the proposed one, the book as it is and no hedge at all.

    Parameters
    ----------
    found
        The frontier.
    beside
        Of the run that a what-if is against: its axes are kept. None: its own.
    """
    other = beside if beside is not None and beside.currency == found.currency else found
    scale = fmt.money_scale(other.open.cvar)
    window = _window(found, other, scale)
    unit, level = scale.unit(found.currency), fmt.share(found.level)
    return Chart(
        "frontier",
        say("figure.frontier.title"),
        say("figure.frontier.unit", unit=unit, level=level),
        _alt(found, scale, unit),
        (_line(found, scale), *_points(found, scale, window)),
        tuple(_labels(found, scale, window)),
        x=Axis(*window.x, ticks(*window.x)[:: _every(window.x)]),
        y=Axis(*window.y, ticks(*window.y)),
        left=52,
        right=24,
    )


def _every(span: Span) -> int:
    """Wide words of an axis are written at every second tick."""
    return 2 if len(ticks(*span)) > 5 else 1


def _place(point: FrontierPoint, scale: fmt.Scale) -> tuple[float, float]:
    return scale.of(point.cvar), scale.of(point.mean)


def _marked(found: Frontier) -> list[tuple[str, FrontierPoint, str, str]]:
    """Name, point, tone and sign of what stands on the frontier or off it; the book only where there is one."""
    held = any(found.book.position)
    return [
        *((("book", found.book, "slate", "circle"),) if held else ()),
        ("open", found.open, "amber", "circle"),
        ("proposed", found.proposed, "teal", "diamond"),
    ]


def _window(found: Frontier, other: Frontier, scale: fmt.Scale) -> Window:
    (x, y), (own_x, own_y) = _spans(found, scale), _spans(other, scale)
    if found is other:
        return Window(_wide(own_x), _wide(own_y))
    return Window(kept(*x, _wide(own_x)), kept(*y, _wide(own_y)))


def _spans(found: Frontier, scale: fmt.Scale) -> tuple[Span, Span]:
    """Of tails and means: the frontier and the plan, and what else is not too far from them."""
    near = [_place(point, scale) for point in (*found.points, found.proposed)]
    for _, point, _, _ in _marked(found):
        at = _place(point, scale)
        if all(_grows(k, near, at) <= FAR for k in (0, 1)):
            near.append(at)
    (low_x, low_y), (high_x, high_y) = (tuple(end(each) for each in zip(*near, strict=True)) for end in (min, max))
    return (low_x, high_x), (low_y, high_y)


def _grows(k: int, near: list[tuple[float, float]], at: tuple[float, float]) -> float:
    """How many times as long the axis ``k`` would be with one point more."""
    values = [point[k] for point in near]
    span = max(max(values) - min(values), FLAT * abs(at[k]))
    return (max(*values, at[k]) - min(*values, at[k])) / span if span > 0 else 1.0


def _wide(span: Span) -> Span:
    """With room on both sides."""
    low, high = span
    length = max(high - low, FLAT * abs(high)) or 1.0
    middle, half = (low + high) / 2, length * (0.5 + ROOM)
    return middle - half, middle + half


def _line(found: Frontier, scale: fmt.Scale) -> Mark:
    places = [_place(point, scale) for point in found.points]
    told = [_told(_weight(point), point, scale, found.currency) for point in found.points]
    name = say("figure.frontier.line")
    x: list[object] = [x for x, _ in places]
    return Mark("dots", name, x, [y for _, y in places], "slate", told=told, size=5.0)


def _weight(point: FrontierPoint) -> str:
    if point.risk_weight is None:
        return say("figure.frontier.tail_alone")
    return say("figure.frontier.weighted", weight=fmt.significant(point.risk_weight, 3))


def _points(found: Frontier, scale: fmt.Scale, window: Window) -> list[Mark]:
    marks = []
    for name, point, tone, sign in _marked(found):
        x, y = _place(point, scale)
        if window.holds(x, y):
            words = say(f"frontier.{name}")
            told = [_told(words, point, scale, found.currency)]
            marks.append(Mark("points", words, [x], [y], tone, told=told, sign=sign, size=11.0))
    return marks


def _told(name: str, point: FrontierPoint, scale: fmt.Scale, currency: str) -> str:
    return say(
        "figure.frontier.told",
        name=name,
        tail=scale.text(point.cvar),
        mean=scale.text(point.mean),
        unit=scale.unit(currency),
        lots=fmt.number(point.lots),
        margin=fmt.money(point.initial_margin, currency),
    )


def _labels(found: Frontier, scale: fmt.Scale, window: Window) -> list[Label]:
    """A name beside each point; what lies off the chart is told in its corner."""
    labels, beyond = [], 0
    for name, point, tone, _ in reversed(_marked(found)):
        x, y = _place(point, scale)
        words = say("figure.frontier.mark", name=say(f"frontier.{name}"), tail=scale.text(point.cvar))
        if window.holds(x, y):
            right = x > (window.x[0] + window.x[1]) / 2
            labels.append(Label(words, x, y, anchor="right" if right else "left", bold=name == "proposed", lift=14))
        else:
            words = say("figure.frontier.beyond", name=say(f"frontier.{name}"), tail=scale.text(point.cvar))
            labels.append(Label(words, 0.99, 1.0, "corner", "right", tone, lift=-8 - 16 * beyond))
            beyond += 1
    return labels


def _alt(found: Frontier, scale: fmt.Scale, unit: str) -> str:
    cheap, safe = found.points[0], found.points[-1]
    ends = {"cheap": cheap, "safe": safe, "open": found.open}
    told = {f"{name}_mean": scale.text(point.mean) for name, point in ends.items()}
    told |= {f"{name}_tail": scale.text(point.cvar) for name, point in ends.items()}
    told |= {"mean": scale.text(found.proposed.mean), "tail": scale.text(found.proposed.cvar), "unit": unit}
    return say("figure.frontier.alt", tail_share=fmt.share(1.0 - found.level), **told)
