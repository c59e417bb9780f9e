"""One registry of kinds: what each says of itself, and what can be asked without knowing the kind."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.market.instruments import (
    KINDS,
    calls,
    cover_mtok,
    every_offer,
    gain,
    gain_by_month,
    kind_called,
    offers_of,
)

NEEDED = {
    "batch": {"eligible_share": 0.3},
    "caching": {"added_share": 0.2},
    "routing": {"most_share": 0.2, "cost_per_mtok": 3.0},
    "stack_and_roll": {"most_lots": 4, "first_month": "2027-02"},
    "cross_hedge": {"most_lots": 4, "size": 10},
}


@pytest.fixture(scope="module")
def full(moved):
    """A setting that has what every kind asks for: drivers, paths, and a currency."""
    dates = np.array(["2026-12-31", "2027-01-31", "2027-02-28"], dtype="datetime64[D]")
    parts = {
        "drivers": {"gpu_rent": np.array([[2.0, 2.1, 2.2], [1.9, 1.8, 1.7]])},
        "margin_dates": dates,
        "futures_per_mtok": np.full((2, 3, 2), 9.0, dtype=np.float32),
        "cny_per_usd": np.full((2, 3), 7.0),
        "cny_per_usd_today": 7.1,
    }
    return moved(scenarios=parts, currency="CNY")


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_answers_in_the_shapes_that_planning_and_judging_expect(full, terms, name):
    offers = offers_of(terms(name, **NEEDED.get(name, {})), full)
    assert len({offer.code for offer in offers}) == len(offers) >= 1
    for offer in offers:
        assert offer.kind == name
        assert offer.lower <= offer.upper
        assert np.isfinite(offer.upper)
        if name in ("collar", "four_way"):
            continue  # a strike of theirs is found by a model, above this room
        by_month = gain_by_month(offer, full)
        assert by_month.shape == (2, 3)
        assert np.all(np.isfinite(by_month))
        assert gain(offer, full) == pytest.approx(by_month.sum(axis=1))
        assert cover_mtok(offer, full).shape == (3,)
        assert np.all(cover_mtok(offer, full) >= 0)
        called = calls(offer, full)
        assert called is None or called.shape == (2, 3)


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_every_term_can_be_said(kind):
    names = [term.name for term in kind.terms]
    assert len(set(names)) == len(names)
    assert "kind" not in names
    for term in kind.terms:
        if isinstance(term.default, float):
            assert term.least <= term.default <= term.most
        if term.choices:
            assert term.default in term.choices
        assert not (term.required and term.default is not None)


def test_the_faults_of_all_instruments_are_told_at_once(setting, terms):
    wrong = [terms("batch", "one", eligible_share=0.1, model="x"), terms("routing", "two", most_share=0.1)]
    with pytest.raises(InputError) as error:
        every_offer(wrong, setting)
    assert [fault.column for fault in error.value.faults] == ["instrument.one.model", "instrument.two.cost_per_mtok"]


def test_what_all_instruments_offer_comes_in_their_order(setting, terms):
    offers = every_offer([terms("take_or_pay", "a", steps=2, mtok_per_month=2_000), terms("fixed_price", "b")], setting)
    assert [offer.code for offer in offers] == ["a 1/3", "a 2/3", "a 3/3", "b"]


def test_a_term_that_is_needed_is_asked_for(setting, terms, fault_of):
    told = fault_of(offers_of, terms("batch"), setting)
    assert told == ("instrument.deal.eligible_share", "no such key", "a number from 0 to 1")


def test_terms_that_no_file_has_checked_are_checked_too(setting, terms):
    with pytest.raises(InputError) as error:
        offers_of(terms("batch", eligible_share=2, meter="input", setup_cost=float("nan"), colour="red"), setting)
    assert [(fault.column, fault.found, fault.expected) for fault in error.value.faults] == [
        ("instrument.deal.colour", "an unknown key", f"one of {', '.join(t.name for t in KINDS['batch'].terms)}"),
        ("instrument.deal.eligible_share", "2.0", "a number from 0 to 1"),
        ("instrument.deal.setup_cost", "nan", "a number of at least 0"),
        ("instrument.deal.meter", "input", "one of all, uncached_input, cache_read, cache_write, output"),
    ]


def test_a_kind_that_is_none_is_refused_with_those_that_are(setting):
    with pytest.raises(InputError, match="no instrument is of kind swaption: there are cap, floor"):
        kind_called("swaption")


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("cap", {"premium": 0.0}),
        ("floor", {"premium": 0.0}),
        ("fixed_price", {"discount": 0.05}),
        ("take_or_pay", {"discount": 0.05, "payment": "prepaid", "financing_rate": 0.04}),
        ("batch", {"eligible_share": 0.3}),
        ("caching", {"added_share": 0.2}),
        ("routing", {"most_share": 0.2, "price_share": 0.4}),
        ("stack_and_roll", {"most_lots": 4, "first_month": "2027-02"}),
        ("cross_hedge", {"most_lots": 4, "size": 10}),
    ],
)
def test_at_one_rate_all_along_it_pays_the_same_in_any_currency(moved, terms, kind, given):
    random = np.random.default_rng(5)
    parts = {
        "drivers": {"gpu_rent": 2.0 + random.random((2, 3))},
        "margin_dates": np.array(["2026-12-31", "2027-01-31", "2027-02-28"], dtype="datetime64[D]"),
        "futures_per_mtok": (8.0 + random.random((2, 3, 2))).astype(np.float32),
        "cny_per_usd": np.full((2, 3), 7.0),
        "cny_per_usd_today": 7.0,
    }
    dollars, renminbi = (moved(scenarios=parts, currency=currency) for currency in ("USD", "CNY"))
    for one, other in zip(*(offers_of(terms(kind, **given), each) for each in (dollars, renminbi)), strict=True):
        assert one.upper == pytest.approx(other.upper)
        assert 7.0 * gain(one, dollars) == pytest.approx(gain(other, renminbi))
        assert 7.0 * one.margin_per_unit == pytest.approx(other.margin_per_unit)
