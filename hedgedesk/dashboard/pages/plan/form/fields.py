"""The form's skeleton, and its fields as they are shown. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import parts
from hedgedesk.dashboard.ids import on
from hedgedesk.domain.program_form import CHOICE, SWITCH, YES
from hedgedesk.reports import program_form as words
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from hedgedesk.domain.program_form import FormField, FormPart, ProgramForm

NAME = "plan-form"
WISH = on(NAME, "wish")
"""What is asked of the form, with every text that stands in it: the browser writes it."""
BODY, FIELDS, REFUSED, TOLD, UNIT, OPEN = (
    on(NAME, part) for part in ("body", "fields", "refused", "told", "unit", "open")
)
LEAVES = (
    f"{BODY}.hidden",
    f"{FIELDS}.children",
    f"{REFUSED}.children",
    f"{TOLD}.children",
    f"{UNIT}.children",
    f"{OPEN}.children",
)


def skeleton() -> Component:
    """The closed card: everything in it comes when it is opened."""
    opener = asking("open", say("form.open"), id=OPEN, **{"aria-controls": BODY})
    body = html.Div(
        [
            html.Div(id=FIELDS, className="hd-form"),
            html.Div(
                [
                    html.Div(id=REFUSED, role="alert", className="hd-refused"),
                    html.P(id=TOLD, className="hd-words", role="status"),
                    _asked(),
                ],
                className="hd-form-foot",
            ),
        ],
        id=BODY,
        hidden=True,
    )
    return html.Div([parts.card(say("form.title"), [body], of=UNIT, tool=opener), dcc.Store(id=WISH)], id="plan-form")


def asking(what: str, text: str, subject: str = "", **more: Any) -> Component:
    """A button that asks ``what`` of the form; the browser sends every text with it."""
    named = {"data-form": what, "data-subject": subject}
    return dmc.Button(text, variant=more.pop("variant", "default"), className="hd-button", **named, **more)


def closed(form: ProgramForm) -> dict[str, Any]:
    """Every leaf of the closed form."""
    blank: list[Any] = [True, [], [], "", words.state(form), say("form.open")]
    return dict(zip(LEAVES, blank, strict=True))


def shown(
    form: ProgramForm, kinds: Sequence[str], told: str = "", wrong: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Every leaf of the open form.

    Parameters
    ----------
    kinds
        Of the instruments that can be added.
    told
        What happened last; empty: what the form is for.
    wrong
        Key of a field to what is wrong with it.
    """
    wrong = wrong or {}
    names = {field.key: words.full_label(field) for field in form.fields} | {"new.name": say("form.new_name")}
    told_wrong = [f"{names[key]}: {text}" if key in names else text for key, text in wrong.items()]
    refused = _refusal(say("form.refused"), told_wrong) if wrong else []
    return {
        f"{BODY}.hidden": False,
        f"{FIELDS}.children": [*_parts(form, wrong), _adding(kinds, wrong)],
        f"{REFUSED}.children": refused,
        f"{TOLD}.children": told or ("" if wrong else say("form.about")),
        f"{UNIT}.children": words.state(form),
        f"{OPEN}.children": say("form.close"),
    }


def refused(form: ProgramForm, kinds: Sequence[str], why: Sequence[str]) -> dict[str, Any]:
    """Every leaf where no plan keeps the rules."""
    said = {f"{REFUSED}.children": _refusal(say("form.infeasible"), why), f"{TOLD}.children": ""}
    return {**shown(form, kinds), **said}


def _refusal(title: str, why: Sequence[str]) -> list[Component]:
    told = html.Div([html.P(sentence) for sentence in why], tabIndex=0, className="hd-refused-why")
    return [html.Strong(title), told]


def _parts(form: ProgramForm, wrong: Mapping[str, str]) -> list[Component]:
    return [_part(part, form, wrong) for part in form.parts]


