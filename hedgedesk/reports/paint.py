"""Charts to Plotly's JSON, as plain dicts: no plotly import, and no colour that a theme would have to repaint."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.reports.chart import Axis, Chart, Label, Mark, Rule, Zone

Painted = dict[str, Any]

TONES = {
    "ink": "#626A75",
    "teal": "#159FAA",
    "amber": "#DD6E06",
    "slate": "#626A75",
    "violet": "#9150D6",
    "control": "#7C8694",
}
"""Mid-tones that hold 3:1 on both themes. Ink follows the theme's text by the class of its trace."""
CROWDED = 30
"""Columns of a heat map beyond which the gap between them shrinks."""
BAND_FILL = "rgba(98,106,117,0.16)"
CLEAR = "rgba(0,0,0,0)"
FONT = 'Inter, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, "Segoe UI", sans-serif'
CONFIG: Painted = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
}
"""Graph options everywhere: Plotly's default share button would upload the figure."""


def plotly(chart: Chart) -> Painted:
    """The chart as Plotly's figure dict."""
    return {
        # Plotly lends a trace without a uid that of the last figure's trace in its place, and with it the look of ink.
        "data": [{"uid": f"mark-{k}", **_trace(mark)} for k, mark in enumerate(chart.marks)],
        "layout": {
            **_frame(chart.right, chart.left),
            "hovermode": "x unified" if chart.kind == "fan" else "closest",
            "barmode": "overlay",
            "bargap": 0.08 if chart.kind == "histogram" else 0.3,
            "xaxis": {**_x_axis(chart.x), "showgrid": chart.kind in ("tornado", "frontier")},
            "yaxis": {**_y_axis(chart.y), "showgrid": chart.kind not in ("tornado", "heatmap")},
            "shapes": [*_zones(chart.zones), *(_rule(rule) for rule in chart.rules)],
            "annotations": [_label(label) for label in chart.labels],
        },
    }


