"""Which run is meant by an id, the beginning of one, a name, or latest."""

from __future__ import annotations

import pytest

from hedgedesk.desk.finding import SHOWN, meant
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.workspace import RunLine


def line(run_id: str, name: str | None = None) -> RunLine:
    words = dict.fromkeys(("changes", "desk", "key", "made_by", "as_of", "model", "currency"), "x")
    numbers = dict.fromkeys(("scenarios", "seed", "level", "mean", "cvar", "unhedged_cvar", "seconds"), 1)
    when = "2026-11-21T09:00:00.000+00:00"
    return RunLine(run_id=run_id, name=name, kind="run", based_on=None, made_at=when, **words, **numbers)


LINES = (line("aa11"), line("aa22", "Budget"), line("bb33", "aa"))


@pytest.mark.parametrize(
    ("wanted", "run_id"),
    [("aa11", "aa11"), ("aa1", "aa11"), ("Budget", "aa22"), ("latest", "aa11"), ("bb", "bb33"), ("aa", "bb33")],
)
def test_an_exact_id_or_name_comes_before_the_beginning_of_an_id(wanted, run_id):
    assert meant(wanted, LINES).run_id == run_id


def test_a_run_that_is_called_latest_is_meant_by_it():
    assert meant("latest", (line("aa11"), line("aa22", "latest"))).run_id == "aa22"


@pytest.mark.parametrize("wanted", ["", "zz", "a"])
def test_none_or_several_are_refused_with_the_newest(wanted):
    with pytest.raises(InputError) as refusal:
        meant(wanted, tuple(line(f"a{n}") for n in range(SHOWN + 2)))
    told = str(refusal.value)
    assert told.count("\n") == SHOWN
    assert ("several runs begin" in told) == (wanted in ("", "a"))


def test_without_any_run_the_next_step_is_told():
    with pytest.raises(InputError, match="run a desk first"):
        meant("latest", ())
