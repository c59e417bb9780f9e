"""A page's row of five numbers: its skeleton, its leaves, and what fills them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dash import html

from hedgedesk.dashboard import parts
from hedgedesk.dashboard.ids import on
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.dashboard.pages.leaves import Leaves
    from hedgedesk.reports.headlines import Headline

TEXTS = ("label", "value", "unit", "delta", "note", "more")


def row(page: str, blanks: Mapping[str, str], banded: Sequence[str] = ()) -> Component:
    """The skeleton.

    Parameters
    ----------
    blanks
        Name of each number to the key of its label before there is a result.
    banded
        Names of those with a band.
    """
    cards = [parts.kpi(page, name, say(key), band=name in banded) for name, key in blanks.items()]
    return html.Div(className="hd-row hd-kpis", children=cards)


def leaves(page: str, names: Sequence[str], banded: Sequence[str] = ()) -> tuple[str, ...]:
    """Every leaf of the row."""
    return (
        *(f"{on(page, name)}-{part}.children" for name in names for part in TEXTS),
        *(f"{on(page, name)}-{part}" for name in names for part in ("value.title", "delta.className")),
        *(f"{on(page, name)}-band.children" for name in banded),
    )


def told(page: str, headlines: Mapping[str, Headline], banded: Sequence[str] = ()) -> Leaves:
    """What fills the row."""
    shown: Leaves = {}
    for name, headline in headlines.items():
        place = on(page, name)
        shown |= {f"{place}-{part}.children": getattr(headline, part) for part in TEXTS}
        shown |= {f"{place}-value.title": headline.full, f"{place}-delta.className": f"hd-{headline.tone}"}
        if name in banded:
            shown[f"{place}-band.children"] = [] if headline.band is None else parts.band(*headline.band)
    return shown
