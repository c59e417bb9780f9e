"""How use is spread."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.concentration import concentration, concentrations

NONE = float("nan")


def usage(*rows):
    """Rows of (key, output tokens, billed, priced)."""
    count = len(rows)
    tokens = np.zeros((count, 4))
    tokens[:, 3] = [row[1] for row in rows]
    zeros, unknown = np.zeros(count), np.full(count, np.nan)
    return Usage(
        starts=np.full(count, np.datetime64("2026-03-01T00:00:00", "s")),
        keys=tuple(row[0] for row in rows),
        key=np.arange(count),
        tokens=tokens,
        cache_write_1h=zeros,
        reasoning=zeros,
        requests=unknown,
        billed=np.array([row[2] for row in rows]),
        listed=unknown,
        priced=np.array([row[3] for row in rows]),
    )


def key(seller="openai", model="a", team="", region="", item="tokens"):
    return UsageKey(seller, model, team, region, item=item)


def test_shares_are_of_the_cost_billed_or_else_priced():
    spread = concentration(usage((key("openai"), 1e6, 60.0, 50.0), (key("anthropic"), 9e6, NONE, 40.0)), "seller")
    assert [(s.name, s.mtok, s.cost, s.share) for s in spread.shares] == [
        ("openai", 1.0, 60.0, 0.6),
        ("anthropic", 9.0, 40.0, 0.4),
    ]
    assert spread.herfindahl == pytest.approx(0.36 + 0.16)


def test_shares_are_of_the_tokens_where_nothing_has_a_cost():
    spread = concentration(usage((key(model="a"), 3e6, NONE, NONE), (key(model="b"), 1e6, NONE, NONE)), "model")
    assert [s.share for s in spread.shares] == [0.75, 0.25]
    assert [s.cost for s in spread.shares] == [0.0, 0.0]


def test_a_single_name_is_wholly_concentrated_and_equal_names_are_least():
    alone = concentration(usage((key(team="t"), 1e6, 5.0, NONE)), "team")
    assert alone.herfindahl == 1.0
    even = concentration(usage(*((key(region=r), 1e6, 5.0, NONE) for r in "abcd")), "region")
    assert even.herfindahl == pytest.approx(0.25)
    assert [s.name for s in even.shares] == list("abcd")


def test_money_that_is_not_for_tokens_is_left_out():
    rows = usage((key(model="a"), 1e6, 5.0, NONE), (key(model="", item="tax"), 0.0, 95.0, NONE))
    assert [(s.name, s.share) for s in concentration(rows, "model").shares] == [("a", 1.0)]


def test_every_way_of_spreading_adds_to_the_whole():
    rows = usage(
        *((key(s, m, t), 1e6 * n, 3.0 * n, NONE) for n, (s, m, t) in enumerate(("abc", "abd", "xbc", "xyz", "ayc"), 1))
    )
    found = concentrations(rows)
    assert [each.by for each in found] == ["seller", "model", "team", "region"]
    for each in found:
        assert sum(s.share for s in each.shares) == pytest.approx(1.0)
        assert sum(s.cost for s in each.shares) == pytest.approx(3.0 * 15)


def test_a_way_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="seller, model, team, region"):
        concentration(usage((key(), 1.0, 1.0, NONE)), "colour")
