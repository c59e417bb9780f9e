"""The frame of a picture: from the units of the chart to those of the picture, and the lines and words put into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hedgedesk.reports.chart import Axis, Chart

WIDTH, HEIGHT = 640, 274
TOP, BOTTOM = 20, 34
BESIDE_TICKS = 4
"""More room at the left than Plotly takes for the same words."""
SIZE = 11
"""Of the words, in the units of the picture."""
DASHES = {"dot": "2 3", "dash": "6 4"}


@dataclass(frozen=True, slots=True)
class Frame:
    """From the units of the chart to those of the picture."""

    chart: Chart
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @property
    def left(self) -> float:
        """Where the horizontal axis begins."""
        return self.chart.left + BESIDE_TICKS

    @property
    def right(self) -> float:
        """Where it ends; beyond is room for words."""
        return WIDTH - self.chart.right

    @property
    def floor(self) -> float:
        """Height of the horizontal axis; the picture counts downwards."""
        return HEIGHT - BOTTOM

    def x(self, value: object) -> float:
        """Place of a number or an ISO date."""
        share = (place_of(value) - self.x_low) / ((self.x_high - self.x_low) or 1.0)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        """Height of a value."""
        share = (value - self.y_low) / ((self.y_high - self.y_low) or 1.0)
        return self.floor - share * (self.floor - TOP)


def frame_of(chart: Chart) -> Frame:
    """The frame that holds every mark, or the ends that the axes name."""
    x_low, x_high = _range(chart.x, (x for mark in chart.marks for x in mark.x if x is not None))
    heights = [y for mark in chart.marks for y in (*mark.y, *mark.base) if y is not None]
    y_low, y_high = _range(chart.y, heights)
    return Frame(chart, x_low, x_high, y_low, y_high)


def _range(axis: Axis, found: Iterable[object]) -> tuple[float, float]:
    if axis.low is not None:
        return place_of(axis.low), place_of(axis.high)
    places = [place_of(value) for value in found] or [0.0, 1.0]
    return min(places), max(places)


def place_of(value: object) -> float:
    """A number as it is, an ISO date as its day."""
    if isinstance(value, str):
        return float(date.fromisoformat(value[:10] if len(value) > 7 else f"{value}-01").toordinal())
    return float(value)  # type: ignore[arg-type]


def at(value: float) -> str:
    """A coordinate, to a tenth: what nobody sees need not be stored."""
    return f"{value:.1f}".removesuffix(".0")


def line_from(ends: tuple[float, float, float, float], more: str) -> str:
    """A straight line from ``(x, y)`` to ``(x, y)``; ``more`` are its attributes."""
    x0, y0, x1, y1 = (at(v) for v in ends)
    return f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" {more}/>'


def text_at(x: float, y: float, words: str, more: str = "") -> str:
    """Escaped words; ``more`` are their attributes."""
    return f'<text x="{at(x)}" y="{at(y)}" font-size="{SIZE}" {more}>{words}</text>'
