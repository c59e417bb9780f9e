"""Charts to SVG: what stands still, needs no script, prints sharp.

Draws what :mod:`hedgedesk.reports.paint` draws, but for bars across, which no report has.
Here: the picture with its grid, ticks, zones, rules and labels. Beside: ``frame``, from the chart's units to the
picture's, and ``marks``.
"""

from __future__ import annotations

import math
from html import escape

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Chart, Label, Rule, Zone
from hedgedesk.reports.paint import TONES
from hedgedesk.reports.svg.frame import DASHES, HEIGHT, TOP, WIDTH, Frame, at, frame_of, line_from, place_of, text_at
from hedgedesk.reports.svg.marks import PAINTERS

__all__ = ["HEIGHT", "WIDTH", "svg"]

KEYS = {"outline": ("□", "teal"), "sold": ("□", "amber"), "zone": ("▒", "slate")}
"""Sign and tone of a label's key that is no plain square."""


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
    frame = frame_of(chart)
    parts = (
        *_grid(frame),
        *(part for zone in chart.zones for part in _zone(frame, zone)),
        *(part for mark in chart.marks for part in PAINTERS[mark.kind](frame, mark)),
        *(_rule(frame, rule) for rule in chart.rules),
        *_x_ticks(frame),
        *(_label(frame, label) for label in chart.labels),
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}"'
    return f'{head}><title id="{name}">{escape(chart.alt)}</title>{"".join(parts)}</svg>'


def _grid(frame: Frame) -> list[str]:
    parts = []
    for place, words in frame.chart.y.ticks or _nice(frame.y_low, frame.y_high):
        y = frame.y(place_of(place))
        parts.append(line_from((frame.left, y, frame.right, y), 'class="grid" stroke-width="1"'))
        parts.append(text_at(frame.left - 6, y + 4, escape(words), 'class="ticks" text-anchor="end"'))
    return parts


def _nice(low: float, high: float) -> tuple[tuple[object, str], ...]:
    """Three to six round places between the ends."""
    rough = (high - low) / 5 or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * k for k in (1, 2, 2.5, 5, 10) if power * k >= rough), 10 * power)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if step / power == 2.5 else 0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple((k * step, fmt.number(k * step, decimals)) for k in range(first, last + 1))


def _x_ticks(frame: Frame) -> list[str]:
    dated = frame.chart.x.dates
    ticks = frame.chart.x.ticks or (() if dated else _nice(frame.x_low, frame.x_high))
    parts = []
    for place, words in ticks:
        x = frame.x(place)
        if not frame.left - 1 <= x <= frame.right + 1:
            continue
        for row, line in enumerate(words.split("\n")):
            parts.append(text_at(x, frame.floor + 14 + 13 * row, escape(line), 'class="ticks" text-anchor="middle"'))
    return parts


def _zone(frame: Frame, zone: Zone) -> list[str]:
    x0, x1 = frame.x(zone.x - 0.44), frame.x(zone.x + 0.44)
    low, high = frame.y(zone.low), frame.y(zone.high)
    box = f'x="{at(x0)}" y="{at(high)}" width="{at(x1 - x0)}" height="{at(low - high)}"'
    ends = [line_from((x0, y, x1, y), f'stroke="{TONES["control"]}" stroke-width="1.2"') for y in (low, high)]
    return [f'<rect {box} fill="{TONES["slate"]}" fill-opacity="0.16"/>', *ends]


def _rule(frame: Frame, rule: Rule) -> str:
    x = frame.x(rule.x)
    top = TOP if rule.top is None else frame.y(rule.top)
    dash = f' stroke-dasharray="{DASHES[rule.dash]}"' if rule.dash in DASHES else ""
    return line_from((x, frame.floor, x, top), f'stroke="{TONES[rule.tone]}" stroke-width="1.4"{dash}')


def _label(frame: Frame, label: Label) -> str:
    x, y = _spot(frame, label)
    anchor = {"left": "start", "right": "end"}.get(label.anchor, "middle")
    weight = ' font-weight="600"' if label.bold else ""
    more = f'class="words" text-anchor="{anchor}"{weight}'
    return text_at(x, y - label.lift + 4, _key(label.key) + escape(label.text), more)


def _spot(frame: Frame, label: Label) -> tuple[float, float]:
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
    faint = ' fill-opacity="0.45"' if key == "pale" else ""
    return f'<tspan fill="{TONES.get(tone, TONES["teal"])}"{faint}>{sign}</tspan>{gap}'
