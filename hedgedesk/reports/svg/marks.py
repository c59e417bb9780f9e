"""The marks of a chart: lines, dots, steps, fills and bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from hedgedesk.reports.chart import Mark
from hedgedesk.reports.paint import TONES
from hedgedesk.reports.svg.frame import DASHES, Frame, at

BAR_SHARE = {"histogram": 0.92}
"""How much of its place a bar fills; elsewhere 0.7."""


def _colour(mark: Mark) -> str:
    return 'class="ink"' if mark.tone == "ink" else f'stroke="{TONES[mark.tone]}"'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{at(x)} {at(y)}" for x, y in points)


def _runs(frame: Frame, mark: Mark) -> list[list[tuple[float, float]]]:
    """The points in one piece, or in several where values are missing."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(mark.x, mark.y, strict=True):
        if x is None or y is None or math.isnan(y):
            runs.append([])
        else:
            runs[-1].append((frame.x(x), frame.y(y)))
    return [run for run in runs if run]


def _stroke(frame: Frame, mark: Mark, runs: list[list[tuple[float, float]]]) -> list[str]:
    dash = f' stroke-dasharray="{DASHES[mark.dash]}"' if mark.dash in DASHES else ""
    look = f'{_colour(mark)} fill="none" stroke-width="{mark.width:g}" stroke-linejoin="round"{dash}'
    return [f'<path d="{_path(run)}" {look}/>' for run in runs]


def _lines(frame: Frame, mark: Mark) -> list[str]:
    return _stroke(frame, mark, _runs(frame, mark))


def _dots(frame: Frame, mark: Mark) -> list[str]:
    fill = 'class="ink-dot"' if mark.tone == "ink" else f'fill="{TONES[mark.tone]}"'
    dots = [f'<circle cx="{at(x)}" cy="{at(y)}" r="2.5" {fill}/>' for run in _runs(frame, mark) for x, y in run]
    return [*_lines(frame, mark), *dots]


def _points(frame: Frame, mark: Mark) -> list[str]:
    fill, half = f'fill="{TONES[mark.tone]}"', (mark.size or 8.0) / 2
    places = [place for run in _runs(frame, mark) for place in run]
    if mark.sign != "diamond":
        return [f'<circle cx="{at(x)}" cy="{at(y)}" r="{at(half)}" {fill}/>' for x, y in places]
    corners = [[(x, y - half), (x + half, y), (x, y + half), (x - half, y)] for x, y in places]
    return [f'<path d="{_path(corner)}Z" {fill}/>' for corner in corners]


def _steps(frame: Frame, mark: Mark) -> list[str]:
    runs = []
    for run in _runs(frame, mark):
        corners = [run[0]]
        for (_, before), (x, y) in pairwise(run):
            corners += [(x, before), (x, y)]
        runs.append(corners)
    return _stroke(frame, mark, runs)


def _fill(frame: Frame, mark: Mark) -> list[str]:
    up = [(frame.x(x), frame.y(y or 0.0)) for x, y in zip(mark.x, mark.y, strict=True)]
    back = [(frame.x(x), frame.y(y)) for x, y in zip(mark.x, mark.base, strict=True)]
    outline = _path([*up, *reversed(back)])
    return [f'<path d="{outline}Z" fill="{TONES[mark.tone]}" fill-opacity="{mark.strength:g}"/>']


def _bars(frame: Frame, mark: Mark, outlined: bool = False) -> list[str]:
    base = mark.base or [0.0] * len(mark.x)
    strengths = mark.strength if isinstance(mark.strength, list) else [mark.strength] * len(mark.x)
    width = _bar_width(frame, mark)
    colour = TONES[mark.tone]
    parts = []
    for x, y, low, strength in zip(mark.x, mark.y, base, strengths, strict=True):
        if not y:
            continue
        top, foot = sorted((frame.y(low + y), frame.y(low)))
        box = f'x="{at(frame.x(x) - width / 2)}" y="{at(top)}" width="{at(width)}" height="{at(foot - top)}"'
        look = f'fill="{colour}" fill-opacity="{strength:g}"'
        if outlined:
            look = f'fill="{colour}" fill-opacity="0.16" stroke="{colour}" stroke-width="1.4"'
        parts.append(f"<rect {box} {look}/>")
    return parts


def _bar_width(frame: Frame, mark: Mark) -> float:
    if mark.breadth is not None:
        return abs(frame.x(mark.breadth) - frame.x(0.0))
    places = sorted(frame.x(x) for x in mark.x)
    gaps = [b - a for a, b in pairwise(places) if b > a]
    gap = min(gaps, default=(frame.right - frame.left) / 2)
    return gap * BAR_SHARE.get(frame.chart.kind, 0.7)


def _outlines(frame: Frame, mark: Mark) -> list[str]:
    return _bars(frame, mark, outlined=True)


PAINTERS: dict[str, Callable[[Frame, Mark], list[str]]] = {
    "line": _lines,
    "dots": _dots,
    "points": _points,
    "step": _steps,
    "fill": _fill,
    "bar": _bars,
    "outline": _outlines,
}
