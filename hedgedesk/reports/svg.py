"""Charts to SVG: what stands still, needs no script, prints sharp. Draws what :mod:`hedgedesk.reports.paint` draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark, Rule, Zone
from hedgedesk.reports.paint import TONES

WIDTH, HEIGHT = 640, 274
TOP, BOTTOM = 20, 34
BESIDE_TICKS = 4
"""More room at the left than Plotly takes for the same words."""
SIZE = 11
"""Of the words, in the units of the picture."""
DASHES = {"dot": "2 3", "dash": "6 4"}
BAR_SHARE = {"histogram": 0.92}
"""How much of its place a bar fills; elsewhere 0.7."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the units of the chart to those of the picture."""

    chart: Chart
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @property
    def left(self) -> float:
        return self.chart.left + BESIDE_TICKS

    @property
    def right(self) -> float:
        return WIDTH - self.chart.right

    @property
    def floor(self) -> float:
        return HEIGHT - BOTTOM

    def x(self, value: object) -> float:
        share = (_place(value) - self.x_low) / ((self.x_high - self.x_low) or 1.0)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        share = (value - self.y_low) / ((self.y_high - self.y_low) or 1.0)
        return self.floor - share * (self.floor - TOP)


def svg(chart: Chart, name: str) -> str:
    """The chart as an ``<svg>`` element for the middle of a page.

    Words and lines in ink have the classes ``words``, ``ticks``, ``grid`` and ``ink``, so that the page's style gives
    them the colours of its theme.

    Parameters
    ----------
    chart
        What to draw.
    name
        Id of the element's title; unlike any other on the page.
    """
    frame = _frame(chart)
    parts = (
        *_grid(frame),
        *(part for zone in chart.zones for part in _zone(frame, zone)),
        *(part for mark in chart.marks for part in _PAINTERS[mark.kind](frame, mark)),
        *(_rule(frame, rule) for rule in chart.rules),
        *_x_ticks(frame),
        *(_label(frame, label) for label in chart.labels),
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}"'
    return f'{head}><title id="{name}">{escape(chart.alt)}</title>{"".join(parts)}</svg>'


def _frame(chart: Chart) -> _Frame:
    x_low, x_high = _range(chart.x, (x for mark in chart.marks for x in mark.x if x is not None))
    heights = [y for mark in chart.marks for y in (*mark.y, *mark.base) if y is not None]
    y_low, y_high = _range(chart.y, heights)
    return _Frame(chart, x_low, x_high, y_low, y_high)


def _range(axis: Axis, found: Iterable[object]) -> tuple[float, float]:
    if axis.low is not None:
        return _place(axis.low), _place(axis.high)
    places = [_place(value) for value in found] or [0.0, 1.0]
    return min(places), max(places)


def _place(value: object) -> float:
    """A number as it is, an ISO date as its day."""
    if isinstance(value, str):
        return float(date.fromisoformat(value[:10] if len(value) > 7 else f"{value}-01").toordinal())
    return float(value)  # type: ignore[arg-type]


def _n(value: float) -> str:
    """A coordinate, to a tenth: what nobody sees need not be stored."""
    return f"{value:.1f}".removesuffix(".0")


def _line(frame: tuple[float, float, float, float], more: str) -> str:
    x0, y0, x1, y1 = (_n(v) for v in frame)
    return f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" {more}/>'


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{SIZE}" {more}>{words}</text>'


def _grid(frame: _Frame) -> list[str]:
    parts = []
    for place, words in frame.chart.y.ticks or _nice(frame.y_low, frame.y_high):
        y = frame.y(_place(place))
        parts.append(_line((frame.left, y, frame.right, y), 'class="grid" stroke-width="1"'))
        parts.append(_text(frame.left - 6, y + 4, escape(words), 'class="ticks" text-anchor="end"'))
    return parts


def _nice(low: float, high: float) -> tuple[tuple[object, str], ...]:
    """Three to six round places between the ends."""
    rough = (high - low) / 5 or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * k for k in (1, 2, 2.5, 5, 10) if power * k >= rough), 10 * power)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if step / power == 2.5 else 0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple((k * step, fmt.number(k * step, decimals)) for k in range(first, last + 1))


def _x_ticks(frame: _Frame) -> list[str]:
    dated = frame.chart.x.dates
    ticks = frame.chart.x.ticks or (() if dated else _nice(frame.x_low, frame.x_high))
    parts = []
    for place, words in ticks:
        x = frame.x(place)
        if not frame.left - 1 <= x <= frame.right + 1:
            continue
        for row, line in enumerate(words.split("\n")):
            parts.append(_text(x, frame.floor + 14 + 13 * row, escape(line), 'class="ticks" text-anchor="middle"'))
    return parts