def _part(part: FormPart, form: ProgramForm, wrong: Mapping[str, str]) -> Component:
    fields = [_field(field, part, form, wrong.get(field.key, "")) for field in part.fields]
    name = f"hd-form-part hd-form-{part.name}"
    if part.name == "instrument":
        return _instrument(part, fields, name, wrong)
    head: list[Component] = [html.H3(words.title(part))]
    if part.name == "band":
        head.append(_remove(part))
    if part.name == "cover":
        head.append(_link("add-band", say("form.add_band")))
    return html.Section([html.Div(head, className="hd-form-head"), _grid(fields)], className=name)


def _instrument(part: FormPart, fields: list[Component], name: str, wrong: Mapping[str, str]) -> Component:
    """Folded in while nothing in it is wrong or differs from the run."""
    faulty = any(field.key in wrong for field in part.fields)
    is_open = faulty or any(field.moved for field in part.fields) or not any(field.own for field in part.fields)
    head = html.Summary([html.H3(part.subject), html.Span(words.kind(part.kind), className="hd-of")])
    told = html.Div([html.P(words.about(part), className="hd-form-told"), _remove(part)], className="hd-form-head")
    silent = html.Div(part.kind, hidden=True, **{"data-key": f"instrument.{part.subject}.kind"})
    return html.Details([head, told, _grid([*fields, silent])], open=is_open, className=name)


def _grid(fields: list[Component]) -> Component:
    return html.Div(fields, className="hd-form-fields")


def _remove(part: FormPart) -> Component:
    named = say("form.remove_named", name=words.title(part))
    return _link(f"remove-{part.name}", say("form.remove"), part.subject, **{"aria-label": named})


def _link(what: str, text: str, subject: str = "", **more: Any) -> Component:
    """A button as :func:`asking` has it, in the line of a heading."""
    asked = {"data-form": what, "data-subject": subject}
    return html.Button(text, className="hd-link", type="button", **asked, **more)


def _field(field: FormField, part: FormPart, form: ProgramForm, wrong: str) -> Component:
    moved = " hd-form-moved" if field.moved else ""
    named = {"data-key": field.key, "data-own": field.own}
    if field.kind == CHOICE and not field.own:
        named["data-blank"] = field.default  # shown where nothing is set, and then still not set
    return html.Div(_control(field, part, form, wrong), className=f"hd-form-field{moved}", **named)


def _control(field: FormField, part: FormPart, form: ProgramForm, wrong: str) -> Component:
    name = words.label(field)
    if field.kind == SWITCH:
        return dmc.Checkbox(label=name, checked=field.text == YES, size="xs", error=wrong or None)
    shape: dict[str, Any] = {
        "label": name,
        "description": words.told(field, part),
        "error": wrong or None,
        "size": "xs",
    }
    shape["inputWrapperOrder"] = ["label", "input", "error", "description"]
    if field.kind == CHOICE:
        blank = [] if field.required or field.default else [{"value": "", "label": say("form.not_set")}]
        choices = [{"value": value, "label": words.choice(value)} for value in field.choices]
        return dmc.Select(data=blank + choices, value=field.text or field.default, allowDeselect=False, **shape)
    unit = words.unit(field, form)
    if unit:
        width = 16 + 7 * len(unit) + 2 * sum(letter.isupper() for letter in unit)
        shape |= {"rightSection": html.Span(unit, className="hd-form-unit"), "rightSectionWidth": width}
    return dmc.TextInput(value=field.text, **shape)


def _adding(kinds: Sequence[str], wrong: Mapping[str, str]) -> Component:
    choices = [{"value": kind, "label": words.kind(kind)} for kind in kinds]
    name = dmc.TextInput(label=say("form.new_name"), value="", size="xs", error=wrong.get("new.name"))
    kind = dmc.Select(label=say("form.new_kind"), data=choices, value=kinds[0], size="xs", allowDeselect=False)
    return html.Div(
        [
            html.Div(name, **{"data-key": "new.name"}),
            html.Div(kind, **{"data-key": "new.kind"}),
            asking("add-instrument", say("form.add_instrument")),
        ],
        className="hd-form-adding",
    )


def _asked() -> Component:
    return html.Div(
        [
            asking("work", say("form.work"), variant="filled", **{"data-working": say("form.working")}),
            asking("back", say("form.back")),
            asking("keep", say("form.keep")),
        ],
        className="hd-actions hd-form-asked",
    )
