"""The Inputs page without a browser: files become a draft, faults stand in their places, edits and names are kept."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from dash import no_update

from hedgedesk.dashboard import create_app, ids
from hedgedesk.dashboard.pages.inputs import desk_card, drafting, editing, editor, loading, places, preview, skeleton
from hedgedesk.dashboard.pages.inputs.drafting import Held
from hedgedesk.desk import assets
from hedgedesk.domain.draft import CellEdit, DraftFile, Preview, RawTable
from hedgedesk.domain.errors import Fault, HedgeDeskError
from hedgedesk.domain.workspace import KeptDesk, OpenDesk
from hedgedesk.files.templates import VENUE_TEMPLATES
from hedgedesk.jobs import JobFailure, JobState

FORECAST = (("month", "mtok"), [["2026-12", "100"], ["2027-01", "110"], ["2027-02", "120"]])


class StillDrafts:
    """Drafts in memory: one table, in which a cell of the word ``bad`` is a fault."""

    def __init__(self) -> None:
        self.rows = {}
        self.before = {}
        self.discarded = []
        self.made = 0

    def receive(self, files, base=None):
        if not any(name.endswith(".csv") for name, _ in files):
            raise HedgeDeskError(f"{files[0][0]}: no table in it")
        lines = [line.split(",") for line in files[0][1].decode().split("\n") if line]
        return self._new(lines[1:])

    def copy_of(self, folder, name):
        return self._new([list(row) for row in FORECAST[1]])

    def _new(self, rows):
        self.made += 1
        draft = f"draft{self.made}"
        self.rows[draft], self.before[draft] = rows, []
        return draft

    def start_reading(self, draft):
        return f"reading-{draft}"

    def table(self, draft, file):
        rows = self._rows(draft)
        lines = tuple(range(2, 2 + len(rows)))
        return RawTable("consumption.csv", FORECAST[0], lines, tuple(map(tuple, rows)), self._faults(rows))

    def preview(self, draft):
        rows = self._rows(draft)
        faults = self._faults(rows)
        file = DraftFile("consumption.csv", "consumption.csv", len(rows), (), len(faults), True)
        changes = len(self.before[draft])
        return Preview(draft, "A desk", (file,), faults, (), "2026-11-20", not faults, changes > 0, changes)

    def edit(self, draft, file, edits):
        rows = self._rows(draft)
        self.before[draft].append([list(row) for row in rows])
        for edit in edits:
            if edit.kind == "cell":
                rows[edit.line - 2][FORECAST[0].index(edit.column)] = edit.text
            elif edit.kind == "add":
                rows.insert(edit.line - 1, ["", ""])
            else:
                del rows[edit.line - 2]
        return self.preview(draft)

    def undo(self, draft):
        self.rows[draft] = self.before[draft].pop()
        return self.preview(draft)

    def discard(self, draft):
        self.discarded.append(draft)
        self.rows.pop(draft, None)

    def _rows(self, draft):
        if draft not in self.rows:
            raise HedgeDeskError(f"draft {draft} is unknown")
        return self.rows[draft]

    @staticmethod
    def _faults(rows):
        return tuple(
            Fault("consumption.csv", i, FORECAST[0][j], cell, "a number")
            for i, row in enumerate(rows, start=2)
            for j, cell in enumerate(row)
            if cell == "bad"
        )


@pytest.fixture
def desk(desk):
    """The still desk, with drafts and a desk that is open."""
    desk.drafts = StillDrafts()
    desk.now = OpenDesk("Sample desk", "sample", Path("still"), "key1")
    desk.kept = ()
    desk.opened = lambda: desk.now
    desk.desks = lambda: desk.kept
    desk.newest = lambda: None

    def confirm(draft, name, *, new=False):
        desk.drafts.preview(draft)
        revision = 1 if new or desk.now.revision is None else desk.now.revision + 1
        desk.now = OpenDesk(name, "kept", Path("still"), f"key-{draft}", "w1", revision, revision > 1)
        return desk.now

    desk.confirm = confirm
    desk.confirmed = lambda draft: None
    return desk


@pytest.fixture
def app(desk):
    return create_app(desk, assets())


def sent(text, name="consumption.csv"):
    return [{"name": name, "content": base64.b64encode(text.encode()).decode()}]


def loaded(desk, text="month,mtok\n2026-12,bad\n2027-01,2\n"):
    mine = loading.receive(desk, sent(text), None)
    desk.states[mine.job] = JobState(mine.job, "key", "done", 1.0)
    return mine


def plain(components):
    return json.dumps(components, default=lambda c: c.to_plotly_json())


def test_a_window_that_has_no_draft_edits_a_copy_of_the_open_desk(desk):
    record, title, _ = loading.settle(desk, None, None)
    assert (record["kind"], record["base"], title) == ("edit", "key1", "")
    shown = loading.show(desk, drafting.held(record), "consumption", "")
    assert [row["c1"] for row in shown[f"{places.GRID}.rowData"]] == ["100", "110", "120"]
    assert shown[f"{places.BAR}.hidden"]
    assert shown[f"{places.PREVIEW}.hidden"]


def test_a_copy_without_changes_follows_the_open_desk_and_one_with_changes_stays(desk):
    mine = drafting.current(desk, None)
    changed = drafting.current(desk, None)
    desk.drafts.edit(changed.draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "7")])
    desk.now = replace(desk.now, key="key2")
    assert drafting.current(desk, mine).base == "key2"
    assert desk.drafts.discarded == [mine.draft]
    assert drafting.current(desk, changed).draft == changed.draft


def test_a_draft_that_the_server_forgot_gives_way_to_a_copy(desk):
    assert drafting.current(desk, Held("gone", "import", "key1")).kind == "edit"


def test_what_is_no_draft_of_ours_is_no_draft():
    assert drafting.held({"draft": "x", "evil": 1}) is None
    assert drafting.held(None) is None


def test_files_become_a_draft_and_a_job(desk):
    mine = loading.receive(desk, sent("month,mtok\n2026-12,1\n"), None)
    assert mine == Held("draft1", "import", "key1", "reading-draft1")


@pytest.mark.parametrize("bad", [[{"name": "a.csv"}], [{"name": "a.csv", "content": "%%"}], [None]])
def test_files_that_did_not_arrive_whole_are_refused(desk, bad):
    with pytest.raises(HedgeDeskError, match="did not arrive whole"):
        loading.receive(desk, bad, None)


def test_while_files_are_read_the_page_says_so(desk):
    mine = loading.receive(desk, sent("month,mtok\n2026-12,1\n"), None)
    desk.states[mine.job] = JobState(mine.job, "key", "running", 0.1)
    shown = loading.show(desk, mine, "consumption", None)
    assert shown[f"{places.READING}.children"] == "Reading the files …"
    assert shown[f"{places.PREVIEW}.hidden"] is no_update


def test_files_that_cannot_be_read_at_all_say_why_in_place(desk):
    mine = loaded(desk)
    desk.drafts.discard(mine.draft)
    desk.states[mine.job] = JobState(mine.job, "key", "failed", failure=JobFailure("ab12cd", "a zip in a zip"))
    assert loading.show(desk, mine, "consumption", None)[f"{places.REFUSED}.children"] == "a zip in a zip"


def test_a_preview_says_the_count_first_and_nothing_is_confirmed_with_a_fault(desk):
    mine = loaded(desk)
    shown = loading.show(desk, mine, "consumption", None)
    said = "1 of 2 rows cannot be read. Nothing has been imported."
    assert shown[f"{places.PREVIEW_TITLE}.children"] == said
    assert not shown[f"{places.PREVIEW}.hidden"]
    assert shown[f"{places.CONFIRM}.disabled"]
    assert shown[f"{places.CONFIRM}.variant"] == "default"
    assert shown[f"{places.TAB}.data"][0] == {"value": "consumption", "label": "Forecast · 1"}
    for part in ("consumption.csv", "bad", "a number", '"mtok"'):
        assert part in plain(shown[f"{places.PREVIEW_FAULTS}.children"])
    assert shown[f"{places.MARKS}.data"] == {
        "table": "consumption",
        "lines": {"2": {"c1": "Found bad. Should be: a number"}},
    }


def test_a_name_that_stands_there_is_never_sent_back_over_what_is_typed_meanwhile(desk):
    record, _, _ = loading.settle(desk, None, None)
    title = f"{places.DESK_TITLE}.value"
    assert loading.show(desk, drafting.held(record), "consumption", "")[title] == "Sample desk, my copy"
    assert loading.show(desk, drafting.held(record), "consumption", "Second")[title] is no_update


def test_after_an_import_the_first_table_with_a_fault_is_shown(desk):
    mine = loaded(desk)
    assert loading.settle(desk, mine, {"kind": "import"})[2] == "consumption"
    assert loading.settle(desk, mine, None)[2] is no_update


def test_a_mended_cell_makes_the_draft_ready_without_sending_the_cells_again(desk):
    mine = loaded(desk)
    asked = {
        "table": "consumption",
        "at": 5,
        "redraw": False,
        "edits": [{"kind": "cell", "line": 2, "column": 1, "text": "1"}],
    }
    shown = editing.edit(desk, mine, asked)
    assert set(shown) == set(editing.EDITED)
    assert shown[f"{places.ANSWER}.data"] == 5
    assert not shown[f"{places.CONFIRM}.disabled"]
    assert shown[f"{places.CONFIRM}.variant"] == "filled"
    assert shown[f"{places.GRID}.rowData"] is no_update
    assert shown[f"{places.MARKS}.data"]["lines"] == {}
    assert not shown[f"{places.UNDO}.disabled"]


@pytest.mark.parametrize(("kind", "count"), [("add", 4), ("remove", 2)])
def test_rows_come_and_go_and_the_cells_are_sent_again(desk, kind, count):
    mine = drafting.current(desk, None)
    asked = {"table": "consumption", "at": 1, "edits": [{"kind": kind, "line": 3}]}
    assert len(editing.edit(desk, mine, asked)[f"{places.GRID}.rowData"]) == count


def test_edits_that_name_no_column_or_kind_are_left_out():
    table = RawTable("consumption.csv", ("month", "mtok"), (2,), (("2026-12", "1"),))
    asked = [
        {"kind": "cell", "line": 2, "column": 7, "text": "x"},
        {"kind": "cell", "line": 2, "column": -1, "text": "x"},
        {"kind": "format", "line": 2},
        {"kind": "cell", "line": 2, "column": 1, "text": None},
    ]
    assert editor.edits_of(asked, table) == [CellEdit("cell", 2, "mtok", "")]


def test_an_edit_that_is_refused_is_answered_and_says_why(call, desk):
    mine = drafting.current(desk, None)
    desk.drafts.edit = lambda *_: (_ for _ in ()).throw(HedgeDeskError("the file is too large now"))
    asked = {"table": "consumption", "at": 9, "edits": [{"kind": "add", "line": 2}]}
    answer = call(f"{places.ANSWER}.data", inputs_edits__data=asked, inputs_draft__data=mine.record())
    response = answer.json["response"]
    assert response[places.ANSWER]["data"] == 9
    assert "too large now" in json.dumps(response[places.TABLE_FAULTS])
    assert len(response[places.GRID]["rowData"]) == 3


def test_changes_of_the_open_desk_say_that_the_own_folder_stays(desk):
    mine = drafting.current(desk, None)
    read = desk.drafts.edit(mine.draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "7")])
    shown = preview.view(read, mine, drafting.standing(desk, mine, read), "consumption")
    assert shown[f"{places.BAR_WORDS}.children"] == "1 change, not saved"
    assert "Your own folder is not changed" in shown[f"{places.BAR_NOTE}.children"]
    assert shown[f"{places.CONFIRM}.children"] == "Confirm and keep"
    assert shown[f"{places.KEEP_NEW}.style"] == {"display": "none"}
    assert shown[f"{places.PREVIEW}.hidden"]


def test_changes_made_while_another_window_saved_can_only_be_kept_as_a_new_desk(desk):
    mine = drafting.current(desk, None)
    desk.drafts.edit(mine.draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "7")])
    desk.now = replace(desk.now, key="another")
    shown = loading.show(desk, mine, "consumption", None)
    assert "has changed since" in shown[f"{places.BAR_WORDS}.children"]
    assert shown[f"{places.CONFIRM}.style"] == {"display": "none"}
    assert shown[f"{places.KEEP_NEW}.style"] == {}


def test_saving_over_another_windows_revision_is_refused_and_nothing_is_lost(desk):
    mine = drafting.current(desk, None)
    desk.drafts.edit(mine.draft, "consumption.csv", [CellEdit("cell", 2, "mtok", "7")])
    desk.now = replace(desk.now, key="another")
    with pytest.raises(HedgeDeskError, match="has changed since"):
        editing.keep(desk, mine, "Mine", new=False)
    assert desk.drafts.preview(mine.draft).changes == 1
    assert editing.keep(desk, mine, "Mine", new=True).startswith("Mine is kept and open")


def test_a_kept_desk_is_said_and_its_next_revision_too(desk):
    assert editing.keep(desk, loaded(desk, "month,mtok\n2026-12,1\n"), "Mine", new=False).startswith("Mine is kept")
    assert "revision 2" in editing.keep(desk, drafting.current(desk, None), "Mine", new=False)


def test_a_desk_without_a_name_is_not_kept(call, desk):
    mine = loaded(desk, "month,mtok\n2026-12,1\n")
    given = {"inputs_confirm__n_clicks": 1, "inputs_draft__data": mine.record(), "inputs_title__value": " "}
    answer = call(f"{places.DESK_TITLE}.error", **given).json["response"]
    assert answer == {places.DESK_TITLE: {"error": "A desk needs a name"}}
    assert desk.now.kind == "sample"


def test_the_card_tells_which_desk_is_open_and_which_others_there_are(desk):
    opened = OpenDesk("Mine", "kept", Path("/a/b"), "k", "w1", 3, True)
    kept = (KeptDesk("w1", "Mine", 3, "2026-11-20T08:00:00+00:00"), KeptDesk("w2", "Other", 1, "2026-11-19T08:00:00"))
    shown = desk_card.view(opened, kept, "2026-11-20")
    assert shown[f"{places.DESK_KIND}.children"] == "Kept, revision 3"
    assert shown[f"{places.DESK_AS_OF}.children"] == "As of 20 Nov 2026"
    assert not shown[f"{places.DESK_UNDO}.disabled"]
    assert [option["value"] for option in shown[f"{places.DESK_KEPT}.data"]] == ["w2"]
    assert desk_card.view(desk.now, (), None)[f"{places.DESK_SAMPLE}.disabled"]


def test_a_page_that_comes_opens_keeps_and_throws_away_nothing(client, desk):
    desk.open_sample = desk.undo = desk.confirm = lambda *_, **__: pytest.fail("nobody asked")
    mine = loaded(desk, "month,mtok\n2026-12,1\n")
    given = {f"{places.DRAFT}.data": mine.record(), f"{places.DESK_TITLE}.value": "Mine"}
    called = [d for d in client.get("/_dash-dependencies").json if f"{ids.DESK}.data" in d["output"]]
    for found in [d for d in called if d["inputs"][0]["id"].startswith("inputs-")]:
        assert client.post("/_dash-update-component", json=request_of(found, given)).status_code == 204
    assert desk.drafts.preview(mine.draft).ready


def request_of(found, given):
    """What the browser posts to a callback as the page comes."""
    places_of = [
        dict(zip(("id", "property"), part.split("@")[0].rsplit(".", 1), strict=True))
        for part in found["output"].strip(".").split("...")
    ]
    filled = {
        kind: [{**place, "value": given.get(f"{place['id']}.{place['property']}")} for place in found[kind]]
        for kind in ("inputs", "state")
    }
    return {"output": found["output"], "outputs": places_of, "changedPropIds": [], **filled}


def test_every_template_is_offered_in_its_formats():
    page = plain(skeleton.page("/inputs").to_plotly_json())
    for name in ("consumption.csv", "consumption.xlsx", "index.csv", "program.toml", "contract.toml", "settings.toml"):
        assert f'"/download/template/{name}"' in page
    assert "/download/template/program.csv" not in page
    for name in VENUE_TEMPLATES:
        assert f'"/download/template/{name}.toml"' in page


def test_the_limits_are_told_before_anything_is_sent():
    page = plain(skeleton.page("/inputs").to_plotly_json())
    assert "11.5 MB at most" in page
    assert '"data-limit": "11500000"' in page


@pytest.mark.parametrize(
    "record",
    [
        5,
        [],
        "x",
        {"draft": 5, "kind": "edit", "base": "k", "job": None, "turn": 0},
        {"draft": "d", "kind": [], "base": "k", "job": None, "turn": 0},
        {"draft": "d", "kind": "edit", "base": "k", "job": {}, "turn": 0},
        {"draft": "d", "kind": "edit", "base": "k", "job": None, "turn": float("nan")},
    ],
)
def test_what_no_page_of_ours_remembered_is_no_draft(record):
    assert drafting.held(record) is None


@pytest.mark.parametrize(
    "edits",
    [5, [5], ["x"], [{"kind": "cell", "line": "x"}], [{"kind": "cell", "line": float("nan")}], [{"line": []}], [None]],
)
def test_edits_that_are_none_are_refused_in_words(edits):
    table = RawTable("consumption.csv", FORECAST[0], (2,), (("2026-12", "100"),))
    with pytest.raises(HedgeDeskError, match="did not arrive whole"):
        editor.edits_of(edits, table)


def test_a_run_that_ends_before_the_page_has_its_draft_gives_it_the_draft(client, desk):
    # Dash drops the page's own first question when the end of the run asks again: this answer is then the only one.
    called = client.get("/_dash-dependencies").json
    (finder,) = [d for d in called if any(place["id"] == places.RECALLED for place in d["inputs"])]
    told = {"job": "a", "kind": "run", "status": "done", "result": {}}

    def ended(record):
        asked = request_of(finder, {f"{ids.DONE}.data": told, f"{places.DRAFT}.data": record})
        return client.post("/_dash-update-component", json=asked | {"changedPropIds": [f"{ids.DONE}.data"]})

    first = ended(None)
    assert first.json["response"][places.DRAFT]["data"]["draft"] == "draft1"
    assert ended(first.json["response"][places.DRAFT]["data"]).status_code == 204