def _colour(mark: Mark) -> str:
    return 'class="ink"' if mark.tone == "ink" else f'stroke="{TONES[mark.tone]}"'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _runs(frame: _Frame, mark: Mark) -> list[list[tuple[float, float]]]:
    """The points in one piece, or in several where values are missing."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(mark.x, mark.y, strict=True):
        if x is None or y is None or math.isnan(y):
            runs.append([])
        else:
            runs[-1].append((frame.x(x), frame.y(y)))
    return [run for run in runs if run]


def _stroke(frame: _Frame, mark: Mark, runs: list[list[tuple[float, float]]]) -> list[str]:
    dash = f' stroke-dasharray="{DASHES[mark.dash]}"' if mark.dash in DASHES else ""
    look = f'{_colour(mark)} fill="none" stroke-width="{mark.width:g}" stroke-linejoin="round"{dash}'
    return [f'<path d="{_path(run)}" {look}/>' for run in runs]


def _lines(frame: _Frame, mark: Mark) -> list[str]:
    return _stroke(frame, mark, _runs(frame, mark))


def _dots(frame: _Frame, mark: Mark) -> list[str]:
    fill = 'class="ink-dot"' if mark.tone == "ink" else f'fill="{TONES[mark.tone]}"'
    dots = [f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.5" {fill}/>' for run in _runs(frame, mark) for x, y in run]
    return [*_lines(frame, mark), *dots]


def _steps(frame: _Frame, mark: Mark) -> list[str]:
    runs = []
    for run in _runs(frame, mark):
        corners = [run[0]]
        for (_, before), (x, y) in pairwise(run):
            corners += [(x, before), (x, y)]
        runs.append(corners)
    return _stroke(frame, mark, runs)


def _fill(frame: _Frame, mark: Mark) -> list[str]:
    up = [(frame.x(x), frame.y(y or 0.0)) for x, y in zip(mark.x, mark.y, strict=True)]
    back = [(frame.x(x), frame.y(y)) for x, y in zip(mark.x, mark.base, strict=True)]
    outline = _path([*up, *reversed(back)])
    return [f'<path d="{outline}Z" fill="{TONES[mark.tone]}" fill-opacity="{mark.strength:g}"/>']


def _bars(frame: _Frame, mark: Mark, outlined: bool = False) -> list[str]:
    base = mark.base or [0.0] * len(mark.x)
    strengths = mark.strength if isinstance(mark.strength, list) else [mark.strength] * len(mark.x)
    width = _bar_width(frame, mark)
    colour = TONES[mark.tone]
    parts = []
    for x, y, low, strength in zip(mark.x, mark.y, base, strengths, strict=True):
        if not y:
            continue
        top, foot = sorted((frame.y(low + y), frame.y(low)))
        box = f'x="{_n(frame.x(x) - width / 2)}" y="{_n(top)}" width="{_n(width)}" height="{_n(foot - top)}"'
        look = f'fill="{colour}" fill-opacity="{strength:g}"'
        if outlined:
            look = f'fill="{colour}" fill-opacity="0.16" stroke="{colour}" stroke-width="1.4"'
        parts.append(f"<rect {box} {look}/>")
    return parts


def _bar_width(frame: _Frame, mark: Mark) -> float:
    if mark.breadth is not None:
        return abs(frame.x(mark.breadth) - frame.x(0.0))
    places = sorted(frame.x(x) for x in mark.x)
    gaps = [b - a for a, b in pairwise(places) if b > a]
    gap = min(gaps, default=(frame.right - frame.left) / 2)
    return gap * BAR_SHARE.get(frame.chart.kind, 0.7)


def _outlines(frame: _Frame, mark: Mark) -> list[str]:
    return _bars(frame, mark, outlined=True)


_PAINTERS: dict[str, Callable[[_Frame, Mark], list[str]]] = {
    "line": _lines,
    "dots": _dots,
    "step": _steps,
    "fill": _fill,
    "bar": _bars,
    "outline": _outlines,
}


def _zone(frame: _Frame, zone: Zone) -> list[str]:
    x0, x1 = frame.x(zone.x - 0.44), frame.x(zone.x + 0.44)
    low, high = frame.y(zone.low), frame.y(zone.high)
    box = f'x="{_n(x0)}" y="{_n(high)}" width="{_n(x1 - x0)}" height="{_n(low - high)}"'
    ends = [_line((x0, y, x1, y), f'stroke="{TONES["control"]}" stroke-width="1.2"') for y in (low, high)]
    return [f'<rect {box} fill="{TONES["slate"]}" fill-opacity="0.16"/>', *ends]


def _rule(frame: _Frame, rule: Rule) -> str:
    x = frame.x(rule.x)
    top = TOP if rule.top is None else frame.y(rule.top)
    dash = f' stroke-dasharray="{DASHES[rule.dash]}"' if rule.dash in DASHES else ""
    return _line((x, frame.floor, x, top), f'stroke="{TONES[rule.tone]}" stroke-width="1.4"{dash}')


def _label(frame: _Frame, label: Label) -> str:
    x, y = _spot(frame, label)
    anchor = {"left": "start", "right": "end"}.get(label.anchor, "middle")
    weight = ' font-weight="600"' if label.bold else ""
    more = f'class="words" text-anchor="{anchor}"{weight}'
    return _text(x, y - label.lift + 4, _key(label.key) + escape(label.text), more)


def _spot(frame: _Frame, label: Label) -> tuple[float, float]:
    if label.where == "edge":
        return frame.right + 8, frame.y(label.y)
    if label.where in ("corner", "corner_right"):
        y = frame.floor - label.y * (frame.floor - TOP)
        if label.where == "corner_right":
            return frame.right + 8, y
        return frame.left + float(label.x) * (frame.right - frame.left), y  # type: ignore[arg-type]
    shift = {"left": 6, "right": -6}.get(label.anchor, 0)
    return frame.x(label.x) + shift, frame.y(label.y)


def _key(key: str) -> str:
    """The mark before the words, as in :func:`hedgedesk.reports.paint.plotly`."""
    if not key:
        return ""
    sign, tone, gap = "■", key, " "
    if key[0] in "▼▲":
        sign, tone, gap = key[0], key[1:], ""
    elif key[0] == "-":
        sign, tone = "━", key[1:]
    elif key in KEYS:
        sign, tone = KEYS[key]
    return f'<tspan fill="{TONES.get(tone, TONES["teal"])}">{sign}</tspan>{gap}'


KEYS = {"outline": ("□", "teal"), "sold": ("□", "amber"), "zone": ("▒", "slate")}
