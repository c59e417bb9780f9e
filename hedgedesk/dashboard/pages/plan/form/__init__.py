"""Instruments and constraints as a form: typed, tried on the run's scenarios, kept in the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.pages.leaves import Leaves
from hedgedesk.dashboard.pages.plan.form import fields
from hedgedesk.domain.errors import HedgeDeskError, Infeasible, InputError, NeedsScenarios
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.desk import Desk

RUN_DATA, JOB_DATA, DESK_DATA = (f"{place}.data" for place in (ids.RUN, ids.JOB, ids.DESK))
ANSWER = (*fields.LEAVES, RUN_DATA, JOB_DATA, DESK_DATA)
Texts = dict[str, str]


def asked(desk: Desk, shown: str, wish: dict[str, Any]) -> Leaves:
    """What the browser asks of the form: every leaf that follows.

    Faults are told in their fields, a contradiction of the rules above them; nothing typed is lost.
    """
    what, subject, texts = _read(wish)
    still: Leaves = {RUN_DATA: no_update, JOB_DATA: no_update, DESK_DATA: no_update}
    try:
        return {**still, **_done(desk, shown, what, subject, texts)}
    except Infeasible as error:
        from hedgedesk.reports.refusal import sentences

        told = fields.refused(desk.programmes.form(shown, texts), desk.programmes.kinds(), sentences(error))
    except HedgeDeskError as error:
        told = _faulty(desk, shown, texts, error)
    return {**still, **told}


def _read(wish: dict[str, Any]) -> tuple[str, str, Texts]:
    """What a wish says; texts alone, whoever has sent it."""
    texts = wish.get("texts")
    found = texts if isinstance(texts, dict) else {}
    kept = {str(key): text for key, text in found.items() if isinstance(text, str)}
    return str(wish.get("what", "")), str(wish.get("subject", "")), kept


def _done(desk: Desk, shown: str, what: str, subject: str, texts: Texts) -> Leaves:
    forms = desk.programmes
    new = {key: texts.pop(key, "") for key in ("new.name", "new.kind")}
    if what == "close":
        return fields.closed(forms.form(shown))
    if what == "follow":
        return _followed(desk, shown, texts)
    if what == "work":
        return _worked_out(desk, shown, texts)
    if what == "keep":
        return _kept(desk, shown, texts)
    if what == "add-instrument":
        texts = forms.with_instrument(texts, new["new.name"], new["new.kind"])
    elif what == "add-band":
        texts = forms.with_band(texts)
    elif what == "remove-band":
        texts = forms.without_band(texts, subject)
    elif what == "remove-instrument":
        texts = forms.without_instrument(texts, subject)
    elif what in ("open", "back"):
        texts = forms.texts(shown)
    else:
        raise PreventUpdate
    return fields.shown(forms.form(shown, texts), forms.kinds())


def _followed(desk: Desk, shown: str, texts: Texts) -> Leaves:
    """Another run is shown: its programme, or what is being typed, which it may have been worked out under."""
    form = desk.programmes.form(shown, texts or None)
    against = desk.what_ifs.base_of(shown)
    answers = against is not None and against[1].program is not None and not desk.what_ifs.is_saved(shown)
    return fields.shown(form, desk.programmes.kinds(), say("form.answered") if answers and not form.moved else "")


def _worked_out(desk: Desk, shown: str, texts: Texts) -> Leaves:
    forms = desk.programmes
    changes = forms.changes(shown, texts)
    if not changes.any:
        return fields.shown(forms.form(shown, texts), forms.kinds(), say("form.same"))
    try:
        found = desk.what_ifs.answer(shown, changes)
    except NeedsScenarios:
        job = desk.what_ifs.start(shown, changes)
        return {**fields.shown(forms.form(shown, texts), forms.kinds(), say("form.waits")), JOB_DATA: job}
    return {**fields.shown(forms.form(found), forms.kinds(), say("form.answered")), RUN_DATA: found}


def _kept(desk: Desk, shown: str, texts: Texts) -> Leaves:
    forms, before = desk.programmes, desk.opened()
    now = forms.keep(shown, texts)
    key = "form.kept" if now.workspace == before.workspace else "form.kept_new"
    told = say(key, name=now.name, revision=now.revision or 1)
    return {**fields.shown(forms.form(shown, texts), forms.kinds(), told), DESK_DATA: now.key}


def _faulty(desk: Desk, shown: str, texts: Texts, error: HedgeDeskError) -> Leaves:
    faults = error.faults if isinstance(error, InputError) else ()
    wrong = {fault.column or "": f"{fault.found}: {fault.expected}" for fault in faults} or {"": str(error)}
    return fields.shown(desk.programmes.form(shown, texts), desk.programmes.kinds(), wrong=wrong)


def register(app: Dash, desk: Desk) -> None:
    """Answer what the browser asks; follow when another run is shown."""

    def answer(wish: dict[str, Any] | None, shown: str | None) -> Leaves:
        if not isinstance(wish, dict) or shown is None:
            raise PreventUpdate
        return asked(desk, shown, wish)

    def settle(shown: str | None) -> str:
        if shown is None:
            raise PreventUpdate
        from hedgedesk.reports.program_form import state

        return state(desk.programmes.form(shown))

    outputs = {leaf: Output(*leaf.rsplit(".", 1), allow_duplicate=True) for leaf in ANSWER}
    asked_for = {"wish": Input(fields.WISH, "data")}
    known = {"shown": State(ids.RUN, "data")}
    app.callback(output=outputs, inputs=asked_for, state=known, prevent_initial_call=True)(answer)
    app.callback(Output(fields.UNIT, "children"), Input(ids.RUN, "data"))(settle)
    app.clientside_callback(ClientsideFunction("form", "follow"), Input(ids.RUN, "data"), prevent_initial_call=True)
