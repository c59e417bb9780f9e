"""One window's session: which run it shows, which jobs it waits for, and whether its result is still of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.dashboard.tray import CALCULATED, CLOSED, ended, fault, fault_card, small, tray
from hedgedesk.desk.ahead import read_ahead
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.jobs import JobState

POLL_MS = 300
ENDS = (f"{ids.DONE}.data", f"{ids.RUN}.data", f"{ids.FAULT}.children", f"{ids.SAID}.children")
"""Leaves that the end of a job changes, and a tick does not."""
FOLLOWED = (
    *CLOSED,
    f"{ids.RUN_BUTTON}.disabled",
    f"{ids.POLL}.disabled",
    *ENDS,
)
STANDING = (
    f"{ids.FRAME}.className",
    f"{ids.RUN_BUTTON}.variant",
    f"{ids.DESK_NAME}.children",
    f"{ids.DESK_REVISION}.children",
)
SHARED = (f"{ids.RUN}.data", f"{ids.FAULT}.children", f"{ids.SAID}.children")
"""What more than one callback writes: an arrival, the tray, a page."""


def stores() -> list[Component]:
    """What a window remembers. Only the jobs it waits for outlive a reload, and no other window sees them."""
    kept = (
        ids.JOB,
        ids.RUN,
        ids.DONE,
        ids.DESK,
        ids.FOCUS,
        ids.ARRIVED,
        ids.SHOWN,
        ids.ASKED,
        ids.JOBS,
        ids.JOBS_DRAWN,
        ids.TICK,
    )
    return [
        *(dcc.Store(id=name) for name in kept),
        dcc.Store(id=ids.FOLLOWING, storage_type="session", data=[]),
        # The first tick asks for the jobs that were under way before a reload.
        dcc.Interval(id=ids.POLL, interval=POLL_MS),
    ]


def asked_run(search: str | None) -> str | None:
    """Run id of a permalink's ``?run=``; None: it names none."""
    return next(iter(parse_qs((search or "").lstrip("?")).get("run", [])), None)


def arrival(desk: Desk, asked: str | None, shown: str | None) -> tuple[Any, Any, Any]:
    """Run to show, job to follow and what to say, for a window that has just come or whose address names a run."""
    if asked is not None:
        return _permalink(desk, asked, shown)
    if shown is not None:
        raise PreventUpdate
    newest = desk.newest()
    if newest is not None:
        return newest, no_update, no_update
    # The run is under way already, or ended a moment ago: only a click tries a failed one again.
    return no_update, desk.start_run(retry=False), no_update


def _permalink(desk: Desk, asked: str, shown: str | None) -> tuple[Any, Any, Any]:
    if asked == shown:
        raise PreventUpdate
    try:
        desk.result(asked)
    except HedgeDeskError:
        way = dcc.Link(say("link.runs"), href="/runs", className="hd-link")
        kept = say("link.kept") if shown else say("link.nothing")
        words = [html.P(say("link.unknown_text", run=asked[:40], kept=kept)), html.P(way)]
        return no_update, no_update, fault_card(say("link.unknown"), words, calm=True)
    return asked, no_update, []


def follow(desk: Desk, following: Sequence[str], shown: str | None) -> dict[str, Any]:
    """Leaves of a look at the jobs; of those that ended, one at a time is told.

    Parameters
    ----------
    following
        Jobs of this window whose end it waits for.
    shown
        Run id on the screen; None: nothing yet.
    """
    states = {job: desk.job(job) for job in following}
    over = next((job for job, state in states.items() if state is None or not state.active), None)
    left = [state for job, state in states.items() if state is not None and job != over]
    jobs = desk.jobs()
    # A job that another window started keeps this one's tray moving, and nothing else.
    busy = bool(left) or any(job.active for job in jobs)
    calculating = any(state.active and state.kind in CALCULATED for state in left)
    quiet: dict[str, Any] = dict.fromkeys(ENDS, no_update)
    told = quiet if over is None else _over(desk, over, states[over], shown)
    return {**tray(jobs), f"{ids.RUN_BUTTON}.disabled": calculating, f"{ids.POLL}.disabled": not busy, **told}


def begin(state: JobState | None) -> tuple[Any, Any]:
    """Place of a failure and spoken word as a job begins: a run clears an earlier failure."""
    if state is None or not state.active:
        return no_update, no_update
    return [] if state.kind in CALCULATED else no_update, say(f"tray.starting.{state.kind}")


def _over(desk: Desk, job_id: str, state: JobState | None, shown: str | None) -> dict[str, Any]:
    """What a job that ended leaves behind: the word of it, its run, or why there is none."""
    calculated = state is None or state.kind in CALCULATED
    run_id = desk.finished(job_id) if state is not None and calculated else None
    result = small(state) if state is not None else {}
    done = {
        "job": job_id,
        "kind": state.kind if state is not None else "run",
        "status": state.status if state is not None else "failed",
        "result": {**result, "run": run_id} if run_id else result,
    }
    said = ended(state) if state is not None else say("fault.restarted")
    return {
        f"{ids.DONE}.data": done,
        f"{ids.RUN}.data": run_id if run_id is not None and run_id != shown else no_update,
        f"{ids.FAULT}.children": fault(state, shown) if calculated else no_update,
        f"{ids.SAID}.children": said,
    }


