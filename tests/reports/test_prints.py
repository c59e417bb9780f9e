"""What an index's prints say of themselves."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.reports import prints

SPACE = "\N{NO-BREAK SPACE}"


def test_the_unit_is_its_base_or_its_price(make_index):
    assert prints.unit_of(make_index()) == f"base{SPACE}100{SPACE}={SPACE}6 Sep 2026"
    assert prints.unit_of(make_index(unit="usd per mtok")) == "USD per Mtok"
    assert prints.base_of(make_index(unit="usd per mtok")) is None
    assert prints.base_of(make_index()) == (100.0, np.datetime64("2026-09-06"))


def test_a_print_is_carried_where_the_audit_says_so(make_index):
    assert prints.carried(make_index()).tolist() == [False, False, False, True, False]
    assert not prints.carried(make_index(audit=())).any()


def test_prints_are_weekly_up_to_seven_days_apart(make_index):
    study = make_index()
    assert prints.is_weekly(study)
    months = np.array(["2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30"], dtype="datetime64[D]")
    assert not prints.is_weekly(dataclasses.replace(study, dates=months))


def test_the_last_change_is_the_newest_print_that_moved(make_index):
    assert prints.last_change(make_index()) == 2
    assert prints.last_change(make_index(values=np.full(5, 80.0))) is None


def test_the_screens_matter_only_where_a_print_would_differ(make_index):
    study = make_index()
    assert prints.is_screened(study)
    assert not prints.is_screened(dataclasses.replace(study, unscreened=study.values * (1 + 1e-13)))


def test_a_companys_weight_is_the_sum_of_its_families(make_index):
    study = make_index()
    assert prints.company_weights(study, 0) == {"anthropic": 0.5, "openai": 0.5}
    assert prints.company_weights(study, 3) == {}


def test_the_newest_print_with_weights_is_shown_where_the_newest_has_none(make_index):
    study = make_index()
    bare = study.weights.copy()
    bare[4] = 0.0
    assert prints.newest_with_weights(study) == 4
    assert prints.newest_with_weights(dataclasses.replace(study, weights=bare)) == 2
    assert prints.place_of(study, "2026-09-13") == 1
    assert prints.place_of(study, "1999-01-01") == 4


def test_the_contracts_index_is_scaled_to_meet_an_index_without_a_currency(make_index, run):
    dates = np.array(["2026-08-28", "2026-09-11", "2026-09-25", "2026-10-16"], dtype="datetime64[D]")
    fan = dataclasses.replace(run.fan, history_dates=dates, history_per_mtok=np.array([9.0, 8.0, 7.2, 5.0]))
    beside = prints.reference(make_index(), fan)
    assert beside.dates.tolist() == dates[1:3].tolist()
    assert beside.values == pytest.approx([100.0, 90.0])
    assert (beside.name, str(beside.met)) == (run.fan.index, "2026-09-11")


def test_the_contracts_index_is_left_out_where_units_or_dates_do_not_allow_it(make_index, run):
    price = make_index(unit="usd per mtok")
    assert prints.reference(price, run.fan) is None
    alike = dataclasses.replace(run.fan, currency="USD", unit="tokens")
    assert prints.reference(price, alike).met is None
    early = dataclasses.replace(
        run.fan,
        history_dates=np.array(["2020-01-03", "2020-01-10"], dtype="datetime64[D]"),
        history_per_mtok=np.array([9.0, 8.0]),
    )
    assert prints.reference(make_index(), early) is None
