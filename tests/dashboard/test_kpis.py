"""A row of numbers: its skeleton has every id that its leaves name."""

from __future__ import annotations

from hedgedesk.dashboard.pages import kpis
from hedgedesk.reports.headlines import Headline

NAMES = {"one": "kpi.value", "two": "kpi.cover_blank"}


def test_the_skeleton_holds_the_leaves_and_the_headlines_fill_them():
    row = kpis.row("exposure", NAMES, ("two",))
    ids = {c.id for c in row._traverse() if getattr(c, "id", None)}
    leaves = kpis.leaves("exposure", tuple(NAMES), ("two",))
    told = kpis.told("exposure", {"one": Headline("A", "1"), "two": Headline("B", "2")}, ("two",))
    assert {leaf.rsplit(".", 1)[0] for leaf in leaves} <= ids
    assert set(told) == set(leaves)


def test_a_number_without_a_band_draws_none_and_one_with_it_draws_it():
    banded = Headline("B", "64%", band=(0.64, 0.5, 0.75, "in"))
    assert kpis.told("exposure", {"two": banded}, ("two",))["exposure-two-band.children"]
    assert kpis.told("exposure", {"two": Headline("B", "–")}, ("two",))["exposure-two-band.children"] == []
