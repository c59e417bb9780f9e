"""Five numbers of the desk's own index."""

from __future__ import annotations

import dataclasses

import numpy as np

from hedgedesk.reports.headlines.index import index_headlines


def test_the_newest_print_stands_against_the_first(make_index):
    newest = index_headlines(make_index())["newest"]
    assert (newest.value, newest.unit, newest.delta, newest.tone) == ("90.00", "", "▼ 10.0%", "accent")
    assert newest.label == "Own index, 4 Oct 2026"
    assert newest.more.endswith("6 Sep 2026")


def test_a_price_says_its_unit(make_index):
    newest = index_headlines(make_index(unit="usd per mtok", values=np.array([2.0, 2.0, 1.8, 1.8, 1.8])))["newest"]
    assert (newest.value, newest.unit, newest.more) == ("1.80", "USD per Mtok", "")


def test_the_last_move_says_when_and_how_long_it_stood_still_since(make_index):
    moved = index_headlines(make_index())["moved"]
    assert (moved.value, moved.note, moved.more) == ("−10.0%", "on 20 Sep 2026", "2 prints without a move since")
    assert index_headlines(make_index(values=np.full(5, 90.0)))["moved"].value == "–"


def test_companies_of_one_weight_are_all_named(make_index):
    assert index_headlines(make_index())["largest"].note == "each of anthropic, openai"
    study = make_index()
    weights = study.weights.copy()
    weights[4] = [0.4, 0.6, 0.0]
    largest = index_headlines(dataclasses.replace(study, weights=weights))["largest"]
    assert (largest.value, largest.note) == ("60%", "openai")


def test_an_index_that_failed_says_so_in_words(make_index):
    assert index_headlines(make_index(failed=True))["companies"].delta == "▲ index has failed"
    assert index_headlines(make_index())["companies"].more == "1 of 5 prints carried"


def test_what_is_not_known_is_a_dash(make_index):
    study = make_index(stale_share=np.full(5, np.nan), weights=np.zeros((5, 3)))
    shown = index_headlines(study)
    assert (shown["stale"].value, shown["largest"].value, shown["companies"].value) == ("–", "–", "0")
