"""The workbook says the model's numbers, its formulas give the values stored with them, and text stays text."""

from __future__ import annotations

import dataclasses
import io
import math
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hedgedesk import pipeline
from hedgedesk.reports.report.beside import PlanStudies
from hedgedesk.reports.report.model import report_model
from hedgedesk.reports.xlsx import report_workbook

CENT = 0.005
SHEETS = [
    "Summary",
    "Months",
    "Exposure",
    "Trades",
    "Limits",
    "Stress",
    "Distribution",
    "Prices",
    "Model",
    "Inputs and method",
]
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def values(content: bytes) -> dict[str, list[tuple]]:
    """Stored values of every sheet by row."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def formulas(content: bytes) -> dict[tuple[str, str], str]:
    """Every formula by sheet and cell."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    cells = ((sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row)
    return {(title, cell.coordinate): cell.value for title, cell in cells if cell.data_type == "f"}


def labelled(rows, label):
    """The row that begins with a label."""
    return next(row for row in rows if row and row[0] == label)


@pytest.fixture(scope="module")
def model(run):
    return report_model(run, "Acme")


@pytest.fixture(scope="module")
def content(model):
    return report_workbook(model)


@pytest.fixture(scope="module")
def sheets(content):
    return values(content)


def test_the_sheets_stand_in_reading_order(sheets):
    assert list(sheets) == SHEETS


def test_totals_are_the_models_to_the_cent(sheets, model):
    totals, summary = model.totals, sheets["Summary"]
    for label, amount in (
        ("Budget", totals.budget),
        ("Expected cost with the plan", totals.hedged_mean),
        ("Expected cost without hedges", totals.unhedged_mean),
        ("Expected cost of the hedge", totals.hedge_cost),
        ("Worst on average with the plan (CVaR 95%)", totals.hedged_cvar),
        ("Worst on average without hedges (CVaR 95%)", totals.unhedged_cvar),
        ("Transaction cost", totals.transaction_cost),
        ("Initial margin after trading", totals.initial_margin),
        ("Margin headroom", totals.credit_line - totals.initial_margin),
    ):
        assert labelled(summary, label)[1] == pytest.approx(amount, abs=CENT)
    assert labelled(sheets["Months"], "Total")[12] == pytest.approx(totals.hedged_mean, abs=CENT)
    assert labelled(sheets["Trades"], "Total")[10] == pytest.approx(totals.transaction_cost, abs=CENT)


def test_every_month_and_trade_has_the_models_numbers(sheets, run):
    months, trades = sheets["Months"][5:], sheets["Trades"][5:]
    for t in range(run.report.months.months.size):
        assert months[t][0].isoformat()[:7] == str(run.report.months.months[t])
        assert months[t][12] == pytest.approx(run.report.months.hedged_mean[t], abs=CENT)
        assert months[t][7] == pytest.approx(run.report.months.coverage[t], rel=1e-12)
    for k, contract in enumerate(run.plan.contracts):
        lots, price = float(run.plan.lots[k]), float(run.plan.price_per_mtok[k])
        assert trades[k][2] == lots
        assert trades[k][8] == pytest.approx(contract.notional(lots, price), abs=CENT)


def test_the_model_sheet_tells_the_fit_the_users_own_values_and_what_each_parameter_is(run):
    name = next(iter(run.model.parameters))
    model = dataclasses.replace(run.model, view={name: 0.5}, estimated=2)
    rows = values(report_workbook(report_model(dataclasses.replace(run, model=model), "Acme")))["Model"]
    assert rows[4][4:6] == ("Your view", "What it is")
    assert labelled(rows, name)[4] == 0.5
    assert labelled(rows, "Observations")[1] == model.observations
    assert labelled(rows, "AIC (lower is better)")[1] == pytest.approx(model.aic)
    assert labelled(rows, "BIC (lower is better)")[1] == pytest.approx(model.bic)


def test_what_follows_from_other_numbers_is_a_formula(content):
    found = formulas(content)
    assert found["Months", "H6"] == "=IF(C6>0,(D6+F6)/C6,0)"
    assert found["Months", "N6"] == "=L6-M6"
    assert found["Months", "M31"] == "=SUM(M6:M30)"  # 24 months and what is in none
    assert found["Trades", "I6"] == "=H6*F6"
    assert found["Trades", "K18"] == "=SUM(K6:K17)"
    assert found["Summary", "B7"] == "='Months'!M31"
    assert found["Summary", "B9"] == "=B6-B7"
    assert found["Limits", "F6"] == "=C6-D6"  # a floor: used less least
    assert found["Limits", "F8"] == "=D8-C8"


def test_a_sheet_is_fit_to_work_with_and_to_print(content):
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        months = parts.read("xl/worksheets/sheet2.xml").decode()
        titles = parts.read("xl/workbook.xml").decode()
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert 'topLeftCell="B6"' in months
    assert 'orientation="landscape"' in months
    assert 'fitToWidth="0"' not in months
    assert "Months!$5:$5" in titles
    assert len(charts) == 4
    assert sum("<c:dateAx>" in chart for chart in charts) == 3
    assert all('formatCode="mmm yy"' in chart for chart in charts if "<c:dateAx>" in chart)


