"""The what-if strip: its skeleton, and the leaves that show a run, a draft or a refusal in it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from hedgedesk.dashboard import ids
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.ids import on
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from hedgedesk.reports.strip import Dial, Measure

NAME = "plan"
DIALS = ("volume", "drift", "volatility", "weight", "band", "credit")
MEASURES = ("mean", "tail", "lots", "margin")

WISH = on(NAME, "wish")
"""Where the dials stand once they rest: the browser writes it."""
DRAFT = on(NAME, "draft")
"""A wish that no run answers yet, and the run it is against; kept over a change of page."""
ASKED = on(NAME, "asked")
"""Run id that the dials stand for already: the strip has asked for it, or was set to it."""
AGAIN = on(NAME, "again")
"""Any new value: show the strip anew."""
STATE, REFUSED = on(NAME, "what-state"), on(NAME, "refused")
SIMULATE, SAVE, DISCARD = on(NAME, "simulate"), ids.PLAN_SAVE, on(NAME, "discard")
SAVE_PANEL, NAME_FIELD, KEEP = on(NAME, "save-panel"), on(NAME, "run-name"), on(NAME, "keep")

DIAL_PROPS = ("value", "max", "marks", "label", "disabled")
DIAL_LEAVES = tuple(
    leaf
    for name in DIALS
    for leaf in (
        *(f"{on(NAME, name)}-dial.{prop}" for prop in DIAL_PROPS),
        *(f"{on(NAME, name)}-{part}.children" for part in ("label", "low", "high", "why")),
    )
)
TOOL_LEAVES = (
    f"{STATE}.children",
    f"{STATE}.className",
    f"{SIMULATE}-place.hidden",
    f"{SIMULATE}.disabled",
    f"{SAVE}-place.hidden",
    f"{SAVE}.disabled",
    f"{DISCARD}.disabled",
    f"{REFUSED}.children",
)
MEASURE_LEAVES = tuple(
    f"{on(NAME, 'what')}-{name}-{part}"
    for name in MEASURES
    for part in ("label.children", "value.children", "value.title", "delta.children", "delta.className")
)
LEAVES = (*DIAL_LEAVES, *MEASURE_LEAVES, *TOOL_LEAVES)


def skeleton() -> list[Component]:
    """The card under the heading, the place of a refusal, the dialogue that saves."""
    return [
        html.Section(
            className="hd-card hd-strip",
            **{"aria-label": say("strip.title")},
            children=[html.Div([_dial(name) for name in DIALS], className="hd-dials"), _answer()],
        ),
        html.Div(id=REFUSED, role="alert", className="hd-refused"),
        _save_panel(),
        dcc.Store(id=WISH),
        dcc.Store(id=ASKED),
        dcc.Store(id=AGAIN),
        dcc.Store(id=DRAFT, storage_type="session"),
    ]


def _dial(name: str) -> Component:
    place, label = on(NAME, name), say(f"strip.{name}", unit="").rstrip(", ")
    return html.Div(
        className="hd-dial",
        children=[
            html.Div(
                [
                    html.Span(label, id=f"{place}-label", className="hd-dial-label"),
                    html.Span(fmt.DASH, id=f"{place}-shown", className="hd-dial-value"),
                ],
                className="hd-dial-head",
            ),
            dmc.Slider(
                id=f"{place}-dial",
                min=0,
                max=1,
                step=1,
                value=0,
                disabled=True,
                size=3,
                thumbSize=14,
                updatemode="mouseup",
                label=None,
                thumbLabel=label,
            ),
            html.Div(
                [
                    html.Span(id=f"{place}-low"),
                    html.Span(id=f"{place}-why", className="hd-dial-why"),
                    html.Span(id=f"{place}-high"),
                ],
                className="hd-dial-ends",
            ),
        ],
    )


def _answer() -> Component:
    def button(text: str, place: str, variant: str = "default", *, hidden: bool = False) -> Component:
        tool = dmc.Button(say(text), id=place, variant=variant, className="hd-button", disabled=True)
        return html.Div(tool, id=f"{place}-place", hidden=hidden)

    return html.Div(
        className="hd-answer",
        children=[
            html.Div(html.Span(say("chart.waiting"), id=STATE, className="hd-badge", tabIndex=-1), role="status"),
            html.Dl([_measure(name) for name in MEASURES], className="hd-measures"),
            html.Div(
                [
                    button("strip.simulate", SIMULATE, "filled", hidden=True),
                    button("strip.save", SAVE),
                    button("strip.discard", DISCARD),
                ],
                className="hd-answer-tools",
            ),
        ],
    )


def _measure(name: str) -> Component:
    place = f"{on(NAME, 'what')}-{name}"
    value = html.Dd([html.Span(fmt.DASH, id=f"{place}-value"), " ", html.B(id=f"{place}-delta")])
    return html.Div([html.Dt(say(f"strip.{name}"), id=f"{place}-label"), value])


def _save_panel() -> Component:
    return dmc.Modal(
        id=SAVE_PANEL,
        title=say("strip.save_title"),
        opened=False,
        closeButtonProps={"aria-label": say("app.close")},
        children=[
            # debounce: Enter brings the text with it; else a quick one may overtake the last letters.
            dmc.TextInput(
                id=NAME_FIELD, label=say("strip.name"), value="", debounce=True, size="xs", **{"data-autofocus": True}
            ),
            html.Div(dmc.Button(say("strip.keep"), id=KEEP, className="hd-button"), className="hd-panel-tools"),
        ],
    )


def show_dials(turned: Sequence[Dial], places: Sequence[int]) -> dict[str, Any]:
    """The dials of a run, standing at ``places``."""
    shown: dict[str, Any] = {}
    for dial, value in zip(turned, places, strict=True):
        place = on(NAME, dial.name)
        told = {"texts": dial.texts, "own": dial.own, "name": dial.label}
        props = (value, len(dial.texts) - 1 or 1, [{"value": dial.own}], {"function": "hdPlace", "options": told})
        parts = (dial.label, dial.low, dial.high, dial.unavailable)
        shown |= zip((f"{place}-dial.{p}" for p in DIAL_PROPS), (*props, bool(dial.unavailable)), strict=True)
        shown |= zip((f"{place}-{p}.children" for p in ("label", "low", "high", "why")), parts, strict=True)
    return shown


def show_measures(found: Sequence[Measure]) -> dict[str, Any]:
    """The answer's numbers and how they stand against the run the strip started from."""
    shown: dict[str, Any] = {}
    for measure in found:
        place, change = f"{on(NAME, 'what')}-{measure.name}", measure.difference
        shown[f"{place}-label.children"] = measure.label
        shown[f"{place}-value.children"] = measure.value
        shown[f"{place}-value.title"] = measure.full
        shown[f"{place}-delta.children"] = "" if change is None else change.words
        shown[f"{place}-delta.className"] = "" if change is None else f"hd-{change.tone or 'even'}"
    return shown


