"""The words of the programme's form: labels, units, help, choices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hedgedesk.domain.program_form import ALLOWED, SHARE
from hedgedesk.reports.messages import catalogue, say

if TYPE_CHECKING:
    from hedgedesk.domain.program_form import FormField, FormPart, ProgramForm


OWNED = re.compile(r"bands\[(?P<number>[0-9]+)\]\..+|instrument\.(?P<name>.+)\.[a-z_]+", re.DOTALL)
"""Keys of what belongs to a band or to an instrument."""
TERMS = (
    *("objective", "risk_weight", "level", "budget", "lots", "transaction_cost_per_mtok"),
    *("depth_share", "average_daily_lots", "credit_line_level", "state_rules.traded_mtok"),
)
"""Keys that say what is aimed at, how another rule is meant or what trading costs: they rule nothing themselves."""


def state(form: ProgramForm) -> str:
    """How much the form says: ``9 rules set, 1 of 4 instruments allowed``."""
    switches = next(part.fields for part in form.parts if part.name == "instruments")
    parts = [part for part in form.parts if part.name not in ("instruments", "instrument", "band")]
    typed = (field for part in parts for field in part.fields if field.kind != "switch" and field.key not in TERMS)
    rules = sum(bool(field.text.strip()) for field in typed) + sum(part.name == "band" for part in form.parts)
    allowed = sum(field.text == "true" for field in switches)
    return say("form.state", rules=rules, allowed=allowed, instruments=len(switches))


def title(part: FormPart) -> str:
    """Heading of a group."""
    return say(f"form.part.{part.name}", name=part.subject, number=part.subject)


def about(part: FormPart) -> str:
    """What an instrument is for, in words."""
    return say(f"instrument.about.{part.kind}")


def kind(name: str) -> str:
    """Kind of an instrument in words."""
    return say(f"instrument.kind.{name}")


def label(field: FormField) -> str:
    """Name of a field."""
    from hedgedesk.domain.program import FUTURES  # brings numpy: not before a form is opened

    if field.key.startswith(ALLOWED):
        name = field.key.removeprefix(ALLOWED)
        return say("form.label.futures") if name == FUTURES else name
    return say(f"{'instrument.term' if _of_instrument(field) else 'form.label'}.{_name(field)}")


def full_label(field: FormField) -> str:
    """Name of a field, and the band or the instrument it is of: a fault is told far from its place."""
    owner = OWNED.fullmatch(field.key)
    if owner is None:
        return label(field)
    of = say("form.part.band", number=owner["number"]) if owner["number"] else owner["name"]
    return f"{of}, {label(field)}"


def unit(field: FormField, form: ProgramForm) -> str:
    """What a field is in; empty where it has no unit."""
    if not field.unit:
        return ""
    room = "instrument.unit" if _of_instrument(field) and field.kind != SHARE else "form.unit"
    return say(f"{room}.{field.unit}", ccy=form.currency, contract=form.contract_currency, volume=form.volume)


def told(field: FormField, part: FormPart) -> str:
    """What a field does, in a sentence, and what it means to leave it empty."""
    words = _help(field, part)
    if not field.default or field.choices:
        return words
    return f"{words} {say('form.empty_means', value=field.default)}."


def _help(field: FormField, part: FormPart) -> str:
    name, texts = _name(field), catalogue()
    if _of_instrument(field):
        return texts.get(f"instrument.help_of.{part.kind}.{name}") or texts.get(f"instrument.help.{name}", "")
    return say(f"form.help.{name}")


def _name(field: FormField) -> str:
    return field.key.rsplit(".", 1)[-1]


def _of_instrument(field: FormField) -> bool:
    return field.key.startswith("instrument.")


def choice(name: str) -> str:
    """One of the words a field can have."""
    texts = catalogue()
    return texts.get(f"form.choice.{name}") or texts.get(f"instrument.choice.{name}") or name.replace("_", " ")
