"""The order in which a gap is explained, and its bounds."""

from __future__ import annotations

import pytest

from hedgedesk.domain.reconciliation import CAUSES
from hedgedesk.exposure.reconciliation.gaps import Gap, explain

NONE = dict.fromkeys(("served", "prompts", "hours", "cache", "fx"), (0.0, 0.0))


def gap(billed: float, priced: float | None = 100.0, half_cents: float = 0.0, **parts: object) -> Gap:
    ranges = {**NONE, **{kind: parts.pop(kind) for kind in tuple(parts) if kind in NONE}}
    told = dict.fromkeys(("tokens", "unpriced_tokens", "unpriced_billed", "apart", "other", "listed_off"), 0.0)
    return Gap("lab", "2026-10", billed, priced, half_cents=half_cents, ranges=ranges, **{**told, **parts})  # type: ignore[arg-type]


def explained(one: Gap) -> dict[str, float]:
    explain([one])
    causes = one.causes()
    assert list(causes) == list(CAUSES)
    assert sum(causes.values()) == pytest.approx(one.whole, abs=1e-9)
    return {cause: amount for cause, amount in causes.items() if abs(amount) > 1e-9}


def test_what_is_known_comes_before_what_may_be() -> None:
    found = explained(gap(70.0, other=10.0, listed_off=-20.0, cache=(-90.0, 0.0)))
    assert found == pytest.approx({"non_token": 10.0, "discount": -20.0, "cache": -20.0})


def test_hidden_prompts_explain_before_unknown_caches_and_only_their_own_direction() -> None:
    assert explained(gap(60.0, prompts=(0.0, 50.0), cache=(-30.0, 0.0))) == pytest.approx(
        {"cache": -30.0, "unexplained": -10.0}
    )
    assert explained(gap(160.0, prompts=(0.0, 50.0), cache=(-30.0, 0.0))) == pytest.approx(
        {"tier": 50.0, "unexplained": 10.0}
    )


def test_a_gap_of_cents_is_rounding_and_no_other_cause_is_troubled() -> None:
    assert explained(gap(99.99, half_cents=0.02, cache=(-30.0, 0.0))) == pytest.approx({"rounding": -0.01})


def test_a_line_without_a_price_is_unknown_but_for_what_is_no_token() -> None:
    assert explained(gap(30.0, None, other=4.0, cache=(-9.0, 0.0))) == pytest.approx(
        {"unknown_model": 26.0, "non_token": 4.0}
    )


def test_a_wrong_tier_shared_by_every_line_is_no_discount() -> None:
    lines = [gap(50.0, served=(-55.0, 0.0)) for _ in range(4)]
    explain(lines)
    assert {line.causes()["tier"] for line in lines} == {-50.0}
    assert {line.causes()["discount"] for line in lines} == {0.0}


def test_free_use_at_a_price_of_nothing_has_no_share() -> None:
    lines = [gap(0.0, 0.0) for _ in range(4)]
    assert explain(lines) == ()
    assert all(line.whole == 0.0 for line in lines)
