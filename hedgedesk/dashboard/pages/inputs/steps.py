"""Steps on a window's draft that are the same on every page: undo the last one, leave a file out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard.pages.inputs.desk_card import require_press
from hedgedesk.dashboard.pages.inputs.drafting import held

if TYPE_CHECKING:
    from hedgedesk.desk import Desk


def register(app: Dash, desk: Desk, *, undone: str, left: str, draft: str) -> None:
    """Undo, and leave out.

    Parameters
    ----------
    undone, left, draft
        Ids of the button that undoes, of the file the browser asked to leave out, and of the window's draft.
    """

    def undo(clicks: int | None, record: Any) -> dict[str, Any]:
        require_press(clicks)
        mine = held(record)
        if mine is None:
            raise PreventUpdate
        desk.drafts.undo(mine.draft)
        return mine.again().record()

    def leave_out(asked: dict[str, Any] | None, record: Any) -> dict[str, Any]:
        mine = held(record)
        if mine is None or not asked:
            raise PreventUpdate
        desk.drafts.leave_out(mine.draft, str(asked["name"]))
        return mine.again().record()

    again, now = Output(draft, "data", allow_duplicate=True), State(draft, "data")
    app.callback(again, Input(undone, "n_clicks"), now, prevent_initial_call=True)(undo)
    app.callback(again, Input(left, "data"), now, prevent_initial_call=True)(leave_out)
