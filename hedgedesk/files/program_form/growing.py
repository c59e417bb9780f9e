"""Bands and instruments added to a form, and taken out of it."""

from __future__ import annotations

from collections.abc import Mapping

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.program_form import ALLOWED, YES
from hedgedesk.files.instruments import NAME_EXPECTED, is_name
from hedgedesk.files.program_form.fields import BAND_KEY, TERM_KEY
from hedgedesk.files.program_form.showing import bands_of, names_of
from hedgedesk.market.instruments import KINDS

NEW_NAME, NEW_KIND = "new.name", "new.kind"
"""Keys of the two fields that describe an instrument to add."""


def with_band(texts: Mapping[str, str]) -> dict[str, str]:
    """One band more, after the months of the last one."""
    numbers = bands_of(texts)
    last = texts.get(f"bands[{numbers[-1]}].months_ahead", "") if numbers else ""
    end = last.rsplit(" ", 1)[-1]
    first = int(end) + 1 if end.isdigit() else 1
    key = f"bands[{numbers[-1] + 1 if numbers else 1}]"
    return {**texts, f"{key}.months_ahead": f"{first} to {first + 11}", f"{key}.min": "0", f"{key}.max": "100"}


def without_band(texts: Mapping[str, str], number: str) -> dict[str, str]:
    """Without the band of that number; those after it move up, as their places in the file do."""
    kept = [each for each in bands_of(texts) if str(each) != number]
    places = {each: place for place, each in enumerate(kept, start=1)}
    others: dict[str, str] = {}
    for key, text in texts.items():
        band = BAND_KEY.fullmatch(key)
        if band is None:
            others[key] = text
        elif int(band[1]) in places:
            others[f"bands[{places[int(band[1])]}].{band[2]}"] = text
    return others


def with_instrument(texts: Mapping[str, str], name: str, kind: str) -> dict[str, str]:
    """One instrument more, allowed, its terms still to be filled in.

    Raises
    ------
    InputError
        The name is none or taken, or there is no such kind.
    """
    name = name.strip()
    faults = []
    if not is_name(name):
        faults.append(Fault("the form", None, NEW_NAME, repr(name), NAME_EXPECTED))
    elif name in names_of(texts):
        faults.append(Fault("the form", None, NEW_NAME, name, "a name that no other instrument has"))
    if kind not in KINDS:
        faults.append(Fault("the form", None, NEW_KIND, repr(kind), f"one of {', '.join(KINDS)}"))
    if faults:
        raise InputError(faults=faults)
    return {**texts, f"{ALLOWED}{name}": YES, f"instrument.{name}.kind": kind}


def without_instrument(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """Without the instrument of that name."""
    gone = {key for key in texts if (term := TERM_KEY.fullmatch(key)) is not None and term[1] == name}
    return {key: text for key, text in texts.items() if key not in gone | {f"{ALLOWED}{name}"}}