def blank(text: str = "") -> Painted:
    """An empty figure that says when there will be something in it."""
    hidden = {"visible": False, "fixedrange": True}
    words = {"text": text or say("chart.waiting"), "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
    layout = {**_frame(12), "xaxis": hidden, "yaxis": hidden, "annotations": [{**words, "showarrow": False}]}
    return {"data": [], "layout": layout}


def _frame(right: int, left: int = 40) -> Painted:
    return {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": 11},
        "margin": {"l": left, "r": right, "t": 20, "b": 34},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {"font": {"size": 11, "family": FONT}},
        "autosize": True,
        "dragmode": False,
    }


def _trace(mark: Mark) -> Painted:
    return _PAINTERS[mark.kind](mark)


def _told(mark: Mark) -> Painted:
    if not mark.told:
        return {"hoverinfo": "skip"}
    extra = "<extra></extra>" if mark.kind in ("bar", "outline", "across") else ""
    told = [_plain(text) for text in mark.told]
    return {"customdata": told, "hovertemplate": f"%{{customdata}}{extra}", "name": _plain(mark.name)}


def _plain(text: str) -> str:
    """Text that stays text: Plotly reads tags in whatever it writes, and a model's name may hold one."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(mark: Mark) -> Painted:
    line: Painted = {"color": TONES[mark.tone], "width": mark.width}
    if mark.dash:
        line["dash"] = mark.dash
    trace = {"type": "scatter", "mode": "lines", "x": mark.x, "y": mark.y, "line": line, **_told(mark)}
    return {**trace, "uid": "ink"} if mark.tone == "ink" else trace


def _dots(mark: Mark) -> Painted:
    # One uid a figure: the class of both ink traces comes from the beginning of theirs.
    own = {"uid": "ink-dots"} if mark.tone == "ink" else {}
    size = mark.size or (5 if mark.tone == "ink" else 8)
    marker = {"size": size, "color": TONES[mark.tone]}
    return {**_line(mark), **own, "mode": "lines+markers", "marker": marker}


def _points(mark: Mark) -> Painted:
    marker = {"size": mark.size or 8, "color": TONES[mark.tone], "symbol": mark.sign or "circle"}
    return {"type": "scatter", "mode": "markers", "x": mark.x, "y": mark.y, "marker": marker, **_told(mark)}


def _step(mark: Mark) -> Painted:
    trace = _line(mark)
    return {**trace, "line": {**trace["line"], "shape": "hv"}}


def _fill(mark: Mark) -> Painted:
    """A closed outline: up along ``y``, back along ``base``."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*mark.x, *reversed(mark.x)],
        "y": [*mark.y, *reversed(mark.base)],
        "fill": "toself",
        "fillcolor": _transparent(TONES[mark.tone], float(mark.strength)),  # type: ignore[arg-type]
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _bar(mark: Mark) -> Painted:
    trace = {"type": "bar", "x": mark.x, "y": mark.y, **_told(mark)}
    trace["marker"] = {"color": TONES[mark.tone], "opacity": mark.strength, "line": {"width": 0}}
    if mark.breadth is not None:
        trace["width"] = mark.breadth
    return {**trace, "base": mark.base} if mark.base else trace


def _across(mark: Mark) -> Painted:
    return {**_bar(mark), "orientation": "h"}


def _heat(mark: Mark) -> Painted:
    """Cells from nearly clear to the full tone: the card shines through, so it fits both themes."""
    colour = TONES[mark.tone]
    strength = mark.strength if isinstance(mark.strength, float) else 1.0
    return {
        "type": "heatmap",
        "x": mark.x,
        "y": mark.y,
        "z": mark.cells,
        "zmin": 0,
        "zmax": max((max(row) for row in mark.cells), default=1.0) if mark.full is None else mark.full,
        "colorscale": [[0, _transparent(colour, 0.04)], [1, _transparent(colour, 0.95 * strength)]],
        "showscale": False,
        "xgap": 2 if len(mark.x) <= CROWDED else 1,
        "ygap": 2,
        "customdata": [[_plain(text) for text in row] for row in mark.told_cells],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _outline(mark: Mark) -> Painted:
    edge = {"color": TONES[mark.tone], "width": 1.4}
    fill = _transparent(TONES[mark.tone], 0.16)
    return {**_bar(mark), "marker": {"color": fill, "line": edge}}


_PAINTERS: dict[str, Callable[[Mark], Painted]] = {
    "line": _line,
    "dots": _dots,
    "points": _points,
    "step": _step,
    "fill": _fill,
    "bar": _bar,
    "outline": _outline,
    "across": _across,
    "heat": _heat,
}


def _transparent(colour: str, alpha: float) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def _x_axis(axis: Axis) -> Painted:
    painted = {"showgrid": False, "showline": False, "ticks": "", "zeroline": False, "fixedrange": True}
    if axis.dates:
        painted["type"] = "date"
    return {**painted, **_scale_of(axis), "hoverformat": "%b %Y" if axis.dates else ""}


def _y_axis(axis: Axis) -> Painted:
    painted = {"gridwidth": 1, "griddash": "solid", "zeroline": False, "fixedrange": True, "nticks": 5, "ticks": ""}
    return {**painted, **_scale_of(axis)}


def _scale_of(axis: Axis) -> Painted:
    painted: Painted = {} if axis.low is None else {"range": [axis.low, axis.high]}
    if axis.ticks:
        painted["tickmode"] = "array"
        painted["tickvals"] = [place for place, _ in axis.ticks]
        painted["ticktext"] = [_plain(text).replace("\n", "<br>") for _, text in axis.ticks]
        painted["tickangle"] = 0
    return painted


def _rule(rule: Rule) -> Painted:
    height: Painted = {"yref": "paper", "y0": 0, "y1": 1}
    if rule.top is not None:
        height = {"yref": "y", "y0": 0, "y1": rule.top}
    line = {"color": TONES[rule.tone], "width": 1.4, "dash": rule.dash or "solid"}
    return {"type": "line", "x0": rule.x, "x1": rule.x, **height, "line": line}


def _zones(zones: tuple[Zone, ...]) -> list[Painted]:
    shapes: list[Painted] = []
    for zone in zones:
        ends = {"x0": zone.x - 0.44, "x1": zone.x + 0.44}
        box = {"type": "rect", "y0": zone.low, "y1": zone.high, "fillcolor": BAND_FILL, "line": {"width": 0}}
        shapes.append({**box, **ends, "layer": "below"})
        tick = {"type": "line", "line": {"color": TONES["control"], "width": 1.2}, **ends}
        shapes += [{**tick, "y0": level, "y1": level} for level in (zone.low, zone.high)]
    return shapes


def _label(label: Label) -> Painted:
    text = f"<b>{_plain(label.text)}</b>" if label.bold and label.text else _plain(label.text)
    painted: Painted = {"text": f"{_key(label.key)}{text}", "showarrow": False, "xanchor": label.anchor}
    painted |= {"x": label.x, "y": label.y, "yanchor": "middle", "align": "left", "borderpad": 0}
    if label.where == "edge":
        painted |= {"xref": "paper", "x": 1, "xshift": 8}
    elif label.where == "corner":
        painted |= {"xref": "paper", "yref": "paper"}
    elif label.where == "corner_right":
        painted |= {"xref": "paper", "yref": "paper", "x": 1, "xshift": 8}
    elif label.anchor != "center":
        painted["xshift"] = 6 if label.anchor == "left" else -6
    if label.lift:
        painted["yshift"] = label.lift
    return painted


def _key(key: str) -> str:
    if not key:
        return ""
    if key[0] in "▼▲":
        return f'<span style="color:{TONES[key[1:]]}">{key[0]}</span>'
    mark, colour = ("━", TONES[key[1:]]) if key[0] == "-" else ("■", TONES.get(key, TONES["teal"]))
    if key == "outline":
        mark = "□"
    elif key == "pale":
        return f'<span style="color:{_transparent(colour, 0.45)}">{mark}</span> '
    elif key == "sold":
        mark, colour = "□", TONES["amber"]
    elif key == "zone":
        mark, colour = "▒", TONES["slate"]
    if key == "-ink":  # the theme's own text colour
        return f"{mark} "
    return f'<span style="color:{colour}">{mark}</span> '
