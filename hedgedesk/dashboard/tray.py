"""What the jobs look like from the frame: the closed tray, its rows, and a failure in its place. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from hedgedesk.dashboard import grids, ids
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say, with_model_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from hedgedesk.jobs import JobState

CLOSED = (
    f"{ids.TRAY}.children",
    f"{ids.PERCENT}.children",
    f"{ids.LEFT}.children",
    f"{ids.BAR}.style",
    f"{ids.TRACK}.hidden",
    f"{ids.CANCEL}.hidden",
    f"{ids.TRAY_COUNT}.children",
    f"{ids.JOBS}.data",
)
ENDED_SHOWN = 8
"""Ended jobs in the open tray; older ones are on the Runs page."""
RUNNING_FIRST = {"running": 0, "waiting": 1}
MODELS = "/market?part=models"
PLACES = {"import": "/inputs", "usage": "/exposure", "models": MODELS, "validate": MODELS, "plans": "/plan"}
"""Where a finished job of a kind is opened; a run is opened where the user is."""
CALCULATED = ("run", "what_if")
"""Kinds whose result is a run."""


def tray(jobs: Sequence[JobState]) -> dict[str, Any]:
    """Leaf props of the tray.

    Parameters
    ----------
    jobs
        The server's jobs, the newest first.
    """
    rows = in_order(jobs)
    front = rows[0] if rows and rows[0].active else None
    fraction = front.fraction if front is not None else 0.0
    left = fmt.duration(front.seconds_left) if front is not None else ""
    values = (
        words(jobs),
        fmt.share(fraction) if front is not None else "",
        say("tray.left", time=left) if left else "",
        {"width": f"{fraction:.0%}"},
        front is None,
        front is None,
        count(jobs),
        [row(job) for job in rows],
    )
    return dict(zip(CLOSED, values, strict=True))


def in_order(jobs: Sequence[JobState]) -> list[JobState]:
    """Running first, then in the order of their turn, then what ended, the newest first."""
    active = sorted((job for job in jobs if job.active), key=lambda job: (RUNNING_FIRST[job.status], job.ahead))
    return active + [job for job in jobs if not job.active][:ENDED_SHOWN]


def words(jobs: Sequence[JobState]) -> str:
    """What the closed tray says: the job in front, else how the last one failed, else that there is none."""
    rows = in_order(jobs)
    if rows and rows[0].active:
        return step(rows[0])
    if rows and rows[0].status in ("failed", "cancelled"):
        return ended(rows[0])
    return say("tray.idle")


def step(job: JobState) -> str:
    """What an active job does now."""
    if job.status == "waiting" and job.ahead:
        return say("tray.waiting", ahead=job.ahead)
    return with_model_names(job.text) or say(f"tray.starting.{job.kind}")


def ended(job: JobState) -> str:
    """How a job ended."""
    return say(f"tray.{job.status}", what=say(f"tray.kind.{job.kind}"))


def count(jobs: Sequence[JobState]) -> str:
    """How many run and wait, for the open tray's head."""
    running = sum(job.status == "running" for job in jobs)
    waiting = sum(job.status == "waiting" for job in jobs)
    return say("tray.count", running=running, waiting=waiting) if running or waiting else say("tray.none")


def row(job: JobState) -> dict[str, Any]:
    """One row of the open tray, as the browser draws it."""
    shown: dict[str, Any] = {"id": job.id, "status": job.status, "title": job.title or say(f"tray.kind.{job.kind}")}
    if job.active:
        left = fmt.duration(job.seconds_left)
        pace = " · ".join(part for part in (fmt.share(job.fraction), left) if part)
        waiting = job.status == "waiting"
        shown |= {"state": say("tray.queued") if waiting else pace, "note": step(job), "action": "cancel"}
        return shown | ({} if waiting else {"share": job.fraction})
    note = f"{first_line(job)} · {say('fault.reference', reference=job.failure.reference)}" if job.failure else ""
    return {**shown, "state": say(f"tray.state.{job.status}"), "note": note} | _way_on(job)


def first_line(job: JobState) -> str:
    """A failure's reason in one line."""
    if job.failure is None:
        return ""
    faults = job.failure.faults
    if faults:
        return say("fault.one") if len(faults) == 1 else say("fault.count", count=len(faults))
    return next(iter(job.failure.text.splitlines()), "")


def _way_on(job: JobState) -> dict[str, Any]:
    if job.status != "done":
        return {}
    given = small(job)
    if job.kind in CALCULATED and given.get("run"):
        return {"action": "open", "run": given["run"]}
    if job.kind == "report" and "run" in given and "suffix" in given:
        return {"action": "download", "href": report_address(given["run"], given["suffix"])}
    return {"action": "visit", "href": PLACES[job.kind]} if job.kind in PLACES else {}


def small(job: JobState) -> dict[str, Any]:
    """What a job gave, without what is too large for a window: its short texts and numbers, and its run."""
    given = job.result or {}
    told = {name: value for name, value in given.items() if value is None or isinstance(value, str | int | float)}
    return {**told, "run": told["run_id"]} if "run_id" in told else told


def report_address(run_id: str, suffix: str) -> str:
    """Where a made report is fetched."""
    return f"/download/report/{run_id}.{suffix.lstrip('.')}"


def fault(state: JobState | None, shown: str | None) -> list[Component]:
    """Why there is no result, in its place; empty while all is well."""
    if state is None:
        return fault_card(say("fault.title"), [html.P(say("fault.restarted"))])
    if state.status == "cancelled":
        return fault_card(say("fault.cancelled"), [html.P(say("fault.cancelled_text"))], calm=True)
    if state.failure is None:
        return []
    failure = state.failure
    kept = say("fault.kept", run=shown[:8]) if shown else say("fault.nothing")
    title, body = say("fault.title"), [html.Div(html.P(failure.text), className="hd-scroll hd-long", tabIndex=0)]
    if failure.faults:
        from hedgedesk.reports.tables import faults_table

        title = first_line(state)
        body = [html.Div(grids.plain_table(faults_table(failure.faults)), className="hd-scroll", tabIndex=0)]
    fix = f" {say('fault.fix')}" if failure.faults else ""
    reference = f"{kept}{fix} {say('fault.reference', reference=failure.reference)}"
    return fault_card(title, [*body, html.P(reference)])


def fault_card(title: str, body: list[Component], *, calm: bool = False) -> list[Component]:
    """The place of a failure, with a title and what there is to say."""
    return [html.Section([html.H2(title), *body], className=f"hd-fault{' hd-calm' if calm else ''}")]
