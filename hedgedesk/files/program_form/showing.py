"""A programme as texts, and texts as a form."""

from __future__ import annotations

from collections.abc import Mapping

from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import FUTURES, Band, HedgeProgram
from hedgedesk.domain.program_form import ALLOWED, NO, SHARE, YES, FormField, FormPart, ProgramForm
from hedgedesk.files.program_form.fields import BAND, BAND_KEY, GROUPS, TERM_KEY, Known, of_term
from hedgedesk.market.instruments import KINDS

DIGITS = 12
"""Of a number that is shown: what was typed comes back as it was."""


def texts_of(program: HedgeProgram) -> dict[str, str]:
    """Every field of a programme that is set, by key, as it would be typed."""
    texts = {f"{ALLOWED}{name}": YES for name in program.instruments}
    for name in (FUTURES, *(terms.name for terms in program.terms)):
        texts.setdefault(f"{ALLOWED}{name}", NO)
    for keys in GROUPS.values():
        texts |= {key: _text(program, key, known) for key, known in keys.items()}
    for i, band in enumerate(program.bands, start=1):
        texts |= {f"bands[{i}].{name}": text for name, text in _band(band).items()}
    for terms in program.terms:
        texts |= {f"instrument.{terms.name}.{name}": text for name, text in _terms(terms).items()}
    return {key: text for key, text in texts.items() if text}


def _text(program: HedgeProgram, key: str, known: Known) -> str:
    if key.startswith("state_rules."):
        if program.state_rules is None:
            return ""
        value = getattr(program.state_rules, key.removeprefix("state_rules."))
    else:
        value = getattr(program, key)
    by_month = getattr(program, f"{key}_by_month", value if isinstance(value, dict) else {})
    if by_month:
        return ", ".join(f"{month}: {amount:.{DIGITS}g}" for month, amount in sorted(by_month.items()))
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    return value if isinstance(value, str) else _number(float(value), known)


def _number(value: float, known: Known) -> str:
    return f"{100.0 * value if known.kind == SHARE else value:.{DIGITS}g}"


def _band(band: Band) -> dict[str, str]:
    span = f"{band.first_month_ahead} to {band.last_month_ahead}"
    return {"months_ahead": span, "min": _number(band.min, BAND["min"]), "max": _number(band.max, BAND["max"])}


def _terms(terms: InstrumentTerms) -> dict[str, str]:
    known = {term.name: of_term(term) for term in KINDS[terms.kind].terms}
    numbers = {name: _number(value, known[name]) for name, value in terms.numbers.items()}
    return {"kind": terms.kind, **numbers, **terms.words}


def form_of(
    texts: Mapping[str, str], own: Mapping[str, str], currency: str, contract_currency: str, volume: str = "Mtok"
) -> ProgramForm:
    """The form that holds ``texts`` where the shown run has ``own``; both as :func:`texts_of` gives them."""
    parts = [FormPart("instruments", tuple(_switch(name, texts, own) for name in names_of(texts)))]
    for group, keys in GROUPS.items():
        parts.append(FormPart(group, tuple(_field(key, known, texts, own) for key, known in keys.items())))
        if group == "cover":
            parts += [_band_part(number, texts, own) for number in bands_of(texts)]
    parts += [_instrument(name, texts, own) for name in names_of(texts) if name != FUTURES]
    return ProgramForm(currency, contract_currency, tuple(parts), volume)


def names_of(texts: Mapping[str, str]) -> list[str]:
    """Futures, then every instrument that the texts describe."""
    found = [TERM_KEY.fullmatch(key) for key in texts]
    described = [match[1] for match in found if match is not None and match[2] == "kind"]
    return [FUTURES, *dict.fromkeys(described)]


def bands_of(texts: Mapping[str, str]) -> list[int]:
    """Numbers of the bands, rising."""
    found = [BAND_KEY.fullmatch(key) for key in texts]
    return sorted({int(match[1]) for match in found if match is not None})


def _switch(name: str, texts: Mapping[str, str], own: Mapping[str, str]) -> FormField:
    key = f"{ALLOWED}{name}"
    return FormField(key, "switch", texts.get(key, NO), own.get(key, NO))


def _instrument(name: str, texts: Mapping[str, str], own: Mapping[str, str]) -> FormPart:
    kind = texts[f"instrument.{name}.kind"]
    terms = KINDS[kind].terms if kind in KINDS else ()
    fields = tuple(_field(f"instrument.{name}.{term.name}", of_term(term), texts, own) for term in terms)
    return FormPart("instrument", fields, name, kind)


def _band_part(number: int, texts: Mapping[str, str], own: Mapping[str, str]) -> FormPart:
    fields = tuple(_field(f"bands[{number}].{name}", known, texts, own) for name, known in BAND.items())
    return FormPart("band", fields, str(number))


def _field(key: str, known: Known, texts: Mapping[str, str], own: Mapping[str, str]) -> FormField:
    blank = NO if known.kind == "switch" else ""
    return FormField(
        key,
        known.kind,
        texts.get(key, blank),
        own.get(key, blank),
        known.unit,
        known.choices,
        known.required,
        known.default,
    )
