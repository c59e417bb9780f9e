"""Leaf props of the validation: the verdict, a table a horizon, where a model's outcomes fell. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from hedgedesk.dashboard import grids
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.market.models import places
from hedgedesk.dashboard.pages.market.models.places import NAME
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.dashboard.pages.market.models.head import Standing
    from hedgedesk.domain.price_models import Validation
    from hedgedesk.reports.tables.table import Table

TOLD = (
    f"{places.BADGE}.children",
    f"{places.BADGE}.className",
    f"{places.VERDICT}.children",
    f"{places.VALIDATE}.children",
    f"{places.VALIDATE}.disabled",
    f"{places.VALIDATE}.style",
    f"{places.BODY}.hidden",
    f"{places.BELOW}.hidden",
    f"{places.AHEAD}.hidden",
    f"{places.HORIZON}.data",
    f"{places.HORIZON}.value",
    f"{places.JUDGED}.data-horizon",
    f"{places.TABLE}-unit.children",
    f"{places.REMARKS}.children",
    f"{places.READING}.children",
    f"{places.TABLE}-meanings.children",
)
LEAVES = (*TOLD, *leaves.grid_leaves(places.TABLE), *leaves.chart_leaves(NAME, places.PIT))


def view(found: Validation | None, standing: Standing, model: str | None, horizon: str | None) -> leaves.Leaves:
    """Every leaf of the validation's cards.

    Parameters
    ----------
    model
        Whose outcomes are drawn; one that was not judged: the best.
    horizon
        Months ahead, as text; another than was judged: the main one.
    """
    return unjudged(standing) if found is None or not found.rows else judged(found, standing, model, horizon)


def unjudged(standing: Standing) -> leaves.Leaves:
    """Nothing has been judged yet."""
    from hedgedesk.reports.paint import blank
    from hedgedesk.reports.tables.table import Column, Table

    words = say("judged.none")
    if standing.busy:
        words = say("judged.working")
    elif standing.failed:
        words = say("judged.failed", why=standing.failed)
    elif standing.cancelled:
        words = say("judged.stopped")
    values: tuple[Any, ...] = ("", "hd-hidden", words, say("judged.validate"), standing.busy, {})
    values += (True, True, True, [], "", "", say("judged.blank"), [], "", [])
    none = say("figure.pit.none")
    chart = (blank(none), say("figure.pit.blank"), "", none)
    return {
        **dict(zip(TOLD, values, strict=True)),
        **grids.grid_leaves(places.TABLE, Table("validation", (Column("none", ""),), ())),
        **dict(zip(leaves.chart_leaves(NAME, places.PIT), chart, strict=True)),
    }


def judged(found: Validation, standing: Standing, model: str | None, horizon: str | None) -> leaves.Leaves:
    """What was found."""
    from hedgedesk.reports import fits
    from hedgedesk.reports.figures.pit import pit_histogram
    from hedgedesk.reports.tables import validation as tables

    months = horizon_of(found, horizon)
    words, tone = tables.badge(found)
    choices = [{"value": str(each), "label": str(each)} for each in fits.horizons(found)]
    note = say("judged.working") if standing.busy else tables.verdict(found)
    values: tuple[Any, ...] = (words, f"hd-badge hd-{tone}", note, say("judged.validate_again"), standing.busy)
    values += ({"display": "none"}, False, False, False, choices, str(months), str(months))
    table = tables.validation_table(found, months)
    values += (tables.validation_unit(found), [html.Li(text) for text in tables.remarks(found)], tables.reading(table))
    values += (leaves.terms(tables.meanings()),)
    row = (model and fits.judged(found, model, months)) or fits.at_horizon(found, months)[0]
    return {
        **dict(zip(TOLD, values, strict=True)),
        **_table(table),
        **leaves.chart(NAME, places.PIT, pit_histogram(row)),
    }


def horizon_of(found: Validation, asked: str | None) -> int:
    """Months ahead that are meant: those asked for where they were judged, else the main horizon."""
    from hedgedesk.reports import fits

    known = fits.horizons(found)
    wished = int(asked) if asked and asked.isdecimal() else None
    return wished if wished in known else fits.main_horizon(found) or known[0]


def _table(table: Table) -> leaves.Leaves:
    from hedgedesk.reports.tables.validation import without_bare

    shown = grids.grid_leaves(places.TABLE, without_bare(table))
    for column in shown[f"{places.TABLE}.columnDefs"]:
        column["sortable"] = False
        if column["field"] == "pit":
            column |= {"cellRenderer": "HdBars"}
            column.pop("cellClass")
    return shown
