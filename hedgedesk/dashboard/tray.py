"""What a job looks like from the frame: tray, run button, stale mark, and the failure in its place. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html, no_update

from hedgedesk.dashboard import grids, ids
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.jobs import JobState

TRAY = (
    f"{ids.TRAY}.children",
    f"{ids.PERCENT}.children",
    f"{ids.LEFT}.children",
    f"{ids.BAR}.style",
    f"{ids.TRACK}.hidden",
    f"{ids.CANCEL}.hidden",
    f"{ids.RUN_BUTTON}.disabled",
    f"{ids.RUN_BUTTON}.variant",
    f"{ids.POLL}.disabled",
    f"{ids.FRAME}.className",
    f"{ids.FAULT}.children",
    f"{ids.SAID}.children",
    f"{ids.RUN}.data",
)


def tray(state: JobState | None, shown: str | None, finished: str | None) -> dict[str, Any]:
    """Leaf props of the tray, the run button and the fault's place.

    Parameters
    ----------
    state
        The job; None: this server does not know it.
    shown
        Run id on the screen; None: nothing yet.
    finished
        Run id that the job gave; None: not done.
    """
    active = state is not None and state.active
    fraction = state.fraction if state is not None and active else 0.0
    left = fmt.duration(state.seconds_left) if state is not None else ""
    old = shown is not None and finished is None
    values = (
        words(state, finished),
        f"{fraction:.0%}" if active else "",
        say("tray.left", time=left) if left else "",
        {"width": f"{fraction:.0%}"},
        not active,
        not active,
        active,
        "default" if active or finished else "filled",
        not active,
        "hd-main hd-stale" if old else "hd-main",
        fault(state, shown),
        announcement(state, finished),
        finished if finished is not None and finished != shown else no_update,
    )
    return dict(zip(TRAY, values, strict=True))


def words(state: JobState | None, finished: str | None) -> str:
    """What the tray says."""
    if state is None or state.status in ("failed", "cancelled"):
        return say("tray.failed" if state is None else f"tray.{state.status}")
    if state.status == "waiting" and state.ahead:
        return say("tray.waiting", ahead=state.ahead)
    if finished is not None:
        return say("tray.idle")
    return state.text or say("tray.starting")


def announcement(state: JobState | None, finished: str | None) -> str:
    """What a screen reader is told: beginnings and ends, never each step."""
    if finished is not None:
        return say("tray.done", run=finished[:8])
    return words(state, None) if state is None or not state.active else say("tray.starting")


def fault(state: JobState | None, shown: str | None) -> list[Component]:
    """Why there is no result, in its place; empty while all is well."""
    if state is None:
        return fault_card(say("tray.failed"), [html.P(say("fault.restarted"))])
    if state.status == "cancelled":
        return fault_card(say("fault.cancelled"), [html.P(say("fault.cancelled_text"))], calm=True)
    if state.failure is None:
        return []
    failure = state.failure
    kept = say("fault.kept", run=shown[:8]) if shown else say("fault.nothing")
    title, body = say("fault.title"), [html.Div(html.P(failure.text), className="hd-scroll hd-long", tabIndex=0)]
    if failure.faults:
        from hedgedesk.reports.tables import faults_table

        count = len(failure.faults)
        title = say("fault.one") if count == 1 else say("fault.count", count=count)
        body = [html.Div(grids.plain_table(faults_table(failure.faults)), className="hd-scroll", tabIndex=0)]
    fix = f" {say('fault.fix')}" if failure.faults else ""
    reference = f"{kept}{fix} {say('fault.reference', reference=failure.reference)}"
    return fault_card(title, [*body, html.P(reference)])


def fault_card(title: str, body: list[Component], *, calm: bool = False) -> list[Component]:
    """The place of a failure, with a title and what there is to say."""
    return [html.Section([html.H2(title), *body], className=f"hd-fault{' hd-calm' if calm else ''}")]
