"""What if: slide, see the answer and its change, keep it under a name or throw it away."""

from __future__ import annotations

import re

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def address(serve, make_folder):
    """A desk of its own: these tests store runs."""
    return serve(make_folder(seed=21))


@pytest.fixture
def plan_page(open_page, address):
    """The Plan page with the stored run in the strip."""
    page = open_page(f"{address}/plan")
    expect(page.locator("#plan-what-state")).to_contain_text("As in run")
    return page


def press(page, name, key, times=1):
    page.get_by_role("slider", name=name).focus()
    for _ in range(times):
        page.keyboard.press(key)


def asks(posted):
    """Whether what was posted is the strip's question about another volume."""
    return "plan-wish" in posted and '"places":[50,' not in posted.replace(" ", "")


def shown_run(page):
    return re.search(r"Run\s([0-9a-f]{8})", page.locator(".hd-context").inner_text()).group(1)


def test_a_slider_turned_by_the_keyboard_answers_in_place_with_its_change(plan_page, turn):
    base, mean = shown_run(plan_page), plan_page.locator("#plan-what-mean-value").inner_text()
    turn(plan_page, "Volume growth", "ArrowRight", 15)
    dial = plan_page.get_by_role("slider", name="Volume growth")
    expect(plan_page.locator("#plan-what-state")).to_have_text(f"What if, against run {base}")
    expect(dial).to_have_attribute("aria-valuetext", "+15%")
    expect(plan_page.locator("#plan-volume-shown")).to_have_text("+15%")
    expect(plan_page.locator("#plan-what-mean-delta")).to_contain_text(re.compile(r"▲ \+.* worse"))
    expect(plan_page.locator("#plan-what-mean-value")).not_to_have_text(mean)
    assert shown_run(plan_page) != base


def test_a_slider_dragged_by_the_mouse_asks_when_it_is_let_go(plan_page):
    thumb = plan_page.get_by_role("slider", name="Volume growth").bounding_box()
    middle = thumb["y"] + thumb["height"] / 2
    plan_page.mouse.move(thumb["x"] + thumb["width"] / 2, middle)
    plan_page.mouse.down()
    plan_page.mouse.move(thumb["x"] - 30, middle, steps=5)
    expect(plan_page.locator("#plan-what-state")).to_contain_text("As in run")
    plan_page.mouse.up()
    expect(plan_page.locator("#plan-what-state")).to_contain_text("What if")
    expect(plan_page.locator("#plan-volume-shown")).to_have_text(re.compile(r"−\d+%"))


def test_every_page_shows_the_what_if_until_it_is_thrown_away(plan_page, turn):
    base = shown_run(plan_page)
    asked = turn(plan_page, "Volume growth", "ArrowLeft", 20)
    expect(plan_page.locator("#plan-what-state")).to_contain_text("What if")
    plan_page.locator("#nav-overview").click()
    expect(plan_page.locator("#overview-context")).to_contain_text(asked[:8])
    plan_page.locator("#nav-plan").click()
    expect(plan_page.locator("#plan-volume-shown")).to_have_text("−20%")
    plan_page.locator("#plan-discard").click()
    expect(plan_page.locator("#plan-what-state")).to_have_text(f"As in run {base}")
    expect(plan_page.locator("#plan-volume-shown")).to_have_text("0%")
    expect(plan_page.locator("#plan-context")).to_contain_text(base)


def test_a_what_if_is_saved_under_a_name_with_ctrl_s_and_found_among_the_runs(plan_page, turn):
    turn(plan_page, "Volume growth", "ArrowLeft", 25)
    expect(plan_page.locator("#plan-what-state")).to_contain_text("What if")
    plan_page.keyboard.press("Control+s")
    field = plan_page.locator("#plan-run-name")
    expect(field).to_be_focused()
    plan_page.keyboard.press("Enter")
    expect(plan_page.get_by_text("A name helps to find it again.")).to_be_visible()
    field.fill("A quarter less")
    plan_page.keyboard.press("Enter")
    expect(plan_page.locator("#plan-what-state")).to_have_text("Saved: A quarter less")
    expect(plan_page.locator("#plan-save")).to_be_disabled()
    plan_page.locator("#nav-runs").click()
    expect(plan_page.locator("#runs-stored")).to_contain_text("A quarter less")
    expect(plan_page.locator("#runs-stored")).to_contain_text("Volume growth −25%")
    expect(plan_page.locator("#runs-log")).to_contain_text("Saved a what-if")


def test_another_price_view_becomes_a_job_and_is_then_shown(plan_page, turn):
    turn(plan_page, "Volatility", "ArrowRight", 2)
    expect(plan_page.locator("#plan-what-state")).to_have_text("1 input changed; needs new scenarios")
    expect(plan_page.locator("#plan-save")).to_be_hidden()
    plan_page.locator("#nav-overview").click()
    expect(plan_page.locator("#overview-context")).to_contain_text("seed")
    plan_page.locator("#nav-plan").click()
    expect(plan_page.locator("#plan-volatility-shown")).to_have_text("× 1.10")
    plan_page.locator("#plan-simulate").click()
    expect(plan_page.locator("#plan-what-state")).to_contain_text("What if, against run")
    expect(plan_page.locator("#plan-volatility-shown")).to_have_text("× 1.10")
    expect(plan_page.locator("#plan-what-tail-delta")).to_contain_text("worse")


def test_a_draft_is_undone(plan_page, turn):
    turn(plan_page, "Price drift", "ArrowRight", 5)
    expect(plan_page.locator("#plan-what-state")).to_contain_text("needs new scenarios")
    plan_page.locator("#plan-discard").click()
    expect(plan_page.locator("#plan-what-state")).to_contain_text("As in run")
    expect(plan_page.locator("#plan-drift-shown")).to_have_text("0%")


def test_what_cannot_be_answered_is_said_under_the_strip_and_the_result_stays(plan_page, turn):
    base = shown_run(plan_page)
    turn(plan_page, "Credit line", "Home")
    told = plan_page.locator("#plan-refused")
    expect(told).to_contain_text("No answer to Credit line, USD k 0.0")
    expect(told).to_contain_text("Credit line: set at 0 USD")
    expect(plan_page.locator("#plan-what-state")).to_have_text("1 input changed; no answer")
    assert shown_run(plan_page) == base
    plan_page.locator("#plan-discard").click()
    expect(told).to_be_empty()
    expect(plan_page.locator("#plan-credit-shown")).to_have_text("200.0")


def test_an_answer_that_comes_late_does_not_cover_a_newer_one(plan_page, turn):
    """The first answer is held back until the second is on the screen."""
    held = []

    def hold(route):
        if asks(route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    plan_page.route(re.compile("_dash-update-component"), hold)
    with plan_page.expect_request(lambda request: asks(request.post_data or "")):
        press(plan_page, "Volume growth", "ArrowLeft", 10)
    newer = turn(plan_page, "Volume growth", "ArrowLeft", 10)[:8]
    expect(plan_page.locator("#plan-what-state")).to_contain_text("What if")
    with plan_page.expect_response(lambda response: response.request == held[0].request) as late:
        held[0].continue_()
    superseded, later = late.value.json()["response"]["session-run"]["data"], []
    plan_page.on("request", lambda request: later.append(request.post_data or ""))
    turn(plan_page, "Policy band", "ArrowLeft")  # asked after the late answer has come, of what is on the screen
    expect(plan_page.locator("#plan-context")).not_to_contain_text(newer)
    expect(plan_page.locator("#plan-volume-shown")).to_have_text("−20%")
    assert any(asks(request) for request in later)
    assert not any(superseded in request for request in later)
