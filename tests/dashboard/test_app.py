"""The app as HTTP sees it: skeleton pages, callbacks whose every id exists, leaves that views fill exactly."""

from __future__ import annotations

import gzip
import json
import re

import dash
import pytest

from hedgedesk.dashboard import ids, rail, shell
from hedgedesk.dashboard.pages import exposure, inputs, lost, market, overview, plan, risk, runs
from hedgedesk.desk import assets

PAGES = (overview, market, exposure, plan, risk, inputs, runs)
FILLED = (overview, plan)
RUN = "7f3a9c2e51d04b86"


def layout_ids(component):
    """Every id of a component and what it holds."""
    own = getattr(component, "id", None)
    return ({own} if own else set()) | {c.id for c in component._traverse() if getattr(c, "id", None)}


def all_ids(app):
    pages = [page["layout"]() for page in dash.page_registry.values()]
    return set().union(*(layout_ids(part) for part in (app.layout, *pages)))


def spoken_ids(dependencies):
    for found in dependencies:
        # A callback without an output is named by a hash, which has no property.
        for output in (o for o in found["output"].strip(".").split("...") if "." in o):
            yield output.split("@")[0].rsplit(".", 1)[0]
        yield from (place["id"] for place in (*found["inputs"], *found["state"]))


def test_every_id_that_a_callback_speaks_of_stands_in_a_layout(app, client):
    spoken = set(spoken_ids(client.get("/_dash-dependencies").json)) - {""}
    assert len(spoken) > 40
    assert spoken - all_ids(app) == set()


def test_no_id_stands_twice(app):
    parts = [app.layout, *(page["layout"]() for page in dash.page_registry.values())]
    met = [c.id for part in parts for c in [part, *part._traverse()] if getattr(c, "id", None)]
    assert sorted(i for i in set(met) if met.count(i) > 1) == []


def test_no_leaf_has_two_writers_unless_both_say_so(client):
    written = [
        o for d in client.get("/_dash-dependencies").json for o in d["output"].strip(".").split("...") if "." in o
    ]
    assert sorted(o for o in set(written) if written.count(o) > 1) == []


def test_ids_are_page_and_thing(app):
    own = {i for i in all_ids(app) if not i.startswith("_pages")}
    assert [i for i in own if not re.fullmatch(r"[a-z]+-[a-z-]+", i)] == []


@pytest.mark.parametrize("page", FILLED, ids=lambda page: page.NAME)
def test_a_view_fills_exactly_the_leaves_of_its_page(page, run):
    assert set(page.view(run)) == set(page.LEAVES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.NAME)
def test_a_layout_is_a_skeleton_without_data(page, desk):
    skeleton = json.dumps(page.layout(desk).to_plotly_json(), default=lambda c: c.to_plotly_json())
    assert len(gzip.compress(skeleton.encode())) < 6_000  # as it travels: what repeats costs nothing, numbers do


def test_the_first_page_is_small_and_speaks_english(client):
    page = client.get("/")
    assert page.status_code == 200
    assert len(page.data) < 20_000
    assert '<html lang="en">' in page.text


def test_asking_for_a_page_starts_the_run(desk, app):
    app.server.test_client().get("/plan")
    assert desk.started == ["job"]


def test_a_page_read_again_does_not_try_a_cancelled_run_again(desk, app):
    app.server.test_client().get("/")
    assert desk.retried == [False]


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_a_page_that_the_user_asked_for_starts_the_run(desk, app, site):
    app.server.test_client().get("/", headers={"Sec-Fetch-Site": site})
    assert desk.started == ["job"]


