"""Which desk is open, and the ways to another: the sample, one kept, one revision back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.pages.inputs import places
from hedgedesk.dashboard.pages.inputs.drafting import Held, current, held, preview_of
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.desk import Desk
    from hedgedesk.domain.workspace import KeptDesk, OpenDesk

LEAVES = (
    f"{places.DESK_NAME}.children",
    f"{places.DESK_KIND}.children",
    f"{places.DESK_WHERE}.children",
    f"{places.DESK_WHERE}.title",
    f"{places.DESK_AS_OF}.children",
    f"{places.DESK_UNDO}.disabled",
    f"{places.DESK_SAMPLE}.disabled",
    f"{places.DESK_KEPT}.data",
)
CHANGED = (
    Output(places.DRAFT, "data", allow_duplicate=True),
    Output(places.DESK_TITLE, "value", allow_duplicate=True),
    Output(ids.DESK, "data", allow_duplicate=True),
    Output(places.SAID, "children", allow_duplicate=True),
)
"""What every change of the open desk sets: the draft follows it, the shell hears of it, the page says it."""


def view(opened: OpenDesk, kept: Sequence[KeptDesk], as_of: str | None) -> dict[str, Any]:
    """Leaf props of the card."""
    values = (
        opened.name,
        _kind(opened),
        say("inputs.where.kept") if opened.kind == "kept" else str(opened.folder),
        str(opened.folder),
        say("context.as_of", date=fmt.day(as_of)) if as_of else "",
        not opened.undoable,
        opened.kind == "sample",
        [{"value": desk.workspace, "label": _label(desk)} for desk in kept if desk.workspace != opened.workspace],
    )
    return dict(zip(LEAVES, values, strict=True))


def _kind(opened: OpenDesk) -> str:
    return say(f"inputs.kind.{opened.kind}", revision=opened.revision or 0)


def _label(desk: KeptDesk) -> str:
    return say("inputs.kept_label", name=desk.name, revision=desk.revision, day=desk.changed_at[:10])


def as_of(desk: Desk, mine: Held | None) -> str | None:
    """Market date of the open desk: of its copy in the editor, else of its newest run; None: not known."""
    read = (
        preview_of(desk, mine) if mine is not None and mine.kind == "edit" and mine.base == desk.opened().key else None
    )
    if read is not None and not read.changes:
        return read.as_of
    newest = desk.newest()
    line = desk.run_line(newest) if newest else None
    return line.as_of if line is not None else None


def opened_again(desk: Desk, record: dict[str, Any] | None, said: str) -> tuple[Any, ...]:
    """Values of :data:`CHANGED` after another desk or revision was opened."""
    mine = current(desk, held(record))
    return mine.record(), "", changed(desk, mine), said


def changed(desk: Desk, mine: Held) -> str:
    """What the shell is told: another value each time the open desk is another."""
    return f"{desk.opened().key}:{mine.draft}:{mine.turn}"


def require_press(*clicks: int | None) -> None:
    """Stop a callback that nobody asked for: Dash calls it as the page comes, because the frame is there already."""
    if not any(clicks):
        raise PreventUpdate


def register(app: Dash, desk: Desk) -> None:
    """Show the open desk; open another."""

    def show(record: Any, _seen: Any) -> dict[str, Any]:
        return view(desk.opened(), desk.desks(), as_of(desk, held(record)))

    def undo(clicks: int | None, record: dict[str, Any] | None) -> tuple[Any, ...]:
        require_press(clicks)
        opened = desk.undo()
        return opened_again(desk, record, say("inputs.undone", revision=opened.revision or 0))

    def sample(clicks: int | None, record: dict[str, Any] | None) -> tuple[Any, ...]:
        require_press(clicks)
        desk.open_sample()
        return opened_again(desk, record, say("inputs.opened", name=desk.opened().name))

    def kept(workspace: str | None, record: dict[str, Any] | None) -> tuple[Any, ...]:
        if not workspace:
            raise PreventUpdate
        desk.open_kept(workspace)
        return (*opened_again(desk, record, say("inputs.opened", name=desk.opened().name)), None)

    mine = State(places.DRAFT, "data")
    seen = {"record": Input(places.DRAFT, "data"), "_seen": Input(ids.FOCUS, "data")}
    app.callback(output=outputs(LEAVES), inputs=seen)(show)
    app.callback(*CHANGED, Input(places.DESK_UNDO, "n_clicks"), mine, prevent_initial_call=True)(undo)
    app.callback(*CHANGED, Input(places.DESK_SAMPLE, "n_clicks"), mine, prevent_initial_call=True)(sample)
    chosen = Input(places.DESK_KEPT, "value")
    app.callback(*CHANGED, Output(places.DESK_KEPT, "value"), chosen, mine, prevent_initial_call=True)(kept)
