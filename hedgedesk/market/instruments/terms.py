"""The terms a user gave, with the kind's defaults in the place of what was left out, and how to refuse one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments.kind import Setting, Term

RULES = "program.toml"
MONTH = "month"
"""Unit of a term that is a month, YYYY-MM."""

FIRST_MONTH = Term("first_month", MONTH, "", word=True)
LAST_MONTH = Term("last_month", MONTH, "", word=True)
SPAN = (FIRST_MONTH, LAST_MONTH)
"""The months an instrument is of, both included; left out: from the first of the exposure, to its last."""


_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Given:
    """Terms of one instrument, complete: what a formula reads."""

    name: str
    numbers: dict[str, float]
    """A term without a default that was not said is not here."""
    words: dict[str, str]

    @classmethod
    def of(cls, known: tuple[Term, ...], terms: InstrumentTerms) -> Given:
        """``terms`` with the defaults of the ``known`` ones filled in.

        Raises
        ------
        InputError
            A term is not known, cannot be what it is, or is required and not there.
        """
        faults = faults_of(known, terms)
        if faults:
            raise InputError(faults=faults)
        defaults = {term.name: term.default for term in known if term.default is not None}
        numbers = {name: value for name, value in defaults.items() if not isinstance(value, str)}
        words = {name: value for name, value in defaults.items() if isinstance(value, str)}
        return cls(terms.name, numbers | terms.numbers, words | terms.words)

    def refused(self, term: str, found: object, expected: str) -> InputError:
        """The error that says what ``term`` would have to be."""
        return InputError(faults=[fault(self.name, term, found, expected)])

    def months(self, setting: Setting) -> tuple[np.datetime64, np.datetime64]:
        """First and last month of :data:`SPAN`, cut to the exposure's.

        Raises
        ------
        InputError
            No month of the exposure lies within.
        """
        months = setting.scenarios.months
        first = self._month("first_month", months[0])
        last = self._month("last_month", months[-1])
        if last < first:
            raise self.refused("last_month", str(last), f"a month from {first} on")
        if last < months[0] or first > months[-1]:
            raise self.refused("first_month", f"{first} to {last}", f"a month of {months[0]} to {months[-1]}")
        return max(first, months[0]), min(last, months[-1])

    def _month(self, term: str, default: np.datetime64) -> np.datetime64:
        written = self.words.get(term, "")
        return np.datetime64(written, "M") if written else default


def faults_of(known: tuple[Term, ...], terms: InstrumentTerms) -> list[Fault]:
    """Everything that is wrong with ``terms`` by themselves."""
    by_name, said = {term.name: term for term in known}, terms.numbers | terms.words
    found = [
        fault(terms.name, name, "an unknown key", f"one of {', '.join(by_name)}")
        for name in said
        if name not in by_name
    ]
    found += [
        fault(terms.name, name, value, expected_of(by_name[name]))
        for name, value in said.items()
        if name in by_name and not suits(by_name[name], value)
    ]
    lacking = [term for term in known if term.required and term.name not in said]
    return found + [fault(terms.name, term.name, "no such key", expected_of(term)) for term in lacking]


def suits(term: Term, value: float | str) -> bool:
    """Whether ``term`` may be ``value``."""
    if term.choices:
        return value in term.choices
    if term.unit == MONTH:
        return isinstance(value, str) and _MONTH.fullmatch(value) is not None
    if term.word:
        return isinstance(value, str)
    return not isinstance(value, str) and isfinite(value) and term.least <= value <= term.most


def expected_of(term: Term) -> str:
    """What ``term`` may be, in words."""
    if term.choices:
        return f"one of {', '.join(term.choices)}"
    if term.unit == MONTH:
        return 'a month in quotes, "2027-01"'
    if term.word:
        return "a text in quotes"
    floor, ceiling = term.least > -inf, term.most < inf
    if floor and ceiling:
        return f"a number from {term.least:g} to {term.most:g}"
    if floor or ceiling:
        return f"a number of at {'least' if floor else 'most'} {term.least if floor else term.most:g}"
    return "a number"


def fault(name: str, term: str, found: object, expected: str) -> Fault:
    """One fault of a term of the instrument ``name``."""
    return Fault(RULES, None, f"instrument.{name}.{term}", str(found), expected)


def within(words: dict[str, str], setting: Setting) -> Floats:
    """(T,) 1 in the months from ``first_month`` to ``last_month`` of an offer's ``words``, else 0."""
    months = setting.scenarios.months
    first, last = (np.datetime64(words[term.name], "M") for term in SPAN)
    return ((months >= first) & (months <= last)).astype(np.float64)