@pytest.mark.parametrize("path", ["/", "/plan"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_a_page_that_another_site_asked_for_starts_nothing(desk, app, path, headers):
    assert app.server.test_client().get(path, headers=headers).status_code == 200
    assert desk.started == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8050"])
def test_a_refused_request_starts_nothing(desk, app, host):
    assert app.server.test_client().get("/", headers={"Host": host}).status_code == 400
    assert desk.started == []


def test_a_desk_that_has_a_run_already_starts_none(desk, app):
    desk.kept = RUN
    app.server.test_client().get("/")
    assert desk.started == []


def test_a_permalink_starts_nothing(desk, app):
    app.server.test_client().get(f"/plan?run={RUN}")
    assert desk.started == []


def test_every_page_is_in_the_rail_with_a_letter_of_its_own(app):
    links = {i for i in all_ids(app) if i.startswith("nav-")}
    assert links == {ids.nav(page.NAME) for page in PAGES}
    assert sorted(rail.LETTERS) == sorted(page.NAME for page in PAGES)
    assert len(set(rail.LETTERS.values())) == len(PAGES)


def test_the_help_lists_every_key(app):
    panel = next(c for c in app.layout._traverse() if getattr(c, "id", None) == ids.HELP_PANEL)
    keys = [c.children for c in panel._traverse() if type(c).__name__ == "Kbd"]
    assert keys == ["g o", "g m", "g e", "g p", "g r", "g i", "g u", "Ctrl Enter", "Ctrl S", "Esc", "?"]


@pytest.mark.parametrize("path", ["/nowhere", "/plan/more", "/wp-admin.php"])
def test_an_unknown_address_is_not_found_and_still_shows_the_frame(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "HedgeDesk" in answer.text


def test_the_lost_page_shows_the_way_back(desk):
    page = lost.layout(run="x")
    links = [c.href for c in page._traverse() if type(c).__name__ == "Link"]
    assert links == ["/"]


def test_every_button_without_words_has_a_name(app):
    parts = [app.layout, *(page["layout"]() for page in dash.page_registry.values())]
    buttons = [c for part in parts for c in part._traverse() if type(c).__name__ == "Button"]
    silent = [b for b in buttons if not getattr(b, "aria-label", None) and not words_of(b)]
    assert len(buttons) > 30
    assert silent == []


def words_of(component):
    children = component.children if isinstance(component.children, list) else [component.children]
    return any(isinstance(c, str) and c for c in children) or any(
        words_of(c) for c in children if getattr(c, "children", None)
    )


def test_every_table_that_a_card_takes_away_is_on_the_shelf(app):
    from hedgedesk.reports.comparison import shelf
    from hedgedesk.reports.tables import index_shelf, models_shelf, plans_shelf, usage_shelf
    from hedgedesk.reports.tables.shelf import TABLES

    parts = [page["layout"]() for page in dash.page_registry.values()]
    taken = {
        getattr(c, name)
        for part in parts
        for c in part._traverse()
        for name in ("data-copy", "data-table")
        if hasattr(c, name)
    }
    assert "overview.fan" in taken
    others = {
        "study": usage_shelf.TABLES,
        "compare": shelf.TABLES,
        "index": index_shelf.TABLES,
        "models": models_shelf.FITTED,
        "validation": models_shelf.JUDGED,
        "plans": plans_shelf.TABLES,
        "desk": ("runs", "deeds"),
    }
    known = {f"{place}.{name}" for place, names in others.items() for name in names}
    assert taken - {*TABLES, *known} == set()


def test_every_text_that_the_browser_says_is_in_the_frame(app):
    scripts = "".join(p.read_text(encoding="utf-8") for p in assets().glob("*.js"))
    asked = set(re.findall(r'word\("(\w+)"\)', scripts)) | {"Cancel", "Open", "Fetch", "Visit"}
    frame = next(c for c in app.layout._traverse() if getattr(c, "id", None) == ids.SHELL)
    kept = {"".join(part.capitalize() for part in word.split("_")) for word in shell.WORDS}
    assert asked == kept
    assert "{rows}" in getattr(frame, "data-say-copied")


def test_an_app_made_later_lends_nothing_to_an_earlier_one(desk, app):
    from hedgedesk.dashboard import create_app

    create_app(desk, assets())
    assert sorted(dash.page_registry) == sorted([lost.NAME, *(page.NAME for page in PAGES)])


@pytest.mark.parametrize("page", FILLED, ids=lambda page: page.NAME)
def test_a_run_fills_the_page(call, page, run):
    answer = call(f"{page.NAME}-context.children", session_run__data=RUN).json["response"]
    context = answer[f"{page.NAME}-context"]["children"].replace("\u00a0", " ")
    for part in (
        "As of 20 Nov 2026",
        "Run 7f3a9c2e",
        "Two-factor model",
        "20,000 scenarios, seed 7",
        "STU-CN realised",
    ):
        assert part in context


def test_a_run_fills_the_banner_with_its_date(call):
    answer = call("shell-banner.children", session_run__data=RUN).json["response"]
    assert answer["shell-banner-lead"]["children"] == "Not listed."
    assert answer["shell-banner"]["children"].endswith("as of 20 Nov 2026.")
    assert "CNY per M\u00a0STU" in answer["shell-units"]["children"]


def test_a_page_that_cannot_be_filled_says_why_in_its_place(call):
    answer = call("overview-context.children", session_run__data="gone")
    assert answer.status_code == 200
    assert "run gone is not kept" in json.dumps(answer.json["sideUpdate"][ids.FAULT])


def test_an_unexpected_failure_shows_a_reference_and_no_details(call, desk, caplog):
    desk.result = lambda run_id: 1 / 0
    answer = json.dumps(call("overview-context.children", session_run__data=RUN).json["sideUpdate"][ids.FAULT])
    (reference,) = re.findall(r"under ([0-9a-f]{6})", answer)
    assert "ZeroDivisionError" not in answer
    assert reference in caplog.text


def test_a_limits_state_stays_in_view_when_its_table_scrolls(run):
    columns = plan.view(run)[f"{plan.LIMITS}.columnDefs"]
    assert [column.get("pinned") for column in columns] == ["left", None, None, "right"]


def test_a_listed_contract_has_no_banner(run):
    import runpy
    from pathlib import Path

    builder = Path(__file__).resolve().parents[1] / "reports" / "sample_run.py"
    listed = runpy.run_path(str(builder))["sample_run"](status="listed")
    assert shell.frame(listed)[f"{ids.BANNER_LEAD}.children"] == ""
    assert shell.frame(run)[f"{ids.BANNER_LEAD}.children"] == "Not listed."
