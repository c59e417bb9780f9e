"""The words of the instruments: every kind and every term of it has a name, a meaning and a unit."""

from __future__ import annotations

import pytest

from hedgedesk.market.instruments import KINDS
from hedgedesk.reports.messages import catalogue, say


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_and_every_term_of_it_is_told_in_words(kind):
    assert say(f"instrument.kind.{kind.name}")[0].isupper()
    assert say(f"instrument.about.{kind.name}").endswith(".")
    for term in kind.terms:
        assert say(f"instrument.term.{term.name}")[0].isupper()
        assert say(f"instrument.help.{term.name}").endswith(".")
        assert all(say(f"instrument.choice.{choice}") for choice in term.choices)
        if term.unit:
            assert "{" not in say(f"instrument.unit.{term.unit}", ccy="USD", contract="CNY", volume="M STU")


def test_money_is_told_in_the_currency_it_is_in():
    (premium,) = (term for term in KINDS["cap"].terms if term.name == "premium")
    assert say(f"instrument.unit.{premium.unit}", ccy="USD", contract="CNY", volume="M STU") == "CNY per M STU"
    assert say("instrument.unit.money", ccy="USD", contract="CNY") == "USD"


def test_no_words_are_kept_for_what_no_kind_has():
    terms = [term for kind in KINDS.values() for term in kind.terms]
    told = [key.split(".")[1:] for key in catalogue() if key.startswith("instrument.")]
    by_part = {part: {names[-1] for other, *names in told if other == part} for part, *_ in told}
    assert by_part["kind"] == by_part["about"] == set(KINDS)
    assert by_part["term"] == by_part["help"] == {term.name for term in terms}
    assert by_part["choice"] == {choice for term in terms for choice in term.choices}
    assert by_part["unit"] == {term.unit for term in terms} - {""}
    own = {tuple(names) for part, *names in told if part == "help_of"}
    assert own <= {(kind.name, term.name) for kind in KINDS.values() for term in kind.terms}
