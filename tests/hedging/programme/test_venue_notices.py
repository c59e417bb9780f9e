"""A plan tells what the venue asks of its holder beside the rules: a report, and days without opening."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.venue import OpeningLimit
from hedgedesk.hedging.programme.venue_notices import opening_notices


def position(day, lots):
    return Position(np.datetime64(day), np.datetime64("2027-02", "M"), lots, 9.3, "CNY")


@pytest.fixture
def limited(quoted_market):
    """The small market on a venue with limits."""
    terms = {"position_limit": 10.0, "opening_limit": OpeningLimit(5.0, hedging_exempt=False)}
    return dataclasses.replace(quoted_market, contract=dataclasses.replace(quoted_market.contract, **terms))


def test_a_plan_at_the_venues_limit_says_that_a_report_is_due(make_desk, limited):
    desk = make_desk(market=limited, book=HedgeBook((position("2026-09-01", 10.0),)))
    others = dataclasses.replace(desk.program, bands=(), common_control_lots={"2027-04": 10.0})
    told = pipeline.run(dataclasses.replace(desk, program=others)).plan.notices
    assert "2027-02: 10 lots make a large trader's report to the venue due" in told
    assert any(text.startswith("2027-04: 0 lots and 10 under common control make") for text in told)
    free = pipeline.run(make_desk(book=HedgeBook((position("2026-09-01", 10.0),)))).plan.notices
    assert not any("report" in text for text in free)


def test_a_book_that_opened_too_much_says_until_when_nothing_may_be_opened(make_desk, limited):
    day = limited.as_of - np.timedelta64(1, "D")
    desk = make_desk(market=limited, book=HedgeBook((position(day, 4.0), position(day, 2.0))))
    run = pipeline.run(dataclasses.replace(desk, program=dataclasses.replace(desk.program, bands=())))
    (told,) = [text for text in run.report.notices if "opened" in text]
    assert told.startswith(f"2027-02: the book opened 6 lots on {day}, more than the venue's limit of a day")
    for positions in ((position(day, 5.0),), (position("2026-09-01", 6.0),), (position(day, 6.0), position(day, -1.0))):
        notices = list(opening_notices(desk.program, run.plan.contracts, limited, HedgeBook(positions)))
        assert len(notices) == (sum(each.lots > 5.0 for each in positions) if positions[0].trade_date == day else 0)


def test_lots_given_for_a_month_without_a_contract_are_told_to_bind_nothing(make_desk):
    desk = make_desk()
    given = {"quota_by_month": {"2027-01": 3.0, "2027-02": 90.0}, "common_control_lots": {"2031-08": 1.0}}
    told = pipeline.run(dataclasses.replace(desk, program=dataclasses.replace(desk.program, **given))).plan.notices
    assert "quota of 2027-01 binds nothing: no listed contract is delivered then" in told
    assert "common_control_lots of 2031-08 binds nothing: no listed contract is delivered then" in told
    assert not any("binds nothing" in text for text in pipeline.run(desk).plan.notices)
