"""Typed texts as the table of ``program.toml``, read by the reader of that file: one set of rules, one set of words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.program_form import ALLOWED, BY_MONTH, NUMBER, SHARE, SPAN, SWITCH, YES
from hedgedesk.files.findings import read_table
from hedgedesk.files.keys import Keys
from hedgedesk.files.numbers import read_number
from hedgedesk.files.program import parse_keys
from hedgedesk.files.program_form.fields import BAND, BAND_KEY, GROUPS, TERM_KEY, Known, of_term
from hedgedesk.market.instruments import KINDS

LONGEST = 2_000
"""Characters of a text that is read."""
MOST = 2_000
"""Fields that are read."""

_SPAN = re.compile(r"\s*([0-9]{1,4})\s*(?:to|-|–|,)\s*([0-9]{1,4})\s*")
_FRACTION = re.compile(r"(?<![\w.])[0-9](?:\.[0-9]+)?(?![\w%]|\.[0-9])")
"""A share as the reader's words have it."""
_PERCENT = re.compile(r" \([0-9.]+ is [0-9]+%\)")
"""What the reader says to who types shares as fractions."""
_MONTH = re.compile(r"\s*\"?([0-9]{4}(?:-[0-9]{2})?)\"?\s*[:=]\s*(\S+)\s*")


def program_of(texts: Mapping[str, str], currency: str) -> HedgeProgram:
    """The programme that the texts say.

    Raises
    ------
    InputError
        Every fault at once; the column of a fault is the key of its field, and what was found is what was typed.
    """
    if len(texts) > MOST or any(len(text) > LONGEST for text in texts.values()):
        raise InputError(f"a form has at most {MOST:,} fields of at most {LONGEST:,} characters")
    table = table_of(texts, currency)
    try:
        program = read_table("the form", lambda report: parse_keys(Keys(table, "", report), report))
    except InputError as error:
        raise InputError(faults=[_as_typed(fault, texts) for fault in error.faults]) from None
    return program


def _as_typed(fault: Fault, texts: Mapping[str, str]) -> Fault:
    """What was found as it was typed, and in percent what would be right where shares are typed in percent."""
    key = fault.column or ""
    typed, known = texts.get(key, "").strip(), _known(key, texts)
    expected = fault.expected
    if known is not None and known.kind == SHARE:
        expected = _FRACTION.sub(lambda found: f"{100.0 * float(found[0]):g}%", _PERCENT.sub("", expected))
    return dataclasses.replace(fault, found=typed or fault.found, expected=expected)


def _known(key: str, texts: Mapping[str, str]) -> Known | None:
    """What is known of the field of that key."""
    if band := BAND_KEY.fullmatch(key):
        return BAND[band[2]]
    if term := TERM_KEY.fullmatch(key):
        kind = KINDS.get(texts.get(f"instrument.{term[1]}.kind", "").strip())
        return next((of_term(each) for each in kind.terms if each.name == term[2]), None) if kind else None
    return next((keys[key] for keys in GROUPS.values() if key in keys), None)


def table_of(texts: Mapping[str, str], currency: str) -> dict[str, Any]:
    """The table of ``program.toml`` that the texts say; an empty text leaves its key out."""
    table: dict[str, Any] = {"currency": currency}
    table["instruments"] = [
        key.removeprefix(ALLOWED) for key, text in texts.items() if key.startswith(ALLOWED) and text == YES
    ]
    bands: dict[int, dict[str, Any]] = {}
    for key, text in texts.items():
        if key.startswith(ALLOWED) or not text.strip():
            continue
        if band := BAND_KEY.fullmatch(key):
            bands.setdefault(int(band[1]), {})[band[2]] = _value(text, BAND[band[2]])
        elif term := TERM_KEY.fullmatch(key):
            _instruments(table)[term[1]] = _instruments(table).get(term[1], {}) | {term[2]: _term(term, text, texts)}
        else:
            _put(table, key, text)
    if bands:
        table["bands"] = [bands[number] for number in sorted(bands)]
    return table


def _instruments(table: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = table.setdefault("instrument", {})
    return found


def _term(found: re.Match[str], text: str, texts: Mapping[str, str]) -> Any:
    kind = KINDS.get(texts.get(f"instrument.{found[1]}.kind", "").strip())
    terms = {} if kind is None else {term.name: of_term(term) for term in kind.terms}
    return _value(text, terms[found[2]]) if found[2] in terms else text.strip()


def _put(table: dict[str, Any], key: str, text: str) -> None:
    known = next((keys[key] for keys in GROUPS.values() if key in keys), None)
    value = text.strip() if known is None else _value(text, known)
    group, _, name = key.partition(".")
    if name and known is not None:
        if known.kind == SWITCH and not value:
            return  # a rule that is off needs no table of its own
        table.setdefault(group, {})[name] = value
    else:
        table[key] = value


def _value(text: str, known: Known) -> Any:
    """What a field says; a text that is none of its kind stays one, and the reader says what would be right."""
    text = text.strip()
    if known.kind == SWITCH:
        return text == YES
    if known.kind == SPAN:
        span = _SPAN.fullmatch(text)
        return text if span is None else [int(span[1]), int(span[2])]
    if known.kind == BY_MONTH:
        return _by_month(text)
    if known.kind == SHARE:
        share = read_number(text.removesuffix("%").strip(), ".")
        return text if share is None else float(f"{share / 100.0:.12g}")
    return _number(text) if known.kind == NUMBER else text


def _by_month(text: str) -> Any:
    if ":" not in text and "=" not in text:
        return _number(text)
    by_month: dict[str, Any] = {}
    for part in re.split(r"[,;]\s+|[,;]?\n", text):
        found = _MONTH.fullmatch(part)
        if found is None:
            return text
        by_month[found[1]] = _number(found[2])
    return by_month


def _number(text: str) -> Any:
    number = read_number(text, ".")
    if number is None:
        return text
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number
