"""Whose a usage export is: chosen in its row, on Inputs and on Exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, html
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard.pages.inputs.drafting import held
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import DraftFile

FOLDER = "usage/"
"""Beginning of the place of an export in a desk."""


def is_export(file: DraftFile) -> bool:
    """Whether a file of a draft is a usage export that was loaded just now."""
    return bool(file.uploaded_as) and file.name.startswith(FOLDER) and not file.name.endswith(".toml")


def vendor_of(file: DraftFile) -> Component:
    """A choice of vendors, the present one first; the browser hears it by its class."""
    from hedgedesk.domain.usage import VENDORS
    from hedgedesk.reports.tables.usage import vendor_name

    if not file.name:
        return html.Span(vendor_name(""))
    others = [vendor for vendor in VENDORS if vendor != file.vendor]
    back = [("", say("usage.recognised"))] if file.vendor_named else []
    named = [(file.vendor, vendor_name(file.vendor)), *back, *((vendor, vendor_name(vendor)) for vendor in others)]
    return html.Select(
        [html.Option(words, value=vendor) for vendor, words in named],
        key=f"{file.name} {file.vendor} {file.vendor_named}",
        className="hd-vendor",
        **{"data-file": file.name, "aria-label": say("usage.vendor_label", file=file.uploaded_as)},
    )


def register(app: Dash, desk: Desk, *, asked: str, draft: str, refused: str) -> None:
    """Name a vendor as it is chosen.

    Parameters
    ----------
    asked, draft, refused
        Ids of what the browser asked for, of the window's draft, and of the place that says why it cannot be done.
    """

    def name_vendor(chosen: dict[str, Any] | None, record: Any) -> tuple[Any, ...]:
        mine = held(record)
        if mine is None or not isinstance(chosen, dict) or not {"file", "vendor"} <= set(chosen):
            raise PreventUpdate
        try:
            desk.drafts.name_vendor(mine.draft, str(chosen["file"]), str(chosen["vendor"]))
        except HedgeDeskError as error:
            return mine.again().record(), str(error)
        return mine.again().record(), ""

    told = Output(draft, "data", allow_duplicate=True), Output(refused, "children", allow_duplicate=True)
    app.callback(*told, Input(asked, "data"), State(draft, "data"), prevent_initial_call=True)(name_vendor)
