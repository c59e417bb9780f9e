"""What the sources of one price agree on, print after print."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.index.agreement import Agreement
from hedgedesk.index.audit import Audit
from hedgedesk.index.screens import Quote

DAY = np.datetime64("2026-01-04")


class Told:
    """An agreement that is told of one print after the other; ``a=1.0`` is a quote, quotes keep their day."""

    def __init__(self, **settings: object) -> None:
        self.audit = Audit()
        self.agreement = Agreement("p/m output", IndexSettings(**settings), self.audit)
        self.prints = 0
        self.known: dict[str, Quote] = {}

    def __call__(self, **prices: float) -> float | None:
        day = DAY + 7 * self.prints
        for name, price in prices.items():
            self.known[name] = Quote({"own": ""}.get(name, name), price, day)
        self.agreement.settle(day, list(self.known.values()))
        self.prints += 1
        return self.agreement.last

    @property
    def rules(self) -> list[str]:
        return [line.rule for line in self.audit.lines]


def test_a_cut_to_a_quarter_that_two_sources_report_enters_at_once():
    told = Told()
    assert told(a=4.0, b=4.0, c=4.0) == 4.0
    assert told(a=1.0, b=1.0) == 1.0
    assert told.rules == ["stale_source"]


def test_a_cut_to_a_quarter_by_a_lone_source_enters_on_its_second_print_and_both_are_recorded():
    told = Told()
    assert [told(a=4.0), told(a=1.0), told()] == [4.0, 4.0, 1.0]
    assert told.rules == ["unconfirmed_move", "confirmed_move"]
    assert "held" in told.audit.lines[0].action


def test_a_lone_sources_slip_that_is_taken_back_never_enters():
    told = Told()
    assert [told(a=4.0), told(a=40.0), told(a=4.0), told()] == [4.0, 4.0, 4.0, 4.0]
    assert not told.agreement.held


def test_a_lone_source_is_believed_up_to_the_factor():
    told = Told()
    assert [told(a=3.0), told(a=1.0)] == [3.0, 1.0]
    assert told.rules == []


def test_the_desks_own_list_needs_no_confirmation():
    told = Told()
    assert [told(own=4.0), told(own=1.0)] == [4.0, 1.0]


def test_beside_named_sources_the_desks_own_list_is_one_of_them():
    told = Told()
    assert told(own=4.0, a=4.0, b=4.0) == 4.0
    assert told(own=40.0) == 4.0
    assert told.rules == ["unconfirmed_move"]
    assert told.audit.lines[0].subject == "p/m output, the desk's own list"


def test_the_sellers_own_page_stands_alone():
    told = Told(official_sources=("page",))
    assert told(page=4.0, a=4.0, b=4.0) == 4.0
    assert told(page=1.0) == 1.0


@pytest.mark.parametrize("price", [40.0, 0.4, 0.0])
def test_one_of_three_sources_does_not_move_the_price(price):
    told = Told()
    told(a=4.0, b=4.0, c=4.0)
    assert [told(c=price), told(), told(c=price)] == [4.0, 4.0, 4.0]
    assert len(told.audit.lines) == 1


@pytest.mark.parametrize("price", [40.0, 0.4, 0.0])
def test_one_of_two_sources_does_not_move_the_price_however_long_it_insists(price):
    told = Told()
    told(a=4.0, b=4.0)
    assert [told(b=price), told(), told()] == [4.0, 4.0, 4.0]
    assert told.audit.lines


def test_the_newer_of_two_sources_enters_on_its_second_print_unless_the_other_denies_it():
    told = Told()
    assert [told(a=4.0, b=4.0), told(a=3.0), told()] == [4.0, 4.0, 3.0]
    assert told.rules == ["two_sources", "stale_source"]
    told = Told()
    assert [told(a=4.0, b=4.0), told(a=3.0), told(b=4.0), told(), told()] == [4.0] * 5


def test_where_both_of_two_sources_moved_the_nearer_to_the_last_print_stands():
    told = Told()
    assert [told(a=4.0, b=4.0), told(a=3.0, b=2.0)] == [4.0, 3.0]


def test_two_sources_that_come_to_agree_are_believed():
    told = Told()
    assert [told(a=4.0, b=4.0), told(a=1.0), told(b=1.0)] == [4.0, 4.0, 1.0]


def test_two_sources_that_never_agreed_print_their_geometric_mean_or_nothing():
    assert Told()(a=1.0, b=2.25) == pytest.approx(1.5)
    told = Told()
    assert told(a=1.0, b=10.0) is None
    assert told.agreement.held
    assert told(b=1.0) == 1.0


def test_a_price_that_all_sources_call_free_is_free():
    told = Told()
    assert [told(a=4.0, b=4.0), told(a=0.0, b=0.0)] == [4.0, 0.0]


def test_sources_that_all_go_different_ways_leave_the_last_print():
    told = Told()
    told(a=4.0, b=4.0)
    assert told(a=40.0, b=0.4) == 4.0
    assert told.agreement.held


def test_among_ten_sources_grubbs_finds_the_outlier_below_the_factor_and_the_ends_are_trimmed():
    told = Told()
    prices = dict(zip("abcdefghij", (4.0, 4.02, 3.99, 4.01, 4.0, 3.98, 4.01, 4.0, 4.02, 4.0), strict=True))
    told(**prices)
    assert told.rules == ["trim", "trim"]
    assert told(**{**prices, "j": 8.0}) == pytest.approx(4.0, abs=0.01)
    assert [line.rule for line in told.audit.lines if line.subject.endswith(", j")] == ["grubbs"]


def test_what_stays_out_for_months_is_recorded_once():
    told = Told()
    told(a=4.0, b=4.0, c=40.0)
    for _ in range(5):
        told(c=41.0)
    assert told.rules == ["unconfirmed_move"]
