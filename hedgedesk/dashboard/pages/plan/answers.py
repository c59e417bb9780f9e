"""How the strip is answered: dials to changes to one verb of the desk, and what is then to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages.leaves import Leaves, outputs
from hedgedesk.dashboard.pages.plan import strip
from hedgedesk.domain.errors import HedgeDeskError, Infeasible, InputError, NeedsScenarios
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.desk import Desk
    from hedgedesk.domain.changes import Changes
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.strip import Dial

RUN_DATA, ASKED_DATA, DRAFT_DATA = f"{ids.RUN}.data", f"{strip.ASKED}.data", f"{strip.DRAFT}.data"
ANSWER = (RUN_DATA, ASKED_DATA, DRAFT_DATA, *strip.TOOL_LEAVES)
SAVED = (f"{strip.SAVE_PANEL}.opened", f"{strip.NAME_FIELD}.error", f"{strip.AGAIN}.data")


class Ground(NamedTuple):
    """What the strip stands on: the run it started from, and the changes of the run that is shown."""

    base: str
    changes: Changes
    run: HedgeRun
    shown: HedgeRun
    dials: tuple[Dial, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """Where the dials stand for the run that is shown."""
        from hedgedesk.reports.strip import places_of

        return places_of(self.dials, self.changes)


def ground(desk: Desk, shown: str) -> Ground:
    """The base of the run that is shown; a what-if whose base is gone stands on itself."""
    from hedgedesk.domain.changes import Changes
    from hedgedesk.reports.strip import dials

    result, found = desk.result(shown), desk.what_ifs.base_of(shown)
    base, changes, run = shown, Changes(), result
    if found is not None:
        try:
            (base, changes), run = found, desk.result(found[0])
        except HedgeDeskError:
            base, changes, run = shown, Changes(), result
    typed = None if changes.program is None else Changes(program=changes.program).of_program(run.plan.program)
    return Ground(base, changes, run, result, dials(run, typed))


def settled(desk: Desk, shown: str, draft: dict[str, Any] | None, asked: str | None) -> Leaves:
    """Every leaf of the strip for the run on the screen; a draft against it is shown again."""
    from hedgedesk.reports.strip import measures

    on_it = ground(desk, shown)
    mine = draft is not None and draft["run"] == shown
    places = tuple(draft["places"]) if draft is not None and mine else on_it.places
    leaves = strip.show_dials(on_it.dials, places)
    if shown == asked:  # its dials stand right already, and may be on their way elsewhere
        leaves |= {leaf: no_update for leaf in leaves if leaf.endswith("-dial.value")}
    leaves[ASKED_DATA] = shown
    leaves |= strip.show_measures(measures(on_it.shown, None if on_it.base == shown else on_it.run))
    return leaves | (strip.show_draft(_moved(on_it.dials, places)) if mine else _state(desk, shown, on_it))


def _state(desk: Desk, shown: str, on_it: Ground) -> Leaves:
    line = desk.run_line(shown)
    if on_it.base == shown:
        return strip.show_state(say("strip.saved", run=shown[:8]))
    if line is not None:
        return strip.show_state(say("strip.kept", name=line.name or shown[:8]), tone="in", answered=True)
    words = f"{say('strip.answered')}, {say('strip.against', run=on_it.base[:8])}"
    return strip.show_state(words, answered=True, kept=False)


def answered(desk: Desk, shown: str, places: Sequence[int]) -> Leaves:
    """Ask the desk what the dials ask for: an answer on the screen, a draft that waits for scenarios, or a refusal."""
    from hedgedesk.reports.strip import changes_of

    on_it = ground(desk, shown)
    places = _proper(on_it.dials, places)
    still: Leaves = {RUN_DATA: no_update, ASKED_DATA: no_update, DRAFT_DATA: None}
    if tuple(places) == on_it.places:
        return {**still, **_state(desk, shown, on_it)}
    try:
        found = desk.what_ifs.answer(on_it.base, changes_of(on_it.dials, places, on_it.changes))
    except NeedsScenarios:
        draft = {"run": shown, "places": list(places)}
        return {**still, DRAFT_DATA: draft, **strip.show_draft(_moved(on_it.dials, places))}
    except HedgeDeskError as error:
        return {**still, **_refused(desk, shown, on_it, places, _reasons(error))}
    return {**still, RUN_DATA: found, ASKED_DATA: found, **dict.fromkeys(strip.TOOL_LEAVES, no_update)}


def _refused(desk: Desk, shown: str, on_it: Ground, places: Sequence[int], why: Sequence[str]) -> Leaves:
    from hedgedesk.reports.strip import words_of

    stays = say("strip.run_named", run=shown[:8]) if on_it.base == shown else say("strip.this_what_if")
    asked, kept = words_of(on_it.dials, places), on_it.base == shown or desk.run_line(shown) is not None
    return strip.show_refusal(_moved(on_it.dials, places), asked, why, stays, kept=kept)


def _reasons(error: HedgeDeskError) -> Sequence[str]:
    from hedgedesk.reports.refusal import sentences

    return sentences(error) if isinstance(error, Infeasible) else (str(error),)


def _proper(dials: Sequence[Dial], places: object) -> tuple[int, ...]:
    """Places that the dials have; a window of an older run, or no page of ours, may ask for others."""
    if not isinstance(places, list | tuple) or len(places) != len(dials):
        raise InputError(say("strip.no_such_place"))
    for dial, place in zip(dials, places, strict=True):
        if not isinstance(place, int) or (place != dial.own and not 0 <= place < len(dial.values)):
            raise InputError(say("strip.no_such_place"))
    return tuple(places)


def _moved(dials: Sequence[Dial], places: Sequence[int]) -> int:
    return sum(place != dial.own for dial, place in zip(dials, places, strict=True))


def simulated(desk: Desk, draft: dict[str, Any]) -> str:
    """Start the job that answers a draft; its id."""
    from hedgedesk.reports.strip import changes_of

    on_it = ground(desk, draft["run"])
    places = _proper(on_it.dials, draft["places"])
    return desk.what_ifs.start(on_it.base, changes_of(on_it.dials, places, on_it.changes))


def register(app: Dash, desk: Desk) -> None:
    """The strip's callbacks."""

    def settle(run_id: str | None, _again: object, draft: dict[str, Any] | None, asked: str | None) -> Leaves:
        if run_id is None:
            raise PreventUpdate
        return settled(desk, run_id, draft, asked if ctx.triggered_id == ids.RUN else None)

    def answer(wish: dict[str, Any] | None, shown: str | None) -> Leaves:
        if wish is None or shown is None:
            raise PreventUpdate
        return answered(desk, shown, wish.get("places", ()))

    def simulate(clicks: int | None, draft: dict[str, Any] | None) -> tuple[str, bool, str]:
        if not clicks or draft is None:
            raise PreventUpdate
        return simulated(desk, draft), True, say("strip.working")

    def discard(clicks: int | None, shown: str | None) -> tuple[str, None, None, int]:
        if not clicks or shown is None:
            raise PreventUpdate
        return ground(desk, shown).base, None, None, clicks

    def save(clicks: int | None, entered: int | None, name: str, shown: str | None) -> tuple[bool, str, Any]:
        if shown is None or not (clicks or entered):
            raise PreventUpdate
        if not name.strip():
            return True, say("strip.name_missing"), no_update
        desk.what_ifs.save(shown, name.strip())
        return False, "", f"saved {shown}"

    run, draft = Input(ids.RUN, "data"), State(strip.DRAFT, "data")
    app.callback(
        output=outputs((*strip.LEAVES, ASKED_DATA)),
        inputs={"run_id": run, "_again": Input(strip.AGAIN, "data")},
        state={"draft": draft, "asked": State(strip.ASKED, "data")},
    )(settle)
    _duplicates(app, ANSWER, answer, wish=Input(strip.WISH, "data"), shown=State(ids.RUN, "data"))
    started = (f"{ids.JOB}.data", f"{strip.SIMULATE}.disabled", f"{strip.STATE}.children")
    app.callback(*_again(started), Input(strip.SIMULATE, "n_clicks"), draft, prevent_initial_call=True)(simulate)
    back = (RUN_DATA, DRAFT_DATA, ASKED_DATA, f"{strip.AGAIN}.data")
    shown = State(ids.RUN, "data")
    app.callback(*_again(back), Input(strip.DISCARD, "n_clicks"), shown, prevent_initial_call=True)(discard)
    pressed = (Input(strip.KEEP, "n_clicks"), Input(strip.NAME_FIELD, "n_submit"))
    app.callback(*_again(SAVED), *pressed, State(strip.NAME_FIELD, "value"), shown, prevent_initial_call=True)(save)
    _end_of_job(app)
    _in_the_browser(app)