def show_state(
    words: str, *, tone: str = "", answered: bool = False, kept: bool = True, drafted: bool = False
) -> dict[str, Any]:
    """State and buttons.

    Parameters
    ----------
    answered
        The run on the screen is a what-if.
    kept
        It is stored.
    drafted
        The dials ask for what only new scenarios answer.
    """
    values: tuple[Any, ...] = (
        words,
        f"hd-badge hd-{tone}" if tone else "hd-badge",
        not drafted,
        not drafted,
        drafted,
        drafted or not answered or kept,
        not (answered or drafted),
        [],
    )
    return dict(zip(TOOL_LEAVES, values, strict=True))


def show_draft(changed: int) -> dict[str, Any]:
    """The dials ask for what the scenarios at hand do not answer."""
    return show_state(f"{_count(changed)}; {say('strip.needs')}", tone="under", drafted=True)


def show_refusal(changed: int, asked: str, why: Sequence[str], stays: str, *, kept: bool) -> dict[str, Any]:
    """Why there is no answer, and what is still shown."""
    told = [
        html.Strong(say("strip.refused", changes=asked)),
        html.P(say("strip.stays", run=stays)),
        html.Div([html.P(sentence) for sentence in why], tabIndex=0, className="hd-refused-why"),
    ]
    words = f"{_count(changed)}; {say('strip.no_answer')}"
    return show_state(words, tone="breach", answered=True, kept=kept) | {f"{REFUSED}.children": told}


def _count(changed: int) -> str:
    return say("strip.one_changed") if changed == 1 else say("strip.changed", count=changed)
