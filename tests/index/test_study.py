"""An index with its audit: what moves it, and what must not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.price_index import IndexSettings, IndexStudy
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.index import study

MONTHLY = IndexSettings(frequency="month")
SELLERS = ("v", "w", "x", "y", "z")
SOURCES = ("a", "b", "c")


def honest() -> list[tuple[str, str, float, str]]:
    """Five sellers, three sources each: w cuts by a fifth in February, all sources say so."""
    rows = [("2026-01-05", f"{seller}/m", 2.0 + i, source) for i, seller in enumerate(SELLERS) for source in SOURCES]
    return [*rows, *(("2026-02-10", "w/m", 2.4, source) for source in SOURCES), ("2026-04-20", "z/m", 6.0, "a")]


ATTACKS = {
    "one of several sources at ten times": [("2026-03-10", "x/m", 40.0, "c")],
    "one of several sources at zero": [("2026-03-10", "x/m", 0.0, "c")],
    "a stale source": [("2026-03-10", "x/m", 1.6, "a"), ("2026-03-10", "x/m", 1.6, "b")],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attackers_prints_do_not_move_the_protected_index(listed, attack):
    truth, prints = honest(), ATTACKS[attack]
    if attack == "a stale source":
        truth = [*truth, *prints, ("2026-03-10", "x/m", 1.6, "c")]
    clean, attacked = (study(MONTHLY, list_prices=listed(rows)) for rows in (truth, honest() + prints))
    protected = np.abs(attacked.values / clean.values - 1).max()
    bare = np.abs(attacked.unscreened / clean.unscreened - 1).max()
    assert protected < 0.01 < 0.04 < bare
    new = set(attacked.audit) - set(clean.audit)
    assert any("x/m" in line.subject and line.subject.endswith("c") for line in new)


@pytest.mark.parametrize("method", ["matched_list", "quality_constant"])
def test_of_prices_that_are_all_zero_there_is_no_index(listed, method):
    rows = [(day, f"{seller}/m", 0.0, "") for seller in SELLERS for day in ("2026-01-05", "2026-03-10")]
    with pytest.raises(InputError, match="every list price is 0"):
        study(dataclasses.replace(MONTHLY, method=method), list_prices=listed(rows))


def test_a_seller_who_asks_nothing_leaves_an_index_of_the_others(listed):
    free = [("2026-01-05", "free/m", 0.0, source) for source in SOURCES]
    assert study(MONTHLY, list_prices=listed(honest() + free)).values == pytest.approx(
        study(MONTHLY, list_prices=listed(honest())).values
    )


def test_without_the_screens_the_attacker_moves_the_index(listed):
    attacked = listed(honest() + ATTACKS["one of several sources at ten times"])
    off = study(dataclasses.replace(MONTHLY, screens=False), list_prices=attacked)
    on = study(MONTHLY, list_prices=attacked)
    assert off.values == pytest.approx(on.unscreened)
    # The mean of 4, 4 and 40 is four times 4: ln 4 over five sellers.
    assert off.values[2] / off.values[1] == pytest.approx(4 ** (1 / 5))
    assert on.values[2] == pytest.approx(on.values[1])
    assert off.audit == ()


def use(inflated: float) -> list[tuple[str, str, float, float]]:
    """Five sellers of equal volume at 1 to 5 per Mtok for four months; z sells ``inflated`` more in the last two."""
    return [
        (f"2026-0{month}-10", f"{seller}/m", 100.0 + (inflated if seller == "z" and month > 2 else 0.0), 1.0 + i)
        for month in (1, 2, 3, 4)
        for i, seller in enumerate(SELLERS)
    ]


def test_volume_inflated_to_60_percent_does_not_move_the_realised_index(used):
    chosen = dataclasses.replace(MONTHLY, method="realised")
    clean, attacked = (study(chosen, usage=used(use(extra))) for extra in (0.0, 500.0))
    assert np.abs(attacked.values / clean.values - 1).max() < 0.01
    assert attacked.unscreened[-1] / clean.unscreened[-1] == pytest.approx(4.0 / 3.0)
    assert [(line.rule, line.subject, line.found) for line in attacked.audit] == [
        ("company_cap", "z", "60.0% of the volume")
    ] * 2
    assert attacked.concentration.max() == pytest.approx(0.2)


def test_volume_inflated_to_60_percent_does_not_move_a_list_that_weighs_by_spend(listed, used):
    prices = [("2026-01-01", f"{seller}/m", 1.0 + i, "") for i, seller in enumerate(SELLERS)]
    prices += [("2026-03-05", "z/m", 4.0, ""), ("2026-04-05", "y/m", 3.0, "")]
    chosen = dataclasses.replace(MONTHLY, average="spend")
    spent = [(day, name, mtok, 1.0) for day, name, mtok, _ in use(0.0)]
    pumped = [
        (day, name, mtok + extra - 100, 1.0)
        for (day, name, mtok, _), (_, _, extra, _) in zip(spent, use(500.0), strict=True)
    ]
    clean, attacked = (study(chosen, list_prices=listed(prices), usage=used(rows)) for rows in (spent, pumped))
    assert np.abs(attacked.values / clean.values - 1).max() < 0.01
    assert abs(attacked.unscreened[-1] / clean.unscreened[-1] - 1) > 0.03
    assert {line.rule for line in attacked.audit} == {"company_cap"}


@pytest.mark.parametrize("sources", [("",), SOURCES, ("page",)])
def test_a_real_cut_to_a_quarter_enters_with_its_full_weight(listed, sources):
    rows = [("2026-01-05", f"{seller}/m", 4.0, source) for seller in SELLERS for source in sources]
    rows += [("2026-02-10", "w/m", 1.0, source) for source in sources]
    rows += [("2026-04-01", "new/m", 9.0, sources[0])]
    made = study(MONTHLY, list_prices=listed(rows))
    assert made.values[-1] == pytest.approx(100 * 0.25 ** (1 / 5))
    waits = sources == ("page",)
    assert made.values[1] == pytest.approx(100.0 if waits else made.values[-1])
    rules = {line.rule for line in made.audit}
    assert rules == {("",): {"large_move"}, SOURCES: set(), ("page",): {"unconfirmed_move", "confirmed_move"}}[sources]


def test_a_cut_that_a_second_source_confirms_enters_although_as_many_have_not_looked_yet(listed):
    rows = [("2026-01-05", f"{seller}/m", 4.0, source) for seller in SELLERS for source in "abcd"]
    rows += [("2026-02-10", "w/m", 1.0, "a"), ("2026-02-11", "w/m", 1.0, "b"), ("2026-04-01", "new/m", 9.0, "a")]
    made = study(MONTHLY, list_prices=listed(rows))
    assert made.values[1:] == pytest.approx(100 * 0.25 ** (1 / 5))
    assert {line.rule for line in made.audit} == {"stale_source"}


def test_the_prints_are_at_the_ends_of_periods_from_the_first_price_to_the_newest_row(listed):
    prices = listed([("2026-01-07", "p/m", 1.0, ""), ("2026-01-21", "p/m", 2.0, "")])
    weekly = study(IndexSettings(), list_prices=prices)
    assert weekly.dates.astype(str).tolist() == ["2026-01-11", "2026-01-18", "2026-01-25"]
    assert weekly.values == pytest.approx([100.0, 100.0, 200.0])
    assert weekly.unit == "base 100 = 2026-01-11"
    assert weekly.notices == ("the print of 2026-01-25 rests on rows up to 2026-01-21: its period may not be over",)
    monthly = study(MONTHLY, list_prices=prices)
    assert monthly.dates.astype(str).tolist() == ["2026-01-31"]


def test_no_print_looks_ahead(listed):
    rows = honest() + ATTACKS["one of several sources at ten times"]
    whole = study(MONTHLY, list_prices=listed(rows))
    for day, value in zip(whole.dates, whole.values, strict=True):
        until = study(MONTHLY, list_prices=listed([row for row in rows if np.datetime64(row[0]) <= day]))
        known = min(until.dates.size, int(np.searchsorted(whole.dates, day)) + 1)
        assert until.values[known - 1] == pytest.approx(value, rel=1e-12)


def _listed(rows: list[tuple[str, str, float, str]]) -> ListPrices:
    return ListPrices(
        "USD",
        np.array([row[0] for row in rows] * 2, dtype="datetime64[D]"),
        tuple(row[1].partition("/")[0] for row in rows) * 2,
        tuple(row[1].partition("/")[2] for row in rows) * 2,
        ("uncached_input",) * len(rows) + ("output",) * len(rows),
        np.array([row[2] for row in rows] * 2),
        (),
        tuple(row[3] for row in rows) * 2,
    )


@st.composite
def price_lists(draw: st.DrawFn) -> list[tuple[str, str, float, str]]:
    """Some models with some changes, one row per day and model."""
    rows = []
    for model in draw(st.lists(st.sampled_from(["v/m", "v/n", "w/m", "x/m", "y/o"]), min_size=2, unique=True)):
        days = draw(st.lists(st.integers(0, 200), min_size=1, max_size=4, unique=True))
        for day in sorted(days):
            price = draw(st.floats(0.1, 50.0))
            rows.append((str(np.datetime64("2026-01-01") + day), model, price, ""))
    return rows


@settings(deadline=None, max_examples=40)
@given(rows=price_lists(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_is_no_matter(rows, seed):
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    first, second = (study(MONTHLY, list_prices=_listed(some)) for some in (rows, shuffled))
    assert to_plain(first) == to_plain(second)


@settings(deadline=None, max_examples=40)
@given(rows=price_lists(), factor=st.floats(0.01, 100.0))
def test_scaling_all_prices_leaves_the_matched_list_as_it_is(rows, factor):
    scaled = [(day, name, price * factor, source) for day, name, price, source in rows]
    first, second = (study(MONTHLY, list_prices=_listed(some)) for some in (rows, scaled))
    assert second.values == pytest.approx(first.values, rel=1e-9)


@settings(deadline=None, max_examples=40)
@given(day=st.integers(30, 105), price=st.floats(0.01, 1000.0))
def test_a_model_that_enters_moves_nothing(day, price):
    entry = (str(np.datetime64("2026-01-01") + day), "fresh/m", price, "")
    without, beside = (study(MONTHLY, list_prices=_listed(rows)) for rows in (honest(), [*honest(), entry]))
    last = int(np.flatnonzero(beside.dates >= np.datetime64(entry[0]))[0])
    moves = np.diff(np.log(beside.values))[last - 1 : last]
    assert moves == pytest.approx(np.diff(np.log(without.values))[last - 1 : last], abs=1e-12)


def test_a_family_that_grows_too_old_moves_nothing(listed):
    rows = [("2026-01-05", "v/m", 1.0, ""), ("2026-03-05", "w/m", 5.0, ""), ("2026-06-05", "w/m", 4.0, "")]
    made = study(dataclasses.replace(MONTHLY, oldest_days=120), list_prices=listed(rows))
    assert made.values == pytest.approx([100.0, 100.0, 100.0, 100.0, 100.0, 80.0])
    assert made.weights[-1].tolist() == [0.0, 1.0]
    assert made.audit[0].rule == "thin"


def test_weights_concentration_and_stale_share_belong_to_the_print(listed):
    rows = [("2026-01-05", name, 1.0, "") for name in ("v/m", "v/n", "w/m", "x/m")]
    made = study(MONTHLY, list_prices=listed([*rows, ("2026-02-05", "v/n", 0.5, "")]))
    assert made.constituents == ("v/m", "v/n", "w/m", "x/m")
    assert made.weights[1] == pytest.approx([1 / 6, 1 / 6, 1 / 3, 1 / 3])
    assert made.concentration == pytest.approx([1 / 3, 1 / 3])
    assert made.stale_share == pytest.approx([np.nan, 0.75], nan_ok=True)
    assert made.moves[1] == pytest.approx([0.0, np.log(0.5), 0.0, 0.0])
    assert np.log(made.values[1] / 100) == pytest.approx(made.weights[1] @ made.moves[1])


def test_a_provider_with_most_of_the_families_is_capped(listed):
    rows = [("2026-01-05", name, 1.0, "") for name in ("v/a", "v/b", "v/c", "w/a", "x/a")]
    chosen = dataclasses.replace(MONTHLY, average="family")
    made = study(chosen, list_prices=listed([*rows, ("2026-02-05", "v/a", 0.5, "")]))
    assert made.concentration == pytest.approx([0.5, 0.5])
    assert made.values[1] == pytest.approx(100 * 0.5 ** (0.5 / 3))
    assert made.unscreened[1] == pytest.approx(100 * 0.5 ** (1 / 5))


def test_a_correction_of_the_list_is_not_compared(listed):
    rows = [("2026-01-05", "v/m", 1.0, ""), ("2026-01-05", "w/m", 1.0, ""), ("2026-02-05", "v/m", 0.5, "")]
    rows += [("2026-03-05", "v/m", 0.4, "")]
    chosen = dataclasses.replace(MONTHLY, not_compared=("v/m 2026-02-05",))
    made = study(chosen, list_prices=listed(rows))
    assert made.values == pytest.approx([100.0, 100.0, 100 * 0.8**0.5])
    assert [line.rule for line in made.audit if line.subject == "v/m"] == ["correction"]


def test_a_correction_in_a_carried_print_does_not_enter_with_the_next(listed):
    rows = [("2026-01-05", f"{name}/m", 1.0, "a") for name in "uvw"]
    rows += [("2026-02-05", "u/m", 0.5, "a"), ("2026-02-05", "v/m", 10.0, "a"), ("2026-02-05", "w/m", 10.0, "a")]
    rows += [("2026-03-05", "u/m", 0.5, "a")]
    made = study(dataclasses.replace(MONTHLY, not_compared=("u/m 2026-02-05",)), list_prices=listed(rows))
    assert ("2026-02-28", "minimum_sample") in {(line.date, line.rule) for line in made.audit}
    assert made.values == pytest.approx([100.0, 100.0, 1000.0])


def test_a_correction_that_waits_for_confirmation_is_not_compared_when_it_comes(listed):
    rows = [("2026-01-05", f"{name}/m", 1.0, "a") for name in "uvwx"]
    rows += [("2026-02-05", "u/m", 10.0, "a"), ("2026-04-05", "u/m", 11.0, "a")]
    made = study(dataclasses.replace(MONTHLY, not_compared=("u/m 2026-02-05",)), list_prices=listed(rows))
    assert "confirmed_move" in {line.rule for line in made.audit}
    assert made.values == pytest.approx([100.0, 100.0, 100.0, 100 * 1.1**0.25])


def test_what_is_not_a_sellers_own_text_model_is_left_out_and_counted(listed):
    rows = [("2026-01-05", name, 1.0, "") for name in ("v/m", "azure/m", "v/m-latest", "v/us.m")]
    made = study(MONTHLY, list_prices=listed(rows))
    assert made.constituents == ("v/m",)
    assert made.notices[:3] == (
        "2 rows of the price list left out: a region prefix",
        "2 rows of the price list left out: another kind of model or a moving alias",
        "2 rows of the price list left out: resellers",
    )
    with pytest.raises(InputError, match="no row of the price list can be compared"):
        study(MONTHLY, list_prices=listed(rows[1:]))


@pytest.mark.parametrize(
    ("method", "expected"),
    [("matched_list", "list prices"), ("quality_constant", "list prices"), ("realised", "needs usage")],
)
def test_a_method_without_its_inputs_says_what_it_needs(method, expected):
    with pytest.raises(InputError, match=expected):
        study(IndexSettings(method=method))


def test_quality_without_scores_says_so(listed):
    with pytest.raises(InputError, match="benchmark scores"):
        study(IndexSettings(method="quality_constant"), list_prices=listed(honest()))


def test_a_list_without_any_model_that_has_both_prices_is_refused(listed):
    prices = listed([("2026-01-05", "v/m", 1.0, "")])
    one_sided = dataclasses.replace(prices, meters=("output", "cache_read"))
    with pytest.raises(InputError, match="both uncached_input and output"):
        study(MONTHLY, list_prices=one_sided)


def test_a_study_survives_being_written_down(listed):
    made = study(MONTHLY, list_prices=listed(honest() + ATTACKS["one of several sources at zero"]))
    assert to_plain(from_plain(IndexStudy, to_plain(made))) == to_plain(made)
    written = made.as_json()
    assert written["series"][0] == ["2026-01-31", 100.0]
    assert set(written["audit"][0]) == {"date", "rule", "subject", "found", "action"}
    assert len(written["self_check"]) == 19
    assert written["weights"][0][1] == pytest.approx({f"{seller}/m": 0.2 for seller in SELLERS})
