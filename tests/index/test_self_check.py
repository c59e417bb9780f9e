"""The index against the IOSCO principles: verdicts that follow from the facts."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.domain.price_index import IndexSettings, IndexStudy
from hedgedesk.index import study

MONTHLY = IndexSettings(frequency="month")


def verdict(made: IndexStudy, number: int) -> tuple[str, str]:
    check = made.self_check[number - 1]
    assert check.principle.startswith(f"{number} ")
    return check.verdict, check.evidence


@pytest.fixture
def broad(listed):
    """Five sellers, two sources each."""
    return listed([("2026-01-05", f"{seller}/m", 4.0, source) for seller in "vwxyz" for source in "ab"])


def test_all_nineteen_principles_are_answered(broad):
    made = study(MONTHLY, list_prices=broad)
    assert [check.principle.split()[0] for check in made.self_check] == [str(n) for n in range(1, 20)]
    assert {check.verdict for check in made.self_check} == {"yes", "partial", "no"}
    assert all(check.evidence for check in made.self_check)


def test_a_list_price_index_says_no_to_transactions_first(broad):
    assert verdict(study(MONTHLY, list_prices=broad), 8)[0] == "no"


def test_billed_usage_says_yes_to_transactions_first(used):
    made = study(dataclasses.replace(MONTHLY, method="realised"), usage=used([("2026-01-05", "v/m", 1.0, 2.0)]))
    assert verdict(made, 8) == ("yes", "100% of the money in the last print was billed, the rest is priced from lists")


def test_data_are_sufficient_from_five_companies_on_and_never_with_one(listed, broad):
    five = study(MONTHLY, list_prices=broad)
    assert verdict(five, 7) == (
        "yes",
        "Last print: 5 constituents of 5 companies, 5 companies asked for; the largest weighs 20%",
    )
    two = study(MONTHLY, list_prices=listed([("2026-01-05", f"{seller}/m", 4.0, "") for seller in "vw"]))
    one = study(MONTHLY, list_prices=listed([("2026-01-05", "v/m", 4.0, "")]))
    assert (verdict(two, 7)[0], verdict(one, 7)[0]) == ("partial", "no")


def test_collection_is_controlled_where_every_price_has_two_sources(listed, broad):
    assert verdict(study(MONTHLY, list_prices=broad), 15)[0] == "yes"
    assert verdict(study(dataclasses.replace(MONTHLY, screens=False), list_prices=broad), 15)[0] == "partial"
    assert verdict(study(MONTHLY, list_prices=listed([("2026-01-05", "v/m", 4.0, "")])), 15)[0] == "no"


def test_without_the_screens_there_is_no_control_framework(broad):
    assert verdict(study(MONTHLY, list_prices=broad), 4)[0] == "partial"
    assert verdict(study(dataclasses.replace(MONTHLY, screens=False), list_prices=broad), 4) == (
        "no",
        "The screens are off",
    )


def test_an_audit_trail_counts_its_decisions(listed):
    made = study(MONTHLY, list_prices=listed([("2026-01-05", "v/m", 4.0, ""), ("2026-02-05", "v/m", 1.0, "")]))
    assert verdict(made, 18)[1].startswith(f"{len(made.audit)} decisions")
