"""Instruments and constraints typed into the form: faults in their fields, a plan worked out, the desk kept."""

from __future__ import annotations

import re

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def address(serve, make_folder):
    """A desk of its own: these tests keep another."""
    return serve(make_folder(seed=23))


@pytest.fixture
def form(open_page, address):
    """The Plan page with its form open."""
    page = open_page(f"{address}/plan")
    expect(page.locator("#plan-what-state")).to_contain_text("As in run")
    page.locator("#plan-form-open").click()
    expect(field(page, "level")).to_have_value("95")
    return page


def field(page, key):
    return page.locator(f'[data-key="{key}"] input').first


def work(page):
    page.get_by_role("button", name="Work out the plan").click()


def test_faults_stand_in_their_fields_until_they_are_mended_and_the_plan_follows(form, accessible):
    field(form, "level").fill("ninety")
    field(form, "bands[1].min").fill("90")
    work(form)
    expect(form.locator("#plan-form-refused")).to_contain_text("No plan was worked out")
    expect(form.locator('[data-key="level"]')).to_contain_text("ninety: a level above")
    expect(form.locator('[data-key="bands[1].min"]')).to_contain_text("90: at most the band's max")
    accessible(form)
    field(form, "level").fill("90")
    field(form, "bands[1].min").fill("40")
    expect(form.locator('[data-key="level"]')).to_have_class(re.compile("hd-form-moved"))
    work(form)
    expect(form.locator("#plan-form-told")).to_contain_text("worked out under this form")
    expect(form.locator("#plan-what-state")).to_contain_text("What if")
    expect(field(form, "level")).to_have_value("90")


def test_a_rule_that_no_plan_keeps_is_named_and_what_was_typed_stays(form):
    field(form, "credit_line").fill("1")
    work(form)
    expect(form.locator("#plan-form-refused")).to_contain_text("No plan keeps these rules")
    expect(form.locator("#plan-form-refused")).to_contain_text(re.compile("redit line"))
    expect(field(form, "credit_line")).to_have_value("1")
    form.get_by_role("button", name="Back to the run").click()
    expect(field(form, "credit_line")).not_to_have_value("1")


def test_an_instrument_is_added_by_hand_and_taken_into_the_plan_or_told_why_not(form):
    field(form, "new.name").fill("Christmas batch")
    form.get_by_role("textbox", name="Its kind").click()
    form.get_by_role("option", name="Batch").click()
    form.get_by_role("button", name="Add an instrument").click()
    field(form, "instrument.Christmas batch.eligible_share").fill("20")
    work(form)
    expect(form.locator("#plan-form-told")).to_contain_text("worked out under this form")
    expect(form.locator("#plan-choices-place")).to_contain_text("Christmas batch")


def test_a_form_that_is_kept_becomes_the_desk_of_the_next_run(form):
    field(form, "risk_weight").fill("0.5")
    form.get_by_role("button", name="Keep in the desk").click()
    expect(form.locator("#plan-form-told")).to_contain_text("The next run uses it")
    expect(form.locator("#shell-desk-revision")).to_contain_text("1")
