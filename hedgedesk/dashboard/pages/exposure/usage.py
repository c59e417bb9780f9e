"""Usage and prices: the bill explained, shares, price formulas, from index to what we pay, the forecast it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import grids, ids
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.exposure import places
from hedgedesk.dashboard.pages.exposure.places import NAME
from hedgedesk.dashboard.pages.exposure.study_cards import first_kind
from hedgedesk.dashboard.pages.inputs.desk_card import require_press
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.study import BasisSplit, UsageStudy
    from hedgedesk.reports.chart import Chart
    from hedgedesk.reports.tables.table import Table

GRIDS = (places.EXPORTS, places.GAPS, places.UNITS, places.FORMULAS, places.EXPECTED)
CHARTS = ("shares", "ladder", "split")
MOST_NOTICES = 3
MOST_ROWS = 12
"""Rows of a grid before it scrolls inside its card."""
STATE = (
    f"{places.STATE}.children",
    f"{places.STATE_NOTE}.children",
    f"{places.STUDY_BUTTON}.style",
    f"{places.STUDIED}.hidden",
)
WORDS = (
    f"{places.GAP_WORDS}.children",
    f"{places.GAP_BADGE}.children",
    f"{places.GAP_BADGE}.className",
    f"{places.FORMULAS}-unit.children",
    f"{places.SHARES_BY}.data",
)
LEAVES = (
    *STATE,
    *WORDS,
    *(leaf for grid in GRIDS for leaf in (*leaves.grid_leaves(grid), f"{grid}.style")),
    *(leaf for chart in CHARTS for leaf in leaves.chart_leaves(NAME, chart)),
)


def view(study: UsageStudy | None, *, loaded: bool, busy: bool, failed: str, by: str) -> leaves.Leaves:
    """Every leaf of the part.

    Parameters
    ----------
    loaded
        Whether the open desk has exports.
    busy
        Whether the study is under way.
    failed
        Why the last study ended without a result; empty: it did not.
    by
        What the shares are of.
    """
    shown = state(study, loaded=loaded, busy=busy, failed=failed)
    return shown | (blank_study() if study is None else studied(study, by))


def state(study: UsageStudy | None, *, loaded: bool, busy: bool, failed: str) -> leaves.Leaves:
    """What there is, and the next step."""
    from hedgedesk.reports.tables.usage import months_words

    if study is not None:
        words, note = months_words(study), _versions(study)
    else:
        words, note = (say(f"usage.{'ready' if loaded else 'none'}{end}") for end in ("", "_text"))
    if failed and study is None:
        note = say("usage.failed", why=failed)
    values = (
        words,
        say("usage.working") if busy else note,
        {} if loaded and not busy and study is None else {"display": "none"},
        study is None,
    )
    return dict(zip(STATE, values, strict=True))


def _versions(study: UsageStudy) -> str:
    """Whose prices, and the first of what is worth knowing."""
    prices = study.versions.get("prices") or ", ".join(f"{name} {version}" for name, version in study.versions.items())
    told = [say("usage.versions", versions=prices.replace(" > ", ", then "))] if prices else []
    return " · ".join((*told, *study.notices[:MOST_NOTICES]))


def studied(study: UsageStudy, by: str) -> leaves.Leaves:
    """Leaves of a study."""
    from hedgedesk.reports import format as fmt
    from hedgedesk.reports.tables import reconciliation, units, usage

    words, tone = reconciliation.badge(study.reconciliation)
    kinds = [found.by for found in study.concentrations]
    told = (
        reconciliation.gap_words(study.reconciliation),
        words,
        f"hd-badge hd-{tone}",
        say("usage.formulas_unit", unit=fmt.per_unit(study.currency, study.unit)),
        [{"value": kind, "label": say(f"usage.by.{kind}")} for kind in kinds] or first_kind(),
    )
    return {
        **dict(zip(WORDS, told, strict=True)),
        **_grid(places.EXPORTS, usage.files_table(study.files)),
        **_grid(places.GAPS, reconciliation.reconciliation_table(study)),
        **_grid(places.UNITS, units.units_table(study)),
        **_grid(places.FORMULAS, usage.formulas_table(study)),
        **_grid(places.EXPECTED, usage.forecasts_table(study)),
        **_charts(study, by),
    }


def _grid(place: str, table: Table) -> leaves.Leaves:
    """A grid that scrolls inside its card once it has many rows."""
    shown = grids.grid_leaves(place, table)
    many = len(table.rows) > MOST_ROWS
    if many:
        shown[f"{place}.dashGridOptions"] |= {"domLayout": "normal"}
    height = f"calc(58px + {MOST_ROWS + 1} * var(--hd-row))" if many else None
    return {**shown, f"{place}.style": {"height": height}}


def _charts(study: UsageStudy, by: str) -> leaves.Leaves:
    from hedgedesk.reports import figures

    found = {item.by: item for item in study.concentrations}
    share = found.get(by) or next(iter(found.values()), None)
    return {
        **_chart("shares", figures.concentration(share) if share else None, "usage.shares", "usage.no_shares"),
        **_chart(
            "ladder",
            figures.basis_ladder(study.ladders[-1]) if study.ladders else None,
            "figure.ladder.title",
            "usage.no_ladder",
        ),
        **_chart(
            "split",
            figures.basis_split(latest(study.splits)) if study.splits else None,
            "figure.split.title",
            "usage.no_split",
        ),
    }


def latest(splits: Sequence[BasisSplit]) -> BasisSplit:
    """The split between the two latest months."""
    return max(splits, key=lambda split: (split.last, split.first))


def _chart(name: str, drawn: Chart | None, title: str, none: str) -> leaves.Leaves:
    from hedgedesk.reports.paint import blank

    if drawn is not None:
        return leaves.chart(NAME, name, drawn)
    return dict(
        zip(leaves.chart_leaves(NAME, name), (blank(say(none)), say(title), "", say(none)), strict=True),
    )


def blank_study() -> leaves.Leaves:
    """Leaves while there is no study: nothing of an earlier desk stays."""
    from hedgedesk.reports.tables.table import Column, Table

    empty = Table("", (Column("none", ""),), ())
    charts: leaves.Leaves = {}
    for name, title in (("shares", "usage.shares"), ("ladder", "figure.ladder.title"), ("split", "figure.split.title")):
        charts |= _chart(name, None, title, "usage.none")
    words = dict(zip(WORDS, ("", "", "hd-badge", "", first_kind()), strict=True))
    return {**words, **charts, **{leaf: value for place in GRIDS for leaf, value in _grid(place, empty).items()}}


def standing(desk: Desk) -> dict[str, Any]:
    """Whether the open desk has exports, whether they are being studied, and why that failed last."""
    studies = [job for job in desk.jobs() if job.kind == "usage"]
    last = studies[0] if studies else None
    why = last.failure.text.splitlines()[0] if last is not None and last.failure is not None else ""
    return {"loaded": desk.usages.loaded(), "busy": any(job.active for job in studies), "failed": why}


def register(app: Dash, desk: Desk) -> None:
    """Show the study of the open desk, start it, and show the tables of its charts."""

    def show(by: str, **_causes: Any) -> leaves.Leaves:
        return view(desk.usages.study(), by=by, **standing(desk))

    def start(clicks: int | None) -> str:
        require_press(clicks)
        return desk.usages.start()

    causes = {"_run": Input(ids.RUN, "data"), "_done": Input(ids.DONE, "data"), "_job": Input(ids.JOB, "data")}
    causes |= {"_desk": Input(ids.DESK, "data"), "_focus": Input(ids.FOCUS, "data")}
    app.callback(output=leaves.outputs(LEAVES), inputs={"by": Input(places.SHARES_BY, "value"), **causes})(show)
    job = Output(ids.JOB, "data", allow_duplicate=True)
    app.callback(job, Input(places.STUDY_BUTTON, "n_clicks"), prevent_initial_call=True)(start)
    for name in CHARTS:
        _show_twin(app, desk, name)


def _show_twin(app: Dash, desk: Desk, name: str) -> None:
    """As the twins of a run's charts, of the study."""

    def table_of() -> Table:
        from hedgedesk.reports.tables import usage_shelf

        study = desk.usages.study()
        if study is None:
            raise PreventUpdate
        return usage_shelf.table(name, study)

    twin_of_study(app, on(NAME, name), table_of)


def twin_of_study(app: Dash, place: str, table_of: Callable[[], Table]) -> None:
    """Show the table behind the chart at ``place`` while its button is pressed in."""

    def twin(clicks: int | None, _done: Any) -> tuple[list[Component], bool, bool, str]:
        asked = (clicks or 0) % 2 == 1
        table = [grids.plain_table(table_of())] if asked else []
        return table, not asked, asked, str(asked).lower()

    table, figure = f"{place}-table", f"{place}-figure"
    shown = (Output(table, "children"), Output(table, "hidden"), Output(figure, "hidden"))
    causes = Input(f"{place}-twin", "n_clicks"), Input(ids.DONE, "data")
    app.callback(*shown, Output(f"{place}-twin", "aria-pressed"), *causes, prevent_initial_call=True)(twin)
