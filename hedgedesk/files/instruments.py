"""The ``[instrument.NAME]`` tables of ``program.toml``, read by what each kind says of its terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import FUTURES
from hedgedesk.files.keys import Keys, is_number, known_instead, rendered
from hedgedesk.files.numbers import REACH_EXPECTED, in_reach
from hedgedesk.market.instruments import KINDS
from hedgedesk.market.instruments.kind import Kind, Term
from hedgedesk.market.instruments.terms import expected_of, suits

KEY = "instrument"
LONGEST_NAME = 60

_EXPECTED = f'a table for each instrument: [{KEY}."winter cap"] with its kind and its terms'
NAME_EXPECTED = f"a name of at most {LONGEST_NAME} characters, and not {FUTURES}"


def read_instruments(keys: Keys) -> tuple[InstrumentTerms, ...]:
    """Every instrument that the file describes, allowed or not; a faulty one is left out.

    Every fault is recorded: a kind that is none, a term that its kind does not know, lacks, or cannot have.
    """
    tables = keys.value(KEY, lambda value: isinstance(value, dict), _EXPECTED, {})
    read = [_instrument(keys, name, table) for name, table in tables.items()]
    return tuple(terms for terms in read if terms is not None)


def _instrument(keys: Keys, name: str, table: object) -> InstrumentTerms | None:
    path = f"{KEY}.{name}"
    if not isinstance(table, dict):
        keys.fault(path, rendered(table), _EXPECTED)
        return None
    if not is_name(name):
        keys.fault(path, name, NAME_EXPECTED)
        return None
    found = table.get("kind")
    if not isinstance(found, str) or found not in KINDS:
        written = "no such key" if found is None else rendered(found)
        keys.fault(f"{path}.kind", written, f"one of {', '.join(KINDS)}")
        return None
    return _terms(keys, name, KINDS[found], table)


def is_name(name: str) -> bool:
    """Whether an instrument can be called so."""
    return name.strip() == name != FUTURES and 0 < len(name) <= LONGEST_NAME and name.isprintable()


def _terms(keys: Keys, name: str, kind: Kind, table: Mapping[str, Any]) -> InstrumentTerms | None:
    known = {term.name: term for term in kind.terms}
    good = True
    numbers: dict[str, float] = {}
    words: dict[str, str] = {}
    for key, value in table.items():
        path = f"{KEY}.{name}.{key}"
        if key == "kind":
            continue
        if key not in known:
            keys.fault(path, "an unknown key", known_instead(key, ("kind", *known)))
            good = False
        elif (expected := _misfit(known[key], value)) is not None:
            keys.fault(path, rendered(value), expected)
            good = False
        elif isinstance(value, str):
            words[key] = value
        else:
            numbers[key] = float(value)
    for term in kind.terms:
        if term.required and term.name not in table:
            keys.fault(f"{KEY}.{name}.{term.name}", "no such key", expected_of(term))
            good = False
    return InstrumentTerms(name, kind.name, numbers, words) if good else None


def _misfit(term: Term, value: object) -> str | None:
    """What would be right in the place of ``value``; None: it is right."""
    if not isinstance(value, str) and not is_number(value):
        return expected_of(term)
    if not suits(term, value):
        return expected_of(term)
    return None if isinstance(value, str) or in_reach(value) else REACH_EXPECTED
