"""The plan beside others on its page: why, frontier, strategies, regret, every model; and the list of trades."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from hedgedesk.desk import Desk
from hedgedesk.desk.plans import write_plans
from hedgedesk.domain.strategies import ModelPlans

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def address(serve, make_folder, tmp_path_factory):
    """A small desk with a run, whose plan has been compared over two models: the comparison made by hand."""
    folder, home = make_folder(seed=33), tmp_path_factory.mktemp("planned")
    desk = Desk(folder, home)
    run = desk.run_and_keep()
    desk.close()
    contracts = tuple(contract.code for contract in run.plan.contracts)
    objective = np.array([[10.0, 12.6], [10.7, 12.0], [10.3, 12.4], [10.6, 12.1], [10.0, 12.5]]) * 1e6
    names = ("RandomWalk", "Regimes", "minimax_regret", "robust", "proposed")
    found = ModelPlans(names[:2], names, contracts, np.zeros((5, len(contracts))), objective, {})
    write_plans(found, desk.plans.place(run.manifest.run_id))
    return serve(folder, home)


@pytest.fixture
def plan_page(open_page, address):
    page = open_page(f"{address}/plan")
    expect(page.locator("#plan-strategies .ag-center-cols-container .ag-row")).to_have_count(5)
    expect(page.locator("[data-dash-is-loading]")).to_have_count(0)
    return page


def rows(page, grid):
    return page.locator(f"#{grid} .ag-pinned-left-cols-container .ag-row")


def test_the_page_says_why_and_sets_the_plan_beside_others(plan_page):
    expect(plan_page.locator("#plan-why")).to_contain_text("that the rules allow")
    expect(plan_page.locator("#plan-why")).to_contain_text("No plan within the rules can be better")
    expect(rows(plan_page, "plan-strategies")).to_have_text(
        ["No hedge", "Everything", "In layers", "Least variance", "Proposed"]
    )
    expect(plan_page.locator("#plan-regret-told")).to_contain_text("Price war the day after")
    expect(plan_page.locator("#plan-frontier-alt")).to_contain_text("Best plans from the cheapest on average")
    expect(plan_page.locator("#plan-frontier .scatterlayer .trace").first).to_be_visible()
    expect(plan_page.locator(".hd-studying")).to_have_count(0)


def test_numbers_of_the_plan_before_are_marked_until_those_of_the_plan_shown_are_there(plan_page):
    plan_page.evaluate("dash_clientside.set_props('plan-studies-of', {data: 'another run'})")
    badge = plan_page.locator("#plan-studies.hd-stale .hd-studying-badge")
    expect(badge).to_have_text("Being worked out for this plan")
    expect(badge).to_be_visible()


def test_plans_of_every_model_are_there_with_their_verdict(plan_page):
    expect(rows(plan_page, "plan-models").first).to_have_text("Best for Random walk")
    expect(plan_page.locator("#plan-models-verdict")).to_contain_text("at most 500.0")
    expect(plan_page.locator("#plan-models-start")).to_have_text("Compare again")


def test_the_frontier_has_a_table_of_its_points(plan_page):
    plan_page.locator("#plan-frontier-twin").click()
    table = plan_page.locator("#plan-frontier-table")
    expect(table).to_contain_text("Book today")
    expect(table).to_contain_text("Point 1")
    plan_page.locator("#plan-frontier-twin").click()
    expect(table).to_be_hidden()


def test_a_what_if_is_set_beside_others_too(plan_page, turn):
    told = plan_page.locator("#plan-strategies-unit").inner_text()
    mean = plan_page.locator("#plan-strategies .ag-row").filter(has_text="3.").first
    expect(mean).to_be_visible()
    before = plan_page.locator("#plan-frontier-alt").inner_text()
    turn(plan_page, "Volume growth", "ArrowRight", 15)
    expect(plan_page.locator("#plan-frontier-alt")).not_to_have_text(before)
    expect(plan_page.locator("#plan-strategies-unit")).to_have_text(told)
    expect(plan_page.locator("#plan-models-start")).to_have_text("Compare over models")


def test_the_list_of_trades_is_taken_as_a_file(plan_page):
    plan_page.get_by_role("button", name="Trade list").click()
    with plan_page.expect_download() as taken:
        plan_page.get_by_role("menu", name="Trade list").get_by_role("menuitem").first.click()
    assert taken.value.suggested_filename.startswith("plan-trade_list-")
    lines = list(csv.reader(io.StringIO(taken.value.path().read_text(encoding="utf-8-sig"))))
    assert lines[0][:3] == ["Instrument", "Kind", "Contract"]
    assert {line[4] for line in lines[1:]} <= {"Buy", "Sell"}
    assert len(lines) > 2


def test_strategies_are_taken_as_a_file(plan_page):
    plan_page.get_by_role("button", name="Take away: Ways to hedge, side by side").click()
    with plan_page.expect_download() as taken:
        plan_page.get_by_role("menu", name="Take away: Ways to hedge, side by side").get_by_role(
            "menuitem"
        ).first.click()
    assert taken.value.suggested_filename.startswith("plan-strategies-")


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_page_is_accessible_with_all_its_studies(open_page, address, accessible, width):
    page = open_page(f"{address}/plan", width=width)
    expect(page.locator("#plan-strategies .ag-center-cols-container .ag-row")).to_have_count(5)
    accessible(page)
