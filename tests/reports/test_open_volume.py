"""The open volume is the same share of a month in any unit, and its parts add up."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.open_volume import MEASURES, MONEY, STANDARD, TOKENS, open_by_line, open_in, open_volume
from hedgedesk.reports.open_volume import measures, volume_scale, volume_text


@pytest.mark.parametrize("measure", MEASURES)
def test_hedged_and_left_add_up_to_what_is_open(run, measure):
    volume = open_volume(run, measure)
    assert volume.held + volume.bought + volume.left == pytest.approx(open_in(run, measure))


def test_fixed_and_open_add_up_to_the_forecast_in_both_kinds_of_tokens(run):
    m = run.report.months
    raw, standard = open_volume(run, TOKENS), open_volume(run, STANDARD)
    assert raw.whole == pytest.approx(m.raw_forecast_mtok)
    assert standard.whole == pytest.approx(m.forecast_mtok)
    assert not open_volume(run, MONEY).fixed.any()


def test_a_hedge_takes_the_same_share_in_every_unit(run):
    shares = [open_volume(run, measure).left / open_in(run, measure) for measure in MEASURES]
    assert shares[0] == pytest.approx(shares[1])
    assert shares[0] == pytest.approx(shares[2])
    assert shares[0] == pytest.approx(1.0 - run.report.months.hedge_share)


def test_lots_that_are_to_be_sold_are_no_longer_held(run):
    volume = open_volume(run, STANDARD)
    assert volume.sold[0] == pytest.approx(2_000.0)
    assert volume.held[0] == pytest.approx(run.report.months.hedged_mtok[0])


def test_more_hedged_than_open_leaves_nothing_open(run, edges):
    m = run.report.months
    assert open_volume(edges.with_months(run, hedged_mtok=m.open_mtok * 1.2), TOKENS).left == pytest.approx(0.0)


def test_lines_add_up_to_the_money_of_the_month(run):
    assert open_by_line(run, MONEY).sum(axis=1) == pytest.approx(run.report.months.open_value)


def test_a_line_counts_above_what_is_fixed_by_the_weight_of_its_meter(run):
    raw, weighted = open_by_line(run, TOKENS), open_by_line(run, STANDARD)
    assert raw[0] == pytest.approx([60_000 * 1.6 * 0.9, 60_000 * 0.05 * 0.9])
    assert weighted[0] == pytest.approx(raw[0] * np.array([1.0, 4.21]))


def test_a_contract_in_raw_tokens_has_no_second_kind_of_tokens(run):
    raw = dataclasses.replace(run, fan=dataclasses.replace(run.fan, unit="tokens"))
    assert measures(run) == MEASURES
    assert measures(raw) == (TOKENS, MONEY)


def test_a_record_without_values_has_no_money_and_says_so(run, edges):
    old = open_volume(edges.before_quantiles(run), MONEY)
    assert not old.known
    assert not old.left.any()
    assert open_volume(run, MONEY).known


def test_nothing_open_is_nothing_in_every_unit(run, edges):
    for measure in MEASURES:
        volume = open_volume(edges.nothing_open(run), measure)
        assert not (volume.held + volume.bought + volume.left).any()


@pytest.mark.parametrize(
    ("largest", "text", "unit"),
    [
        (99_999.0, "99,999", "Mtok"),
        (172_340.0, "172.3", "thousand Mtok"),
        (3_086_618.0, "3.09", "million Mtok"),
        (12.5, "12.5", "Mtok"),
    ],
)
def test_large_volumes_are_cut_and_say_how(largest, text, unit):
    scale = volume_scale(largest)
    assert (scale.text(largest), volume_text(scale, "Mtok")) == (text, unit)
