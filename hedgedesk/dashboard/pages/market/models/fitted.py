"""Leaf props of the fitted models. Pure: a study, a validation, what the user chose and typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

from hedgedesk.dashboard import grids
from hedgedesk.dashboard.pages import kpis, leaves
from hedgedesk.dashboard.pages.market.models import places
from hedgedesk.dashboard.pages.market.models.head import HEAD, Standing, head
from hedgedesk.dashboard.pages.market.models.places import NAME
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say

if TYPE_CHECKING:
    from hedgedesk.dashboard.pages.market.models.own_values import OwnValues
    from hedgedesk.domain.price_models import ModelFit, ModelStudy, Validation
    from hedgedesk.reports.tables.table import Table

CHOICES = (
    f"{places.MODEL}.data",
    f"{places.MODEL}.value",
    f"{places.BESIDE}.data",
    f"{places.BESIDE}.value",
    f"{places.UNCERTAIN}.value",
    f"{places.SECTION}.data-model",
)
OWN = (
    *leaves.grid_leaves(places.PARAMETERS),
    f"{places.PARAMETERS}-unit.children",
    f"{places.OWN_TOLD}.children",
    f"{places.CLEAR}.hidden",
    f"{places.WRONG}.children",
    f"{places.ASSUMED}.children",
)
STUDIED = (
    *CHOICES,
    *OWN,
    *leaves.grid_leaves(places.COMPARED),
    f"{places.COMPARED}-unit.children",
    f"{places.COMPARED}-meanings.children",
    f"{places.REFUSED}.children",
    *kpis.leaves(NAME, tuple(places.BLANKS)),
    *(leaf for chart in (places.FAN, places.CURVE, places.REGIMES) for leaf in leaves.chart_leaves(NAME, chart)),
    *leaves.grid_leaves(places.JUMPS),
    f"{places.JUMPS}-unit.children",
)
LEAVES = (*HEAD, *STUDIED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the controls stand at."""

    model: str | None
    beside: str | None
    paths: bool
    run_model: str | None = None
    """Of the run on the screen."""


def studied(study: ModelStudy, validation: Validation | None, own: OwnValues, asked: Asked) -> leaves.Leaves:
    """Leaves of a study with at least one fit."""
    from hedgedesk.reports import fits

    known = fits.names(study)
    wished = asked.model if asked.model in known else fits.first_shown(study, validation, asked.run_model)
    fit = fits.fit_called(study, wished)
    other = asked.beside if asked.beside in known and asked.beside != wished else None
    beside = None if other is None else fits.fit_called(study, other)
    return {
        **_choices(study, wished, other, own),
        **_compared(study, wished, validation),
        **_own(fit, own),
        **kpis.told(NAME, _headlines(study, fit, validation)),
        **_charts(study, fit, beside, paths=asked.paths),
        **_jumps(study, wished),
    }


def _headlines(study: ModelStudy, fit: ModelFit, validation: Validation | None) -> dict[str, Any]:
    from hedgedesk.reports.headlines.models import model_headlines

    return dict(model_headlines(study, fit, validation))


def _choices(study: ModelStudy, model: str, beside: str | None, own: OwnValues) -> leaves.Leaves:
    """Every model that could be fitted; the others are in the table, with the reason."""
    from hedgedesk.reports import fits

    known = [{"value": name, "label": price_model(name)} for name in fits.names(study)]
    others = [{"value": places.NONE, "label": say("models.beside_none")}]
    others += [choice for choice in known if choice["value"] != model]
    values = (known, model, others, beside or places.NONE, places.ON if own.drawn else places.OFF, model)
    return dict(zip(CHOICES, values, strict=True))


def _compared(study: ModelStudy, model: str, validation: Validation | None) -> leaves.Leaves:
    from hedgedesk.reports.tables.models import compared_table, compared_unit, meanings, refusals

    shown = grids.grid_leaves(places.COMPARED, compared_table(study, model, validation))
    for column in shown[f"{places.COMPARED}.columnDefs"]:
        column["sortable"] = False
    shown[f"{places.COMPARED}.dashGridOptions"] |= {"rowClass": "hd-pressed"}
    shown[f"{places.COMPARED}-unit.children"] = compared_unit(study, validation)
    shown[f"{places.COMPARED}-meanings.children"] = leaves.terms(meanings())
    return {**shown, f"{places.REFUSED}.children": [html.Li(text) for text in refusals(study)]}


def _own(fit: ModelFit, own: OwnValues) -> leaves.Leaves:
    """Estimates, and the user's own values beside them as they were typed."""
    from hedgedesk.reports.tables import models
    from hedgedesk.reports.tables.model_views import happening

    name = fit.summary.name
    typed = own.typed.get(name, {})
    faults = {parameter: _fault(fit, parameter, text) for parameter, text in own.wrong(name).items()}
    told = (
        models.fit_unit(fit),
        _told(fit, own),
        not own.typed,
        [html.P(text) for text in faults.values()],
        [html.Li(happening(text)) for text in fit.summary.assumptions],
    )
    return {**_editable(models.parameters_table(fit, typed, faults)), **dict(zip(OWN[3:], told, strict=True))}