def test_the_notional_is_told_in_the_programmes_currency_where_that_is_another(make_desk, sheets):
    run = pipeline.run(make_desk())
    rows = values(report_workbook(report_model(run, "Small")))["Trades"]
    assert rows[4][11] == "Notional, USD"
    assert rows[5][11] == pytest.approx(rows[5][8] * run.plan.rate_today, abs=CENT)
    assert labelled(rows, "Total")[11] == pytest.approx(sum(row[11] for row in rows[5:-1]), abs=CENT)
    assert [title for title in sheets["Trades"][4] if title and title.startswith("Notional")] == ["Notional, CNY"]


def test_units_stand_in_the_headers(sheets):
    header = sheets["Months"][4]
    assert header[:3] == ("Month", "Raw tokens, Mtok", "Forecast, M STU")
    assert header[12] == "With plan, mean, CNY"
    assert "Price, CNY per M STU" in sheets["Trades"][4]


def test_the_banner_run_and_desk_stand_on_every_sheet(sheets, model):
    for rows in sheets.values():
        assert "Acme" in rows[1][0]
        assert model.run_id in rows[1][0]
        assert rows[2][0].startswith("Not listed.")


def test_inputs_and_method_name_files_seed_and_assumptions(sheets, run):
    text = "\n".join(str(cell) for row in sheets["Inputs and method"] for cell in row if cell is not None)
    for part in ("a" * 64, "market/index.csv", "seed = 7", "Prices are lognormal", "numpy 2.4.6", *run.plan.notices):
        assert part in text


def test_the_same_model_gives_the_same_bytes(model, content):
    assert report_workbook(model) == content
    properties = openpyxl.load_workbook(io.BytesIO(content), read_only=True).properties
    assert properties.created.isoformat() == "2026-11-21T09:00:00"
    assert properties.title == "Hedge report, Dec 2026 – Nov 2028, Acme"


def test_names_of_the_user_are_strings_and_never_formulas(poisoned, poison, content):
    written = report_workbook(report_model(poisoned, poison[0]))
    ours = {re.sub(r"\d+", "#", formula) for formula in formulas(content).values()}
    assert {re.sub(r"\d+", "#", formula) for formula in formulas(written).values()} <= ours
    rows = values(written)
    assert {row[0] for row in rows["Exposure"][5:-1]} == set(poison)
    assert {row[0] for row in rows["Stress"][5:]} == set(poison)
    assert {row[0] for row in rows["Model"][5 : 5 + len(poison)]} == set(poison)
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name or "vba" in name.lower()]
        assert not [name for name in parts.namelist() if b"<hyperlink" in parts.read(name)]


def test_a_plan_without_contracts_and_budget_has_a_workbook(make_run):
    run = make_run(budget=None)
    arrays = ("lots", "held_lots", "continuous_lots", "price_per_mtok", "transaction_cost", "initial_margin")
    none = {name: getattr(run.plan, name)[:0] for name in ("contracts", *arrays, "reasons")}
    margin = dataclasses.replace(run.report.margin, initial=0.0, credit_line=None)
    bare = dataclasses.replace(
        run,
        plan=dataclasses.replace(run.plan, **none),
        report=dataclasses.replace(run.report, margin=margin),
    )
    rows = values(report_workbook(report_model(bare, "Acme")))
    assert labelled(rows["Summary"], "Budget")[1] is None
    assert labelled(rows["Summary"], "Transaction cost")[1] == 0.0
    assert len(rows["Trades"]) == 5


@pytest.fixture(scope="module")
def recalculate(tmp_path_factory):
    """Open workbooks in LibreOffice, which calculates every formula anew, and give their values."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed: formulas cannot be calculated anew")
    home = tmp_path_factory.mktemp("office")
    settings = home / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(ALWAYS_RECALCULATE, encoding="utf-8")

    def run(books: dict[str, bytes]) -> dict[str, dict[str, list[tuple]]]:
        for name, book in books.items():
            (home / f"{name}.xlsx").write_bytes(book)
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        convert = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(home / "out")]
        subprocess.run(
            [*convert, *(str(home / f"{name}.xlsx") for name in books)], check=True, capture_output=True, timeout=120
        )
        return {name: values(Path(home / "out" / f"{name}.xlsx").read_bytes()) for name in books}

    return run


def spoilt(content: bytes) -> bytes:
    """The workbook with wrong values stored beside the formulas of its months."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w") as other:
        for name in parts.namelist():
            part = parts.read(name)
            if name == "xl/worksheets/sheet2.xml":
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>1.25</v>", part)
            other.writestr(name, part)
    return out.getvalue()


def differences(stored, calculated, cells):
    """Formulas whose value is an error or not the one that was stored with them."""
    found = []
    for title, cell in cells:
        column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
        before, after = (book[title][row][column] for book in (stored, calculated))
        same = isinstance(after, (int, float)) and math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-9)
        if not same:
            found.append((title, cell, before, after))
    return found


