"""Undo and leaving a file out are the same step on Inputs and on Exposure."""

from __future__ import annotations

import pytest
from dash import Dash
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard.pages.inputs import steps
from hedgedesk.dashboard.pages.inputs.drafting import Held


class Drafts:
    def __init__(self):
        self.done = []

    def undo(self, draft):
        self.done.append(("undo", draft))

    def leave_out(self, draft, name):
        self.done.append(("leave out", draft, name))


@pytest.fixture
def page(monkeypatch):
    """The drafts of a desk, and the two steps as the page calls them."""
    app, drafts, found = Dash(__name__), Drafts(), []
    desk = type("Desk", (), {"drafts": drafts})()
    monkeypatch.setattr(app, "callback", lambda *_, **__: lambda step: found.append(step) or step)
    steps.register(app, desk, undone="undo", left="leave", draft="draft")
    return drafts, *found


def test_each_step_is_done_to_the_windows_draft_and_tells_the_page_to_look_again(page):
    drafts, undo, leave_out = page
    mine = Held("d1", "import", "key")
    assert undo(1, mine.record()) != mine.record()
    assert leave_out({"name": "usage/a.csv"}, mine.record()) != mine.record()
    assert drafts.done == [("undo", "d1"), ("leave out", "d1", "usage/a.csv")]


def test_without_a_draft_or_a_press_nothing_is_done(page):
    drafts, undo, leave_out = page
    record = Held("d1", "import", "key").record()
    for step in (lambda: undo(1, None), lambda: undo(None, record), lambda: leave_out({"name": "a"}, None)):
        with pytest.raises(PreventUpdate):
            step()
    with pytest.raises(PreventUpdate):
        leave_out(None, record)
    assert drafts.done == []
