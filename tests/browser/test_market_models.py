"""The models' part of Market: chosen, compared, overridden, run, judged; by mouse and by keys."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from hedgedesk.desk import Desk
from hedgedesk.desk.models import write_study
from hedgedesk.desk.validations import write_validation

expect = pytest.importorskip("playwright.sync_api", reason="the test extra is not installed").expect


expect.set_options(timeout=60_000)

MADE = runpy.run_path(str(Path(__file__).parents[1] / "reports" / "model_study.py"))
PATH = "/market?part=models"


@pytest.fixture(scope="module")
def fitted_desk(serve, make_folder, tmp_path_factory):
    """Address of a small desk whose models have been fitted and judged: the study and the validation made by hand."""
    folder, home = make_folder(), tmp_path_factory.mktemp("fitted")
    desk = Desk(folder, home)
    write_study(MADE["model_study"](), home / "models" / f"{desk.models.key()}.json")
    write_validation(MADE["validation"](), home / "validations" / f"{desk.validations.key()}.json")
    desk.close()
    return serve(folder, home)


@pytest.fixture
def models(open_page, fitted_desk):
    page = open_page(f"{fitted_desk}{PATH}")
    ready(page)
    return page


def ready(page):
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#market-compared .ag-center-cols-container .ag-row")).to_have_count(3)
    expect(page.locator("[data-dash-is-loading]")).to_have_count(0)


def choose(page, name):
    page.locator("#market-model").get_by_text(name, exact=True).click()
    expect(page.locator("#market-model-fan-title")).to_have_text(name)


def own(page, parameter):
    return page.locator(f"#market-own-parameters .ag-row[row-id='{parameter}'] [col-id='own']")


def test_a_model_is_chosen_by_its_row_or_its_name_and_set_beside_another(models):
    expect(models.locator("#market-model-fan-title")).to_have_text("Random walk")
    models.locator("#market-compared .ag-row[row-id='Regimes'] [col-id='median']").click()
    expect(models.locator("#market-model-fan-title")).to_have_text("Regimes")
    expect(models.locator("#market-run-with")).to_have_text("Run with Regimes")
    choose(models, "Jump diffusion")
    models.locator("#market-beside").click()
    models.get_by_role("option", name="Random walk").click()
    expect(models.locator("#market-model-fan-unit")).to_contain_text("grey, dashed: Random walk")
    models.locator("#market-draw").get_by_text("Paths").click()
    expect(models.locator("#market-model-fan-alt")).to_contain_text("Jumps marked on the history: 2")
    expect(models.locator("#market-refused-models")).to_contain_text("Bootstrap cannot be had")


def test_a_jump_says_what_happened_by_mouse_and_by_keys(models):
    choose(models, "Jump diffusion")
    expect(models.locator("#market-jump-title")).to_contain_text("Press a jump")
    models.locator("#market-jumps .ag-row[row-id='2025-11-14'] [col-id='date']").click()
    expect(models.locator("#market-jump-title")).to_have_text("Around 14 Nov 2025: −25%")
    expect(models.locator("#market-jump-told")).to_contain_text("from 1.10 to 0.42 USD")
    models.keyboard.press("ArrowUp")
    models.keyboard.press("Space")
    expect(models.locator("#market-jump-title")).to_have_text("Around 14 Aug 2026: +20%")
    expect(models.locator("#market-jump-told")).to_contain_text("not on record here")


def test_a_value_of_ones_own_is_typed_beside_the_estimate_and_offered_to_be_fitted(models):
    choose(models, "Random walk")
    expect(models.locator("#market-fit")).to_be_hidden()
    own(models, "sigma").click()
    models.keyboard.type("abc")
    models.keyboard.press("Enter")
    expect(models.locator("#market-own-wrong")).to_contain_text("sigma: abc is not a number")
    own(models, "sigma").click()
    models.keyboard.type("50%")
    models.keyboard.press("Enter")
    expect(models.locator("#market-own-wrong")).to_be_empty()
    expect(models.locator("#market-own-told")).to_contain_text("1 value of your own in Random walk: not fitted yet")
    expect(models.locator("#market-fit")).to_have_text("Fit with my values")
    models.reload()
    ready(models)
    choose(models, "Random walk")
    expect(own(models, "sigma")).to_have_text("50%")
    models.locator("#market-own-clear").click()
    expect(own(models, "sigma")).to_have_text("")


def test_a_run_is_made_with_the_model_and_the_value_that_are_shown(models):
    choose(models, "Random walk")
    own(models, "sigma").click()
    models.keyboard.type("0.9")
    models.keyboard.press("Enter")
    expect(models.locator("#market-own-told")).to_contain_text("not fitted yet")
    before = models.locator("#shell-frame").get_attribute("data-run")
    models.locator("#market-run-with").click()
    expect(models.locator("#shell-frame")).not_to_have_attribute("data-run", before)
    models.locator("#market-part").get_by_text("Scenarios", exact=True).click()
    expect(models.locator("#market-parameters")).to_contain_text("Your view")
    expect(models.locator("#market-parameters")).to_contain_text("0.9")


def test_the_validation_says_what_is_run_by_default_and_why_at_every_horizon(models):
    expect(models.locator("#market-judged-badge")).to_have_text("thin history")
    expect(models.locator("#market-judged-verdict")).to_contain_text("14 forecasts could be judged, 24 are asked for")
    expect(models.locator("#market-judged-table .ag-center-cols-container .ag-row")).to_have_count(2)
    expect(models.locator("#market-judged-table .hd-bars").first).to_be_visible()
    models.locator("#market-horizon").get_by_text("1", exact=True).click()
    expect(models.locator("#market-pit-unit")).to_contain_text("1 month ahead")
    models.locator("#market-judged-table .ag-row[row-id='JumpDiffusion'] [col-id='crps']").click()
    expect(models.locator("#market-pit-title")).to_have_text("Where outcomes fell: Jump diffusion")


def test_tables_leave_as_files_of_the_model_that_is_shown(models):
    choose(models, "Jump diffusion")
    models.get_by_role("button", name="Take away: Jumps in the history").click()
    with models.expect_download() as taken:
        models.get_by_role("menuitem", name="Table as CSV").click()
    assert taken.value.suggested_filename == "models-jumps-JumpDiffusion.csv"
    lines = Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == 'Date,"Jump, share",Way,On record'


def test_a_fit_is_started_seen_in_the_tray_and_cancelled(open_page, serve, make_folder):
    page = open_page(f"{serve(make_folder())}{PATH}")
    expect(page.locator(".hd-context")).to_contain_text("seed")
    expect(page.locator("#market-models-empty")).to_contain_text("No model has been fitted to this market yet")
    expect(page.locator("#market-run-with")).to_be_disabled()
    page.locator("#market-fit").click()
    expect(page.locator("#market-models-note")).to_contain_text("the bar below shows how far it is")
    page.locator("#shell-cancel").click()
    expect(page.locator("#market-models-note")).to_contain_text("The fit was cancelled")
    expect(page.locator("#market-fit")).to_be_enabled()
    expect(page.locator("#shell-tray")).to_have_text("Fit of the models cancelled")


def test_the_models_are_accessible(models, accessible):
    choose(models, "Jump diffusion")
    models.locator("#market-jumps .ag-row[row-id='2025-11-14'] [col-id='date']").click()
    expect(models.locator("#market-jump-title")).to_contain_text("Around")
    accessible(models)
