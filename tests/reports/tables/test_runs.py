"""Stored runs and deeds as tables."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.domain.workspace import Deed, RunLine
from hedgedesk.reports import format as fmt
from hedgedesk.reports import manifest
from hedgedesk.reports.tables import runs as run_tables

LINE = RunLine(
    run_id="7f3a9c2e51d04b86",
    name="Base case",
    kind="run",
    based_on=None,
    changes="",
    desk="Sample desk",
    key="k1",
    made_at="2026-11-21T09:05:00+00:00",
    made_by="lin",
    as_of="2026-11-20",
    model="TwoFactor",
    scenarios=20_000,
    seed=7,
    currency="CNY",
    level=0.95,
    mean=10_900_000.0,
    cvar=15_540_000.0,
    unhedged_cvar=17_920_000.0,
    seconds=4.2,
)


def row(line=LINE, key="k1", shown=None):
    (found,) = run_tables.runs_table([line], key, shown).rows
    return found


def test_a_run_is_told_in_one_line_with_its_units():
    cells = row()
    told = {key: cell.text for key, cell in cells.items()}
    assert told["name"] == "Base case"
    assert told["id"] == "7f3a9c2e"
    assert cells["id"].value == LINE.run_id
    assert told["when"] == fmt.moment(LINE.made_at)
    assert (told["as_of"], told["scenarios"], told["seed"]) == ("20 Nov 2026", "20,000", "7")
    assert (told["mean"], told["cvar"]) == ("10.90\u00a0CNY\u00a0m", "15.54\u00a0CNY\u00a0m")


@pytest.mark.parametrize(
    ("key", "shown", "state", "tone"),
    [
        ("k1", LINE.run_id, "shown", "in"),
        ("k1", None, "open desk", ""),
        ("k2", None, "other inputs", "under"),
        ("k2", LINE.run_id, "shown", "in"),
    ],
)
def test_a_run_of_other_inputs_than_the_open_desks_is_marked(key, shown, state, tone):
    cell = row(key=key, shown=shown)["state"]
    assert (cell.text, cell.tone) == (state, tone)


def test_a_run_without_a_name_says_so_and_is_called_by_its_id():
    line = dataclasses.replace(LINE, name=None)
    assert row(line)["name"].text == "not named"
    assert run_tables.title_of(line) == "run 7f3a9c2e"
    assert run_tables.title_of(LINE) == "Base case"


def test_a_what_if_names_the_run_it_is_based_on_and_its_changes():
    line = dataclasses.replace(LINE, kind="what_if", based_on="aabbccddeeff0011", changes="Volume growth +10%")
    cells = row(line)
    assert cells["based_on"].text == "aabbccdd: Volume growth +10%"
    assert cells["based_on"].full == "aabbccddeeff0011: Volume growth +10%"
    assert row()["based_on"].text == ""


def test_a_deed_is_told_in_words():
    deed = Deed("2026-11-21T09:05:00+00:00", "lin", "saved_what_if", "7f3a9c2e", "More volume")
    (cells,) = run_tables.deeds_table([deed]).rows
    assert [cells[key].text for key in ("who", "what", "subject", "detail")] == [
        "lin",
        "Saved a what-if",
        "7f3a9c2e",
        "More volume",
    ]


def test_a_deed_of_a_kind_without_words_is_told_by_its_name():
    (cells,) = run_tables.deeds_table([Deed("2026-11-21T09:05:00+00:00", "lin", "shut_down", "", "")]).rows
    assert cells["what"].text == "shut down"


def test_the_manifest_tells_every_cause_and_outcome(run):
    notes = {note.heading: note.lines for note in manifest.notes(run, LINE)}
    assert notes["Run"] == (run.manifest.run_id,)
    assert "consumption.csv = " + "a" * 64 in notes["Input files, SHA-256"]
    assert "seed = 7" in notes["Settings"]
    assert "numpy = 2.4.6" in notes["Versions"]
    assert notes["Further causes"] == ("model = TwoFactor",)
    assert "recorded_at = 2026-11-21T09:00:00+00:00" in notes["Recorded outcomes"]
    assert "by lin on desk Sample desk" in notes["Made"][0]
    assert manifest.title(run, LINE) == "Where Base case comes from"


def test_a_run_that_is_not_stored_has_a_manifest_too(run):
    assert "Made" not in {note.heading for note in manifest.notes(run, None)}
    assert manifest.title(run, None) == "Where run 7f3a9c2e comes from"