def test_libreoffice_calculates_the_values_that_are_stored(recalculate, make_desk, content, beside):
    own = report_workbook(report_model(pipeline.run(make_desk()), "Small"))
    books = {"sample": content, "small": own, "beside": beside, "spoilt": spoilt(content)}
    calculated = recalculate(books)
    for name in ("sample", "small", "beside"):
        cells = formulas(books[name])
        assert len(cells) > 150
        assert differences(values(books[name]), calculated[name], cells) == []
        texts = [cell for rows in calculated[name].values() for row in rows for cell in row if isinstance(cell, str)]
        assert not [text for text in texts if text.startswith(("#", "Err:"))]
    # It did calculate: values that were stored wrongly are right again.
    assert differences(values(books["sample"]), calculated["spoilt"], formulas(content)) == []
    assert differences(values(books["spoilt"]), calculated["spoilt"], formulas(content))


def test_margin_calls_at_risk_are_an_amount_only_where_they_were_simulated(run, sheets):
    label = "Margin calls beyond the initial margin, 95% liquidity-at-risk"
    margin = dataclasses.replace(run.report.margin, liquidity_at_risk=1_234.5)
    called = dataclasses.replace(run, report=dataclasses.replace(run.report, margin=margin))
    model = report_model(called, "Acme")
    assert labelled(values(report_workbook(model))["Summary"], label)[1] == 1_234.5
    assert (label, "CNY\u00a01,234.50") in model.sections[0].facts
    assert label not in [row[0] for row in sheets["Summary"] if row]


@pytest.fixture(scope="module")
def beside(run, studies):
    """A workbook of a plan with other instruments, set beside others."""
    known = PlanStudies(studies.frontier(), studies.strategies(), studies.model_plans())
    return report_workbook(report_model(studies.with_choices(run), "Acme", known))


def test_a_plan_beside_others_has_sheets_of_them_and_any_other_has_none(beside, sheets):
    known = list(values(beside))
    assert [name for name in known if name not in sheets] == [
        "Other instruments",
        "Strategies",
        "Frontier",
        "Model plans",
    ]
    assert known.index("Other instruments") == known.index("Trades") + 1


def test_other_instruments_add_up_and_their_cost_is_in_the_total(beside, run):
    book, live = values(beside), formulas(beside)
    header, rows = book["Other instruments"][4], book["Other instruments"][5:]
    premium = header.index("Premium, CNY")
    assert labelled(rows, "Total")[premium] == 4_800.0
    assert live["Other instruments", "G8"] == "=SUM(G6:G7)"
    fees = labelled(book["Summary"], "Transaction cost")[1]
    assert fees == pytest.approx(run.plan.transaction_cost.sum() + 120.0)


def test_strategies_stand_above_their_regret_whose_worst_is_worked_out(beside):
    rows, live = values(beside)["Strategies"], formulas(beside)
    assert labelled(rows, "Proposed")[4] == 15.54e6
    assert labelled(rows, "At worst")[1:][:4] == (6.4e6, 2.9e6, 3.4e6, 3.1e6)
    (cell,) = [at for (sheet, at), formula in live.items() if sheet == "Strategies" and formula == "=MAX(B13:B14)"]
    assert cell == "B15"
    assert rows[12][0] == "Price war"


def test_a_row_is_as_high_as_its_longest_text(beside):
    sheet = openpyxl.load_workbook(io.BytesIO(beside))["Strategies"]
    rows = [row for row in sheet.iter_rows() if isinstance(row[9].value, str)][1:]
    width = sheet.column_dimensions["J"].width
    for row in rows:
        lines = -(-len(row[9].value) // int(width - 2))
        assert lines == 1 or sheet.row_dimensions[row[0].row].height >= 13 * lines


def test_the_frontier_has_a_chart_of_its_cells(beside):
    with zipfile.ZipFile(io.BytesIO(beside)) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if re.match(r"xl/charts/chart\d+", name)]
    drawn = next(chart for chart in charts if "Mean against CVaR" in chart)
    assert drawn.count("<c:ser>") == 4
    assert "'Frontier'!$D$6:$D$10" in drawn or "Frontier!$D$6:$D$10" in drawn


def test_what_more_room_saves_stands_beside_each_limit(beside):
    rows = values(beside)["Limits"]
    at = rows[4].index("One unit more saves, CNY")
    assert labelled(rows[5:], "Credit line")[at] == 1.5


def test_options_and_the_past_have_their_numbers_on_sheets(run, studies):
    known = PlanStudies(history=studies.history())
    book = values(report_workbook(report_model(studies.with_options(run), "Acme", known)))
    rows = book["Other instruments"]
    header = next(at for at, row in enumerate(rows) if row and "Premium from" in row)
    assert rows[header + 1][rows[header].index("Delta")] == 0.4
    past = book["Past"]
    assert labelled(past, "In layers")[1] == 10.0