def _again(leaves: Sequence[str]) -> list[Output]:
    return [Output(*leaf.rsplit(".", 1), allow_duplicate=True) for leaf in leaves]


def _duplicates(app: Dash, leaves: Sequence[str], function: Any, **places: Any) -> None:
    app.callback(output=dict(zip(leaves, _again(leaves), strict=True)), inputs=places, prevent_initial_call=True)(
        function
    )


def _end_of_job(app: Dash) -> None:
    def ended(done: dict[str, Any] | None, draft: dict[str, Any] | None) -> Leaves:
        """Offer the simulation again when its job was cancelled or failed."""
        if done is None or draft is None or done["kind"] != "what_if" or done["status"] == "done":
            raise PreventUpdate
        return {f"{strip.SIMULATE}.disabled": False, f"{strip.STATE}.children": say("strip.needs_again")}

    leaves = (f"{strip.SIMULATE}.disabled", f"{strip.STATE}.children")
    _duplicates(app, leaves, ended, done=Input(ids.DONE, "data"), draft=State(strip.DRAFT, "data"))


def _in_the_browser(app: Dash) -> None:
    dials = [f"{on(strip.NAME, name)}-dial" for name in strip.DIALS]
    for dial in dials:
        place = dial.removesuffix("-dial")
        app.clientside_callback(
            ClientsideFunction("plan", "told"),
            Output(f"{place}-shown", "children"),
            Output(f"{place}-shown", "className"),
            Output(dial, "attributes"),
            Input(dial, "value"),
            Input(dial, "label"),
        )
    app.clientside_callback(
        ClientsideFunction("plan", "rest"),
        *(Input(dial, "value") for dial in dials),
        prevent_initial_call=True,
    )
    app.clientside_callback(ClientsideFunction("plan", "saved"), Input(strip.AGAIN, "data"), prevent_initial_call=True)
    app.clientside_callback(
        ClientsideFunction("desk", "open"),
        Output(strip.SAVE_PANEL, "opened", allow_duplicate=True),
        Input(strip.SAVE, "n_clicks"),
        prevent_initial_call=True,
    )