def standing(desk: Desk, shown: str | None, failed: bool) -> dict[str, Any]:
    """Whether the shown result is of the inputs as they are now and kept, and which desk is open."""
    stale = shown is not None and desk.is_stale(shown)
    marks = ["hd-main", *(["hd-stale"] if stale else []), *(["hd-what-if"] if _unsaved(desk, shown) else [])]
    opened = desk.opened()
    named = say("app.sample") if opened.kind == "sample" else opened.name
    values = (
        " ".join(marks),
        "filled" if stale or failed else "default",
        named,
        say("app.revision", number=opened.revision) if opened.revision is not None else say(f"app.kind.{opened.kind}"),
    )
    return dict(zip(STANDING, values, strict=True))


def _unsaved(desk: Desk, shown: str | None) -> bool:
    return shown is not None and desk.what_ifs.base_of(shown) is not None and not desk.what_ifs.is_saved(shown)


def register(app: Dash, desk: Desk) -> None:
    """The session's callbacks: arrive, start, follow, cancel, ask whether the result is stale, make a report."""
    for part in (_arrives, _starts, _follows, _stands, _reports, _cancels):
        part(app, desk)
    _in_the_browser(app)


def _arrives(app: Dash, desk: Desk) -> None:
    def arrive(search: str | None, shown: str | None) -> tuple[Any, Any, Any]:
        read_ahead()
        return arrival(desk, asked_run(search), shown)

    arrived = (_shared(ids.RUN, "data"), _shared(ids.JOB, "data"), _shared(ids.FAULT, "children"))
    app.callback(*arrived, Input(ids.LOCATION, "search"), State(ids.RUN, "data"), prevent_initial_call=True)(arrive)


def _starts(app: Dash, desk: Desk) -> None:
    def start(_clicks: int) -> str:
        return desk.start_run(retry=True)

    def begun(job_id: str) -> tuple[Any, Any]:
        return begin(desk.job(job_id))

    app.callback(_shared(ids.JOB, "data"), Input(ids.RUN_BUTTON, "n_clicks"), prevent_initial_call=True)(start)
    told = (_shared(ids.FAULT, "children"), _shared(ids.SAID, "children"))
    app.callback(*told, Input(ids.JOB, "data"), prevent_initial_call=True)(begun)


def _follows(app: Dash, desk: Desk) -> None:
    def look(following: list[str] | None, shown: str | None, **_ticks: Any) -> dict[str, Any]:
        return follow(desk, following or [], shown)

    ticks = {"_ticks": Input(ids.TICK, "data"), "_focus": Input(ids.FOCUS, "data")}
    app.callback(
        output=outputs(FOLLOWED, shared=SHARED),
        inputs={"following": Input(ids.FOLLOWING, "data"), **ticks},
        state={"shown": State(ids.RUN, "data")},
        prevent_initial_call=True,
    )(look)


def _stands(app: Dash, desk: Desk) -> None:
    def stand(shown: str | None, done: dict[str, Any] | None, **_causes: Any) -> dict[str, Any]:
        failed = done is not None and done["kind"] in CALCULATED and done["status"] != "done"
        return standing(desk, shown, failed)

    causes = {"_path": Input(ids.LOCATION, "pathname"), "_job": Input(ids.JOB, "data")}
    causes |= {"_focus": Input(ids.FOCUS, "data"), "_desk": Input(ids.DESK, "data")}
    told = {"shown": Input(ids.RUN, "data"), "done": Input(ids.DONE, "data"), **causes}
    app.callback(output=outputs(STANDING), inputs=told)(stand)


def _reports(app: Dash, desk: Desk) -> None:
    def report(_html: int | None, _xlsx: int | None, shown: str | None) -> str:
        if shown is None:
            raise PreventUpdate
        return desk.papers.start_report(shown, ".xlsx" if ctx.triggered_id == ids.REPORT_XLSX else ".html")

    asked = (Input(ids.REPORT_HTML, "n_clicks"), Input(ids.REPORT_XLSX, "n_clicks"))
    app.callback(_shared(ids.JOB, "data"), *asked, State(ids.RUN, "data"), prevent_initial_call=True)(report)


def _shared(place: str, prop: str) -> Output:
    return Output(place, prop, allow_duplicate=True)


def _in_the_browser(app: Dash) -> None:
    """Jobs join and leave the list of those followed here, where nothing can come between reading and writing it."""
    following = _shared(ids.FOLLOWING, "data")
    for verb, cause in (("join", ids.JOB), ("leave", ids.DONE)):
        app.clientside_callback(
            ClientsideFunction("desk", verb),
            following,
            Input(cause, "data"),
            State(ids.FOLLOWING, "data"),
            prevent_initial_call=True,
        )
    # Dash drops an answer once the same is asked again: polls faster than the answers would never see one.
    app.clientside_callback(
        ClientsideFunction("desk", "tick"), Output(ids.TICK, "data"), Input(ids.POLL, "n_intervals")
    )
    app.clientside_callback(ClientsideFunction("desk", "tray"), Output(ids.JOBS_DRAWN, "data"), Input(ids.JOBS, "data"))
    app.clientside_callback(
        ClientsideFunction("desk", "shown"),
        Output(ids.SHOWN, "data"),
        Input(ids.RUN, "data"),
        Input(ids.LOCATION, "pathname"),
    )


def _cancels(app: Dash, desk: Desk) -> None:
    def cancel(_clicks: int, rows: list[dict[str, Any]] | None) -> None:
        if rows and rows[0].get("action") == "cancel":
            desk.cancel(rows[0]["id"])

    def cancel_row(asked: dict[str, Any]) -> None:
        desk.cancel(asked["cancel"])

    app.callback(Input(ids.CANCEL, "n_clicks"), State(ids.JOBS, "data"), prevent_initial_call=True)(cancel)
    app.callback(Input(ids.ASKED, "data"), prevent_initial_call=True)(cancel_row)
