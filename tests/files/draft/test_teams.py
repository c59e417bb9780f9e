"""Teams of a forecast from usage: strange names are told, and volume can keep the teams that it had."""

from __future__ import annotations

import math

import pytest

from hedgedesk.files.draft.teams import Line, model_changes, with_old_teams

OLD = [
    Line("2026-11", "gpt-6", "output", "search", 30.0),
    Line("2026-11", "gpt-6", "output", "support", 10.0),
    Line("2026-11", "other", "output", "search", 5.0),
]
NEW = [
    Line("2026-11", "GPT 6", "output", "proj_a", 60.0, 0.1),
    Line("2026-11", "GPT 6", "output", "proj_b", 20.0, 0.3),
    Line("2026-11", "other", "output", "search", 7.0, 0.2),
    Line("2026-11", "new", "output", "proj_a", 1.0, 0.2),
]


def volumes(lines):
    return {(line.model, line.team): line.mtok for line in lines}


def test_models_with_teams_that_they_did_not_have_are_told():
    (change,) = model_changes(OLD, NEW)
    assert (change.model, change.new, change.gone) == ("gpt-6", ("proj_a", "proj_b"), ("search", "support"))


def test_a_meter_that_the_exports_do_not_know_is_told_where_it_was_used():
    written = [*OLD, Line("2026-11", "other", "cache_write", "search", 1.0)]
    assert [(c.model, c.new, c.meters) for c in model_changes(written, NEW[2:])] == [("other", (), ("cache_write",))]
    later = [*OLD, Line("2027-12", "other", "cache_write", "search", 1.0)]
    assert model_changes(later, NEW[2:]) == ()


def test_the_same_teams_and_new_models_are_no_change():
    assert model_changes(OLD, NEW[2:]) == ()
    assert with_old_teams(OLD, NEW[2:]) == NEW[2:]


def test_volume_keeps_its_old_teams_in_their_old_proportions_and_nothing_is_lost():
    kept = with_old_teams(OLD, NEW)
    assert volumes(kept) == {
        ("other", "search"): 7.0,
        ("new", "proj_a"): 1.0,
        ("GPT 6", "search"): 60.0,
        ("GPT 6", "support"): 20.0,
    }
    assert sum(line.mtok for line in kept) == sum(line.mtok for line in NEW)
    assert kept[-1].spread == pytest.approx((60 * 0.1 + 20 * 0.3) / 80)


def test_a_month_or_meter_that_has_no_line_yet_takes_the_proportions_of_the_model():
    later = [Line("2027-01", "gpt-6", "cache_read", "proj_a", 8.0, math.nan)]
    assert volumes(with_old_teams(OLD, later)) == {("gpt-6", "search"): 6.0, ("gpt-6", "support"): 2.0}


def test_without_any_old_volume_the_lines_stay_together_without_a_team():
    empty = [Line("2026-11", "gpt-6", "output", "search", 0.0)]
    assert volumes(with_old_teams(empty, NEW[:2])) == {("GPT 6", ""): 80.0}
