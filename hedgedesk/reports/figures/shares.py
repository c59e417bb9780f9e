"""How use is spread over sellers, models, teams or regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.figures.heatmap import short
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.study import Concentration, Share

MOST_BARS = 8
"""The smallest beyond are told together."""


def concentration(found: Concentration) -> Chart:
    """Each name's share of the cost, the largest on top; the Herfindahl index in the unit line."""
    bars = [(name, part) for name, part in _bars(found.shares)]
    names = tuple((k, f"{short(name)}{fmt.SPACE}{fmt.SPACE}") for k, (name, _) in enumerate(bars))
    told = [f"{name}: {fmt.share(part, 1)}" for name, part in bars]
    top = max((part for _, part in bars), default=1.0) * 118.0
    places: list[float | None] = [float(k) for k in range(len(bars))]
    amounts: list[object] = [100.0 * part for _, part in bars]
    return Chart(
        "tornado",
        say(f"figure.shares.title_{found.by}"),
        say("figure.shares.unit", herfindahl=fmt.number(found.herfindahl, 2)),
        say("figure.shares.alt", herfindahl=fmt.number(found.herfindahl, 2), shares="; ".join(told)),
        (Mark("across", say("figure.shares.share"), amounts, places, "slate", told=told, breadth=0.62),),
        tuple(Label(fmt.share(part), 100.0 * part, k, anchor="left", bold=True) for k, (_, part) in enumerate(bars)),
        x=Axis(0.0, top or 1.0, ticks(0.0, top or 1.0)),
        y=Axis(max(len(bars), 1) - 0.5, -0.5, names),
        left=24 + 6 * max((len(words) for _, words in names), default=0),
    )


def _bars(shares: tuple[Share, ...]) -> list[tuple[str, float]]:
    named = [(share.name or say("usage.unnamed"), share.share) for share in shares]
    if len(named) <= MOST_BARS:
        return named
    rest = named[MOST_BARS - 1 :]
    return [*named[: MOST_BARS - 1], (say("figure.map.rest", count=len(rest)), sum(part for _, part in rest))]
