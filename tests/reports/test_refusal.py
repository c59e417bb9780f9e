"""Why there is no plan is said in sentences: which rule, where, by how much, and what would do."""

from __future__ import annotations

from hedgedesk.domain.errors import Infeasible, Shortfall
from hedgedesk.reports.refusal import sentences

CREDIT = Shortfall("credit line for initial margin", 0.0, 126_552.0, "USD", "credit_line")
SPACE = "\u00a0"


def plain(error):
    return [text.replace(SPACE, " ") for text in sentences(error)]


def test_one_rule_that_stops_it_is_named_with_its_limit_and_what_it_lacks():
    assert plain(Infeasible("no plan", [CREDIT], together=False)) == [
        "One rule stops it:",
        "Credit line: set at 0 USD, would have to be 126,552 USD, that is 126,552 USD more.",
    ]


def test_a_rule_that_fails_in_many_months_is_one_sentence_about_the_worst():
    floors = [
        Shortfall(f"least cover {month}", 900.0, needed, "Mtok", "band_min", month)
        for month, needed in (("2026-12", 700.0), ("2027-01", 250.0))
    ]
    assert plain(Infeasible("no plan", floors))[1] == (
        "Least cover in 2 places. The furthest off is for Jan 2027: set at 900 Mtok, would have to be 250 Mtok, "
        "that is 650 Mtok less."
    )


def test_whether_one_change_does_or_only_all_together_is_said_first():
    floor = Shortfall("least cover 2026-12", 900.0, 700.0, "Mtok", "band_min", "2026-12")
    alone = plain(Infeasible("no plan", [CREDIT, floor], together=False))
    both = plain(Infeasible("no plan", [CREDIT, floor]))
    assert "Any one of the following changes" in alone[0]
    assert "Only all of the following changes together" in both[0]
    assert alone[1:] == both[1:]


def test_a_contradiction_without_known_rules_tells_its_own_words():
    assert sentences(Infeasible("bounds cross")) == ("bounds cross",)