def _fault(fit: ModelFit, parameter: str, text: str) -> str:
    """Why a value that was typed cannot be used, and what could."""
    from hedgedesk.dashboard.pages.market.models.own_values import number_of

    if number_of(text) is None:
        return say("models.wrong", name=parameter, text=text)
    if parameter not in fit.view_bounds:
        return say("models.not_chosen", name=parameter)
    low, high = (fmt.significant(bound, 4) for bound in fit.view_bounds[parameter])
    return say("models.out_of_range", name=parameter, text=text, low=low, high=high)


def _editable(table: Table) -> leaves.Leaves:
    """The grid of parameters: the user's own value is typed into its cell."""
    shown = grids.grid_leaves(places.PARAMETERS, table)
    columns = shown[f"{places.PARAMETERS}.columnDefs"]
    for column in columns:
        column["sortable"] = False
        if column["field"] == "own":
            column.pop("valueFormatter")
            open_only = {"function": "params.data.own_tone != 'closed'"}
            column |= {"editable": open_only, "cellDataType": "text", "cellClass": {"function": "hdOwn(params)"}}
        if column["field"] == "meaning":
            column |= {"wrapText": True, "autoHeight": True}
    columns[0] |= {"pinned": None, "width": None}
    more = {"singleClickEdit": True, "stopEditingWhenCellsLoseFocus": True, "enterNavigatesVerticallyAfterEdit": True}
    shown[f"{places.PARAMETERS}.dashGridOptions"] |= more
    return shown


def _told(fit: ModelFit, own: OwnValues) -> str:
    """How many values are the user's own, and whether what is drawn has them."""
    name, view = fit.summary.name, own.view()
    count = len(view.get(name, {}))
    if not count and not fit.summary.view:
        return say("models.view_none")
    key = "models.view_one" if count == 1 else "models.view_many"
    state = "models.view_fitted" if view.get(name, {}) == fit.summary.view else "models.view_pending"
    return f"{say(key, count=count, model=price_model(name))}: {say(state)}."


def _charts(study: ModelStudy, fit: ModelFit, beside: ModelFit | None, *, paths: bool) -> leaves.Leaves:
    from hedgedesk.reports.figures.model_curve import model_curve
    from hedgedesk.reports.figures.model_fan import model_fan

    return {
        **leaves.chart(NAME, places.FAN, model_fan(study, fit, beside, paths=paths)),
        **leaves.chart(NAME, places.CURVE, model_curve(study, fit, beside)),
        **_regimes(study, fit),
    }


def _regimes(study: ModelStudy, fit: ModelFit) -> leaves.Leaves:
    from hedgedesk.reports import fits
    from hedgedesk.reports.figures.regimes import regime_path
    from hedgedesk.reports.paint import blank

    found = fits.regimes_of(study, fit.summary.name)
    if found is None or found.regimes is None:
        none = say("figure.regimes.none")
        values = (blank(none), say("figure.regimes.title"), "", none)
        return dict(zip(leaves.chart_leaves(NAME, places.REGIMES), values, strict=True))
    shown = leaves.chart(NAME, places.REGIMES, regime_path(found.regimes))
    unit = say("figure.regimes.unit_of", model=price_model(found.summary.name))
    return {**shown, f"{NAME}-{places.REGIMES}-unit.children": unit}


def _jumps(study: ModelStudy, model: str) -> leaves.Leaves:
    from hedgedesk.reports import fits
    from hedgedesk.reports.tables.model_views import jumps_table, jumps_unit

    owner, jumps = fits.jumps_of(study, model)
    shown = grids.grid_leaves(places.JUMPS, jumps_table(jumps))
    one = {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True}
    shown[f"{places.JUMPS}.dashGridOptions"] |= {"rowSelection": one}
    return {**shown, f"{places.JUMPS}-unit.children": jumps_unit(owner, jumps)}


def is_jump(study: ModelStudy | None, model: str | None, date: str | None) -> bool:
    """Whether one of the jumps that are listed is of that date."""
    from hedgedesk.reports import fits

    jumps = fits.jumps_of(study, model)[1] if study is not None and study.fits else ()
    return any(str(jump.date) == date for jump in jumps)


def happened(study: ModelStudy | None, model: str | None, date: str | None) -> tuple[str, list[Any]]:
    """What is on record around the jump of ``date``: a heading and one sentence a change; else how to ask."""
    from hedgedesk.reports import fits

    jumps = fits.jumps_of(study, model)[1] if study is not None and study.fits else ()
    if not jumps:
        return say("jumps.none"), []
    jump = next((each for each in jumps if str(each.date) == date), None)
    if jump is None:
        return say("jumps.pick"), []
    from hedgedesk.reports.tables.model_views import happening, jump_size

    told = [happening(text) for text in jump.happened] or [say("jumps.no_record")]
    return say("jumps.happened", date=fmt.day(jump.date), size=jump_size(jump)), [html.Li(text) for text in told]


def view(
    study: ModelStudy | None, validation: Validation | None, own: OwnValues, asked: Asked, standing: Standing
) -> leaves.Leaves:
    """Every leaf of the part that fitted models fill; without any, nothing of an earlier study is left to read."""
    from dash import no_update

    if study is None or not study.fits:
        return {**head(study, own, standing, None), **dict.fromkeys(STUDIED, no_update)}
    shown = studied(study, validation, own, asked)
    return {**head(study, own, standing, shown[f"{places.MODEL}.value"]), **shown}
